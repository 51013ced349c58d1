using Generator.Tests.Infrastructure;

namespace Generator.Tests.Bits;

/// <summary>A single row has kernels or tiles of its own; they give the bits that the row has among others.</summary>
public class OneRowTests
{
    /// <summary>Lanes along inputs and along outputs, whole and partial vectors, one method and one for each layer, every output stage.</summary>
    public static TheoryData<string> Networks =>
    [
        "[Input(2)] [Dense(20, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]",
        "[Input(24)] [Dense(8, Tanh)] [Dense(2, Softmax)] [Loss(CrossEntropy)]",
        "[Input(1)] [Dense(1)] [Loss(Hinge)]",
        "[Input(3, Standardize = true)] [Dense(5, PRelu)] [Dense(7, Selu)] [Dense(3)] [Loss(MSE)]",
        "[Input(11, Standardize = true)] [Dense(9, PRelu)] [Dense(4, Tanh)] [Dense(1)] [Loss(Hinge)]",
        "[Input(6)] [Dense(6, Tanh, Residual = true)] [Dense(6, Relu, Residual = true)] [Dense(6, Sigmoid)] [Loss(BCE)]",
        "[Input(9)] [Dense(9, Tanh, Residual = true)] [Dense(9, LeakyRelu, Residual = true, Bias = false)] [Dense(9)] [Loss(MSE)]",
        "[Input(13)] [Dropout(0.2)] [Dense(17, Softplus)] [Dense(11, Softmax)] [Loss(CrossEntropy)]",
        "[Input(16)] [Dense(16, Gelu)] [Dense(16, Mish)] [Dense(8, Softmax)] [Loss(CrossEntropy)]",
        "[Input(4)] [Dense(32, Tanh)] [Dense(16, Tanh)] [Dense(4)] [Loss(MSE)]",
        "[Input(7, Standardize = true)] [Dense(7, PRelu, Residual = true)] [Dense(40, Gelu)] [Dense(9, Gelu)] [Dense(2, Softplus)] [Loss(Poisson)]",
        "[Input(64)] [Dense(7, Exp)] [Loss(Poisson)]",
        "[Input(12)] [Dense(64, Softmax)] [Loss(CrossEntropy)]",
        "[Input(5)] [Dense(16, Relu)] [Dense(3, Softmax)]",
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void OneRow_HasTheBitsThatItHasAmongOthers(string attributes)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile($"{attributes} public partial class Net;", "Net"), seed: 5);
        int inputSize = net.Constant("InputSize");
        int outputSize = net.Constant("OutputSize");
        const int Rows = 23;
        Random random = new(inputSize);
        float[] parameters = [.. Enumerable.Range(0, net.ParameterCount).Select(_ => (random.NextSingle() * 2) - 1)];
        net.LoadParameters(parameters);
        if (net.Instance is INetwork network && network.State.Layout.Standardize)
        {
            Dataset data = Dataset.FromTargets([.. Numbers(40 * inputSize)], [.. Enumerable.Range(0, 40 * outputSize).Select(static _ => 1f)], inputSize, outputSize);
            Trainer.Train(network, data, new TrainingOptions { Epochs = 1, Optimizer = new Sgd(0) });
        }

        float[] inputs = [.. Numbers(Rows * inputSize)];
        float[] expected = new float[Rows * outputSize];
        net.Predict(inputs, expected);
        for (int row = 0; row < Rows; row++)
        {
            // A row alone, so that reading behind its end would be reading behind the array's.
            float[] input = inputs[(row * inputSize)..((row + 1) * inputSize)];
            float[] outputs = [.. Enumerable.Repeat(float.NaN, outputSize + 16)];
            net.Predict(input, outputs.AsSpan(0, outputSize));
            AssertSameBits(expected.AsSpan(row * outputSize, outputSize), outputs.AsSpan(0, outputSize));
            Assert.All(outputs[outputSize..], static value => Assert.True(float.IsNaN(value)));
            AssertSameBits(outputs.AsSpan(0, outputSize), outputSize == 1 ? [net.PredictValue(input)] : net.PredictVector(input));
            if (attributes.Contains("CrossEntropy", StringComparison.Ordinal))
            {
                Assert.Equal(Classes.LargestOf(outputs.AsSpan(0, outputSize)), net.PredictClass(input));
            }
        }

        IEnumerable<float> Numbers(int count) => Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 6) - 3);
    }

    /// <summary>
    /// Even and odd numbers of vectors, the last of them full or not, at every width; more inputs than a block; rows for every tile.
    /// </summary>
    [Theory]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(24)]
    [InlineData(33)]
    [InlineData(48)]
    [InlineData(77)]
    [InlineData(100)]
    public void Tiles_GiveTheBitsOfOneRow(int outputs)
    {
        const int Inputs = 600;
        const int MostRows = 27;
        CompiledNetwork net = new(CompiledNetwork.Compile($"[Input({Inputs})] [Dense({outputs}, Relu)] [Loss(MSE)] public partial class Net;", "Net"), seed: 5);
        Random random = new(outputs);
        float[] inputs = [.. Enumerable.Range(0, MostRows * Inputs).Select(_ => (random.NextSingle() * 2) - 1)];
        float[] expected = new float[MostRows * outputs];
        for (int row = 0; row < MostRows; row++)
        {
            net.Predict(inputs.AsSpan(row * Inputs, Inputs), expected.AsSpan(row * outputs, outputs));
        }

        for (int rows = 2; rows <= MostRows; rows++)
        {
            float[] actual = [.. Enumerable.Repeat(float.NaN, rows * outputs)];
            net.Predict(inputs.AsSpan(0, rows * Inputs), actual);
            AssertSameBits(expected.AsSpan(0, actual.Length), actual);
        }
    }

    private static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(actual[i]));
        }
    }
}
