using System.Globalization;

namespace Mlp.Compare;

internal enum WorkKind
{
    /// <summary>Mini-batch steps: loss, gradients and the update.</summary>
    Train,

    /// <summary>Loss and gradients of a batch, without an update.</summary>
    Gradients,

    /// <summary>One shuffled pass over a data set in memory.</summary>
    Epoch,

    /// <summary>Outputs of a batch.</summary>
    Predict,

    /// <summary>The forward product of one layer alone.</summary>
    ForwardKernel,

    /// <summary>The deltas of one layer's inputs alone.</summary>
    DeltaKernel,

    /// <summary>The gradient of one layer's weights alone, stored or with the optimizer fused into it.</summary>
    GradientKernel,
}

/// <summary>Something to measure: what every worker does, as nearly alike as the libraries allow.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Sizes">Inputs, units of the hidden layers, outputs.</param>
/// <param name="Hidden">Activation of the hidden layers: relu or tanh.</param>
/// <param name="Loss">crossentropy (softmax outputs), bce (sigmoid outputs), mse (linear outputs) or none.</param>
/// <param name="Optimizer">adam, sgd or none.</param>
/// <param name="Batch">Rows of a step or a call.</param>
/// <param name="Rows">Rows in memory that steps take their batches from in turn.</param>
/// <param name="Threads">The numbers of threads to measure with.</param>
/// <param name="Unit">What is counted: row, call or epoch.</param>
/// <param name="Section">The table that it belongs to.</param>
internal sealed record Work(
    WorkKind Kind, int[] Sizes, string Hidden, string Loss, string Optimizer, int Batch, int Rows, int[] Threads, string Unit, string Section)
{
    public string Shape { get; } = string.Join('-', Sizes);

    public string Name => Kind switch
    {
        WorkKind.Train when Unit == "epoch" => Invariant($"one epoch {Shape} {Hidden}, {Batch} rows as one batch, {Optimizer}"),
        WorkKind.Train => Invariant($"train {Shape} {Hidden}, batch {Batch}, {Optimizer}"),
        WorkKind.Gradients => Invariant($"loss and gradient {Shape} {Hidden}, {Batch} rows"),
        WorkKind.Epoch => Invariant($"one epoch {Shape} {Hidden}, {Rows} rows, batch {Batch}, {Optimizer}"),
        WorkKind.ForwardKernel => Invariant($"forward product {Shape}, {Batch} rows"),
        WorkKind.DeltaKernel => Invariant($"deltas of the inputs {Shape}, {Batch} rows"),
        WorkKind.GradientKernel => Invariant($"gradient {Shape}, {Batch} rows, {(Optimizer == "none" ? "stored" : $"{Optimizer} fused")}"),
        _ => Invariant($"predict {Shape} {Hidden}, {(Batch == 1 ? "1 row" : $"{Batch} rows")}"),
    };

    /// <summary>Rows that one iteration goes through.</summary>
    public int RowsPerIteration => Kind == WorkKind.Epoch ? Rows : Batch;

    /// <summary>Units that one iteration counts for.</summary>
    public int UnitsPerIteration => Unit == "row" ? RowsPerIteration : 1;

    /// <summary>
    /// Useful floating-point operations of an iteration, two a multiply-add: outputs, and where there is training weight gradients and the input
    /// deltas of all layers but the first. Activations, the loss and the optimizer are not counted.
    /// </summary>
    public double FlopsPerIteration
    {
        get
        {
            double all = Sizes.Zip(Sizes.Skip(1), (inputs, outputs) => (double)inputs * outputs).Sum();
            double first = (double)Sizes[0] * Sizes[1];
            return 2 * RowsPerIteration * (Kind is WorkKind.Train or WorkKind.Gradients or WorkKind.Epoch ? 3 * all - first : all);
        }
    }

    public int ParameterCount => Sizes.Zip(Sizes.Skip(1), (inputs, outputs) => (inputs + 1) * outputs).Sum();

    /// <summary>The work as the line that workers read: words of the form key=value.</summary>
    public string ToLine(int threads, string model) => Invariant(
        $"kind={Kind.ToString().ToLowerInvariant()} sizes={Shape} hidden={Hidden} loss={Loss} optimizer={Optimizer} batch={Batch} rows={Rows} threads={threads} model={model}");

    public static Work Parse(string line)
    {
        Dictionary<string, string> words = line.Split(' ').Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new Work(
            Enum.Parse<WorkKind>(words["kind"], ignoreCase: true), [.. words["sizes"].Split('-').Select(Integer)], words["hidden"], words["loss"], words["optimizer"],
            Integer(words["batch"]), Integer(words["rows"]), [Integer(words["threads"])], Unit: "row", Section: "");
    }

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
