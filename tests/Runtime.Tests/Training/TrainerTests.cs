namespace Mlp.Runtime.Tests.Training;

public class TrainerTests
{
    [Theory]
    [InlineData(LossFunction.MSE)]
    [InlineData(LossFunction.BCE)]
    [InlineData(LossFunction.CrossEntropy)]
    public void WithoutShuffling_GivesTheBitsOfAStepLoop(LossFunction loss)
    {
        (OneLayerNetwork trained, Dataset data) = NetworkAndData(loss, 21);
        (OneLayerNetwork stepped, _) = NetworkAndData(loss, 21);
        Optimizer optimizer = new Adam(0.05f);

        Trainer.Train(trained, data, new TrainingOptions { Epochs = 3, BatchSize = 8, Optimizer = optimizer, Shuffle = false });
        DataLoader loader = new(data, 8, shuffle: false, targetSize: stepped.State.Layout.OutputSize);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            foreach (Batch batch in loader.Epoch(epoch))
            {
                stepped.TrainStep(batch.Inputs, batch.Targets, optimizer);
            }
        }

        Assert.Equal(stepped.Parameters, trained.Parameters);
    }

    [Fact]
    public void EveryEpoch_VisitsEachRowOnce_InANewOrder_AndUsesTheLastSmallerBatch()
    {
        Dataset data = TestData.Linear(10);
        OneLayerNetwork network = new(2, 1, LossFunction.MSE) { Seen = [] };

        Trainer.Train(network, data, new TrainingOptions { Epochs = 2, BatchSize = 4, Seed = 7 });

        Assert.Equal([8, 8, 4, 8, 8, 4], network.Seen.Select(inputs => inputs.Length));
        Assert.NotEqual(network.Seen[0], network.Seen[3]);
        foreach (float[][] epoch in network.Seen.Chunk(3))
        {
            Assert.Equal(data.Inputs.ToArray().Chunk(2).Select(static row => row[0]).Order(), epoch.SelectMany(static batch => batch.Chunk(2)).Select(static row => row[0]).Order());
        }
    }

    [Fact]
    public void TheOrder_FollowsTheNetworksSeed_TheOptionsSeed_AndTheCounters()
    {
        List<float[]> orders = [];
        foreach ((int networkSeed, int seed) in new[] { (0, 0), (1, 0), (0, 1), (1, 1) })
        {
            OneLayerNetwork network = new(2, 1, LossFunction.MSE, seed: networkSeed) { Seen = [] };
            TrainingOptions options = new() { Epochs = 1, BatchSize = 20, Seed = seed };
            Trainer.Train(network, TestData.Linear(20), options);
            Trainer.Train(network, TestData.Linear(20), options);
            orders.AddRange(network.Seen);
        }

        Assert.Equal(8, orders.DistinctBy(static order => string.Join(' ', order)).Count());
    }

    [Fact]
    public void ARunThatEndsInsideAnEpoch_BeginsANewOrder_AndCountsOnlyWholeEpochs()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE) { Seen = [] };
        TrainingOptions options = new() { Steps = 2, BatchSize = 5 };

        Trainer.Train(network, TestData.Linear(20), options);
        Assert.Equal((0, 2L), (network.State.EpochsTrained, network.State.StepsTrained));
        Trainer.Train(network, TestData.Linear(20), options);
        Assert.NotEqual(network.Seen[0], network.Seen[2]);

        Trainer.Train(network, TestData.Linear(20), new TrainingOptions { Epochs = 3, BatchSize = 5 });
        Assert.Equal((3, 16L), (network.State.EpochsTrained, network.State.StepsTrained));
    }

    [Fact]
    public void Steps_EndInTheMiddleOfAnEpoch()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE) { Seen = [] };

        TrainingHistory history = Trainer.Train(
            network, TestData.Linear(10), new TrainingOptions { Epochs = 1, Steps = 7, BatchSize = 4, Validation = TestData.Linear(3) });

        Assert.Equal(7, history.Steps);
        Assert.Equal(7, network.Seen.Count);
        Assert.Equal([1, 2, 3], history.Epochs.Select(result => result.Epoch));
        Assert.All(history.Epochs, result => Assert.NotNull(result.ValidationLoss));
    }

    [Fact]
    public void Steps_ThatFillWholeEpochs_AddNoEmptyEpoch()
    {
        TrainingHistory history = Trainer.Train(
            new OneLayerNetwork(2, 1, LossFunction.MSE), TestData.Linear(10), new TrainingOptions { Steps = 6, BatchSize = 4 });

        Assert.Equal(2, history.Epochs.Count);
    }

    [Fact]
    public void History_HoldsTheMeanOverRowsOfTheBatchLosses()
    {
        Dataset data = TestData.Linear(10);
        OneLayerNetwork stepped = new(2, 1, LossFunction.MSE);
        Optimizer optimizer = new Sgd(0.1f);
        double sum = 0;
        foreach (Batch batch in new DataLoader(data, 4, shuffle: false).Epoch(0))
        {
            sum += (double)stepped.TrainStep(batch.Inputs, batch.Targets, optimizer) * batch.Count;
        }

        TrainingHistory history = Trainer.Train(
            new OneLayerNetwork(2, 1, LossFunction.MSE),
            data,
            new TrainingOptions { Epochs = 1, BatchSize = 4, Optimizer = optimizer, Shuffle = false });

        EpochResult result = Assert.Single(history.Epochs);
        Assert.Equal(sum / 10, result.Loss);
        Assert.Null(result.Accuracy);
        Assert.Null(result.ValidationLoss);
        Assert.True(result.Elapsed > TimeSpan.Zero);
    }

    [Fact]
    public void Validation_IsTheEvaluationAfterTheEpoch_AndChangesNothing()
    {
        Dataset data = TestData.Labelled(30, 3);
        Dataset validation = TestData.Labelled(13, 3);
        OneLayerNetwork network = new(2, 3, LossFunction.CrossEntropy);
        OneLayerNetwork alone = new(2, 3, LossFunction.CrossEntropy);
        TrainingOptions options = new() { Epochs = 4, BatchSize = 8 };

        TrainingHistory history = Trainer.Train(network, data, options with { Validation = validation });
        Trainer.Train(alone, data, options);

        Evaluation evaluation = Trainer.Evaluate(network, validation);
        Assert.Equal(evaluation.Loss, history.Epochs[^1].ValidationLoss);
        Assert.Equal(evaluation.Accuracy, history.Epochs[^1].ValidationAccuracy);
        Assert.Equal(alone.Parameters, network.Parameters);
    }

    [Fact]
    public void Training_LearnsALinearFunction()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE);

        TrainingHistory history = Trainer.Train(
            network, TestData.Linear(50), new TrainingOptions { Epochs = 200, BatchSize = 10, Optimizer = new Sgd(0.2f, momentum: 0.9f) });

        Assert.True(history.Epochs[^1].Loss < 1e-8, $"The loss is {history.Epochs[^1].Loss}.");
        Assert.Equal(0.5f, network.State.View(0).Weights[0, 0], 3);
        Assert.Equal(-1f, network.State.View(0).Weights[1, 0], 3);
    }

    [Fact]
    public void TwoRuns_AreOneOfTheSumOfTheirEpochs()
    {
        Dataset data = TestData.Linear(10);
        OneLayerNetwork twice = new(2, 1, LossFunction.MSE);
        OneLayerNetwork once = new(2, 1, LossFunction.MSE);

        Trainer.Train(twice, data, new TrainingOptions { Epochs = 3, BatchSize = 4, Seed = 5 });
        Trainer.Train(twice, data, new TrainingOptions { Epochs = 3, BatchSize = 4, Seed = 5 });
        Trainer.Train(once, data, new TrainingOptions { Epochs = 6, BatchSize = 4, Seed = 5 });

        Assert.Equal(once.Parameters, twice.Parameters);
    }

    [Fact]
    public void WhoReplacesTheParameters_DropsTheOptimizersState()
    {
        Dataset data = TestData.Linear(10);
        OneLayerNetwork network = new(2, 1, LossFunction.MSE);
        NetworkState other = network.State.Clone();
        Trainer.Train(network, data);
        Assert.NotNull(network.State.Training.OptimizerState);

        network.State.LoadParameters(network.Parameters);
        Assert.Null(network.State.Training.OptimizerState);

        Trainer.Train(network, data);
        network.State.CopyFrom(other);
        Assert.Null(network.State.Training.OptimizerState);
    }

    [Fact]
    public void Cancellation_LeavesTheNetworkAsOfItsLastStep()
    {
        Dataset data = TestData.Linear(20);
        TrainingOptions options = new() { BatchSize = 4 };
        OneLayerNetwork cancelled = new(2, 1, LossFunction.MSE);
        OneLayerNetwork expected = new(2, 1, LossFunction.MSE);
        using CancellationTokenSource source = new();
        RecordedProgress progress = new(value =>
        {
            if (value.Step == 7)
            {
                source.Cancel();
            }
        });

        Assert.Throws<TrainingCancelledException>(() => Trainer.Train(cancelled, data, options with { Progress = progress }, source.Token));
        Trainer.Train(expected, data, options with { Steps = 7 });

        Assert.Equal(expected.Parameters, cancelled.Parameters);
    }

    [Fact]
    public void CancellationBeforeTheFirstStep_RestoresTheInputStatistics()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE, standardize: true);
        Trainer.Train(network, TestData.Linear(20));
        float[] means = network.State.InputMeans.ToArray();
        float[] scales = network.State.InputScales.ToArray();
        float[] parameters = network.Parameters;

        Assert.Throws<TrainingCancelledException>(() => Trainer.Train(network, TestData.Linear(7), null, new CancellationToken(true)));

        Assert.Equal(means, network.State.InputMeans.ToArray());
        Assert.Equal(scales, network.State.InputScales.ToArray());
        Assert.Equal(parameters, network.Parameters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARunThatEndsBeforeItsFirstStep_LeavesTheOptimizersState(bool standardize)
    {
        Dataset data = TestData.Linear(4);
        Dataset bad = Dataset.FromTargets([float.NaN, 1], [1], 2, 1);
        OneLayerNetwork network = new(2, 1, LossFunction.MSE, standardize);
        OneLayerNetwork expected = new(2, 1, LossFunction.MSE, standardize);
        Adam adam = new(0.1f);
        if (standardize)
        {
            Trainer.LearnInputStatistics(network.State, data);
            Trainer.LearnInputStatistics(expected.State, data);
        }

        network.TrainStep(data.Inputs, data.Targets, adam);
        expected.TrainStep(data.Inputs, data.Targets, adam);

        Assert.Throws<TrainingCancelledException>(() => Trainer.Train(network, data, null, new CancellationToken(true)));
        Assert.Throws<NonFiniteLossException>(() => Trainer.Train(network, bad, new TrainingOptions { Optimizer = new Sgd(0.1f, momentum: 0.9f) }));

        network.TrainStep(data.Inputs, data.Targets, adam);
        expected.TrainStep(data.Inputs, data.Targets, adam);
        Assert.Equal(expected.Parameters, network.Parameters);
    }

    [Fact]
    public void Progress_IsToldOfEveryStepAndEveryEpoch()
    {
        RecordedProgress progress = new();

        TrainingHistory history = Trainer.Train(
            new OneLayerNetwork(2, 1, LossFunction.BCE),
            TestData.Labelled(10, 2),
            new TrainingOptions { Steps = 5, BatchSize = 4, Progress = progress, Validation = TestData.Labelled(5, 2) });

        Assert.Equal([4, 8, 10, 10, 4, 8, 8], progress.Values.Select(value => value.Rows));
        Assert.Equal([10, 10, 10, 10, 8, 8, 8], progress.Values.Select(value => value.RowsInEpoch));
        Assert.Equal([1, 2, 3, 3, 4, 5, 5], progress.Values.Select(value => value.Step));
        Assert.Equal([1, 1, 1, 1, 2, 2, 2], progress.Values.Select(value => value.Epoch));
        Assert.All(progress.Values, value => Assert.Equal(2, value.Epochs));
        Assert.Equal(history.Epochs, progress.Values.Where(value => value.Result is not null).Select(value => value.Result!));
        Assert.Equal(history.Epochs[1].Loss, progress.Values[5].Loss);
        Assert.Equal(history.Epochs[1].Accuracy, progress.Values[5].Accuracy);
    }

    [Fact]
    public void Threads_HoldDuringTheRunOnly_AndDefaultToTheNetworks()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE);
        network.State.Threads = 3;

        Trainer.Train(network, TestData.Linear(4), new TrainingOptions { Threads = 2 });
        Assert.Equal(2, network.ThreadsSeen);
        Assert.Equal(3, network.State.Threads);

        Trainer.Train(network, TestData.Linear(4));
        Assert.Equal(3, network.ThreadsSeen);
    }

    internal static (OneLayerNetwork Network, Dataset Data) NetworkAndData(LossFunction loss, int rows) => loss switch
    {
        LossFunction.MSE => (new OneLayerNetwork(2, 1, loss), TestData.Linear(rows)),
        LossFunction.BCE => (new OneLayerNetwork(2, 1, loss), TestData.Labelled(rows, 2)),
        _ => (new OneLayerNetwork(2, 3, loss), TestData.Labelled(rows, 3)),
    };
}
