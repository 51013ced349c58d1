using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Judging;

/// <summary>What reports cost.</summary>
public class JudgeTests
{
    [Theory]
    [InlineData(LossFunction.CrossEntropy, 3)]
    [InlineData(LossFunction.BCE, 1)]
    [InlineData(LossFunction.BCE, 3)]
    [InlineData(LossFunction.MSE, 2)]
    public void AReport_PredictsEachRowOnce(LossFunction loss, int outputs)
    {
        const int Rows = 2100;
        CountingNetwork network = new(new OneLayerNetwork(2, outputs, loss));
        float[] targets = [.. Enumerable.Range(0, Rows * outputs).Select(i => i / outputs % outputs == i % outputs ? 1f : 0)];
        Dataset data = Dataset.FromTargets(TestData.Linear(Rows).Inputs.ToArray(), targets, 2, outputs);
        object report = loss == LossFunction.MSE ? Judge.ReportRegression(network, data)
            : loss == LossFunction.CrossEntropy || outputs == 1 ? Judge.ReportClassification(network, data)
            : Judge.ReportMultiLabel(network, data);

        Assert.Equal(Rows, network.Predicted);
        Assert.Contains("rows", report.ToString());
    }

    /// <summary>One-hot targets are the labels that they stand for.</summary>
    [Fact]
    public void OneHotTargets_AreLabels()
    {
        OneLayerNetwork network = new(2, 3, LossFunction.CrossEntropy);
        Dataset labelled = TestData.Labelled(50, 3);
        float[] targets = new float[150];
        for (int row = 0; row < 50; row++)
        {
            targets[(row * 3) + labelled.Labels[row]] = 1;
        }

        Assert.Equal(
            Judge.ReportClassification(network, labelled).ToString(),
            Judge.ReportClassification(network, Dataset.FromTargets(labelled.Inputs.ToArray(), targets, 2, 3)).ToString());
    }

    /// <summary>A network that counts the rows for which it is asked.</summary>
    private sealed class CountingNetwork(OneLayerNetwork network) : INetwork
    {
        public int Predicted { get; private set; }

        public NetworkState State => network.State;

        public void ComputeLosses(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs, Span<float> losses)
        {
            Predicted += losses.Length;
            network.ComputeLosses(inputs, targets, outputs, losses);
        }

        public float Backpropagate<TSink>(scoped in TrainingBatch batch, scoped TSink sink) where TSink : struct, IGradientSink, allows ref struct =>
            network.Backpropagate(batch, sink);
    }
}
