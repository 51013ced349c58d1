using System.ComponentModel;

namespace Mlp;

/// <summary>A dense layer, and where the store keeps its parameters: weight [i, o] at <c>WeightsOffset + i·InputStride + o·OutputStride</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record DenseLayout
{
    /// <summary>The layer's name: that of its view and of its tensors in files.</summary>
    public required string Name { get; init; }

    /// <summary>Number of inputs.</summary>
    public required int Inputs { get; init; }

    /// <summary>Number of outputs.</summary>
    public required int Outputs { get; init; }

    /// <summary>The activation.</summary>
    public required Activation Activation { get; init; }

    /// <summary>How the weights are drawn; never <see cref="Initializer.Auto"/>.</summary>
    public required Initializer Initializer { get; init; }

    /// <summary>Whether there are biases.</summary>
    public required bool HasBias { get; init; }

    /// <summary>Index of the first weight in the store; a multiple of 8.</summary>
    public required int WeightsOffset { get; init; }

    /// <summary>Floats that the weights take in the store, padding included; a multiple of 8.</summary>
    public required int WeightsLength { get; init; }

    /// <summary>Floats from a weight to that of the next input.</summary>
    public required int InputStride { get; init; }

    /// <summary>Floats from a weight to that of the next output.</summary>
    public required int OutputStride { get; init; }

    /// <summary>Index of the first bias in the store; a multiple of 8.</summary>
    public required int BiasesOffset { get; init; }

    /// <summary>Floats that the biases take in the store, padding included; 0 without biases, else a multiple of 8.</summary>
    public required int BiasesLength { get; init; }

    /// <summary>Penalty of the weights' magnitudes, added to a step's gradients: <c>+ L1·sign(w)</c>, with sign(0) = 0; 0 for none.</summary>
    public float L1 { get; init; }

    /// <summary>Half the penalty of the weights' squares, added to a step's gradients: <c>+ L2·w</c>; 0 for none.</summary>
    public float L2 { get; init; }

    /// <summary>Number of parameters, padding excluded.</summary>
    public int ParameterCount => (Inputs * Outputs) + BiasCount;

    /// <summary>Number of biases: that of the outputs, or 0.</summary>
    public int BiasCount => HasBias ? Outputs : 0;

    /// <summary>The layer as it is declared: <c>Dense(128, Relu)</c>.</summary>
    public override string ToString() =>
        $"Dense({Outputs}, {Activation}{(HasBias ? "" : ", Bias = false")}{(IsDefaultName ? "" : $", Name = \"{Name}\"")})";

    private bool IsDefaultName => Name.StartsWith("Layer", StringComparison.Ordinal) && int.TryParse(Name.AsSpan(5), out _);
}
