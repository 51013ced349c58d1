namespace Generator.Tests.Infrastructure;

/// <summary>
/// Where a correct result in single precision may still be far from the one in double: beside a jump or bend the two can take different sides, and
/// a group of nearly equal sums loses its digits when it is centred.
/// </summary>
internal static class Conditioning
{
    private const double SmallestDistance = 1e-4;
    private const double SmallestDeviation = 0.1;

    /// <summary>
    /// The rows that lie too near to a kink of an activation or of the loss, or whose sums are nearly equal before layer normalization; with batch
    /// normalization by rows that count alike, by those of these weights, or by running statistics.
    /// </summary>
    public static int[] BadRows(TestNetwork network, Interpreter interpreter, double[] inputs, double[] targets, double[]? weights)
    {
        double[][] rows = [.. targets.Chunk(network.OutputSize)];
        SortedSet<int> bad = [];
        (Mode Mode, double[]? Weights)[] passes = network.HasBatchNormalization
            ? [(Mode.Training, null), (Mode.Training, weights), (Mode.Evaluation, null)]
            : [(Mode.Training, null)];
        foreach ((Mode mode, double[]? rowWeights) in passes)
        {
            List<LayerValues> values = interpreter.Forward(inputs, mode, rowWeights);
            for (int row = 0; row < rows.Length; row++)
            {
                if (IsNearKink(network, values, row, rows[row]) || LosesDigits(network, values, row))
                {
                    bad.Add(row);
                }
            }
        }

        return [.. bad];
    }

    /// <summary>Whether some unit's sums are nearly equal over the batch before batch normalization, with weights or without.</summary>
    public static bool HasFlatUnit(TestNetwork network, Interpreter interpreter, double[] inputs, double[]? weights)
    {
        return ((double[]?[])[null, weights]).Any(rowWeights =>
        {
            List<LayerValues> values = interpreter.Forward(inputs, Mode.Training, rowWeights);
            return network.NormalizedByBatch.Any(layer =>
                Enumerable.Range(0, network.AllLayers[layer].Units).Any(o => IsFlat(values[layer].Sums.Select(row => row[o]), values[layer].Deviations[0][o])));
        });
    }

    /// <summary>The piece of its activation, and of the loss, on which every value lies: central differences are valid within one piece.</summary>
    public static int[] Pieces(TestNetwork network, Interpreter interpreter, double[] inputs, double[] targets, double[]? weights)
    {
        List<LayerValues> values = interpreter.Forward(inputs, Mode.Training, weights);
        List<int> pieces = [];
        for (int layer = 0; layer < values.Count; layer++)
        {
            double[] kinks = InterpreterActivations.Kinks(network.AllLayers[layer].Activation);
            pieces.AddRange(kinks.SelectMany(kink => values[layer].PreActivations.SelectMany(row => row.Select(z => Math.Sign(z - kink)))));
        }

        foreach (LayerValues head in values.TakeLast(network.Members))
        {
            pieces.AddRange(head.Outputs.SelectMany(static row => row).Zip(targets, (y, t) => InterpreterLosses.Piece(network, y, t)));
        }

        return [.. pieces];
    }

    private static bool IsNearKink(TestNetwork network, List<LayerValues> values, int row, double[] targets) =>
        values.TakeLast(network.Members).Select(head => head.Outputs[row]).Append(Interpreter.Outputs(network, values)[row])
            .SelectMany(outputs => outputs.Zip(targets, (y, t) => InterpreterLosses.DistanceToKink(network, y, t)))
            .Any(static distance => distance < SmallestDistance)
        || values.Zip(network.AllLayers).Any(layer => InterpreterActivations.Kinks(layer.Second.Activation).Any(kink =>
            OfRow(layer.First.PreActivations, values, row).SelectMany(static z => z).Any(z => z != kink && Math.Abs(z - kink) < SmallestDistance)));

    private static bool LosesDigits(TestNetwork network, List<LayerValues> values, int row) =>
        values.Zip(network.AllLayers).Any(layer =>
            layer.Second.Normalization == Normalization.Layer
            && OfRow(layer.First.Sums, values, row).Zip(OfRow(layer.First.Deviations, values, row)).Any(static sums => IsFlat(sums.First, sums.Second[0])));

    /// <summary>The values of a row, of an ensemble's shared layers one for each member.</summary>
    private static IEnumerable<double[]> OfRow(double[][] layer, List<LayerValues> values, int row) =>
        layer.Where((_, index) => index % values[^1].Outputs.Length == row);

    private static bool IsFlat(IEnumerable<double> sums, double deviation) => deviation < SmallestDeviation * sums.Select(Math.Abs).Append(1).Max();
}
