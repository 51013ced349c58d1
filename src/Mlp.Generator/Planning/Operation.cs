using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

internal enum OperationKind
{
    /// <summary>Inputs to rows of the network's own.</summary>
    Stage,

    /// <summary>Inputs, or outputs of a layer, times weights, plus biases.</summary>
    Product,

    /// <summary>Normalization of the sums.</summary>
    Normalize,

    /// <summary>From sums to outputs.</summary>
    Activate,

    /// <summary>Dropout and noise on outputs or inputs.</summary>
    AddNoise,

    /// <summary>From the last layer's pre-activations to the outputs, where values lie row by row.</summary>
    Output,

    /// <summary>The loss of each row.</summary>
    Loss,

    /// <summary>The derivative that the output layer begins with.</summary>
    OutputDelta,

    /// <summary>A layer's deltas times its transposed weights: the derivative with respect to what it saw.</summary>
    DeltaProduct,

    /// <summary>From the derivative with respect to the outputs to that with respect to the pre-activations.</summary>
    Slope,

    /// <summary>From there through the normalization.</summary>
    NormalizeBackward,

    /// <summary>The gradients of a layer's parameters.</summary>
    Gradient,

    /// <summary>The gradients of what an ensemble's members multiply the inputs by.</summary>
    ScaleGradient,
}

/// <summary>One step of a pass.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Layer">The layer whose parameters it uses, or whose values it makes.</param>
/// <param name="Reads">What it reads.</param>
/// <param name="Writes">What it writes.</param>
/// <param name="Formula">Its mathematics.</param>
/// <param name="Shapes">Shapes of its matrices; empty where it has none.</param>
internal sealed record Operation(
    OperationKind Kind, LayerPlan Layer, EquatableArray<Value> Reads, EquatableArray<Value> Writes, string Formula, string Shapes = "")
{
    /// <summary>Of a product of deltas, the layer whose derivative it makes; null for the inputs.</summary>
    public LayerPlan? Target { get; init; }

    /// <summary>Whether another operation, the activation or the slope, stands at its end.</summary>
    public bool IsFused { get; init; }

    /// <summary>The noise that it applies.</summary>
    public NoisePlan? Noise { get; init; }
}
