using System.Text.Json;
using Mlp.Runtime.Tests.Serialization;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Optimizers;

public class OptimizerTests
{
    private static readonly NetworkLayout Layout = Layouts.Of(
        3, LossFunction.CrossEntropy, [("Layer1", 11, Activation.Tanh), ("Layer2", 2, Activation.Softmax)]);

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0.9f, false, 0)]
    [InlineData(0.9f, true, 0)]
    [InlineData(0, false, 0.125f)]
    [InlineData(0.75f, false, 0.125f)]
    [InlineData(0.75f, true, 0.125f)]
    public void Sgd_FollowsItsFormula(float momentum, bool nesterov, float weightDecay)
    {
        double[] velocities = new double[Layout.ParameterCount];
        AssertFollows(new Sgd(0.1f, momentum, nesterov, weightDecay), (parameter, gradient, index, isWeight, _) =>
        {
            gradient += isWeight ? weightDecay * parameter : 0;
            velocities[index] = (momentum * velocities[index]) + gradient;
            return parameter - (0.1f * (nesterov ? gradient + (momentum * velocities[index]) : velocities[index]));
        });
    }

    [Theory]
    [InlineData(0, 0.9f, 0.999f, 1e-8f)]
    [InlineData(0.125f, 0.9f, 0.999f, 1e-8f)]
    [InlineData(0, 0, 0.5f, 0.25f)]
    public void Adam_FollowsItsFormula(float weightDecay, float beta1, float beta2, float epsilon)
    {
        double[] means = new double[Layout.ParameterCount];
        double[] squares = new double[Layout.ParameterCount];
        AssertFollows(new Adam(0.01f, weightDecay, beta1, beta2, epsilon), (parameter, gradient, index, isWeight, step) =>
        {
            double b1 = (double)(decimal)beta1;
            double b2 = (double)(decimal)beta2;
            gradient += isWeight ? weightDecay * parameter : 0;
            means[index] = (b1 * means[index]) + ((1 - b1) * gradient);
            squares[index] = (b2 * squares[index]) + ((1 - b2) * gradient * gradient);
            double mean = means[index] / (1 - Math.Pow(b1, step));
            double square = squares[index] / (1 - Math.Pow(b2, step));
            return parameter - (0.01f * mean / (Math.Sqrt(square) + epsilon));
        });
    }

    [SharedFact]
    public void SgdAndAdam_AgreeWithTheReference()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.PathOf("golden", "optimizers.json")));
        JsonElement start = document.RootElement;
        int cases = 0;
        foreach (JsonElement golden in start.GetProperty("cases").EnumerateArray())
        {
            if (OptimizerOf(golden) is Optimizer optimizer)
            {
                ReferenceNetwork network = new(start);
                foreach (JsonElement snapshot in golden.GetProperty("snapshots").EnumerateArray())
                {
                    network.StepTo(snapshot.GetProperty("step").GetInt32(), optimizer);
                    float[] expected = ReferenceNetwork.Ordered(snapshot);
                    float[] actual = FileBytes.ParametersOf(network.State);
                    Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
                }

                cases++;
            }
        }

        Assert.Equal(8, cases);
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void ATrainStep_EqualsComputedGradientsThatAreApplied(Optimizer optimizer)
    {
        OneLayerNetwork fused = new(2, 3, LossFunction.CrossEntropy);
        OneLayerNetwork unfused = new(2, 3, LossFunction.CrossEntropy);
        float[] gradients = new float[fused.State.Layout.ParameterCount];
        foreach (Batch batch in new DataLoader(TestData.Labelled(50, 3), 8).Epoch(0))
        {
            float loss = fused.TrainStep(batch.Inputs, batch.Targets, optimizer);
            Assert.Equal(loss, unfused.State.ComputeGradients(unfused, batch.Inputs, batch.Targets, gradients));
            unfused.State.ApplyGradients(gradients, optimizer);
            Assert.Equal(fused.Parameters, unfused.Parameters);
        }
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Padding_StaysZero(Optimizer optimizer)
    {
        NetworkState network = new(Layout, seed: 1);
        float[] gradients = [.. Enumerable.Repeat(1f, Layout.ParameterCount)];
        for (int step = 0; step < 3; step++)
        {
            network.ApplyGradients(gradients, optimizer);
        }

        int zeros = 0;
        foreach (float value in network.Store)
        {
            zeros += value == 0 ? 1 : 0;
        }

        Assert.Equal(Layout.StoreSize - Layout.ParameterCount, zeros);
    }

    [Fact]
    public void AnotherKindOfOptimizer_StartsItsOwnState_AndTheSameKindKeepsIt()
    {
        float[] gradients = [.. Enumerable.Range(1, Layout.ParameterCount).Select(i => i / 100f)];

        NetworkState network = new(Layout, seed: 1);
        network.ApplyGradients(gradients, new Adam());
        network.ApplyGradients(gradients, new Adam(1e-2f));
        Assert.Equal(2, network.OptimizerState!.StepCount);

        network.ApplyGradients(gradients, new Sgd(0.1f, momentum: 0.9f));
        Assert.Equal(1, network.OptimizerState!.StepCount);

        // Momentum needs state that plain SGD does not have.
        network.ApplyGradients(gradients, new Sgd(0.1f));
        Assert.Equal(1, network.OptimizerState!.StepCount);
    }

    [Fact]
    public void OneDescription_ServesManyNetworks()
    {
        float[] gradients = [.. Enumerable.Range(1, Layout.ParameterCount).Select(i => i / 100f)];
        Adam adam = new();
        NetworkState first = new(Layout, seed: 1);
        NetworkState second = new(Layout, seed: 1);

        first.ApplyGradients(gradients, adam);
        first.ApplyGradients(gradients, adam);
        second.ApplyGradients(gradients, adam);
        second.ApplyGradients(gradients, adam);

        Assert.Equal(FileBytes.ParametersOf(first), FileBytes.ParametersOf(second));
    }

    [Fact]
    public void GradientsThatDoNotFitOrAreNotFinite_AreRefused_AndNothingIsUpdated()
    {
        NetworkState network = new(Layout, seed: 1);
        float[] before = FileBytes.ParametersOf(network);
        float[] gradients = new float[Layout.ParameterCount];
        gradients[^1] = float.NaN;

        Assert.Throws<ArgumentException>("gradients", () => network.ApplyGradients(gradients, new Adam()));
        Assert.Throws<ArgumentException>("gradients", () => network.ApplyGradients(new float[3], new Adam()));
        Assert.Throws<ArgumentNullException>("optimizer", () => network.ApplyGradients(new float[Layout.ParameterCount], null!));
        Assert.Equal(before, FileBytes.ParametersOf(network));
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void RatesOutOfRange_ThrowWithTheArgumentsName(float bad)
    {
        AssertRefused("learningRate", () => new Sgd(bad));
        AssertRefused("momentum", () => new Sgd(0.1f, momentum: bad));
        AssertRefused("momentum", () => new Sgd(0.1f, momentum: 1));
        AssertRefused("weightDecay", () => new Sgd(0.1f, weightDecay: bad));
        AssertRefused("learningRate", () => new Adam(bad));
        AssertRefused("weightDecay", () => new Adam(weightDecay: bad));
        AssertRefused("beta1", () => new Adam(beta1: bad));
        AssertRefused("beta1", () => new Adam(beta1: 1));
        AssertRefused("beta2", () => new Adam(beta2: bad));
        AssertRefused("beta2", () => new Adam(beta2: 1));
        AssertRefused("epsilon", () => new Adam(epsilon: bad));
        AssertRefused("epsilon", () => new Adam(epsilon: 0));
    }

    [Fact]
    public void NesterovWithoutMomentum_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>("nesterov", () => new Sgd(0.1f, nesterov: true));

        Assert.Contains("nesterov", error.Message);
        Assert.Contains("momentum", error.Message);
    }

    public static TheoryData<Optimizer> AllKinds() =>
    [
        new Sgd(0.1f), new Sgd(0.1f, momentum: 0.9f), new Sgd(0.1f, 0.9f, nesterov: true, weightDecay: 0.01f), new Adam(0.01f),
        new Adam(0.01f, weightDecay: 0.01f),
    ];

    private static void AssertRefused(string name, Func<Optimizer> make) => Assert.Throws<ArgumentOutOfRangeException>(name, make);

    /// <summary>Applies five different gradients and compares every parameter with a rule in double precision.</summary>
    private static void AssertFollows(Optimizer optimizer, Func<double, double, int, bool, int, double> rule)
    {
        NetworkState network = new(Layout, seed: 5);
        double[] expected = [.. FileBytes.ParametersOf(network).Select(value => (double)value)];
        float[] gradients = new float[expected.Length];
        for (int step = 1; step <= 5; step++)
        {
            for (int i = 0; i < gradients.Length; i++)
            {
                gradients[i] = (((i * 37) + (step * 11)) % 19 / 8f) - 1;
                bool isWeight = i < 33 || (i >= 44 && i < 66);
                expected[i] = rule(expected[i], gradients[i], i, isWeight, step);
            }

            network.ApplyGradients(gradients, optimizer);
            Assert.All(expected.Zip(FileBytes.ParametersOf(network)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    private static Optimizer? OptimizerOf(JsonElement golden)
    {
        JsonElement values = golden.GetProperty("hyperparameters");
        float Value(string name) => values.TryGetProperty(name, out JsonElement value) ? value.GetSingle() : 0;
        return golden.GetProperty("optimizer").GetString() switch
        {
            "sgd" => new Sgd(Value("learningRate"), Value("momentum"), values.TryGetProperty("nesterov", out _), Value("weightDecay")),
            "adam" => new Adam(Value("learningRate"), Value("weightDecay"), Value("beta1"), Value("beta2"), Value("epsilon")),
            _ => null,
        };
    }
}
