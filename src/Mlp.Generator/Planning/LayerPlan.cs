using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>How one dense layer is computed, which values it keeps, and where its parameters lie. All sizes are in floats.</summary>
internal sealed record LayerPlan
{
    public required LayerModel Model { get; init; }

    /// <summary>Number of the layer, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Whether this is the output layer.</summary>
    public required bool IsLast { get; init; }

    /// <summary>Where the store has the layer's parameters.</summary>
    public required ParameterPlaces Places { get; init; }

    /// <summary>From one row of the layer's outputs (or its deltas) to the next.</summary>
    public required int OutputStride { get; init; }

    /// <summary>What the layer sees in prediction.</summary>
    public required Value Input { get; init; }

    /// <summary>The noise on what the layer sees in training.</summary>
    public required NoisePlan? NoiseBefore { get; init; }

    /// <summary>The noise behind this layer.</summary>
    public required NoisePlan? Noise { get; init; }

    /// <summary>Whether the form's kernels take a short activation of finished sums in their registers, whatever else they keep.</summary>
    public required bool FusesWhatItKeeps { get; init; }

    /// <summary>Whether columns behind the last output must read as 0, because the next layer's lanes run over them.</summary>
    public required bool ClearsPadding { get; init; }

    /// <summary>Whether the layer's parameters are trained; else no gradient of theirs is computed.</summary>
    public bool IsTrained => !Model.IsFrozen;

    public int Inputs => Model.Inputs;

    public int Outputs => Model.Outputs;

    /// <summary>
    /// Whether the layer has fewer than eight outputs: lanes then run along the inputs where they run along a row at all, and the weights are stored
    /// [output][input].
    /// </summary>
    public bool IsNarrow => Outputs < Limits.Lanes;

    public bool IsResidual => Model.IsResidual;

    public bool IsNormalized => Model.IsNormalized;

    public bool IsBatchNormalized => Model.Normalization == Normalization.Batch;

    public ActivationFacts Facts => ActivationFacts.Of(Model.Activation);

    /// <summary>Inputs in one block of the forward pass: a block of 16 columns of weights stays in the first-level cache.</summary>
    public int InputBlock => Limits.Block(Inputs);

    /// <summary>Outputs in one block of the pass that carries deltas back through this layer's weights.</summary>
    public int OutputBlock => Limits.Block(Outputs);

    /// <summary>Outputs rounded up to whole vectors of eight: the columns that kernels compute.</summary>
    public int OutputColumns => Limits.RoundUp(Outputs, Limits.Lanes);

    /// <summary>Inputs rounded up to whole vectors of eight.</summary>
    public int InputColumns => Limits.RoundUp(Inputs, Limits.Lanes);

    /// <summary>From one row of the transposed weights to the next.</summary>
    public int TransposedStride => Limits.PaddedStride(Inputs);

    /// <summary>Rows of the weight matrix as it is stored.</summary>
    public int GradientRows => IsNarrow ? Outputs : Inputs;

    /// <summary>Columns of it that kernels compute.</summary>
    public int GradientColumns => IsNarrow ? InputColumns : OutputColumns;

    /// <summary>Whether the kernel for a single row goes over the layer's inputs in a loop, because the JIT would not inline a statement for each.</summary>
    public bool RowKernelLoops => NetworkPlanner.RowKernelLoops(Model);

    /// <summary>Whether the pre-activations are kept apart from the outputs.</summary>
    public bool KeepsPreActivations => IsLast || Facts.NeedsPreActivations;

    /// <summary>Whether the activation is kept apart from the output, which has the inputs added to it.</summary>
    public bool KeepsActivation => IsResidual && Facts.HasSlope && !Facts.NeedsPreActivations;

    /// <summary>
    /// Whether the activation has a pass of its own: it is more than a few operations, or the form's kernels cannot keep what it needs besides. A last layer
    /// whose values lie row by row leaves its activation to the output's stage.
    /// </summary>
    public bool HasActivationPass => !Facts.IsShort || (!FusesWhatItKeeps && (IsNormalized || IsResidual || KeepsPreActivations));

    /// <summary>Whether the derivative with respect to the layer's outputs is kept: the layer before, or the slope, needs it too.</summary>
    public bool KeepsOutputDelta => Model.HasSlope || (IsResidual && Facts.HasSlope);

    /// <summary>Whether the slope has a pass of its own: the derivative before it is kept, or it is more than a few operations.</summary>
    public bool HasSlopePass => KeepsOutputDelta || (!IsLast && !Facts.HasShortSlope);

    /// <summary>Whether the delta that comes back to the layer takes a further pass before it is that of the sums.</summary>
    public bool HasDeltaPass => HasSlopePass || IsNormalized;

    /// <summary>What normalization makes of the sums, in their place.</summary>
    public Value Normalized => New(Role.Normalized, Lifetime.Forward);

    public Value PreActivation => New(Role.PreActivation, Lifetime.Forward);

    /// <summary>The activation before the inputs are added to it.</summary>
    public Value Activated => New(Role.Activation, Lifetime.Forward);

    /// <summary>What the layer hands on: <c>h1</c>, of the last layer <c>y</c>.</summary>
    public Value Output => IsLast
        ? new Value(Role.Output, Number, Outputs, Outputs, FusesWhatItKeeps ? Lifetime.Forward : Lifetime.Training) { IsNetworkOutput = true }
        : New(Role.Output, Lifetime.Forward);

    /// <summary>Reciprocal deviations of layer normalization.</summary>
    public Value Reciprocals => new(Role.Reciprocal, Number, 1, 1, Lifetime.Forward);

    /// <summary>Where the product's sums go.</summary>
    public Value Sums => IsNormalized ? Normalized : KeepsPreActivations ? PreActivation : KeepsActivation ? Activated : Output;

    /// <summary>What the layer sees in training.</summary>
    public Value Seen => NoiseBefore?.Result ?? Input;

    /// <summary>What the derivative is computed from; null where it is 1.</summary>
    public Value? Kept => !Facts.HasSlope ? null : Facts.NeedsPreActivations ? PreActivation : KeepsActivation ? Activated : Output;

    /// <summary>What stands at the end of the product that carries the delta back to this layer; null where nothing does.</summary>
    public Value? FusedSlope => HasSlopePass ? null : Kept;

    /// <summary>The derivative with respect to the sums.</summary>
    public Value Delta => New(Role.Delta, Lifetime.Training);

    /// <summary>The derivative with respect to the normalized sums with their gains and shifts, which are the pre-activations.</summary>
    public Value PreActivationDelta => IsNormalized ? New(Role.PreActivationDelta, Lifetime.Training) : Delta;

    /// <summary>Where the derivative that comes back to the layer goes: that with respect to its outputs, or at once that with respect to its pre-activations.</summary>
    public Value IncomingDelta => KeepsOutputDelta ? New(Role.OutputDelta, Lifetime.Training) : PreActivationDelta;

    /// <summary>Values that the passes keep a row in the forward pass, in the order in which they come about.</summary>
    public IEnumerable<Value> ForwardValues =>
    [
        .. IsNormalized ? [Normalized] : (Value[])[],
        .. KeepsPreActivations ? [PreActivation] : (Value[])[],
        .. KeepsActivation ? [Activated] : (Value[])[],
        .. IsLast ? [] : (Value[])[Output],
    ];

    /// <summary>The derivatives that the backward pass keeps a row.</summary>
    public IEnumerable<Value> Deltas => ((Value[])[IncomingDelta, PreActivationDelta, Delta]).Distinct();

    private Value New(Role role, Lifetime lifetime) => new(role, Number, Outputs, OutputStride, lifetime);
}
