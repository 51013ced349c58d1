namespace Mlp;

/// <summary>How well a network predicts a data set, without dropout.</summary>
/// <param name="Loss">
/// Mean loss over the rows, weighted where the data set has <see cref="Dataset.Weights"/> or the loss class weights; NaN where a prediction or
/// target is.
/// </param>
/// <param name="Accuracy">
/// Share of right answers. CrossEntropy: rows whose largest output is where the largest target is, the first of equals. BCE: outputs on the
/// target's side of ½, over all rows and outputs. Hinge: outputs of the target's sign, where 0 counts as positive, over all rows and outputs.
/// Weighted by <see cref="Dataset.Weights"/>. Null for a loss without classes.
/// </param>
public sealed record Evaluation(double Loss, double? Accuracy)
{
    /// <summary>Evaluates a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">At least one row of the network's sizes.</param>
    /// <exception cref="ArgumentException">
    /// The data set is empty, has other sizes or classes than the network, a target out of the loss's range, or no row whose weights are
    /// above 0.
    /// </exception>
    public static Evaluation Of(INetwork network, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        LossFunction loss = DataFit.Check(network.State.Layout, data, "The data set", nameof(data));
        return new Evaluator(network, loss, data).Run();
    }
}
