using Generator.Tests.Infrastructure;

namespace Generator.Tests.Correctness;

public class DropoutTests
{
    private const string Plain = "[Input(7)] [Dense(40, Relu)] [Dense(12, Tanh)] [Dense(3, Softmax)] [Loss(CrossEntropy)] public partial class Net;";

    // The hidden layer's outputs are all 1 for input 1 once its weights are 1, and the gradient of the last weights shows what became of them.
    private const string Probe = "[Input(1)] [Dense({0}, Linear, Bias = false)] [Dropout(0.75)] [Dense(1)] [Loss(MSE)] public partial class Net;";

    [Fact]
    public void RateZero_LeavesNoCodeBehind()
    {
        string withRateZero = Plain.Replace("[Dense(40, Relu)]", "[Dense(40, Relu)] [Dropout(0)]");
        Assert.Equal(GeneratorHarness.Run(Plain).AssertClean().Files, GeneratorHarness.Run(withRateZero).AssertClean().Files);
    }

    [Theory]
    [InlineData("[Input(2)] [Dense(4, Relu)] [Dropout(0.5)] [Dense(1)] public partial class Net;")]
    [InlineData("[Input(40)] [Dense(40, Relu)] [Dropout(0.5)] [Dense(1)] public partial class Net;")]
    public void WithoutALoss_NothingIsDropped(string source) => Assert.All(
        GeneratorHarness.Run(source).AssertClean().Files,
        static file => Assert.DoesNotMatch("Noisy|Mask|if \\((pass\\.)?isTraining\\)", file.Value));

    [Fact]
    public void Gradients_IgnoreDropout()
    {
        (float Loss, float[] Gradients) with = Gradients(CompiledNetwork.Compile(Thinned(Plain), "Net"));
        (float Loss, float[] Gradients) without = Gradients(CompiledNetwork.Compile(Plain, "Net"));
        Assert.Equal(without.Loss, with.Loss);
        Assert.Equal(without.Gradients, with.Gradients);
    }

    [Fact]
    public void Predictions_IgnoreDropout()
    {
        float[] inputs = new RandomNetworks(1).Uniform(9 * 7, 1);
        float[][] outputs = [new float[27], new float[27]];
        new CompiledNetwork(CompiledNetwork.Compile(Plain, "Net"), seed: 5).Predict(inputs, outputs[0]);
        new CompiledNetwork(CompiledNetwork.Compile(Thinned(Plain), "Net"), seed: 5).Predict(inputs, outputs[1]);
        Assert.Equal(outputs[0], outputs[1]);
    }

    [Fact]
    public void Training_DependsOnTheSeedAlone()
    {
        Type type = CompiledNetwork.Compile(Thinned(Plain), "Net");
        float[] parameters = Trained(new CompiledNetwork(type, seed: 5));
        Assert.Equal(parameters, Trained(new CompiledNetwork(type, seed: 5)));

        float[] initial = new CompiledNetwork(type, seed: 5).Parameters;
        CompiledNetwork other = new(type, seed: 6);
        other.LoadParameters(initial);
        Assert.NotEqual(parameters, Trained(other));

        CompiledNetwork plain = new(CompiledNetwork.Compile(Plain, "Net"));
        plain.LoadParameters(initial);
        Assert.NotEqual(parameters, Trained(plain));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(100)]
    [InlineData(700)]
    public void WhatIsKept_IsScaledByOneOverItsShare(int units)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(string.Format(null, Probe, units), "Net"), seed: 1);
        float[] start = new float[net.ParameterCount];
        start.AsSpan(0, units).Fill(1);
        start.AsSpan(units, units).Fill(1f / 64);
        int keptInAll = 0;
        HashSet<string> masks = [];
        const int Steps = 60;
        for (int step = 0; step < Steps; step++)
        {
            net.LoadParameters(start);
            float loss = net.TrainStep([1], [-1], new Sgd(1f / 1024));
            float[] now = net.Parameters;
            bool[] kept = [.. Enumerable.Range(0, units).Select(i => now[units + i] != start[units + i])];

            // y = Σ 4/64 over the kept; the loss is (y+1)², its slope 2(y+1), and 4 times that at each kept unit.
            double output = kept.Count(static keep => keep) * 4.0 / 64;
            Assert.Equal((output + 1) * (output + 1), loss, 1e-4);
            double slope = 2 * (output + 1) * 4 / 1024;
            for (int i = 0; i < units; i++)
            {
                Assert.Equal(kept[i] ? slope : 0, start[units + i] - now[units + i], 1e-4 * slope);
                Assert.Equal(kept[i] ? slope / 64 : 0, start[i] - now[i], 1e-4 * slope);
            }

            keptInAll += kept.Count(static keep => keep);
            masks.Add(string.Concat(kept.Select(static keep => keep ? '1' : '0')));
        }

        // A quarter is kept: five standard deviations either way.
        double deviation = Math.Sqrt(Steps * units * 0.25 * 0.75);
        Assert.InRange(keptInAll, (Steps * units * 0.25) - (5 * deviation), (Steps * units * 0.25) + (5 * deviation));
        Assert.True(masks.Count > Steps / 2, "Masks repeat from step to step.");
    }

    [Theory]
    [InlineData(12)]
    [InlineData(100)]
    public void RowsOfABatch_AreThinnedIndependently(int units)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(string.Format(null, Probe, units), "Net"), seed: 1);
        float[] start = new float[net.ParameterCount];
        start.AsSpan(0, 2 * units).Fill(1);
        const int Rows = 64;
        net.LoadParameters(start);
        float[] outputs = new float[Rows];
        TrainingPass.Run((INetwork)net.Instance, [.. Enumerable.Repeat(1f, Rows)], new float[Rows], new Sgd(0), outputs);
        Assert.True(outputs.Distinct().Count() > 3);
        Assert.All(outputs, static output => Assert.Equal(0, output % 4));
    }

    private static string Thinned(string source) =>
        source.Replace("[Dense(40, Relu)]", "[Dense(40, Relu)] [Dropout(0.5)]").Replace("[Dense(12, Tanh)]", "[Dense(12, Tanh)] [Dropout(0.1)]");

    private static (float Loss, float[] Gradients) Gradients(Type type)
    {
        CompiledNetwork net = new(type, seed: 5);
        (float[] inputs, float[] targets) = Batch();
        float[] gradients = new float[net.ParameterCount];
        return (net.ComputeGradients(inputs, targets, gradients), gradients);
    }

    private static float[] Trained(CompiledNetwork net)
    {
        (float[] inputs, float[] targets) = Batch();
        for (int step = 0; step < 5; step++)
        {
            net.TrainStep(inputs, targets, new Adam(0.01f));
        }

        return net.Parameters;
    }

    private static (float[] Inputs, float[] Targets) Batch()
    {
        const int Rows = 30;
        float[] targets = new float[Rows * 3];
        for (int row = 0; row < Rows; row++)
        {
            targets[(row * 3) + (row % 3)] = 1;
        }

        return (new RandomNetworks(2).Uniform(Rows * 7, 1), targets);
    }
}
