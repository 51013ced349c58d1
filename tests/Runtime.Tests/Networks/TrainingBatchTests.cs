using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Networks;

/// <summary>What reaches a network's backward pass, and what is undone when it fails.</summary>
public class TrainingBatchTests
{
    [Fact]
    public void Weights_ReachTheBackwardPass()
    {
        ProbeNetwork network = new();

        network.State.TrainStep(network, [1, 2], [3, 4], weights: [0.5f, 0], new Adam());
        network.State.ComputeGradients(network, [1, 2], [3, 4], weights: [0.25f, 1], new float[network.State.Layout.ParameterCount]);
        network.State.TrainStep(network, [1], [3], new Adam());
        network.State.TrainStep(network, [1], [3], weights: [], new Adam());

        Assert.Equal([[0.5f, 0], [0.25f, 1], [], []], network.Seen);
    }

    [Fact]
    public void ARunThatFailsBeforeItsFirstStep_RestoresRunningStatistics()
    {
        ProbeNetwork network = new() { Failure = new OperationCanceledException() };
        network.State.RunningMeans(0)[0] = 3;

        Assert.Throws<OperationCanceledException>(() => Trainer.Train(network, Dataset.FromTargets([1, 2], [3, 4], 1, 1)));

        Assert.Equal((3, 1), (network.State.RunningMeans(0)[0], network.State.RunningVariances(0)[0]));
    }

    /// <summary>A network whose backward pass notes the rows' weights, moves its running statistics, and has no gradients.</summary>
    private sealed class ProbeNetwork : INetwork
    {
        public NetworkState State { get; } = new(
            Layouts.Of(1, LossFunction.MSE, [("Layer1", 1, Activation.Linear)], declare: layer => layer with { Normalization = Normalization.Batch }), seed: 1);

        public List<float[]> Seen { get; } = [];

        public Exception? Failure { get; init; }

        public float Backpropagate<TSink>(scoped in TrainingBatch batch, scoped TSink sink) where TSink : struct, IGradientSink, allows ref struct
        {
            Seen.Add(batch.Weights.ToArray());
            State.RunningStatistics.Fill(9);
            return Failure is null ? 0 : throw Failure;
        }

        public void ComputeLosses(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs, Span<float> losses) =>
            throw new NotSupportedException();
    }
}
