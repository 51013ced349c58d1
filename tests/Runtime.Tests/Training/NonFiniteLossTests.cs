namespace Mlp.Runtime.Tests.Training;

public class NonFiniteLossTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_NamesEpochStepAndTheRowOfTheDataSet(bool shuffle)
    {
        float[] inputs = [.. TestData.Linear(20).Inputs];
        inputs[(13 * 2) + 1] = float.NaN;
        Dataset data = Dataset.FromTargets(inputs, new float[20], 2, 1);
        OneLayerNetwork network = new(2, 1, LossFunction.MSE) { Seen = [] };
        OneLayerNetwork expected = new(2, 1, LossFunction.MSE);
        TrainingOptions options = new() { BatchSize = 3, Shuffle = shuffle };

        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(() => Trainer.Train(network, data, options));

        Assert.Equal((13, 1, 1, (long?)network.Seen.Count), (error.Row, error.Column, error.Epoch, error.Step));
        Assert.Null(error.Layer);
        Assert.Contains($"Epoch 1, step {error.Step}", error.Message);
        Assert.Contains("input row 13, column 1 of the data set, counted from 0, is NaN", error.Message);
        if (error.Step > 1)
        {
            Trainer.Train(expected, data, options with { Steps = (int)error.Step - 1 });
        }

        Assert.Equal(expected.Parameters, network.Parameters);
    }

    [Fact]
    public void TrainStep_NamesTheRowOfTheBatch_AndUpdatesNothing()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE);
        float[] before = network.Parameters;

        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(
            () => network.TrainStep([1, 2, 3, float.NegativeInfinity], [1, 2], new Adam()));

        Assert.Equal((1, 1, null, null), (error.Row, error.Column, error.Epoch, error.Step));
        Assert.Contains("input row 1, column 1 of the batch, counted from 0, is -Infinity", error.Message);
        Assert.Equal(before, network.Parameters);
    }

    [Fact]
    public void AnInputThatTheLossDoesNotShow_IsFoundAllTheSame()
    {
        // The weight of the infinite input is 0 and its output saturated, so that only the inputs give it away.
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);
        TrainingBatch batch = new(inputs: [float.PositiveInfinity], targets: [0], weights: [], rows: 1);

        NonFiniteLossException? error = null;
        try
        {
            LossCheck.Mean(network.State, batch, [0.5f]);
        }
        catch (NonFiniteLossException caught)
        {
            error = caught;
        }

        Assert.Equal((0, 0), (error?.Row, error?.Column));
    }

    [Fact]
    public void ATargetThatIsNotFinite_IsNamed()
    {
        OneLayerNetwork network = new(1, 2, LossFunction.MSE);

        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(
            () => Trainer.Train(network, Dataset.FromTargets([1, 2], [0, 0, 0, float.NaN], 1, 2), new TrainingOptions { Shuffle = false }));

        Assert.Equal((1, 1), (error.Row, error.Column));
        Assert.Contains("target row 1, column 1 of the data set", error.Message);
    }

    [Theory]
    [InlineData("First", Activation.Tanh)]
    [InlineData("Second", Activation.Relu)]
    [InlineData("Third", Activation.Softmax)]
    public void TheFirstLayerThatIsNotFinite_IsNamed(string name, Activation activation)
    {
        (string, int, Activation)[] layers =
            [("First", 3, Activation.Tanh), ("Second", 4, Activation.Relu), ("Third", 2, Activation.Softmax)];
        NetworkState network = new(Layouts.Of(2, LossFunction.CrossEntropy, layers, standardize: true), seed: 1);
        DenseLayout layer = network.Layout.Layers.ToArray().Single(layer => layer.Name == name);
        Assert.Equal(activation, layer.Activation);
        new DenseLayer(network, layer).Weights[1, 1] = float.NaN;

        NonFiniteLossException error = Diagnose(network, [1, 2, 3, 4], [0, 1, 1, 0]);

        Assert.Equal(name, error.Layer);
        Assert.Null(error.Row);
        Assert.Contains($"layer {name} are not finite", error.Message);
    }

    [Theory]
    [InlineData(Normalization.Layer)]
    [InlineData(Normalization.Batch)]
    public void ALayerWhoseGainIsNotFinite_IsNamed_AndNormalizationBringsLargeSumsBack(Normalization normalization)
    {
        NetworkLayout layout = Layouts.Of(
            2, LossFunction.MSE, [("First", 3, Activation.Silu), ("Second", 3, Activation.Tanh), ("Third", 1, Activation.Linear)],
            declare: layer => layer.Name == "Second" ? layer with { IsResidual = true, Normalization = normalization, NormalizationEpsilon = 1e-5f } : layer);
        NetworkState network = new(layout, seed: 1);
        float[] running = network.RunningStatistics.ToArray();
        network.View(1).Weights[0, 0] = 1e15f;
        Assert.Null(Diagnose(network, [1, 2, 3, 4], [0, 1]).Layer);

        network.View(1).Gains[2] = float.NaN;

        Assert.Equal("Second", Diagnose(network, [1, 2, 3, 4], [0, 1]).Layer);
        Assert.Equal(running, network.RunningStatistics.ToArray());
    }

    [Fact]
    public void ALayerWhoseLearnedSlopeOverflows_IsNamed()
    {
        NetworkLayout layout = Layouts.Of(
            1, LossFunction.MSE, [("First", 2, Activation.PRelu), ("Second", 1, Activation.Tanh)], declare: layer => layer with { Alpha = 0.25f });
        NetworkState network = new(layout, seed: 1);
        network.View(0).Weights[0, 0] = -2;
        Assert.Null(Diagnose(network, [1], [0]).Layer);

        network.View(0).Slope = float.MaxValue;

        Assert.Equal("First", Diagnose(network, [1], [0]).Layer);
    }

    [Fact]
    public void ALastLayerThatOverflowsBeforeItsSigmoid_IsNamed()
    {
        NetworkState network = new(Layouts.Of(1, LossFunction.BCE, [("Layer1", 1, Activation.Sigmoid)]), seed: 1);
        network.LoadParameters([float.MaxValue, 0]);

        Assert.Equal("Layer1", Diagnose(network, [2], [0]).Layer);
    }

    [Fact]
    public void WhereEverythingElseIsFinite_TheLossItselfIsNamed()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);
        network.State.LoadParameters([0, 0]);

        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(() => network.TrainStep([1, 2], [0, float.MaxValue], new Adam()));

        Assert.Equal((1, null, null), (error.Row, error.Column, error.Layer));
        Assert.Contains("the loss of row 1 of the batch, counted from 0, is not finite", error.Message);
    }

    [Fact]
    public void Train_NamesTheRowOfTheDataSetWhoseLossIsNotFinite()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);
        network.State.LoadParameters([0, 0]);
        Dataset data = Dataset.FromTargets([1, 2, 3, 4], [0, 0, 0, float.MaxValue], 1, 1);

        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(
            () => Trainer.Train(network, data, new TrainingOptions { BatchSize = 3, Shuffle = false }));

        Assert.Equal((3, null, 2L), (error.Row, error.Column, error.Step));
        Assert.Contains("the loss of row 3 of the data set, counted from 0, is not finite", error.Message);
    }

    [Fact]
    public void AStepThatFails_LeavesTheStateOfAnotherOptimizer()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);
        network.TrainStep([1], [1], new Adam());
        OptimizerState? state = network.State.Training.OptimizerState;

        Assert.Throws<NonFiniteLossException>(() => network.TrainStep([float.NaN], [1], new Sgd(0.1f, momentum: 0.9f)));

        Assert.Same(state, network.State.Training.OptimizerState);
    }

    [Fact]
    public void EveryActivation_IsKnown_AndAnyOtherRefused()
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            Assert.Null(Diagnose(Of(activation), [1], [1]).Layer);
        }

        Assert.Throws<NotSupportedException>(() => Diagnose(Of((Activation)99), [1], [1]));

        static NetworkState Of(Activation activation) => new(Layouts.Of(1, LossFunction.MSE, [("Layer1", 1, activation)]), seed: 1);
    }

    [Fact]
    public void AllFinite_SeesEveryPosition()
    {
        float[] values = new float[40];
        for (int length = 0; length <= 33; length++)
        {
            Span<float> part = values.AsSpan(3, length);
            part.Fill(-float.MaxValue);
            Assert.True(Finiteness.AllFinite(part));
            for (int i = 0; i < length; i++)
            {
                foreach (float bad in (float[])[float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                {
                    part[i] = bad;
                    Assert.False(Finiteness.AllFinite(part));
                    Assert.Equal(i, Finiteness.IndexOfNonFinite(part));
                    part[i] = -float.MaxValue;
                }
            }
        }
    }

    private static NonFiniteLossException Diagnose(NetworkState network, float[] inputs, float[] targets) =>
        NonFiniteDiagnosis.Of(network, inputs, targets, lossRow: 0);
}
