using System.Globalization;

namespace Mlp;

/// <summary>Finds out why the loss of a batch is not finite. Plain and slow: it runs once, after training has failed.</summary>
internal static class NonFiniteDiagnosis
{
    private const string Advice = "a lower learning rate or smaller inputs and targets may help";

    /// <summary>
    /// Names the first input that is not finite, or else the first target, or else the first layer, or else the row of the loss, or its mean; of
    /// rows of weight 0 the inputs alone.
    /// </summary>
    /// <param name="network">The network as of before the step.</param>
    /// <param name="inputs">The batch's inputs, rows × InputSize.</param>
    /// <param name="targets">The batch's targets, rows × OutputSize.</param>
    /// <param name="lossRow">The first row of the batch whose loss is not finite, negative for none; read only where all else is finite.</param>
    /// <param name="place">Where in a run the batch is; default for a single step.</param>
    /// <param name="weights">The rows' weights, none where all count 1.</param>
    public static NonFiniteLossException Of(
        NetworkState network,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> targets,
        int lossRow,
        TrainingPlace place = default,
        ReadOnlySpan<float> weights = default)
    {
        int input = Finiteness.IndexOfNonFinite(inputs);
        if (input >= 0)
        {
            return Value("input", inputs[input], input, network.Layout.InputSize, place);
        }

        int target = Finiteness.IndexOfNonFinite(targets, weights, network.Layout.OutputSize);
        if (target >= 0)
        {
            return Value("target", targets[target], target, network.Layout.OutputSize, place);
        }

        DenseLayout? layer = FirstNonFiniteLayer(network, inputs, weights);
        if (layer is not null)
        {
            return Exception($"the outputs of layer {layer.Name} are not finite, though all inputs are; {Advice}", place, layer: layer.Name);
        }

        if (lossRow < 0)
        {
            return Exception("the weighted mean of the losses is not finite, though each of them is; less different class weights may help", place);
        }

        int row = RowOf(lossRow, place);
        return Exception(
            $"the loss of row {row} of the {OwnerOf(place)}, counted from 0, is not finite, "
            + $"though all inputs and, without dropout and noise, the outputs of all layers are; {Advice}",
            place,
            row);
    }

    /// <summary>Says that an input or a target of a data set is not finite, found when its statistics were to be learned.</summary>
    /// <param name="what">Which of the two.</param>
    /// <param name="values">All rows, one of whose values is not finite.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="inTraining">Whether a run learns them, before its first step.</param>
    public static NonFiniteLossException OfDataset(string what, ReadOnlySpan<float> values, int columns, bool inTraining)
    {
        int index = Finiteness.IndexOfNonFinite(values);
        if (inTraining)
        {
            return Value(what, values[index], index, columns, new TrainingPlace(epoch: 1, step: 1, rowIndices: default));
        }

        (int row, int column) = (index / columns, index % columns);
        return new NonFiniteLossException(
            $"The statistics were not learned, and nothing was changed: {Finding(what, values[index], row, column, "data set")}.")
        {
            Row = row,
            Column = column,
        };
    }

    /// <summary>Says that a layer's gradients are not finite, whose norm was to be clipped.</summary>
    public static NonFiniteLossException OfGradients(DenseLayout layer, TrainingPlace place) =>
        Exception($"the gradients of layer {layer.Name} are not finite, though the loss is; {Advice}", place, layer: layer.Name);

    /// <summary>Says that the last update overflowed; null where all parameters and running statistics are finite.</summary>
    public static NonFiniteLossException? OfUpdate(NetworkState network, TrainingPlace place)
    {
        if (Finiteness.AllFinite(network.Store) && Finiteness.AllFinite(network.RunningStatistics))
        {
            return null;
        }

        ReadOnlySpan<DenseLayout> layers = network.Layout.Layers;
        int number = 0;
        while (number < layers.Length - 1 && IsFinite(network, layers[number], number))
        {
            number++;
        }

        string layer = layers[number].Name;
        return new NonFiniteLossException(
            $"Epoch {place.Epoch}, step {place.Step} left parameters of layer {layer} that are not finite: its update overflowed; {Advice}.")
        {
            Layer = layer,
            Epoch = place.Epoch,
            Step = place.Step,
        };
    }

    private static bool IsFinite(NetworkState network, DenseLayout layer, int number) =>
        Finiteness.AllFinite(network.Store[network.Layout.StartOf(number)..layer.End])
        && Finiteness.AllFinite(network.RunningMeans(number))
        && Finiteness.AllFinite(network.RunningVariances(number));

    private static NonFiniteLossException Value(string what, float value, int index, int rowSize, TrainingPlace place)
    {
        int row = RowOf(index / rowSize, place);
        int column = index % rowSize;
        return Exception(Finding(what, value, row, column, OwnerOf(place)), place, row, column);
    }

    private static string Finding(string what, float value, int row, int column, string owner) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} row {row}, column {column} of the {owner}, counted from 0, is {value}");

    private static int RowOf(int row, TrainingPlace place) => place.RowIndices.IsEmpty ? row : place.RowIndices[row];

    private static string OwnerOf(TrainingPlace place) => place.IsNone ? "batch" : "data set";

    private static NonFiniteLossException Exception(
        string finding, TrainingPlace place, int? row = null, int? column = null, string? layer = null)
    {
        string message = place.IsNone
            ? $"The step was stopped before it updated anything: {finding}."
            : $"Epoch {place.Epoch}, step {place.Step} was stopped before it updated anything: {finding}.";
        return new NonFiniteLossException(message)
        {
            Row = row,
            Column = column,
            Layer = layer,
            Epoch = place.IsNone ? null : place.Epoch,
            Step = place.IsNone ? null : place.Step,
        };
    }

    /// <summary>Runs the batch forward without dropout and noise, layer by layer, up to one that overflows.</summary>
    private static DenseLayout? FirstNonFiniteLayer(NetworkState network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights)
    {
        ReadOnlySpan<DenseLayout> layers = network.Layout.Layers;
        float[] own = weights.ToArray();
        float[] ofAll = [.. Enumerable.Repeat(own, network.Layout.Members).SelectMany(static weight => weight)];
        float[] values = PlainForward.Inputs(network, inputs);
        for (int number = 0; number < layers.Length; number++)
        {
            DenseLayout layer = layers[number];
            float[] rowWeights = layer.Member is null ? ofAll : own;
            float[] entering = PlainForward.Entering(network, layer, values);
            float[] preActivations = PlainForward.PreActivations(network, layer, entering, rowWeights);
            float[] outputs = PlainForward.Outputs(network, layer, preActivations, entering);

            // The loss comes from the last pre-activations, which may be infinite where a sigmoid of them is not.
            bool isLast = number >= network.Layout.DeclaredLayers - 1;
            if (Finiteness.IndexOfNonFinite(outputs, rowWeights, layer.Outputs) >= 0
                || (isLast && Finiteness.IndexOfNonFinite(preActivations, rowWeights, layer.Outputs) >= 0))
            {
                return layer;
            }

            // The last layers of an ensemble all see what the shared ones made.
            values = isLast ? values : outputs;
        }

        return null;
    }
}
