namespace Mlp.Runtime.Tests.Training;

public class AccumulationTests
{
    [Theory]
    [InlineData(4, 3)]
    [InlineData(5, 2)]
    [InlineData(1, 12)]
    [InlineData(7, 100)]
    public void AccumulatedBatches_MakeTheStepsOfTheJoinedBatch(int batchSize, int steps)
    {
        Dataset data = TestData.Labelled(30, 3);
        TrainingOptions joined = new() { Epochs = 4, BatchSize = batchSize * steps, Seed = 3, Optimizer = new Sgd(0.5f, momentum: 0.9f) };
        OneLayerNetwork expected = new(2, 3, LossFunction.CrossEntropy);
        OneLayerNetwork network = new(2, 3, LossFunction.CrossEntropy);

        TrainingHistory expectedHistory = Trainer.Train(expected, data, joined);
        TrainingHistory history = Trainer.Train(network, data, joined with { BatchSize = batchSize, AccumulationSteps = steps });

        Assert.All(expected.Parameters.Zip(network.Parameters), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
        Assert.Equal(expectedHistory.Steps, history.Steps);
        Assert.All(expectedHistory.Epochs.Zip(history.Epochs), pair =>
        {
            Assert.Equal(pair.First.Loss, pair.Second.Loss, 2e-6);
            Assert.Equal(pair.First.Accuracy, pair.Second.Accuracy);
        });
    }

    [Fact]
    public void AStepOfOneBatch_HasTheBitsOfThatBatch()
    {
        // Epochs are one batch long: every step has to do with one.
        Dataset data = TestData.Linear(8);
        TrainingOptions options = new() { Epochs = 5, BatchSize = 8 };
        OneLayerNetwork expected = new(2, 1, LossFunction.MSE);
        OneLayerNetwork network = new(2, 1, LossFunction.MSE);

        Trainer.Train(expected, data, options);
        Trainer.Train(network, data, options with { AccumulationSteps = 3 });

        Assert.Equal(expected.Parameters, network.Parameters);
    }

    [Fact]
    public void Steps_AreThoseOfTheOptimizer()
    {
        // Five batches an epoch, two a step: three steps an epoch.
        OneLayerNetwork network = new(2, 1, LossFunction.MSE) { Seen = [], StepKeys = [] };
        RecordedProgress progress = new();

        TrainingHistory history = Trainer.Train(
            network, TestData.Linear(10), new TrainingOptions { Steps = 4, BatchSize = 2, AccumulationSteps = 2, Progress = progress });

        Assert.Equal(4, history.Steps);
        Assert.Equal(2, history.Epochs.Count);
        Assert.Equal(7, network.Seen.Count);
        Assert.Equal(4, network.State.Training.OptimizerState!.StepCount);
        Assert.Equal([1, 2, 3, 3, 4, 4], progress.Values.Select(value => value.Step));
        Assert.Equal([4, 8, 10, 10, 4, 4], progress.Values.Select(value => value.Rows));
        Assert.Equal([10, 10, 10, 10, 4, 4], progress.Values.Select(value => value.RowsInEpoch));

        // Dropout draws new masks for each batch.
        Assert.Equal(7, network.StepKeys.Distinct().Count());
        Assert.All(network.StepKeys, static key => Assert.True(key >= 0));
        Assert.Equal([0, 1, 2, 3], network.StepKeys.Where(static key => key < 100));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(9, 2)]
    [InlineData(11, 2)]
    public void ALossThatIsNotFinite_LeavesTheNetworkAsOfTheLastStep(int badRow, int stepsMade)
    {
        float[] inputs = [.. TestData.Linear(12).Inputs];
        inputs[badRow * 2] = float.NaN;
        Dataset data = Dataset.FromTargets(inputs, [.. TestData.Linear(12).Targets], 2, 1);
        TrainingOptions options = new() { BatchSize = 2, AccumulationSteps = 2, Shuffle = false };
        OneLayerNetwork network = new(2, 1, LossFunction.MSE);
        OneLayerNetwork expected = new(2, 1, LossFunction.MSE);

        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(() => Trainer.Train(network, data, options));

        Assert.Equal((badRow, 0, stepsMade + 1L), (error.Row, error.Column, error.Step));
        if (stepsMade > 0)
        {
            Trainer.Train(expected, data, options with { Steps = stepsMade });
        }

        Assert.Equal(expected.Parameters, network.Parameters);
    }

    [Fact]
    public void CancellationBetweenTheBatchesOfAStep_LeavesTheNetworkAsOfTheLastStep()
    {
        Dataset data = TestData.Linear(20);
        TrainingOptions options = new() { BatchSize = 2, AccumulationSteps = 4 };
        OneLayerNetwork cancelled = new(2, 1, LossFunction.MSE);
        OneLayerNetwork expected = new(2, 1, LossFunction.MSE);
        using CancellationTokenSource source = new();
        cancelled.StepStarted = () =>
        {
            if (cancelled.State.Training.OptimizerState?.StepCount == 1)
            {
                source.Cancel();
            }
        };

        Assert.Throws<TrainingCancelledException>(() => Trainer.Train(cancelled, data, options, source.Token));
        Trainer.Train(expected, data, options with { Steps = 1 });

        Assert.Equal(expected.Parameters, cancelled.Parameters);
    }
}
