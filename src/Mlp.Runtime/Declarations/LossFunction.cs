namespace Mlp;

/// <summary>What training minimises, a mean over the mini-batch.</summary>
/// <remarks>The members are implicit static usings in projects that reference the package: <c>[Loss(BCE)]</c>.</remarks>
public enum LossFunction
{
    /// <summary>Mean squared error <c>(y − t)²</c>, a mean over batch and outputs.</summary>
    MSE,

    /// <summary>
    /// Binary cross-entropy <c>−t·ln y − (1−t)·ln(1−y)</c>, a mean over batch and outputs, each output an independent
    /// probability; computed from pre-activations. Needs Sigmoid.
    /// </summary>
    BCE,

    /// <summary>
    /// Cross-entropy <c>−Σ t·ln y</c>, a mean over the batch; computed from pre-activations. Needs Softmax.
    /// Targets are one-hot or soft rows, or class indices in a data set.
    /// </summary>
    CrossEntropy,

    /// <summary>Mean absolute error <c>|y − t|</c>, a mean over batch and outputs; the subgradient at 0 is 0.</summary>
    MAE,

    /// <summary>
    /// <c>d²/2</c> for errors <c>d = y − t</c> of at most δ, else <c>δ·(|d| − δ/2)</c>, with δ the loss's <c>Delta</c>; a mean over batch and outputs.
    /// Huber (1964).
    /// </summary>
    Huber,

    /// <summary><c>ln cosh(y − t)</c>, a mean over batch and outputs.</summary>
    LogCosh,

    /// <summary>
    /// <c>y − t·ln y</c>, a mean over batch and outputs: the negative logarithm of the Poisson probability of count t at rate y, without the term
    /// that depends on t alone; computed from pre-activations. Needs Exp or Softplus; targets are at least 0.
    /// </summary>
    Poisson,

    /// <summary><c>max(0, 1 − t·y)</c> for targets −1 and 1, a mean over batch and outputs; the subgradient at the margin is 0.</summary>
    Hinge,
}
