using Mlp.Testing;

namespace Mlp.Runtime.Tests.Training;

/// <summary>Runs alone: the runtime's cache of generic virtual calls is shared by the process, and may grow in our calls because of other tests.</summary>
[CollectionDefinition(nameof(TrainerAllocationTests), DisableParallelization = true)]
[Collection(nameof(TrainerAllocationTests))]
public class TrainerAllocationTests
{
    [Theory]
    [InlineData(Sampling.Shuffle, false, false)]
    [InlineData(Sampling.InOrder, false, false)]
    [InlineData(Sampling.Balanced, false, false)]
    [InlineData(Sampling.Shuffle, true, false)]
    [InlineData(Sampling.Shuffle, false, true)]
    [InlineData(Sampling.Shuffle, true, true)]
    public void Steps_AllocateNothing(Sampling sampling, bool regularised, bool scheduled)
    {
        OneLayerNetwork network = new(2, 1, LossFunction.BCE);
        Dataset data = TestData.Labelled(2000, 2);
        CountingProgress progress = new();
        TrainingOptions options = new() { BatchSize = 2, Sampling = sampling, Progress = progress };
        if (regularised)
        {
            options = options with { L1 = 0.01f, L2 = 0.01f, ClipValue = 0.1f, ClipNorm = 0.1f, MaxNorm = 0.1f, AccumulationSteps = 2, Statistics = Duration.Steps(1) };
        }

        if (scheduled)
        {
            options = options with
            {
                Schedule = new CosineDecay { WarmUp = Duration.Share(0.1) },
                Averaging = new WeightAverage(),
                LayerRates = regularised ? [new("Layer1", 0.5)] : [],
                Optimizer = new AdamW(),
                Validation = TestData.Labelled(20, 2),
                EarlyStopping = new EarlyStopping(patience: 1),
                Callbacks = [new CountingCallback()],
            };
        }

        long Allocated(int steps) => AllocatedBytes.Least(() => Trainer.Train(network, data, options with { Steps = steps }));

        Allocated(500);
        Assert.Equal(Allocated(1), Allocated(500));
        Assert.True(progress.Count > 1000);
    }

    private sealed class CountingCallback : TrainingCallback
    {
        private double _sum;

        public override void OnStep(TrainingContext context, in StepResult step) => _sum += step.Loss * step.LearningRate * context.History.Steps;

        public override void OnEnd(TrainingContext context, TrainingHistory history) => Assert.True(_sum > 0);
    }

    private sealed class CountingProgress : IProgress<TrainingProgress>
    {
        public int Count { get; private set; }

        public void Report(TrainingProgress value) => Count++;
    }
}
