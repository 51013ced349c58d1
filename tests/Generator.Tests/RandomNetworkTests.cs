using Generator.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Generator.Tests;

/// <summary>Generated networks of random architectures against the interpreter. MLPGEN_RANDOM_NETWORKS says how many, MLPGEN_RANDOM_SEED which.</summary>
public class RandomNetworkTests(ITestOutputHelper output)
{
    internal static readonly int Count = Setting("MLPGEN_RANDOM_NETWORKS", 500);
    internal static readonly int Seed = Setting("MLPGEN_RANDOM_SEED", 1);
    private static readonly Lazy<IReadOnlyList<RandomSample>> Samples = new(() => RandomSample.Draw(Count, Seed, out _refused));
    private static int _refused;

    [Fact]
    public void Predictions_AgreeWithTheInterpreter()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in Samples.Value)
        {
            float[] outputs = PredictRows(sample);
            report.Compare(sample.Network.ToString(), outputs, sample.Interpreter.Predict(sample.DoubleInputs));
        }

        Finish(report);
    }

    [Fact]
    public void OneRow_PredictsTheBitsOfManyRows()
    {
        foreach (RandomSample sample in Samples.Value)
        {
            int inputSize = sample.Network.InputSize;
            int outputSize = sample.Network.OutputSize;
            float[] outputs = PredictRows(sample);
            for (int row = 0; row < sample.Rows; row++)
            {
                ReadOnlySpan<float> input = sample.Inputs.AsSpan(row * inputSize, inputSize);
                ReadOnlySpan<float> expected = outputs.AsSpan(row * outputSize, outputSize);
                float[] single = [.. Enumerable.Repeat(float.NaN, outputSize)];
                sample.Net.Predict(input, single);
                AssertSameBits(expected, single, sample.Network);
                AssertSameBits(expected, outputSize == 1 ? [sample.Net.PredictValue(input)] : sample.Net.PredictVector(input), sample.Network);
            }
        }
    }

    [Fact]
    public void AnyPartOfABatch_PredictsTheBitsOfTheWhole()
    {
        foreach (RandomSample sample in Samples.Value)
        {
            float[] outputs = PredictRows(sample);
            for (int rows = 0; rows <= sample.Rows; rows += 1 + (rows / 4))
            {
                float[] part = [.. Enumerable.Repeat(float.NaN, rows * sample.Network.OutputSize)];
                sample.Net.Predict(sample.Inputs.AsSpan(0, rows * sample.Network.InputSize), part);
                AssertSameBits(outputs.AsSpan(0, part.Length), part, sample.Network);
            }
        }
    }

    [Fact]
    public void PredictClass_IsTheLargestOrTheLikelierOutput()
    {
        foreach (RandomSample sample in Samples.Value.Where(static sample =>
            sample.Network.Loss == LossFunction.CrossEntropy || (sample.Network.Loss == LossFunction.BCE && sample.Network.OutputSize == 1)))
        {
            float[] outputs = PredictRows(sample);
            float[][] predictions = [.. outputs.Chunk(sample.Network.OutputSize)];
            for (int row = 0; row < sample.Rows; row++)
            {
                int expected = predictions[row].Length == 1
                    ? predictions[row][0] >= 0.5f ? 1 : 0
                    : Array.IndexOf(predictions[row], predictions[row].Max());
                Assert.Equal(expected, sample.Net.PredictClass(sample.Inputs.AsSpan(row * sample.Network.InputSize, sample.Network.InputSize)));
            }
        }
    }

    [Fact]
    public void LossesAndGradients_AgreeWithTheInterpreter()
    {
        Closeness.Report report = new();
        foreach (RandomSample sample in Samples.Value)
        {
            double[] inputs = sample.DoubleInputs;
            double[] targets = sample.DoubleTargets;
            float[] gradients = [.. Enumerable.Repeat(float.NaN, sample.Network.ParameterCount)];
            float loss = sample.Net.ComputeGradients(sample.Inputs, sample.Targets, gradients);
            report.Compare($"loss of {sample.Network}", [loss], [sample.Interpreter.Loss(inputs, targets)]);
            double[] expected = sample.Interpreter.Gradients(inputs, targets);
            foreach (Tensor tensor in sample.Network.Tensors())
            {
                report.Compare($"{tensor}, {sample}", gradients[tensor.Range], expected[tensor.Range]);
            }
        }

        Finish(report);
    }

    [Fact]
    public void ATrainingStep_IsItsGradientsAppliedBitForBit()
    {
        Optimizer[] optimizers =
        [
            new Sgd(0.05f), new Sgd(0.05f, momentum: 0.9f), new Sgd(0.05f, momentum: 0.9f, nesterov: true, weightDecay: 0.01f),
            new Adam(0.01f), new Adam(0.01f, weightDecay: 0.01f), new Adam(0.01f, amsGrad: true), new AdamW(0.01f), new NAdam(0.01f),
            new RAdam(0.01f), new RmsProp(), new RmsProp(momentum: 0.9f, weightDecay: 0.01f), new RmsProp(momentum: 0.9f, centered: true),
            new Adagrad(), new Adadelta(weightDecay: 0.01f), new Lion(0.001f, weightDecay: 0.01f),
        ];
        int number = 0;
        foreach (RandomSample sample in Samples.Value)
        {
            // Each optimizer starts its own state; two networks of the same class take the two ways.
            Optimizer optimizer = optimizers[number++ % optimizers.Length];
            CompiledNetwork fused = sample.NewNet();
            CompiledNetwork unfused = sample.NewNet();
            float[] gradients = new float[sample.Network.ParameterCount];
            for (int rows = sample.Rows; rows > 0; rows /= 2)
            {
                ReadOnlySpan<float> inputs = sample.Inputs.AsSpan(0, rows * sample.Network.InputSize);
                ReadOnlySpan<float> targets = sample.Targets.AsSpan(0, rows * sample.Network.OutputSize);
                float expected = unfused.ComputeGradients(inputs, targets, gradients);
                unfused.ApplyGradients(gradients, optimizer);
                float actual = fused.TrainStep(inputs, targets, optimizer);
                AssertSameBits([expected], [actual], sample.Network);
                AssertSameBits(unfused.Parameters, fused.Parameters, sample.Network);
            }
        }
    }

    [Fact]
    public void Gradients_ChangeNothing()
    {
        foreach (RandomSample sample in Samples.Value)
        {
            CompiledNetwork net = sample.NewNet();
            net.ComputeGradients(sample.Inputs, sample.Targets, new float[sample.Network.ParameterCount]);
            AssertSameBits(sample.Parameters, net.Parameters, sample.Network);
        }
    }

    [Fact]
    public void LossesOfRows_AreThoseOfTheirGradients_AndOutputsThoseOfPredict()
    {
        foreach (RandomSample sample in Samples.Value)
        {
            float[] outputs = [.. Enumerable.Repeat(float.NaN, sample.Targets.Length)];
            float[] losses = [.. Enumerable.Repeat(float.NaN, sample.Rows)];
            ((INetwork)sample.Net.Instance).ComputeLosses(sample.Inputs, sample.Targets, outputs, losses);
            AssertSameBits(PredictRows(sample), outputs, sample.Network);

            float[] gradients = new float[sample.Network.ParameterCount];
            for (int row = 0; row < sample.Rows; row++)
            {
                float loss = sample.Net.ComputeGradients(
                    sample.Inputs.AsSpan(row * sample.Network.InputSize, sample.Network.InputSize),
                    sample.Targets.AsSpan(row * sample.Network.OutputSize, sample.Network.OutputSize),
                    gradients);
                AssertSameBits([losses[row]], [loss], sample.Network);
            }
        }
    }

    private static float[] PredictRows(RandomSample sample)
    {
        float[] outputs = [.. Enumerable.Repeat(float.NaN, sample.Rows * sample.Network.OutputSize)];
        sample.Net.Predict(sample.Inputs, outputs);
        return outputs;
    }

    private static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, TestNetwork network)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]),
                $"Value {i} is {actual[i]:g9} instead of {expected[i]:g9}: {network}");
        }
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : fallback;

    private void Finish(Closeness.Report report)
    {
        output.WriteLine($"{Count} networks, seed {Seed}, {_refused} replaced as badly conditioned; largest error {report.Worst:g3}: {report.WorstName}");
        report.AssertAllClose();
    }
}
