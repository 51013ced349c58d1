namespace Mlp;

/// <summary>How well a network predicts a data set, without dropout.</summary>
/// <param name="Loss">Mean loss over the rows; NaN where a prediction or target is.</param>
/// <param name="Accuracy">
/// Share of right answers. CrossEntropy: rows whose largest output is where the largest target is, the first of equals. BCE: outputs on the
/// target's side of ½, over all rows and outputs. Null for a loss without classes.
/// </param>
public sealed record Evaluation(double Loss, double? Accuracy)
{
    /// <summary>Evaluates a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">At least one row of the network's sizes.</param>
    /// <exception cref="ArgumentException">
    /// The data set is empty, has other sizes or classes than the network, or a target out of the loss's range.
    /// </exception>
    public static Evaluation Of(INetwork network, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        LossFunction loss = DataFit.Check(network.State.Layout, data, "The data set", nameof(data));
        return new Evaluator(network, loss, data).Run();
    }
}
