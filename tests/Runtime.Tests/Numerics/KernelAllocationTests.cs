using Mlp.Runtime.Tests.Training;
using Mlp.Testing;

namespace Mlp.Runtime.Tests.Numerics;

public class KernelAllocationTests
{
    [Fact]
    public void NormalizationSlopesAndWeights_AllocateNothing()
    {
        NetworkLayout layout = Layouts.Of(1, LossFunction.CrossEntropy, [("Layer1", 9, Activation.Softmax)]);
        NetworkState network = new(new NetworkLayout(1, false, layout.Loss, layout.Layers[0]) { ClassWeights = [1, 2, 3, 4, 5, 6, 7, 8, 9] }, seed: 1);
        Rows sums = Rows.Random(17, 9, 16, seed: 1);
        Rows deltas = Rows.Random(17, 9, 16, seed: 2);
        float[] inputs = new float[17];
        float[] targets = [.. Enumerable.Repeat(0.125f, 17 * 9)];
        float[] weights = [.. Enumerable.Range(0, 17).Select(m => m % 3 * 0.5f)];
        float[] reciprocals = new float[17];
        float[] statistics = new float[48];
        float[] running = [.. Enumerable.Repeat(1f, 32)];
        Assert.Equal(0, AllocatedBytes.Least(Run));

        void Run()
        {
            LayerNormalization.Forward(ref sums.Origin, 17, 9, 16, 1e-5f, ref reciprocals[0]);
            LayerNormalization.Backward(ref deltas.Origin, in sums.Origin, 17, 9, 16, in reciprocals[0]);
            BatchNormalization.Forward(ref sums.Origin, 17, 9, 16, 1e-5f, ref statistics[0], 16);
            BatchNormalization.Backward(ref deltas.Origin, in sums.Origin, 17, 9, 16, in statistics[0], 16);
            BatchNormalization.UpdateRunning(ref running[0], in statistics[0], 9, 16, 17, 0.1f);
            BatchNormalization.Forward(ref sums.Origin, 17, 9, 16, 1e-5f, ref statistics[0], 16, weights);
            BatchNormalization.Backward(ref deltas.Origin, in sums.Origin, 17, 9, 16, in statistics[0], 16, weights);
            BatchNormalization.UpdateRunning(ref running[0], in statistics[0], 9, 16, 17, 0.1f, weights);
            BatchNormalization.Normalize(ref sums.Origin, 17, 9, 16, 1e-5f, in running[0], ref statistics[0], 16);
            BatchNormalization.BackwardOfEvaluation(ref deltas.Origin, 17, 9, 16, in statistics[0], 16);
            PReluSlope.Gradient(in deltas.Origin, in sums.Origin, 17, 9, 16);
            SoftTargets.Compute(in targets[0], 17, 9, 0.1f, 9, network.Layout.ClassWeights, ref targets[0]);
            RowWeights.Scale(ref deltas.Origin, 17, 16, weights);
            RowWeights.ClearRows(ref deltas.Origin, 17, 0, weights, [0, 16]);
            RowWeights.ClearLanes(ref deltas.Origin, 16, weights, 9, 8);
            RowWeights.ScaleLanes(ref deltas.Origin, 2, weights, 9, 8);
            TrainingBatch batch = new(inputs, targets, weights, rows: 17);
            LossCheck.Mean(network, batch, reciprocals);
        }
    }
}
