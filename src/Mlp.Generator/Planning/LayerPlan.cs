using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>What an activation's derivative is computed from.</summary>
internal enum SlopeSource
{
    /// <summary>Nothing: it is 1.</summary>
    None,

    /// <summary>The activated output, which is kept anyway.</summary>
    Output,

    /// <summary>The pre-activation.</summary>
    PreActivation,
}

/// <summary>How one dense layer is computed and where its values lie. All sizes are in floats.</summary>
internal sealed record LayerPlan
{
    public required LayerModel Model { get; init; }

    /// <summary>Number of the layer, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>
    /// Whether the layer has fewer than eight outputs: lanes then run along the inputs where they run along a row at all, and the weights are stored
    /// [output][input].
    /// </summary>
    public required bool IsNarrow { get; init; }

    /// <summary>Whether this is the output layer.</summary>
    public required bool IsLast { get; init; }

    public required int WeightsOffset { get; init; }

    /// <summary>Weights with their padding.</summary>
    public required int WeightsLength { get; init; }

    /// <summary>From one row of the stored weight matrix to the next.</summary>
    public required int WeightStride { get; init; }

    public required int BiasesOffset { get; init; }

    /// <summary>Floats of each vector of one parameter a unit, with its padding: biases, gains, shifts.</summary>
    public required int VectorLength { get; init; }

    /// <summary>Where the running statistics of batch normalization begin among those of all layers.</summary>
    public required int StatisticsOffset { get; init; }

    /// <summary>From one row of the layer's outputs (or its deltas) to the next.</summary>
    public required int OutputStride { get; init; }

    /// <summary>From one row of the layer's inputs to the next.</summary>
    public required int InputStride { get; init; }

    /// <summary>From one row of the transposed weights to the next.</summary>
    public int TransposedStride => NetworkPlanner.PaddedStride(Inputs);

    /// <summary>From a weight to that of the next input.</summary>
    public int WeightInputStride => IsNarrow ? 1 : WeightStride;

    /// <summary>From a weight to that of the next output.</summary>
    public int WeightOutputStride => IsNarrow ? WeightStride : 1;

    /// <summary>Where the weight from an input to an output stands behind the layer's first.</summary>
    public int WeightIndex(int input, int output) => (input * WeightInputStride) + (output * WeightOutputStride);

    /// <summary>Inputs in one block of the forward pass: a block of 16 columns of weights stays in the first-level cache.</summary>
    public required int InputBlock { get; init; }

    /// <summary>Outputs in one block of the pass that carries deltas back through this layer's weights.</summary>
    public required int OutputBlock { get; init; }

    /// <summary>Whether columns behind the last output must read as 0, because the next layer's lanes run over them.</summary>
    public required bool ClearsPadding { get; init; }

    /// <summary>The noise behind this layer.</summary>
    public required NoisePlan? Noise { get; init; }

    public int Inputs => Model.Inputs;

    public int Outputs => Model.Outputs;

    public bool IsResidual => Model.IsResidual;

    public bool IsNormalized => Model.IsNormalized;

    public bool IsBatchNormalized => Model.Normalization == Normalization.Batch;

    /// <summary>Outputs rounded up to whole vectors of eight: the columns that kernels compute.</summary>
    public int OutputColumns => NetworkPlanner.RoundUp(Outputs, 8);

    /// <summary>Inputs rounded up to whole vectors of eight.</summary>
    public int InputColumns => NetworkPlanner.RoundUp(Inputs, 8);

    /// <summary>Whether the kernel for a single row goes over the layer's inputs in a loop, because the JIT would not inline a statement for each.</summary>
    public bool RowKernelLoops => NetworkPlanner.RowKernelLoops(Model);

    /// <summary>Rows of the weight matrix as it is stored.</summary>
    public int GradientRows => IsNarrow ? Outputs : Inputs;

    /// <summary>Columns of it that kernels compute.</summary>
    public int GradientColumns => IsNarrow ? InputColumns : OutputColumns;

    public int GainsOffset => BiasesOffset + (Model.HasBias ? VectorLength : 0);

    public int ShiftsOffset => GainsOffset + VectorLength;

    public int SlopeOffset => GainsOffset + (IsNormalized ? 2 * VectorLength : 0);

    /// <summary>A slope is alone in a small vector.</summary>
    public int SlopeLength => Math.Min(VectorLength, 16);

    /// <summary>Behind the layer's last parameter, padding included.</summary>
    public int End => SlopeOffset + (Model.HasSlope ? SlopeLength : 0);

    /// <summary>What the activation's derivative is computed from; softmax has its own way.</summary>
    public SlopeSource SlopeSource => Model.Activation switch
    {
        Activation.Linear or Activation.Step or Activation.Sign or Activation.Softmax => SlopeSource.None,

        // Not monotone, or, with a learned slope, monotone in either direction: an output has several pre-activations.
        Activation.PRelu or Activation.Gelu or Activation.GeluTanh or Activation.Silu or Activation.Mish or Activation.HardSwish =>
            SlopeSource.PreActivation,
        _ => SlopeSource.Output,
    };

    /// <summary>Whether the pre-activations are kept apart from the outputs.</summary>
    public bool KeepsPreActivations => IsLast || SlopeSource == SlopeSource.PreActivation;

    /// <summary>Whether the activation is kept apart from the output, which has the inputs added to it.</summary>
    public bool KeepsActivation => IsResidual && SlopeSource == SlopeSource.Output;

    /// <summary>Whether the activation has a pass of its own, as it needs more than the sums or has to leave them as they are.</summary>
    public bool HasActivationPass => !IsLast && (IsNormalized || IsResidual || KeepsPreActivations || !IsShort);

    /// <summary>
    /// Whether the activation is a few operations. A product's tile, which has a copy for each of its sums, then applies it before they leave
    /// their registers.
    /// </summary>
    private bool IsShort => Model.Activation is Activation.Linear or Activation.Relu or Activation.LeakyRelu or Activation.Step or Activation.Sign;

    /// <summary>What normalization makes of the sums, in their place.</summary>
    public string Normalized => $"n{Number}";

    public string PreActivation => $"z{Number}";

    /// <summary>What the layer hands on: <c>h1</c>, of the last layer <c>y</c>.</summary>
    public string Output => IsLast ? "y" : $"h{Number}";

    /// <summary>Where the product's sums go.</summary>
    public string Sums => IsNormalized ? Normalized : KeepsPreActivations ? PreActivation : KeepsActivation ? Activated : Output;

    /// <summary>The activation before the inputs are added to it.</summary>
    public string Activated => $"a{Number}";

    /// <summary>What the derivative is computed from; null where it is 1.</summary>
    public string? Kept => SlopeSource switch
    {
        SlopeSource.None => null,
        SlopeSource.PreActivation => PreActivation,
        _ => KeepsActivation ? Activated : Output,
    };

    /// <summary>The derivative by the sums.</summary>
    public string Delta => $"d{Number}";

    /// <summary>The derivative by the normalized sums with their gains and shifts, which are the pre-activations.</summary>
    public string PreActivationDelta => IsNormalized ? $"p{Number}" : Delta;

    /// <summary>Whether the derivative by the layer's outputs is kept: the layer before, or the slope, needs it too.</summary>
    public bool KeepsOutputDelta => Model.HasSlope || (IsResidual && SlopeSource != SlopeSource.None);

    /// <summary>
    /// Whether the slope has a pass of its own: because the derivative before it is kept, or because it takes more than a few operations, which
    /// only the slopes from outputs do not, but for that of Softplus.
    /// </summary>
    public bool HasSlopePass =>
        KeepsOutputDelta || (!IsLast && (SlopeSource == SlopeSource.PreActivation || Model.Activation == Activation.Softplus));

    /// <summary>Whether the delta that comes back to the layer takes a further pass before it is that of the sums.</summary>
    public bool HasDeltaPass => HasSlopePass || IsNormalized;

    /// <summary>Where the derivative that comes back to the layer goes: that by its outputs, or at once that by its pre-activations.</summary>
    public string IncomingDelta => KeepsOutputDelta ? $"g{Number}" : PreActivationDelta;

    /// <summary>Values that the passes keep a row in the forward pass, in the order in which they come about.</summary>
    public IEnumerable<string> ForwardValues =>
    [
        .. IsNormalized ? [Normalized] : (string[])[],
        .. KeepsPreActivations ? [PreActivation] : (string[])[],
        .. KeepsActivation ? [Activated] : (string[])[],
        .. IsLast ? [] : (string[])[Output],
    ];

    /// <summary>The derivatives that the backward pass keeps a row.</summary>
    public IEnumerable<string> Deltas => ((string[])[IncomingDelta, PreActivationDelta, Delta]).Distinct();
}
