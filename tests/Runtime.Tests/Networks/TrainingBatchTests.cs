using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Networks;

/// <summary>What reaches a network's backward pass, and what is undone when it fails.</summary>
public class TrainingBatchTests
{
    [Fact]
    public void Weights_ReachTheBackwardPass()
    {
        ProbeNetwork network = new();

        TrainingSteps.TrainStep(network, [1, 2], [3, 4], weights: [0.5f, 0], new Adam());
        TrainingSteps.ComputeGradients(network, [1, 2], [3, 4], weights: [0.25f, 1], new float[network.State.Layout.ParameterCount]);
        TrainingSteps.TrainStep(network, [1], [3], new Adam());
        TrainingSteps.TrainStep(network, [1], [3], weights: [], new Adam());

        Assert.Equal([[0.5f, 0], [0.25f, 1], [], []], network.Seen);
    }

    [Theory]
    [InlineData(0, 1, 3)]
    [InlineData(1, 1, 4)]
    [InlineData(2, 1, 5)]
    [InlineData(1, 2, 3)]
    [InlineData(2, 2, 5)]
    [InlineData(3, 2, 5)]
    public void ARunThatFails_LeavesRunningStatisticsAsOfItsLastCompletedStep(int goodBatches, int accumulationSteps, float expected)
    {
        ProbeNetwork network = new() { GoodBatches = goodBatches };
        network.State.RunningMeans(0)[0] = 3;
        TrainingOptions options = new() { BatchSize = 1, AccumulationSteps = accumulationSteps };

        Assert.Throws<OperationCanceledException>(() => Trainer.Train(network, Dataset.FromTargets(new float[8], new float[8], 1, 1), options));

        Assert.Equal(expected, network.State.RunningMeans(0)[0]);
    }

    /// <summary>A network whose backward pass notes the rows' weights, moves its running statistics, and has no gradients.</summary>
    private sealed class ProbeNetwork : INetwork
    {
        public NetworkState State { get; } = new(
            Layouts.Of(1, LossFunction.MSE, [("Layer1", 1, Activation.Linear)], declare: layer => layer with { Normalization = Normalization.Batch }), seed: 1);

        public List<float[]> Seen { get; } = [];

        /// <summary>Number of batches before one is cancelled.</summary>
        public int GoodBatches { get; init; } = int.MaxValue;

        public float Backpropagate<TSink>(scoped in TrainingBatch batch, scoped TSink sink) where TSink : struct, IGradientSink, allows ref struct
        {
            Seen.Add(batch.Weights.ToArray());
            State.RunningMeans(0)[0]++;
            return Seen.Count <= GoodBatches ? 0 : throw new OperationCanceledException();
        }

        public void ComputeLosses(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs, Span<float> losses) =>
            throw new NotSupportedException();
    }
}
