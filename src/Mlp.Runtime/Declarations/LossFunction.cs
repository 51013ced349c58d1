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
}
