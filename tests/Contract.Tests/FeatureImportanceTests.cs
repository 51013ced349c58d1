namespace Contract.Tests;

/// <summary>How much a network depends on each of its inputs.</summary>
public class FeatureImportanceTests
{
    private static readonly Dataset Data = ReportTests.Labelled(200, 3).WithNames(["left", "middle", "right"]);

    [Fact]
    public void AnUnusedColumn_HasExactlyNoImportance_AndOthersHaveSome()
    {
        ClassesNet net = ReportTests.Trained<ClassesNet>(Data);
        for (int unit = 0; unit < 8; unit++)
        {
            net.Layer1.Weights[1, unit] = 0;
        }

        foreach (Metric metric in (Metric[])[Metric.Accuracy, Metric.RocAuc, Metric.LogLoss, Metric.Loss])
        {
            FeatureImportance importance = FeatureImportance.Permutation(net, Data, metric);
            Assert.Equal(net.Evaluate(Data, [metric]).Metrics[metric], importance.Baseline);
            Assert.Equal((0, 0), (importance[1].Mean, importance[1].Deviation));
            Assert.True(importance[0].Mean > 0.01, $"{metric}: {importance[0].Mean}");
            Assert.True(importance[2].Deviation > 0);
            Assert.Equal(metric, importance.Metric);
        }
    }

    [Fact]
    public void Columns_HaveTheirNames_AndTheMostImportantComeFirstInTheTable()
    {
        ClassesNet net = new(1);
        net.LoadParameters(new float[ClassesNet.ParameterCount]);
        for (int unit = 0; unit < 3; unit++)
        {
            net.Layer1.Weights[2, unit] = 1;
            net.Layer2.Weights[unit, 2] = 4;
        }

        FeatureImportance importance = FeatureImportance.Permutation(net, Data, Metric.LogLoss, repeats: 1);
        Assert.Equal(["left", "middle", "right"], importance.Select(static column => column.Name));
        Assert.Equal([0, 1, 2], importance.Select(static column => column.Column));
        Assert.Equal(0, importance[2].Deviation);
        string[] lines = importance.ToString().Split('\n');
        Assert.StartsWith("column", lines[0]);
        Assert.StartsWith("right", lines[1]);
        Assert.StartsWith("log_loss of the data as they are: ", lines[5]);
        Assert.Equal(
            ["0", "1", "2"],
            FeatureImportance.Permutation(new ClassesNet(1), ReportTests.Labelled(9, 3), Metric.Loss).Select(static column => column.Name));
    }

    [Fact]
    public void Importance_IsTheMeanOverRepeats_OfTheSeed()
    {
        ClassesNet net = ReportTests.Trained<ClassesNet>(Data);
        FeatureImportance five = FeatureImportance.Permutation(net, Data, Metric.LogLoss, repeats: 5, seed: 3);
        net.Threads = 2;
        Assert.Equal(five, FeatureImportance.Permutation(net, Data, Metric.LogLoss, repeats: 5, seed: 3));
        Assert.NotEqual(five[0], FeatureImportance.Permutation(net, Data, Metric.LogLoss, repeats: 5, seed: 4)[0]);
        Assert.NotEqual(five[0].Mean, FeatureImportance.Permutation(net, Data, Metric.LogLoss, repeats: 1, seed: 3)[0].Mean);
    }

    [Fact]
    public void RowsOfWeightZero_CountForNothing()
    {
        ClassesNet net = ReportTests.Trained<ClassesNet>(Data);
        float[] weights = new float[200];
        weights[5] = 1;
        FeatureImportance importance = FeatureImportance.Permutation(net, Data.WithWeights(weights), Metric.Loss);
        Assert.Equal(net.Evaluate(Data.WithWeights(weights)).Loss, importance.Baseline);
    }

    [Fact]
    public void WhatCannotBeMeasured_IsRefused()
    {
        ClassesNet net = new(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => FeatureImportance.Permutation(net, Data, Metric.Loss, repeats: 0));
        Assert.Contains("r2", Assert.Throws<ArgumentException>(() => FeatureImportance.Permutation(net, Data, Metric.R2)).Message);
        Assert.Contains(
            "roc_auc is undefined",
            Assert.Throws<ArgumentException>(() => FeatureImportance.Permutation(net, Dataset.FromLabels([1, 2, 3], [0], 3, 3), Metric.RocAuc)).Message);
    }
}
