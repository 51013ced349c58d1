using System.Runtime.CompilerServices;
using System.Text.Json;
using Mlp.Runtime.Tests.Serialization;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Optimizers;

public class OptimizerTests
{
    private static readonly NetworkLayout Layout = Layouts.Of(
        3, LossFunction.CrossEntropy, [("Layer1", 11, Activation.Tanh), ("Layer2", 2, Activation.Softmax)]);

    [SharedFact]
    public void AllOptimizers_AgreeWithTheReference()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.PathOf("golden", "optimizers.json")));
        JsonElement start = document.RootElement;
        JsonElement[] cases = [.. start.GetProperty("cases").EnumerateArray()];
        Assert.Equal(ReferenceOptimizers.Count, cases.Length);
        foreach (JsonElement golden in cases)
        {
            Optimizer optimizer = ReferenceOptimizers.Of(golden.GetProperty("optimizer").GetString()!, golden.GetProperty("hyperparameters"));
            ReferenceNetwork network = new(start);
            foreach (JsonElement snapshot in golden.GetProperty("snapshots").EnumerateArray())
            {
                network.StepTo(snapshot.GetProperty("step").GetInt32(), optimizer);
                float[] expected = ReferenceNetwork.Ordered(snapshot);
                float[] actual = FileBytes.ParametersOf(network.State);
                Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
            }
        }
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
            Assert.Equal(loss, TrainingSteps.ComputeGradients(unfused, batch.Inputs, batch.Targets, gradients));
            TrainingSteps.ApplyGradients(unfused.State, gradients, optimizer);
            Assert.Equal(fused.Parameters, unfused.Parameters);
        }
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Padding_StaysZero(Optimizer optimizer)
    {
        NetworkState network = new(Layout, seed: 1);
        float[] gradients = [.. Enumerable.Repeat(1f, Layout.ParameterCount)];
        for (int step = 0; step < 8; step++)
        {
            TrainingSteps.ApplyGradients(network, gradients, optimizer);
        }

        float[] filled = new float[Layout.StoreSize];
        ParameterOrder.ToStore(Layout, gradients, filled);
        for (int i = 0; i < filled.Length; i++)
        {
            Assert.Equal(filled[i] == 0, network.Store[i] == 0);
            for (int moments = 0; moments < optimizer.StatePerParameter; moments++)
            {
                Assert.True(filled[i] != 0 || Unsafe.Add(ref network.Training.OptimizerState!.Moments(moments), i) == 0);
            }
        }
    }

    [Fact]
    public void AnotherKindOfOptimizer_StartsItsOwnState_AndTheSameKindKeepsIt()
    {
        float[] gradients = [.. Enumerable.Range(1, Layout.ParameterCount).Select(i => i / 100f)];

        NetworkState network = new(Layout, seed: 1);
        TrainingSteps.ApplyGradients(network, gradients, new Adam());
        TrainingSteps.ApplyGradients(network, gradients, new Adam(1e-2f));
        Assert.Equal(2, network.Training.OptimizerState!.StepCount);

        TrainingSteps.ApplyGradients(network, gradients, new Sgd(0.1f, momentum: 0.9f));
        Assert.Equal(1, network.Training.OptimizerState!.StepCount);

        // Momentum needs state that plain SGD does not have, and so on.
        Optimizer[] others =
        [
            new Sgd(0.1f), new Adam(), new Adam(amsGrad: true), new AdamW(), new RmsProp(), new RmsProp(momentum: 0.9f), new RmsProp(centered: true),
        ];
        foreach (Optimizer other in others)
        {
            TrainingSteps.ApplyGradients(network, gradients, other);
            Assert.Equal(1, network.Training.OptimizerState!.StepCount);
        }
    }

    [Fact]
    public void OneDescription_ServesManyNetworks()
    {
        float[] gradients = [.. Enumerable.Range(1, Layout.ParameterCount).Select(i => i / 100f)];
        Adam adam = new();
        NetworkState first = new(Layout, seed: 1);
        NetworkState second = new(Layout, seed: 1);

        TrainingSteps.ApplyGradients(first, gradients, adam);
        TrainingSteps.ApplyGradients(first, gradients, adam);
        TrainingSteps.ApplyGradients(second, gradients, adam);
        TrainingSteps.ApplyGradients(second, gradients, adam);

        Assert.Equal(FileBytes.ParametersOf(first), FileBytes.ParametersOf(second));
    }

    [Fact]
    public void GradientsThatDoNotFitOrAreNotFinite_AreRefused_AndNothingIsUpdated()
    {
        NetworkState network = new(Layout, seed: 1);
        float[] before = FileBytes.ParametersOf(network);
        float[] gradients = new float[Layout.ParameterCount];
        gradients[^1] = float.NaN;

        Assert.Throws<ArgumentException>("gradients", () => TrainingSteps.ApplyGradients(network, gradients, new Adam()));
        Assert.Throws<ArgumentException>("gradients", () => TrainingSteps.ApplyGradients(network, new float[3], new Adam()));
        Assert.Throws<ArgumentNullException>("optimizer", () => TrainingSteps.ApplyGradients(network, new float[Layout.ParameterCount], null!));
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
        AssertRefused("learningRate", () => new AdamW(bad));
        AssertRefused("weightDecay", () => new AdamW(weightDecay: bad));
        AssertRefused("beta1", () => new AdamW(beta1: bad));
        AssertRefused("beta2", () => new AdamW(beta2: bad));
        AssertRefused("epsilon", () => new AdamW(epsilon: bad));
        AssertRefused("learningRate", () => new NAdam(bad));
        AssertRefused("weightDecay", () => new NAdam(weightDecay: bad));
        AssertRefused("beta1", () => new NAdam(beta1: bad));
        AssertRefused("beta2", () => new NAdam(beta2: bad));
        AssertRefused("epsilon", () => new NAdam(epsilon: bad));
        AssertRefused("momentumDecay", () => new NAdam(momentumDecay: bad));
        AssertRefused("learningRate", () => new RAdam(bad));
        AssertRefused("weightDecay", () => new RAdam(weightDecay: bad));
        AssertRefused("beta1", () => new RAdam(beta1: bad));
        AssertRefused("beta2", () => new RAdam(beta2: bad));
        AssertRefused("epsilon", () => new RAdam(epsilon: bad));
        AssertRefused("learningRate", () => new RmsProp(bad));
        AssertRefused("momentum", () => new RmsProp(momentum: bad));
        AssertRefused("weightDecay", () => new RmsProp(weightDecay: bad));
        AssertRefused("epsilon", () => new RmsProp(epsilon: bad));
        AssertRefused("decay", () => new RmsProp(decay: bad));
        AssertRefused("decay", () => new RmsProp(decay: 1));
        AssertRefused("learningRate", () => new Adagrad(bad));
        AssertRefused("weightDecay", () => new Adagrad(weightDecay: bad));
        AssertRefused("epsilon", () => new Adagrad(epsilon: bad));
        AssertRefused("learningRate", () => new Adadelta(bad));
        AssertRefused("weightDecay", () => new Adadelta(weightDecay: bad));
        AssertRefused("epsilon", () => new Adadelta(epsilon: bad));
        AssertRefused("decay", () => new Adadelta(decay: bad));
        AssertRefused("learningRate", () => new Lion(bad));
        AssertRefused("weightDecay", () => new Lion(weightDecay: bad));
        AssertRefused("beta1", () => new Lion(beta1: bad));
        AssertRefused("beta2", () => new Lion(beta2: bad));
    }

    [Fact]
    public void Defaults_AreTheUsualOnes()
    {
        Assert.Equivalent(new Adam(1e-3f, 0, 0.9f, 0.999f, 1e-8f, amsGrad: false), new Adam(), strict: true);
        Assert.Equivalent(new AdamW(1e-3f, 0.01f, 0.9f, 0.999f, 1e-8f), new AdamW(), strict: true);
        Assert.Equivalent(new NAdam(2e-3f, 0, 0.9f, 0.999f, 1e-8f, 4e-3f), new NAdam(), strict: true);
        Assert.Equivalent(new RAdam(1e-3f, 0, 0.9f, 0.999f, 1e-8f), new RAdam(), strict: true);
        Assert.Equivalent(new RmsProp(1e-2f, 0, 0, 1e-8f, 0.99f, centered: false), new RmsProp(), strict: true);
        Assert.Equivalent(new Adagrad(1e-2f, 0, 1e-10f), new Adagrad(), strict: true);
        Assert.Equivalent(new Adadelta(1, 0, 1e-6f, 0.9f), new Adadelta(), strict: true);
        Assert.Equivalent(new Lion(1e-4f, 0, 0.9f, 0.99f), new Lion(), strict: true);
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
        new Adam(0.01f, weightDecay: 0.01f), new Adam(0.01f, amsGrad: true), new AdamW(0.01f), new NAdam(), new RAdam(0.01f), new RmsProp(),
        new RmsProp(momentum: 0.9f), new RmsProp(centered: true), new RmsProp(momentum: 0.9f, weightDecay: 0.01f, centered: true), new Adagrad(),
        new Adadelta(), new Lion(0.01f), new Lion(0.01f, weightDecay: 0.01f),
    ];

    private static void AssertRefused(string name, Func<Optimizer> make) => Assert.Throws<ArgumentOutOfRangeException>(name, make);
}
