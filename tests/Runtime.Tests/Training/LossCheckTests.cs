namespace Mlp.Runtime.Tests.Training;

public class LossCheckTests
{
    private static readonly NetworkLayout Plain = Layouts.Of(1, LossFunction.CrossEntropy, [("Layer1", 3, Activation.Softmax)]);

    private static readonly float[] Losses = [.. Enumerable.Range(0, 19).Select(m => 0.1f + (0.37f * m))];

    [Fact]
    public void WithoutWeights_TheMeanIsOverTheRows()
    {
        Assert.Equal(((float)CanonicalSum.Mean(Losses), 19f), Mean(classWeights: [], rowWeights: []));
        Assert.Equal(((float)CanonicalSum.Mean(Losses), 19f), Mean([], [.. Enumerable.Repeat(1f, 19)]));
        Assert.Equal(((float)CanonicalSum.Mean(Losses), 19f), Mean([1, 1, 1], []));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void WithWeights_TheMeanIsOverTheirSum(bool hasClassWeights, bool hasRowWeights)
    {
        float[] classes = hasClassWeights ? [0.5f, 2, 0] : [];
        float[] rows = hasRowWeights ? [.. Enumerable.Range(0, 19).Select(m => m % 4 * 0.7f)] : [];

        (float mean, float weight) = Mean(classes, rows);

        double sum = 0;
        double total = 0;
        for (int m = 0; m < Losses.Length; m++)
        {
            double own = hasRowWeights ? rows[m] : 1;
            sum += own * Losses[m];
            total += own * (hasClassWeights ? classes[m % 3] : 1);
        }

        Assert.Equal(total, weight, 1e-5);
        Assert.Equal(sum / total, mean, 1e-5);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.Epsilon)]
    public void WhereNothingHasAWeight_TheLossIsZero_AndSoAreTheDeltas(float weight) =>
        Assert.Equal((0, float.PositiveInfinity), Mean([], [.. Enumerable.Repeat(weight, 19)]));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ALossThatIsNotFinite_IsFound_WhereItsRowCounts(float loss)
    {
        float[] losses = [.. Losses];
        losses[3] = loss;
        losses[7] = loss;
        float[] weights = [.. Enumerable.Range(0, 19).Select(m => m == 3 ? 0f : 1)];

        Assert.Equal(7, Assert.Throws<NonFiniteLossException>(() => Mean([], weights, losses)).Row);

        weights[7] = 0;
        Assert.Equal((float)CanonicalSum.Mean([.. Losses.Where((_, m) => m is not 3 and not 7)]), Mean([], weights, losses).Mean);
        Assert.Equal((0, float.PositiveInfinity), Mean([], new float[19], losses));
    }

    [Fact]
    public void AnInputThatIsNotFinite_IsRefused_ThoughItsRowHasNoWeight()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);

        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(() =>
            TrainingSteps.ComputeGradients(network, [1, float.NaN], [1, 2], [1, 0], new float[2]));

        Assert.Equal((1, 0), (error.Row, error.Column));
    }

    [Fact]
    public void AMeanThatOverflows_ThoughNoLossDoes_IsSaidToDoSo()
    {
        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(() => Mean([1e-30f, 1e-30f, 1e-30f], [], [.. Losses.Select(loss => 1e30f * loss)]));

        Assert.Null(error.Row);
        Assert.Contains("the weighted mean of the losses is not finite, though each of them is", error.Message);
    }

    [Fact]
    public void WeightsThatDoNotFit_AreRefused()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);
        float[] before = network.Parameters;

        Assert.Contains(
            "weights holds 3 values, and the batch has 2 rows; give one a row, or none.", Refused([1, 1, 1]).Message);
        Assert.Contains("The weight of row 1 is -1; weights must be finite and at least 0.", Refused([1, -1]).Message);
        Assert.Contains("The weight of row 0 is NaN;", Refused([float.NaN, 1]).Message);
        Refused([float.PositiveInfinity, 1]);
        Assert.Equal(before, network.Parameters);

        ArgumentException Refused(float[] weights)
        {
            Assert.Throws<ArgumentException>("weights", () => TrainingSteps.ComputeGradients(network, [1, 2], [1, 2], weights, new float[2]));
            return Assert.Throws<ArgumentException>("weights", () => TrainingSteps.TrainStep(network, [1, 2], [1, 2], weights, new Adam()));
        }
    }

    /// <summary>The mean of rows whose classes are 0, 1, 2, 0, …</summary>
    private static (float Mean, float Weight) Mean(float[] classWeights, float[] rowWeights, float[]? losses = null)
    {
        NetworkState network = new(new NetworkLayout(1, false, Plain.Loss, Plain.Layers[0]) { ClassWeights = classWeights }, seed: 1);
        TrainingBatch batch = new(
            new float[19], targets: [.. Enumerable.Range(0, 3 * 19).Select(i => i % 3 == i / 3 % 3 ? 1f : 0)], rowWeights, rows: 19);
        float mean = LossCheck.Mean(network, batch, losses ?? Losses);
        float weight = LossCheck.Weight(network, batch);
        return (mean, weight);
    }
}
