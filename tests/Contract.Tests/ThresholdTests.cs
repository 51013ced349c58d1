namespace Contract.Tests;

/// <summary>The probability from which on an output says yes, and how to find one.</summary>
public class ThresholdTests
{
    private static readonly Dataset Data = ReportTests.Labelled(300, 2);

    [Fact]
    public void TheThreshold_DecidesClassesAccuraciesAndReports()
    {
        ProbabilityNet net = ReportTests.Trained<ProbabilityNet>(Data);
        float[] input = Data.Inputs[..3].ToArray();
        float probability = net.Predict(input);
        Assert.Equal(0.5, net.Threshold);

        net.Threshold = probability;
        Assert.Equal(1, net.PredictClass(input));
        net.Threshold = Math.BitIncrement((double)probability);
        Assert.Equal(0, net.PredictClass(input));

        net.Threshold = 0;
        double share = Data.Labels.ToArray().Average();
        Assert.Equal(share, net.Evaluate(Data).Accuracy!.Value, 1e-15);
        Assert.Equal(share, net.Report(Data).Accuracy, 1e-15);
        Assert.Equal(300, net.Report(Data).Confusion[0, 1] + net.Report(Data).Confusion[1, 1]);
        Assert.Equal(0, net.Report(Data).Threshold);
        Assert.Equal("1", net.PredictLabel(input));
    }

    [Fact]
    public void TheThreshold_OfSeveralOutputs_IsThatOfEach()
    {
        TagsNet net = ReportTests.Trained<TagsNet>(ReportTests.Tags());
        net.Threshold = 1;
        Assert.Equal(ReportTests.Tags().Targets.ToArray().Average(static target => 1 - target), net.Evaluate(ReportTests.Tags()).Accuracy!.Value, 1e-6);
        Assert.Equal(1, net.Report(ReportTests.Tags()).Threshold);
    }

    [Fact]
    public void TheThreshold_DecidesAccuracyInTraining()
    {
        ProbabilityNet net = new(1) { Threshold = 0 };
        TrainingHistory history = net.Train(Data, new TrainingOptions { Epochs = 1, Validation = Data });
        double share = Data.Labels.ToArray().Average();
        Assert.Equal(share, history.Epochs[0].Accuracy!.Value, 1e-12);
        Assert.Equal(share, history.Epochs[0].ValidationAccuracy!.Value, 1e-12);
    }

    [Theory]
    [InlineData(-0.001)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    public void WhatIsNoProbability_IsRefused(double threshold)
    {
        ProbabilityNet net = new(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => net.Threshold = threshold);
        Assert.Equal(0.5, net.Threshold);
    }

    [Fact]
    public void FilesAndCopies_KeepIt()
    {
        ProbabilityNet net = new(1) { Threshold = 1 / 3.0 };
        ProbabilityNet other = new(2);
        other.CopyFrom(net);
        using MemoryStream file = new();
        net.Save(file);
        file.Position = 0;
        Assert.All([other, net.Clone(), ProbabilityNet.Load(file)], static copy => Assert.Equal(1 / 3.0, copy.Threshold));
        net.Train(Data, new TrainingOptions { Epochs = 1 });
        net.LoadParameters(new float[ProbabilityNet.ParameterCount]);
        Assert.Equal(1 / 3.0, net.Threshold);
    }

    /// <summary>Whether the best of all thresholds is found: of those that make a difference, there is one between neighbouring probabilities.</summary>
    [Fact]
    public void Best_IsTheBestOfAll_AndChangesNothing()
    {
        ProbabilityNet net = ReportTests.Trained<ProbabilityNet>(Data, epochs: 3);
        Dataset weighted = Data.WithWeights([.. Enumerable.Range(0, 300).Select(static row => row % 4 / 3f)]);
        float[] before = Sets.Parameters(net);
        Metric[] metrics =
        [
            Metric.F1(), Metric.F1(Average.Macro), Metric.F1(Average.Weighted), Metric.Accuracy, Metric.BalancedAccuracy, Metric.Matthews, Metric.Recall(),
            Metric.Precision(), Metric.Precision(Average.Macro), new Cost(),
        ];
        foreach (Dataset data in (Dataset[])[Data, weighted])
        {
            double[] scores = [.. Sets.Predictions(net, data).Select(static score => (double)score).Order()];
            double[] candidates = [0, .. scores.Zip(scores.Skip(1), static (a, b) => (a + b) / 2), (scores[^1] + 1) / 2, 0.5];
            foreach (Metric metric in metrics)
            {
                double found = Thresholds.Best(net, data, metric);
                double best = metric.HigherIsBetter ? candidates.Max(Value) : candidates.Min(Value);
                Assert.Equal(best, Value(found), metric is Cost ? 0.05 : 1e-12);
                Assert.Equal(found, Thresholds.Best(net, data, metric));

                double Value(double threshold)
                {
                    ProbabilityNet copy = net.Clone();
                    copy.Threshold = threshold;
                    return copy.Evaluate(data, [metric]).Metrics[metric]!.Value;
                }
            }
        }

        Assert.Equal(0.5, net.Threshold);
        Assert.Equal(before, Sets.Parameters(net));
    }

    [Fact]
    public void Best_OfSeveralOutputs_IsOneThreshold()
    {
        Dataset data = ReportTests.Tags();
        TagsNet net = ReportTests.Trained<TagsNet>(data, epochs: 3);
        double[] candidates = [.. Enumerable.Range(0, 1001).Select(static i => i / 1000.0)];
        foreach (Metric metric in (Metric[])[Metric.F1(), Metric.F1(Average.Micro), Metric.Accuracy])
        {
            double found = Value(Thresholds.Best(net, data, metric));
            Assert.True(candidates.All(candidate => Value(candidate) <= found + 1e-12));

            double Value(double threshold)
            {
                TagsNet copy = net.Clone();
                copy.Threshold = threshold;
                return copy.Evaluate(data, [metric]).Metrics[metric]!.Value;
            }
        }
    }

    [Fact]
    public void OfEquallyGoodThresholds_TheNearestToOneHalfIsTaken()
    {
        // The probabilities are σ(−2), σ(−1), σ(1), σ(2).
        SlopeNet net = new(1);
        net.LoadParameters([1, 0]);
        float[] inputs = [-2, -1, 1, 2];
        Assert.Equal(0.5, Best(0, 0, 1, 1));
        Assert.Equal((Sigmoid(1) + Sigmoid(2)) / 2, Best(0, 0, 0, 1), 1e-7);
        Assert.Equal((Sigmoid(-2) + Sigmoid(-1)) / 2, Best(0, 1, 1, 1), 1e-7);
        Assert.Equal((Sigmoid(2) + 1) / 2, Best(0, 0, 0, 0), 1e-7);
        Assert.Equal(Sigmoid(-2) / 2, Best(1, 1, 1, 1), 1e-7);

        double Best(params int[] labels) => Thresholds.Best(net, Dataset.FromLabels(inputs, labels, 1, 2), Metric.Accuracy);

        static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
    }

    [Fact]
    public void WhatHasNoThreshold_IsRefused()
    {
        ProbabilityNet net = new(1);
        Assert.Contains("depend", Assert.Throws<ArgumentException>(() => Thresholds.Best(net, Data, Metric.RocAuc)).Message);
        Assert.Contains("mae", Assert.Throws<ArgumentException>(() => Thresholds.Best(net, Data, Metric.Mae)).Message);
        Assert.Contains("Hinge", Assert.Throws<ArgumentException>(() => Thresholds.Best(new MarginNet(1), Data, Metric.F1())).Message);
        Assert.Contains("undefined", Assert.Throws<ArgumentException>(() => Thresholds.Best(net, Data, new Never())).Message);
    }

    /// <summary>A miss costs five times as much as a false alarm.</summary>
    private sealed class Cost() : Metric("cost", higherIsBetter: false)
    {
        protected override double? Compute(in Predictions predictions)
        {
            double cost = 0, weights = 0;
            for (int row = 0; row < predictions.Count; row++)
            {
                int truth = predictions.TrueClass(row), answer = predictions.PredictedClass(row);
                cost += predictions.Weight(row) * (truth == answer ? 0 : truth == 1 ? 5 : 1);
                weights += predictions.Weight(row);
            }

            return cost / weights;
        }
    }

    private sealed class Never() : Metric("never", higherIsBetter: true)
    {
        protected override double? Compute(in Predictions predictions) => null;
    }
}

[Input(1)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class SlopeNet;
