using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>A network's forward pass in training, without dropout and noise, in plain loops: to look into a batch that failed, layer by layer.</summary>
internal static class PlainForward
{
    /// <summary>
    /// The rows that enter the first layer: the inputs, standardised where the network does so; of an ensemble the scaled ones of each member.
    /// </summary>
    public static float[] Inputs(NetworkState network, ReadOnlySpan<float> inputs)
    {
        float[] values = network.Layout.Embeddings.IsEmpty ? inputs.ToArray() : EmbeddedInputs.Expand(network, inputs);
        if (network.Layout.Standardize)
        {
            for (int i = 0; i < values.Length; i++)
            {
                int column = i % network.Layout.InputSize;
                values[i] = (values[i] - network.InputMeans[column]) * network.InputScales[column];
            }
        }

        return network.Layout.Ensemble is null ? values : Scaled(network, values);
    }

    /// <summary>Those of the rows behind the layer before that enter a layer: all, but into the last layer of an ensemble's member its own.</summary>
    public static float[] Entering(NetworkState network, DenseLayout layer, float[] values)
    {
        int length = values.Length / network.Layout.Members;
        return layer.Member is int member ? values[(member * length)..((member + 1) * length)] : values;
    }

    /// <summary>What a layer applies its activation to: the sums, normalized where it does so.</summary>
    /// <param name="network">The owner of the parameters.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">The rows that enter the layer.</param>
    /// <param name="weights">The rows' weights, none where all count 1.</param>
    /// <returns>rows × outputs.</returns>
    /// <remarks>
    /// Batch normalization is that of training, by the statistics of these rows, in frozen layers by the running ones; these stay as they are.
    /// </remarks>
    public static float[] PreActivations(NetworkState network, DenseLayout layer, float[] inputs, ReadOnlySpan<float> weights = default)
    {
        DenseLayer parameters = new(network, layer);
        int rows = inputs.Length / layer.Inputs;
        float[] sums = new float[rows * layer.Outputs];
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < layer.Outputs; o++)
            {
                float sum = layer.HasBias ? parameters.Biases[o] : 0;
                for (int i = 0; i < layer.Inputs; i++)
                {
                    sum = MathF.FusedMultiplyAdd(inputs[(row * layer.Inputs) + i], parameters.Weights[i, o], sum);
                }

                sums[(row * layer.Outputs) + o] = sum;
            }
        }

        if (layer.IsNormalized)
        {
            Normalize(network, layer, sums, rows, weights);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] = MathF.FusedMultiplyAdd(sums[i], parameters.Gains[i % layer.Outputs], parameters.Shifts[i % layer.Outputs]);
            }
        }

        return sums;
    }

    /// <summary>A layer's outputs.</summary>
    /// <param name="network">The owner of the parameters.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="preActivations">What <see cref="PreActivations"/> returned.</param>
    /// <param name="inputs">The rows that enter the layer.</param>
    /// <returns>rows × outputs.</returns>
    public static float[] Outputs(NetworkState network, DenseLayout layer, float[] preActivations, float[] inputs)
    {
        float[] results = new float[preActivations.Length];
        if (layer.Activation == Activation.Softmax)
        {
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = SoftmaxOf(preActivations.AsSpan(i / layer.Outputs * layer.Outputs, layer.Outputs), preActivations[i]);
            }
        }
        else
        {
            float alpha = layer.HasSlope ? new DenseLayer(network, layer).Slope : layer.Alpha;
            nuint count = (nuint)results.Length;
            for (nuint i = 0; i < count; i += 8)
            {
                Vec256 z = PaddedRow.Load(in preActivations[0], i, count, count);
                PaddedRow.Store(Activations.Apply(layer.Activation, z, Vec256.Create(alpha)), ref results[0], i, count, count);
            }
        }

        for (int i = 0; layer.IsResidual && i < results.Length; i++)
        {
            results[i] += inputs[i];
        }

        return results;
    }

    private static float[] Scaled(NetworkState network, float[] values)
    {
        MemberScalesView scales = network.MemberScales;
        float[] scaled = new float[scales.Members * values.Length];
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = values[i % values.Length] * scales[i / values.Length, i % scales.Inputs];
        }

        return scaled;
    }

    private static void Normalize(NetworkState network, DenseLayout layer, float[] sums, int rows, ReadOnlySpan<float> weights)
    {
        nuint units = (nuint)layer.Outputs;
        if (layer.Normalization == Normalization.Layer)
        {
            float[] reciprocals = new float[rows];
            LayerNormalization.Forward(ref sums[0], (nuint)rows, units, units, layer.NormalizationEpsilon, ref reciprocals[0]);
        }
        else
        {
            float[] statistics = new float[3 * layer.VectorLength];
            nuint length = (nuint)layer.VectorLength;
            if (!network.Trains(network.Layout.Layers.IndexOf(layer)))
            {
                ref float running = ref Unsafe.Add(ref network.Statistics, layer.StatisticsOffset);
                BatchNormalization.Normalize(ref sums[0], (nuint)rows, units, units, layer.NormalizationEpsilon, in running, ref statistics[0], length);
            }
            else
            {
                BatchNormalization.Forward(ref sums[0], (nuint)rows, units, units, layer.NormalizationEpsilon, ref statistics[0], length, weights);
            }
        }
    }

    private static float SoftmaxOf(ReadOnlySpan<float> row, float z)
    {
        double sum = 0;
        foreach (float other in row)
        {
            sum += ScalarMath.Exp((double)other - z);
        }

        return (float)(1 / sum);
    }
}
