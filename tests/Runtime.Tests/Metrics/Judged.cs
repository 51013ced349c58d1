namespace Mlp.Runtime.Tests.Metrics;

/// <summary>Metrics of outputs that no network made.</summary>
internal static class Judged
{
    public delegate TResult Use<TResult>(in Predictions predictions);

    /// <summary>Rows of one output, with labels.</summary>
    public static double? Binary(
        Metric metric, float[] scores, int[] labels, float[]? weights = null, double threshold = 0.5, LossFunction loss = LossFunction.BCE) =>
        metric.Compute(new Predictions(loss, scores, Weighted(Dataset.FromLabels(new float[labels.Length], labels, 1, 2), weights)) { Threshold = threshold });

    /// <summary>Rows of one output a class, with labels.</summary>
    public static double? Classes(Metric metric, float[] scores, int[] labels, int classes, float[]? weights = null) =>
        metric.Compute(new Predictions(
            LossFunction.CrossEntropy, scores, Weighted(Dataset.FromLabels(new float[labels.Length], labels, 1, classes), weights)));

    /// <summary>Rows of outputs and as many targets.</summary>
    public static double? Targets(Metric metric, LossFunction loss, float[] outputs, float[] targets, int outputSize = 1, float[]? weights = null) =>
        metric.Compute(new Predictions(
            loss, outputs, Weighted(Dataset.FromTargets(new float[targets.Length / outputSize], targets, 1, outputSize), weights)));

    private static Dataset Weighted(Dataset data, float[]? weights) => weights is null ? data : data.WithWeights(weights);
}
