using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>How a network is computed: everything that emission needs to know, as plain data.</summary>
internal sealed record NetworkPlan
{
    public required NetworkModel Model { get; init; }

    public required Strategy Strategy { get; init; }

    public required EquatableArray<LayerPlan> Layers { get; init; }

    /// <summary>The noise on the inputs.</summary>
    public required NoisePlan? InputNoise { get; init; }

    /// <summary>
    /// Whether rows of inputs are first copied to a buffer of the network's own: to standardise them, to pad them for lanes that run
    /// along them, or to give them a stride that does not alias in the cache.
    /// </summary>
    public required bool StagesInputs { get; init; }

    /// <summary>Rows that go through all layers together, so that their activations stay in the second-level cache.</summary>
    public required int RowBlock { get; init; }

    /// <summary>
    /// The buffers of the tiled passes in order, each rows × stride floats; those of the forward pass come first.
    /// </summary>
    public required EquatableArray<BufferPlan> Buffers { get; init; }

    /// <summary>Floats of the forward pass's buffers for each row.</summary>
    public required int ForwardFloats { get; init; }

    /// <summary>Floats of all buffers for each row, without the transposed weights.</summary>
    public required int TrainingFloats { get; init; }

    /// <summary>Floats of the largest transposed weights, whatever the number of rows; layers use the room one after the other.</summary>
    public required int TransposedFloats { get; init; }

    /// <summary>Floats of the largest layer's unfinished gradients, which wait between two blocks of samples.</summary>
    public required int PartialFloats { get; init; }

    /// <summary>Floats of the batch's own statistics, whatever the number of rows: means, variances and reciprocal deviations of each layer.</summary>
    public required int StatisticsFloats { get; init; }

    /// <summary>Whether the straight-line form has kernels for a single row; else, as in the tiled form, those for many do it.</summary>
    public required bool HasRowKernel { get; init; }

    /// <summary>Whether all layers of a single row fit into one method, so that their values stay in registers.</summary>
    public required bool RowKernelIsWhole { get; init; }

    public required int StoreSize { get; init; }

    public required int ParameterCount { get; init; }

    /// <summary>
    /// What a row of prediction costs, in multiply-adds, for the choice of the number of threads; a unit's activation counts as eight of them.
    /// </summary>
    public long PredictionCost => Layers.Items.Sum(static layer => (layer.Inputs + 8L) * layer.Outputs);

    /// <summary>What a row of training costs: outputs and gradients, and deltas of all layers but the first.</summary>
    public long TrainingCost => (3 * PredictionCost) - ((long)Model.InputSize * Layers[0].Outputs);

    /// <summary>
    /// Whether the straight-line form takes the first layer's deltas from their registers into the gradients and keeps them nowhere: nothing else
    /// wants them, they are few operations each, and the gradients of a neuron have registers enough.
    /// </summary>
    public bool FusesFirstDelta =>
        Layers.Count > 1 && Layers[0].Inputs <= 3 && Layers[1].Outputs <= 4 && !Layers[0].HasDeltaPass && !Layers[1].IsResidual && !HasNoise && !Model.InputGradients;

    public LayerPlan Last => Layers[Layers.Count - 1];

    /// <summary>The noise of training, first to last.</summary>
    public IEnumerable<NoisePlan> Noise => Layers.Select(static layer => layer.Noise).Prepend(InputNoise).OfType<NoisePlan>();

    public bool HasNoise => Noise.Any();

    public bool HasBatchNormalization => StatisticsFloats > 0;

    /// <summary>Whether the forward pass of training differs from that of prediction.</summary>
    public bool HasTrainingMode => HasNoise || HasBatchNormalization;

    /// <summary>Whether losses are computed from targets that smoothing and class weights have changed.</summary>
    public bool HasSoftTargets => SoftensTargets(Model);

    public static bool SoftensTargets(NetworkModel model) => model.LossOptions.LabelSmoothing > 0 || model.LossOptions.ClassWeights.Count > 0;

    /// <summary>The noise on what the layer sees.</summary>
    public NoisePlan? NoiseBefore(LayerPlan layer) => layer.Number == 1 ? InputNoise : Layers[layer.Number - 2].Noise;

    /// <summary>The buffer of this name.</summary>
    public BufferPlan Buffer(string name) => Buffers.Items.Single(buffer => buffer.Name == name);
}

/// <summary>A buffer with one stretch of floats for each row of the batch.</summary>
/// <param name="Name">As in the formulas: <c>h1</c>, <c>d1</c>.</param>
/// <param name="Offset">Floats of the buffers before it, for each row.</param>
/// <param name="Stride">Floats for each row.</param>
internal sealed record BufferPlan(string Name, int Offset, int Stride)
{
    /// <summary>Name of the constant that holds the offset in generated code: <c>H1</c>.</summary>
    public string Constant => Name == "losses" ? "RowLosses" : StraightLineBuffers.Constant(Name);
}
