namespace Mlp.Runtime.Tests.Training;

/// <summary>Layouts as the generator makes them: weights [inputs × outputs] with rows padded to eight floats, then biases and the other vectors.</summary>
internal static class Layouts
{
    public static NetworkLayout Of(
        int inputSize,
        LossFunction? loss,
        (string Name, int Units, Activation Activation)[] layers,
        bool standardize = false,
        float[]? classWeights = null,
        Func<DenseLayout, DenseLayout>? declare = null,
        string noise = "")
    {
        List<DenseLayout> dense = [];
        int offset = 0;
        int statistics = 0;
        int inputs = inputSize;
        foreach ((string name, int units, Activation activation) in layers)
        {
            int stride = (units + 7) / 8 * 8;
            DenseLayout layer = new()
            {
                Name = name,
                Inputs = inputs,
                Outputs = units,
                Activation = activation,
                Initializer = Initializer.GlorotUniform,
                HasBias = true,
                WeightsOffset = offset,
                WeightsLength = inputs * stride,
                InputStride = stride,
                OutputStride = 1,
                BiasesOffset = offset + (inputs * stride),
                VectorLength = stride,
                StatisticsOffset = statistics,
            };
            dense.Add(declare?.Invoke(layer) ?? layer);
            offset = dense[^1].End;
            statistics += dense[^1].Normalization == Normalization.Batch ? 2 * stride : 0;
            inputs = units;
        }

        return new NetworkLayout(inputSize, standardize, loss, [.. dense]) { ClassWeights = classWeights ?? [], Noise = noise };
    }

    /// <summary>One layer with all that a file can hold: biases, normalization of the batch, a learned slope, standardised inputs.</summary>
    public static NetworkLayout Full()
    {
        DenseLayout layer = Of(2, LossFunction.MSE, [("Layer1", 3, Activation.PRelu)]).Layers[0];
        return new NetworkLayout(
            2, standardize: true, LossFunction.MSE, layer with { Alpha = 0.25f, Normalization = Normalization.Batch, NormalizationEpsilon = 1e-5f });
    }
}
