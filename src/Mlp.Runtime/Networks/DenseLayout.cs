using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>A dense layer, and where the store keeps its parameters: weight [i, o] at <c>WeightsOffset + i·InputStride + o·OutputStride</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record DenseLayout
{
    /// <summary>The layer's name: that of its view and of its tensors in files.</summary>
    public required string Name { get; init; }

    /// <summary>Of an ensemble's last layers, which share the name, the number of the member that has this one; null for a layer of all.</summary>
    public int? Member { get; init; }

    /// <summary>Number of inputs.</summary>
    public required int Inputs { get; init; }

    /// <summary>Number of outputs.</summary>
    public required int Outputs { get; init; }

    /// <summary>The activation.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Slope or scale of the activation, of PRelu the initial slope; 0 where it has none.</summary>
    public float Alpha { get; init; }

    /// <summary>How the weights are drawn; never <see cref="Initializer.Auto"/>.</summary>
    public required Initializer Initializer { get; init; }

    /// <summary>The number that the initializer needs, which scales GlorotUniform and drawn biases too; NaN for its own default.</summary>
    public float InitializerScale { get; init; } = float.NaN;

    /// <summary>Whether there are biases. Default: true.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Whether biases are drawn, uniform in ±√(6 / (inputs + outputs)), scaled as the weights; else they start at 0.</summary>
    public bool DrawsBiases { get; init; }

    /// <summary>Whether training leaves the layer's parameters as they are: no gradient of theirs is computed.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Whether the inputs are added to the activated outputs.</summary>
    public bool IsResidual { get; init; }

    /// <summary>What happens to the sums before the activation.</summary>
    public Normalization Normalization { get; init; }

    /// <summary>What normalization adds to the variance.</summary>
    public float NormalizationEpsilon { get; init; }

    /// <summary>Share of the new batch in batch normalization's running statistics.</summary>
    public float NormalizationMomentum { get; init; }

    /// <summary>Penalty on the weights' absolute values.</summary>
    public float L1 { get; init; }

    /// <summary>Penalty on the weights' squares: half of it for each.</summary>
    public float L2 { get; init; }

    /// <summary>Index of the first weight in the store; a multiple of 8.</summary>
    public required int WeightsOffset { get; init; }

    /// <summary>Floats that the weights take in the store, padding included; a multiple of 8.</summary>
    public required int WeightsLength { get; init; }

    /// <summary>Floats from a weight to that of the next input.</summary>
    public required int InputStride { get; init; }

    /// <summary>Floats from a weight to that of the next output.</summary>
    public required int OutputStride { get; init; }

    /// <summary>Index of the first bias in the store; a multiple of 8. The layer's other vectors follow the biases.</summary>
    public required int BiasesOffset { get; init; }

    /// <summary>Floats that each vector of one parameter a unit takes in the store, padding included; a multiple of 8.</summary>
    public required int VectorLength { get; init; }

    /// <summary>Index of the layer's first running statistic: of batch normalization the means of all units, then their variances, each in <see cref="VectorLength"/> floats.</summary>
    public int StatisticsOffset { get; init; }

    /// <summary>Whether the activation has a learned slope.</summary>
    public bool HasSlope => Activation == Activation.PRelu;

    /// <summary>Whether there are gains and shifts.</summary>
    public bool IsNormalized => Normalization != Normalization.None;

    /// <summary>Number of biases: that of the outputs, or 0.</summary>
    public int BiasCount => HasBias ? Outputs : 0;

    /// <summary>Index of the first gain of normalization.</summary>
    public int GainsOffset => BiasesOffset + (HasBias ? VectorLength : 0);

    /// <summary>Index of the first shift of normalization.</summary>
    public int ShiftsOffset => GainsOffset + VectorLength;

    /// <summary>Index of the activation's slope.</summary>
    public int SlopeOffset => GainsOffset + (IsNormalized ? 2 * VectorLength : 0);

    /// <summary>The parameters other than the weights, in parameter order, which is also the order of the store.</summary>
    internal ParameterVector[] Vectors() =>
    [
        .. HasBias ? [new ParameterVector("bias", BiasesOffset, Outputs, VectorLength)] : (ParameterVector[])[],
        .. IsNormalized ? [new("norm.weight", GainsOffset, Outputs, VectorLength), new("norm.bias", ShiftsOffset, Outputs, VectorLength)] : (ParameterVector[])[],
        .. HasSlope ? [new("prelu.weight", SlopeOffset, 1, SlopeLength)] : (ParameterVector[])[],
    ];

    /// <summary>What follows the layer's name in that of a tensor in files: <c>weight</c>, of an ensemble's member <c>0.weight</c>.</summary>
    internal string TensorOf(string part) => Member is int member ? FormattableString.Invariant($"{member}.{part}") : part;

    /// <summary>Number of parameters, padding excluded.</summary>
    public int ParameterCount => (Inputs * Outputs) + (Outputs * ((HasBias ? 1 : 0) + (IsNormalized ? 2 : 0))) + (HasSlope ? 1 : 0);

    /// <summary>Index behind the layer's last parameter, padding included.</summary>
    public int End => SlopeOffset + (HasSlope ? SlopeLength : 0);

    /// <summary>The same layer for a member of an ensemble, its parameters behind those of the members before.</summary>
    internal DenseLayout OfMember(int member) => this with
    {
        Member = member,
        WeightsOffset = WeightsOffset + (member * (End - WeightsOffset)),
        BiasesOffset = BiasesOffset + (member * (End - WeightsOffset)),
        StatisticsOffset = StatisticsOffset + (member * StatisticsLength),
    };

    /// <summary>Floats of the layer's running statistics, padding included.</summary>
    internal int StatisticsLength => Normalization == Normalization.Batch ? 2 * VectorLength : 0;

    /// <summary>A slope is alone in the smallest vector of the store.</summary>
    private int SlopeLength => Math.Min(VectorLength, 16);

    /// <summary>The layer as it is declared: <c>Dense(128, Relu)</c>.</summary>
    public override string ToString()
    {
        string alpha = Alpha == 0 ? "" : FormattableString.Invariant($", Alpha = {Alpha}");
        string normalization = IsNormalized ? FormattableString.Invariant($", Normalization = {Normalization}, NormalizationEpsilon = {NormalizationEpsilon}") : "";
        return $"Dense({Outputs}, {Activation}{alpha}{(HasBias ? "" : ", Bias = false")}{(IsResidual ? ", Residual = true" : "")}{normalization}"
            + $"{(IsDefaultName ? "" : $", Name = \"{Name}\"")})";
    }

    private bool IsDefaultName => Name.StartsWith("Layer", StringComparison.Ordinal) && int.TryParse(Name.AsSpan(5), out _);
}
