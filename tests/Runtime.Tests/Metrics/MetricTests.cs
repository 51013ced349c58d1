using System.Globalization;

namespace Mlp.Runtime.Tests.Metrics;

public class MetricTests
{
    private static readonly Metric[] OfAnswers =
    [
        Metric.BalancedAccuracy, Metric.Matthews, Metric.Precision(), Metric.Recall(), Metric.F1(), Metric.F1(Average.Macro), Metric.F1(Average.Micro),
        Metric.F1(Average.Weighted), Metric.RocAuc, Metric.AveragePrecision, Metric.LogLoss, Metric.Brier,
    ];

    private static readonly Metric[] OfNumbers =
        [Metric.Mae, Metric.Rmse, Metric.Mape, Metric.R2, Metric.MedianAbsoluteError, Metric.MaximumError];

    [Fact]
    public void Names_AreColumns_AndAllDiffer()
    {
        Metric[] all = [Metric.Loss, Metric.Accuracy, Metric.TopK(5), .. OfAnswers, .. OfNumbers];
        Assert.Equal(
            "loss accuracy top_5_accuracy balanced_accuracy matthews precision recall f1 f1_macro f1_micro f1_weighted roc_auc average_precision log_loss "
                + "brier mae rmse mape r2 median_absolute_error maximum_error",
            string.Join(' ', all.Select(static metric => metric.Name)));
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal("top_5_accuracy", Metric.TopK(5).ToString());
    }

    [Fact]
    public void Direction_IsThatOfTheMetric() => Assert.Equal(
        [Metric.Loss, Metric.LogLoss, Metric.Brier, Metric.Mae, Metric.Rmse, Metric.Mape, Metric.MedianAbsoluteError, Metric.MaximumError],
        ((Metric[])[Metric.Loss, Metric.Accuracy, Metric.TopK(2), .. OfAnswers, .. OfNumbers]).Where(static metric => !metric.HigherIsBetter));

    [Fact]
    public void Equality_IsByValue()
    {
        Assert.True(Metric.F1(Average.Macro) == Metric.F1(Average.Macro));
        Assert.True(Metric.F1(Average.Macro) != Metric.F1());
        Assert.Equal(Metric.TopK(3).GetHashCode(), Metric.TopK(3).GetHashCode());
        Assert.NotEqual(Metric.TopK(3), Metric.TopK(4));
        Assert.NotEqual<Metric>(new Named("accuracy"), Metric.Accuracy);
        Assert.Equal(new Named("mine"), new Named("mine"));
        Assert.False(Metric.Loss.Equals(null));
        Assert.False(Metric.Loss == null);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    public void ANameThatHeadsNoColumn_IsRefused(string name) =>
        Assert.Contains("no name of a metric", Assert.Throws<ArgumentException>(() => new Named(name)).Message);

    [Fact]
    public void ValuesOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Metric.TopK(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Metric.F1((Average)7));
    }

    [Theory]
    [InlineData("r2", LossFunction.BCE, 1)]
    [InlineData("f1", LossFunction.MSE, 1)]
    [InlineData("accuracy", LossFunction.Poisson, 2)]
    [InlineData("log_loss", LossFunction.Hinge, 1)]
    [InlineData("brier", LossFunction.Hinge, 3)]
    [InlineData("balanced_accuracy", LossFunction.BCE, 3)]
    [InlineData("top_5_accuracy", LossFunction.BCE, 1)]
    public void MetricsOfOtherNetworks_DoNotFit(string name, LossFunction loss, int outputs)
    {
        Metric metric = ((Metric[])[Metric.Accuracy, Metric.TopK(5), .. OfAnswers, .. OfNumbers]).Single(metric => metric.Name == name);
        Assert.Equal($"is not for {outputs} {(outputs == 1 ? "output" : "outputs")} with {loss}", metric.WhyUnfit(loss, outputs));
        Assert.Null(Metric.Loss.WhyUnfit(loss, outputs));
    }

    /// <summary>Rows that repeat are rows of that weight, and rows of weight 0 are none, even where they hold NaN.</summary>
    [Fact]
    public void Weights_AreRepeatedRows()
    {
        Random random = new(1);
        float[] scores = [.. Enumerable.Range(0, 60).Select(_ => random.Next(1, 16) / 16f), float.NaN];
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => random.NextSingle() < scores[i] ? 1 : 0), 1];
        float[] weights = [.. Enumerable.Range(0, 60).Select(_ => (float)random.Next(4)), 0];
        float[] targets = [.. scores.Select(score => score + (random.Next(-8, 9) / 32f))];
        float[] threeScores = [.. scores.SelectMany(score => new[] { score, 1 - score, random.Next(16) / 16f })];
        int[] threeLabels = [.. labels.Select(label => random.Next(label, 3))];
        int[] rows = [.. Enumerable.Range(0, 61).SelectMany(row => Enumerable.Repeat(row, (int)weights[row]))];

        foreach (Metric metric in OfAnswers)
        {
            AssertClose(metric, Judged.Binary(metric, Of(scores), Of(labels)), Judged.Binary(metric, scores, labels, weights));
        }

        foreach (Metric metric in (Metric[])[.. OfAnswers, Metric.TopK(2)])
        {
            AssertClose(
                metric, Judged.Classes(metric, Of(threeScores, 3), Of(threeLabels), 3), Judged.Classes(metric, threeScores, threeLabels, 3, weights));
        }

        foreach (Metric metric in OfNumbers)
        {
            AssertClose(
                metric,
                Judged.Targets(metric, LossFunction.MSE, Of(scores), Of(targets)),
                Judged.Targets(metric, LossFunction.MSE, scores, targets, weights: weights));
        }

        T[] Of<T>(T[] values, int width = 1) => [.. rows.SelectMany(row => values.Skip(row * width).Take(width))];

        static void AssertClose(Metric metric, double? expected, double? found) =>
            Assert.True(expected is double e && found is double f && Math.Abs(e - f) <= 1e-13, $"{metric}: {found}, not {expected}");
    }

    [Fact]
    public void RocAuc_IsTheShareOfPairsInOrder_ToTheBit()
    {
        Random random = new(2);
        for (int attempt = 0; attempt < 50; attempt++)
        {
            int count = random.Next(2, 40);
            float[] scores = [.. Enumerable.Range(0, count).Select(_ => random.Next(8) / 8f)];
            int[] labels = [.. Enumerable.Range(0, count).Select(i => i == 0 ? 0 : i == 1 ? 1 : random.Next(2))];
            double pairs = 0, ordered = 0;
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    if (labels[i] == 1 && labels[j] == 0)
                    {
                        pairs++;
                        ordered += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    }
                }
            }

            Assert.Equal(ordered / pairs, Judged.Binary(Metric.RocAuc, scores, labels));
        }
    }

    [Fact]
    public void RocAuc_DoesNotDependOnTheOrderOfRows()
    {
        float[] scores = [.. Enumerable.Range(0, 1000).Select(static i => i * 37 % 100 / 100f)];
        int[] labels = [.. Enumerable.Range(0, 1000).Select(static i => i * 7 % 10 < 4 ? 1 : 0)];
        double? forward = Judged.Binary(Metric.RocAuc, scores, labels);
        double? precision = Judged.Binary(Metric.AveragePrecision, scores, labels);
        Array.Reverse(scores);
        Array.Reverse(labels);

        Assert.Equal(forward, Judged.Binary(Metric.RocAuc, scores, labels));
        Assert.Equal(precision, Judged.Binary(Metric.AveragePrecision, scores, labels));
    }

    [Fact]
    public void Hinge_IsRankedByItsMargins_AndAnswersByTheirSign()
    {
        float[] margins = [-2, -0.5f, 0, 0.25f];
        int[] labels = [0, 1, 0, 1];

        Assert.Equal(0.75, Judged.Binary(Metric.RocAuc, margins, labels, loss: LossFunction.Hinge));
        Assert.Equal(0.5, Judged.Binary(Metric.F1(), margins, labels, loss: LossFunction.Hinge));
        Assert.Equal(0.5, Judged.Targets(Metric.F1(), LossFunction.Hinge, margins, [-1, 1, -1, 1]));
    }

    [Fact]
    public void SeveralAnswers_AreAveragedOverOutputs()
    {
        float[] outputs = [0.9f, 0.1f, 0.2f, 0.8f, 0.7f, 0.6f, 0.4f, 0.3f];
        float[] targets = [1, 0, 0, 1, 0, 1, 1, 1];

        // First output: yes to rows 0 and 2, right for 0; true in 0 and 3. Second: yes to rows 1 and 2, both right; true in 1, 2 and 3.
        Assert.Equal((0.5 + 0.8) / 2, Targets(Metric.F1())!.Value, 1e-15);
        Assert.Equal((0.5 + 0.8) / 2, Targets(Metric.F1(Average.Macro))!.Value, 1e-15);
        Assert.Equal(3 / 4.0, Targets(Metric.Precision(Average.Micro)));
        Assert.Equal(3 / 5.0, Targets(Metric.Recall(Average.Micro)));
        Assert.Equal((2 * 0.5 + 3 * 0.8) / 5, Targets(Metric.F1(Average.Weighted))!.Value, 1e-15);
        Assert.Equal((0.75 + 1) / 2, Targets(Metric.RocAuc));

        double? Targets(Metric metric) => Judged.Targets(metric, LossFunction.BCE, outputs, targets, outputSize: 2);
    }

    [Fact]
    public void TheThreshold_DecidesAnswers_AndBelongsToTheUpperSide()
    {
        float[] scores = [0.25f, 0.5f, 0.75f];
        int[] labels = [0, 1, 1];

        Assert.Equal(1, Judged.Binary(Metric.F1(), scores, labels));
        Assert.Equal(2 / 3.0, Judged.Binary(Metric.F1(), scores, labels, threshold: 0.75));
        Assert.Equal(0, Judged.Binary(Metric.F1(), scores, labels, threshold: 0.7500000001));
        Assert.Equal(0.8, Judged.Binary(Metric.F1(), scores, labels, threshold: 0.25)!.Value, 1e-15);
    }

    [Fact]
    public void CertaintiesThatAreWrong_HaveAFiniteLogLoss()
    {
        Assert.Equal(-Math.Log(float.Epsilon), Judged.Binary(Metric.LogLoss, [0], [1])!.Value, 1e-12);
        Assert.Equal(25 * Math.Log(2), Judged.Binary(Metric.LogLoss, [1], [0])!.Value, 1e-12);
        Assert.Equal(0, Judged.Binary(Metric.LogLoss, [1, 0], [1, 0]));
        Assert.Equal(-Math.Log(float.Epsilon), Judged.Classes(Metric.LogLoss, [1, 0], [1], 2)!.Value, 1e-12);
        Assert.Equal(0, Judged.Classes(Metric.LogLoss, [1, 0], [0], 2));
    }

    [Fact]
    public void SoftTargets_HaveTheirCrossEntropy()
    {
        Assert.Equal(-(0.25 * Math.Log(0.5)) - (0.75 * Math.Log(0.5)), Judged.Targets(Metric.LogLoss, LossFunction.BCE, [0.5f], [0.25f])!.Value, 1e-15);
        Assert.Equal(
            -(0.25 * Math.Log(0.125)) - (0.75 * Math.Log(0.875)),
            Judged.Targets(Metric.LogLoss, LossFunction.CrossEntropy, [0.125f, 0.875f], [0.25f, 0.75f], outputSize: 2)!.Value,
            1e-15);
    }

    [Fact]
    public void TheBrierScoreOfClasses_IsASum() => Assert.Equal(
        0.25 + 0.0625 + 0.0625, Judged.Classes(Metric.Brier, [0.5f, 0.25f, 0.25f], [0], 3));

    [Fact]
    public void TopK_TakesTheFirstOfEquals()
    {
        float[] scores = [0.25f, 0.25f, 0.25f, 0.25f];
        Assert.Equal([1, 1, 0, 0], Enumerable.Range(0, 4).Select(label => Judged.Classes(Metric.TopK(2), scores, [label], 4)!.Value));
        Assert.Equal(1, Judged.Classes(Metric.TopK(9), scores, [3], 4));
    }

    [Fact]
    public void SeveralOutputs_HaveTheMeanOfTheirOwn()
    {
        float[] outputs = [1, 10, 2, 20, 3, 40];
        float[] targets = [1, 10, 2, 20, 4, 30];

        Assert.Equal((Math.Sqrt(1 / 3.0) + Math.Sqrt(100 / 3.0)) / 2, Of(Metric.Rmse)!.Value, 1e-14);
        Assert.Equal((1 / 3.0 + 10 / 3.0) / 2, Of(Metric.Mae)!.Value, 1e-14);
        Assert.Equal((1 - (1 / (14 / 3.0)) + (1 - (100 / 200.0))) / 2, Of(Metric.R2)!.Value, 1e-14);
        Assert.Equal(10, Of(Metric.MaximumError));

        double? Of(Metric metric) => Judged.Targets(metric, LossFunction.MSE, outputs, targets, outputSize: 2);
    }

    [Fact]
    public void LargeOffsets_LeaveR2Exact()
    {
        // 2²³ + 0.5·i are floats.
        float[] targets = [.. Enumerable.Range(0, 100).Select(static i => 4194304 + (0.5f * i))];
        Assert.Equal(1, Judged.Targets(Metric.R2, LossFunction.MSE, targets, targets));
        float[] shifted = [.. targets.Select(static target => target + 0.5f)];
        Assert.Equal(1 - (0.25 / 208.3125), Judged.Targets(Metric.R2, LossFunction.MSE, shifted, targets)!.Value, 1e-14);
        float[] constant = [.. Enumerable.Repeat(0.1f, 10)];
        Assert.Equal(1, Judged.Targets(Metric.R2, LossFunction.MSE, constant, constant, weights: [.. Enumerable.Range(1, 10).Select(static i => 0.1f * i)]));
    }

    [Fact]
    public void NaN_IsNotSwallowed()
    {
        float[] scores = [0.75f, float.NaN, 0.25f];
        Assert.All(
            (Metric[])[Metric.RocAuc, Metric.AveragePrecision, Metric.LogLoss, Metric.Brier],
            metric => Assert.True(double.IsNaN(Judged.Binary(metric, scores, [1, 0, 0])!.Value), metric.Name));
        Assert.All(
            (Metric[])[Metric.Mae, Metric.Rmse, Metric.R2, Metric.Mape, Metric.MedianAbsoluteError, Metric.MaximumError],
            metric => Assert.True(double.IsNaN(Judged.Targets(metric, LossFunction.MSE, scores, [1, 2, 3])!.Value), metric.Name));
        Assert.Equal(0, Judged.Classes(Metric.TopK(2), [0.5f, float.NaN], [1], 2));
    }

    [Fact]
    public void AMetricOfOnesOwn_SeesOutputsTargetsAndWeights()
    {
        Assert.Equal(2 / 3.0, Judged.Targets(new Within(0.5), LossFunction.MSE, [1, 2, 3], [1.5f, 2, 4]));
        Assert.Equal(0.5, Judged.Targets(new Within(0.5), LossFunction.MSE, [1, 2, 3], [1.5f, 2, 4], weights: [1, 1, 2]));
        Assert.Equal(new Within(0.5), new Within(0.5));
        Assert.NotEqual(new Within(0.5), new Within(0.25));
        Assert.Null(new Within(1).WhyUnfit(LossFunction.BCE, 3));
    }

    [Fact]
    public void Values_AreReadByMetric_InTheirOrder()
    {
        MetricValues values = new([Metric.R2, Metric.Mae], [null, 0.5]);

        Assert.Null(values[Metric.R2]);
        Assert.Equal(0.5, values[Metric.Mae]);
        Assert.Equal([Metric.R2, Metric.Mae], values.Keys);
        Assert.Equal(2, values.Count);
        Assert.True(values.ContainsKey(Metric.Mae));
        Assert.Equal("rmse was not computed; there is r2, mae.", Assert.Throws<KeyNotFoundException>(() => values[Metric.Rmse]).Message);
        Assert.Equal("rmse was not computed; there are no metrics.", Assert.Throws<KeyNotFoundException>(() => MetricValues.None[Metric.Rmse]).Message);
        Assert.Equal(values, new MetricValues([Metric.R2, Metric.Mae], [null, 0.5]));
        Assert.NotEqual(values, new MetricValues([Metric.R2, Metric.Mae], [null, 0.25]));
        Assert.NotEqual(values, new MetricValues([Metric.Mae, Metric.R2], [0.5, null]));
    }

    private sealed class Named(string name) : Metric(name, higherIsBetter: true)
    {
        protected internal override double? Compute(in Predictions predictions) => 0;
    }

    private sealed class Within(double tolerance)
        : Metric($"within_{tolerance.ToString(CultureInfo.InvariantCulture).Replace('.', '_')}", higherIsBetter: true)
    {
        protected internal override double? Compute(in Predictions predictions)
        {
            double hits = 0, total = 0;
            for (int row = 0; row < predictions.Count; row++)
            {
                double weight = predictions.Weight(row);
                total += weight;
                hits += Math.Abs(predictions.Outputs[row] - predictions.Targets[row]) <= tolerance ? weight : 0;
            }

            return hits / total;
        }
    }
}
