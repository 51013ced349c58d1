namespace Mlp;

/// <summary>Declares what training minimises. Without it only the prediction half of the network is generated.</summary>
/// <param name="loss">The loss; a mean over the mini-batch.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class LossAttribute(LossFunction loss) : Attribute
{
    /// <summary>The loss.</summary>
    public LossFunction Loss { get; } = loss;

    /// <summary>
    /// MSE, MAE, Huber and LogCosh behind a Linear output: makes centring and scaling of every target column part of the network. Means and
    /// deviations are learned from the training data and stored with the parameters; predictions are in the data's units. Large targets
    /// (prices, timestamps) then train like small ones.
    /// </summary>
    /// <remarks>
    /// The loss that training minimises, and reports, is that of the scaled targets; <c>Evaluate</c> computes it from predictions and targets in the data's
    /// units. Huber's <see cref="Delta"/> is in the units of the loss at hand.
    /// </remarks>
    public bool StandardizeTargets { get; set; }

    /// <summary>Huber: the error from which on the loss is linear, above 0. Default: 1.</summary>
    public double Delta { get; set; } = 1;

    /// <summary>
    /// CrossEntropy and BCE: the share ε of every target that is spread evenly over the K classes (two for BCE), in [0, 1):
    /// <c>t·(1 − ε) + ε/K</c>. Szegedy and others (2016).
    /// </summary>
    public double LabelSmoothing { get; set; }

    /// <summary>
    /// CrossEntropy: one weight a class, at least 0. With w a class's weight, a row's loss is <c>−Σ w·t·ln y</c>, and the batch's is the sum of its
    /// rows' losses over the sum of their weights <c>Σ w·t</c>, a weighted mean. The weights take t before label smoothing.
    /// </summary>
    public double[]? ClassWeights { get; set; }

    /// <summary>BCE: factor of the positive targets' term, above 0: <c>−p·t·ln y − (1 − t)·ln(1 − y)</c>. Default: 1.</summary>
    public double PositiveWeight { get; set; } = 1;
}
