using System.Text;
using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>How a network is computed: everything that emission needs to know, as plain data.</summary>
internal sealed record NetworkPlan
{
    public required NetworkModel Model { get; init; }

    /// <summary>What the form and the order of the gradients' sums follow from.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>How the kernels are written; the bits are the strategy's.</summary>
    public required Form Form { get; init; }

    public required EquatableArray<LayerPlan> Layers { get; init; }

    /// <summary>The noise on the inputs.</summary>
    public required NoisePlan? InputNoise { get; init; }

    /// <summary>
    /// Whether rows of inputs are first copied to a buffer of the network's own: to standardise them, to pad them for lanes that run
    /// along them, or to give them a stride that does not alias in the cache.
    /// </summary>
    public required bool StagesInputs { get; init; }

    /// <summary>Where values lie, in the order of their places: for each row, or in straight-line code in a group of eight rows.</summary>
    public required EquatableArray<BufferPlan> Buffers { get; init; }

    /// <summary>Floats of all buffers.</summary>
    public required int Floats { get; init; }

    /// <summary>Floats of the forward pass's buffers, which come first.</summary>
    public required int ForwardFloats { get; init; }

    /// <summary>Rows that go through the passes together.</summary>
    public required int RowBlock { get; init; }

    /// <summary>Whether there are kernels for a single row; else those for many do it.</summary>
    public required bool HasRowKernel { get; init; }

    /// <summary>Whether all layers of a single row fit into one method, so that their values stay in registers.</summary>
    public required bool RowKernelIsWhole { get; init; }

    /// <summary>The passes, in their order.</summary>
    public required EquatableArray<Operation> Forward { get; init; }

    public required EquatableArray<Operation> Backward { get; init; }

    public required EquatableArray<Operation> Gradients { get; init; }

    /// <summary>
    /// Whether straight-line code takes the first layer's deltas from their registers into the gradients and keeps them nowhere: nothing else
    /// wants them, they are few operations each, and the gradients of a neuron have registers enough.
    /// </summary>
    public required bool FusesFirstDelta { get; init; }

    public LayerPlan First => Layers[0];

    public LayerPlan Last => Layers[Layers.Count - 1];

    public Value Input => First.Input;

    /// <summary>The derivative with respect to the inputs.</summary>
    public Value InputDelta => new(Role.Delta, 0, Model.ExpandedSize, Limits.PaddedStride(Model.ExpandedSize), Lifetime.Training);

    public Value Target => new(Role.Target, Layers.Count, Model.OutputSize, Model.OutputSize, Form == Form.StraightLine ? Lifetime.Training : Lifetime.Call);

    public Value SoftTarget => new(Role.SoftTarget, Layers.Count, Model.OutputSize, Model.OutputSize, Lifetime.Forward);

    public Value Losses => new(Role.Loss, Layers.Count, 1, 1, Lifetime.Training);

    /// <summary>The noise of training, first to last.</summary>
    public IEnumerable<NoisePlan> Noise => Layers.Select(static layer => layer.Noise).Prepend(InputNoise).OfType<NoisePlan>();

    /// <summary>From one member's scales to the next one's.</summary>
    public static int ScalesStrideOf(NetworkModel model) => Limits.RoundUp(model.ExpandedSize, Limits.CacheLine);

    /// <summary>Whether a layer is an ensemble's last, which each member has for itself.</summary>
    public bool IsHead(LayerPlan layer) => Model.IsEnsemble && layer.IsLast;

    /// <summary>Whether the scales of an ensemble's members are trained: with the first layer.</summary>
    public bool TrainsScales => Model.IsEnsemble && Model.Loss is not null && First.IsTrained;

    /// <summary>Whether tables of embeddings are trained: with the first layer.</summary>
    public bool TrainsTables => Model.HasEmbeddings && Model.Loss is not null && First.IsTrained;

    /// <summary>Whether the deltas go back to the inputs: the user wants them, or what stands before the first layer is trained.</summary>
    public bool HasInputDelta => Model.InputGradients || TrainsScales || TrainsTables;

    /// <summary>Factors of dropout on the inputs, where their derivative passes it: scales and tables stand before it.</summary>
    public Value? InputMask => Model.IsEnsemble || Model.HasEmbeddings ? InputNoise?.Mask : null;

    /// <summary>Floats of all tables of embeddings, with which the store begins: whole cache lines.</summary>
    public static int TablesSizeOf(NetworkModel model) => Limits.RoundUp(model.Embeddings.Sum(TableSize), Limits.CacheLine);

    /// <summary>Where the store has each table of embeddings.</summary>
    public static IEnumerable<(ColumnModel Column, int Offset)> TablesOf(NetworkModel model)
    {
        int offset = 0;
        foreach (ColumnModel column in model.Embeddings)
        {
            yield return (column, offset);
            offset += TableSize(column);
        }
    }

    private static int TableSize(ColumnModel column) => column.TableRows * Limits.RoundUp(column.Embedding, Limits.Lanes);

    public bool HasBatchNormalization => Layers.Items.Any(static layer => layer.IsBatchNormalized);

    /// <summary>Whether losses are computed from targets that smoothing and class weights have changed.</summary>
    public bool HasSoftTargets => Model.LossOptions.LabelSmoothing > 0 || Model.LossOptions.ClassWeights.Count > 0;

    /// <summary>
    /// What a row of prediction costs, in multiply-adds, for the choice of the number of threads; a unit's activation counts as eight of them.
    /// </summary>
    public long PredictionCost => Model.Members * Layers.Items.Sum(static layer => (layer.Inputs + 8L) * layer.Outputs);

    /// <summary>What a row of training costs: outputs and gradients, and deltas of all layers but the first.</summary>
    public long TrainingCost => (3 * PredictionCost) - (TrainsScales || TrainsTables ? 0 : (long)Model.ExpandedSize * First.Outputs);

    /// <summary>Where a value lies.</summary>
    public int OffsetOf(Value value) => Buffers.Items.Single(buffer => buffer.Value.Name == value.Name).Offset;

    /// <summary>Where the first delta lies, behind all that deltas and gradients are made of.</summary>
    public int FirstDelta => Buffers.Items.First(static buffer => buffer.Value is { Layer: > 0, Role: Role.Delta or Role.OutputDelta or Role.PreActivationDelta }).Offset;

    /// <summary>The plan as a table, for maintainers: operations with what they read and write, then where values and parameters lie.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append($"{Model.ClassName}: {Form}, {RowBlock} rows at once, {Floats} floats ({ForwardFloats} of them to predict)\n");
        foreach ((string pass, EquatableArray<Operation> operations) in ((string, EquatableArray<Operation>)[])[("forward", Forward), ("backward", Backward), ("gradients", Gradients)])
        {
            foreach (Operation operation in operations)
            {
                string kind = operation.Kind + (operation.IsFused ? " +" : "");
                text.Append($"{pass,-10}{kind,-18}{string.Join(" ", operation.Reads),-16} → {string.Join(" ", operation.Writes),-12}  {operation.Formula}  {operation.Shapes}".TrimEnd()).Append('\n');
            }
        }

        foreach (BufferPlan buffer in Buffers)
        {
            text.Append($"value     {buffer.Value,-10}{buffer.Offset,8}  {buffer.Value.Width} a row, stride {buffer.Value.Stride}, {buffer.Value.Lifetime}\n");
        }

        foreach ((ColumnModel column, int offset) in TablesOf(Model))
        {
            text.Append($"parameter {column.Name,-10}{offset,8}  [{column.TableRows}][{column.Embedding}], stride {Limits.RoundUp(column.Embedding, Limits.Lanes)}; input {column.Slot}\n");
        }

        if (Model.IsEnsemble)
        {
            text.Append($"parameter {"Scales",-10}{TablesSizeOf(Model),8}  [{Model.Members}][{Model.ExpandedSize}], stride {ScalesStrideOf(Model)}; layer {Last.Number} once for each member\n");
        }

        foreach (LayerPlan layer in Layers)
        {
            ParameterPlaces places = layer.Places;
            text.Append($"parameter W{layer.Number,-9}{places.Weights,8}  {(places.IsTransposed ? $"[{layer.Outputs}][{layer.Inputs}]" : $"[{layer.Inputs}][{layer.Outputs}]")}, stride {places.WeightStride}, biases at {places.Biases}, end {places.End}\n");
        }

        return text.ToString();
    }
}

/// <summary>Where a value lies: floats of those before it.</summary>
internal sealed record BufferPlan(Value Value, int Offset);
