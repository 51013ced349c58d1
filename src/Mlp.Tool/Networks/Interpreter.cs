namespace Mlp.Tool;

/// <summary>Predicts with a network that no class is compiled for: plain loops in double precision.</summary>
/// <param name="network">The network.</param>
internal sealed class Interpreter(NetworkState network)
{
    private readonly NetworkLayout _layout = network.Layout;
    private readonly float[][] _weights = [.. Enumerable.Range(0, network.Layout.Layers.Length).Select(number => Weights(network.View(number).Weights))];

    /// <summary>Predicts one row.</summary>
    /// <param name="inputs">InputSize numbers.</param>
    /// <returns>OutputSize numbers, in the data's units.</returns>
    /// <exception cref="InvalidDataException">An input that is a category's number is none of its table.</exception>
    public double[] Predict(ReadOnlySpan<float> inputs)
    {
        double[] row = Expanded(inputs);
        double[] outputs = new double[_layout.OutputSize];
        for (int member = 0; member < _layout.Members; member++)
        {
            double[] values = _layout.Ensemble is null ? row : [.. row.Select((value, at) => value * network.MemberScales[member, at])];
            for (int layer = 0; layer < _layout.DeclaredLayers; layer++)
            {
                values = Layer(layer == _layout.DeclaredLayers - 1 ? layer + member : layer, values);
            }

            for (int at = 0; at < outputs.Length; at++)
            {
                outputs[at] += values[at] / _layout.Members;
            }
        }

        for (int at = 0; at < network.Standardization.TargetScales.Length; at++)
        {
            outputs[at] = (outputs[at] * network.Standardization.TargetScales[at]) + network.Standardization.TargetMeans[at];
        }

        return outputs;
    }

    private static float[] Weights(WeightsView view)
    {
        float[] weights = new float[view.Inputs * view.Outputs];
        for (int at = 0; at < weights.Length; at++)
        {
            weights[at] = view[at / view.Outputs, at % view.Outputs];
        }

        return weights;
    }

    /// <summary>Inputs as the first layer sees them: standardised, and rows of tables in the place of their numbers.</summary>
    private double[] Expanded(ReadOnlySpan<float> inputs)
    {
        List<double> row = [];
        int table = 0;
        for (int at = 0; at < inputs.Length; at++)
        {
            if (table < _layout.Embeddings.Length && _layout.Embeddings[table].Slot == at)
            {
                EmbeddingTable embeddings = network.Table(table);
                if (inputs[at] != Math.Floor(inputs[at]) || !(inputs[at] >= 0 && inputs[at] < embeddings.Rows))
                {
                    throw new InvalidDataException(FormattableString.Invariant(
                        $"input {at} is {inputs[at]}, and must be the number of a row of {_layout.Embeddings[table].Name}: 0 to {embeddings.Rows - 1}"));
                }

                for (int index = 0; index < embeddings.Length; index++)
                {
                    row.Add(embeddings[(int)inputs[at], index]);
                }

                table++;
            }
            else
            {
                row.Add(_layout.Standardize ? ((double)inputs[at] - network.InputMeans[at]) * network.InputScales[at] : inputs[at]);
            }
        }

        return [.. row];
    }

    private double[] Layer(int number, double[] inputs)
    {
        DenseLayout layout = _layout.Layers[number];
        DenseLayer layer = network.View(number);
        double[] values = new double[layout.Outputs];
        for (int o = 0; o < values.Length; o++)
        {
            values[o] = layout.HasBias ? layer.Biases[o] : 0;
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            ReadOnlySpan<float> weights = _weights[number].AsSpan(i * values.Length, values.Length);
            for (int o = 0; o < values.Length; o++)
            {
                values[o] += inputs[i] * weights[o];
            }
        }

        Normalize(number, values);
        if (layout.Activation == Activation.Softmax)
        {
            ActivationMath.Softmax(values);
        }
        else
        {
            double alpha = layout.HasSlope ? layer.Slope : layout.Alpha;
            foreach (ref double value in values.AsSpan())
            {
                value = ActivationMath.Of(layout.Activation, alpha, value);
            }
        }

        for (int o = 0; layout.IsResidual && o < values.Length; o++)
        {
            values[o] += inputs[o];
        }

        return values;
    }

    private void Normalize(int number, double[] values)
    {
        DenseLayout layout = _layout.Layers[number];
        DenseLayer layer = network.View(number);
        bool isBatch = layout.Normalization == Normalization.Batch;
        double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
        for (int o = 0; layout.IsNormalized && o < values.Length; o++)
        {
            double centred = values[o] - (isBatch ? network.RunningMeans(number)[o] : mean);
            double deviation = Math.Sqrt((isBatch ? network.RunningVariances(number)[o] : variance) + layout.NormalizationEpsilon);
            values[o] = (centred / deviation * layer.Gains[o]) + layer.Shifts[o];
        }
    }
}
