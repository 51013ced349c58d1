namespace Mlp;

/// <summary>How well a network predicts a data set, without dropout.</summary>
/// <param name="Loss">
/// Mean loss over the rows, weighted by <see cref="Dataset.Weights"/> and class weights where there are any; NaN where a prediction or target is.
/// Always in the data's units, while training reports the loss of scaled targets if the network standardises them.
/// </param>
/// <param name="Accuracy">
/// Share of right answers. CrossEntropy: rows whose largest output is where the largest target is, the first of equals. BCE: outputs on the side of the
/// network's <c>Threshold</c> on which their target is of ½, over all rows and outputs. Hinge: outputs of the target's sign, where 0 counts as positive,
/// over all rows and outputs. Weighted by <see cref="Dataset.Weights"/>. Null for a loss without classes.
/// </param>
public sealed record Evaluation(double Loss, double? Accuracy)
{
    /// <summary>The metrics that were asked for: <c>evaluation.Metrics[Metric.RocAuc]</c>. Empty where none were.</summary>
    public MetricValues Metrics { get; init; } = MetricValues.None;
}
