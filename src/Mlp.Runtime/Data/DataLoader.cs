namespace Mlp;

/// <summary>Cuts a data set into mini-batches, in a new random order every epoch.</summary>
/// <remarks>
/// <code>
/// var loader = new DataLoader(data, batchSize: 32, seed: 1, targetSize: CircleNet.OutputSize);
/// for (int epoch = 0; epoch &lt; 10; epoch++)
///     foreach (Batch batch in loader.Epoch(epoch))
///         net.TrainStep(batch.Inputs, batch.Targets, optimizer);
/// </code>
/// With the network's output size as target size, two classes become one column for a network of one output, and two for one of two. Hinge's
/// classes are −1 and +1, not 0 and 1: a loop for a network with that loss says <c>loss: LossFunction.Hinge</c>.
/// The loader owns the buffers of its batches and reuses them: a batch is valid until the next one, and one epoch can be visited at a
/// time. It allocates when it is made and nothing afterwards, also where <see cref="Dataset.Open"/> mapped the rows, whose batches are always copies. Not safe
/// for use by several threads at once.
/// </remarks>
public sealed partial class DataLoader
{
    private readonly int[] _order;
    private readonly float[] _inputs = [];
    private readonly float[] _targets = [];
    private readonly float[] _weights = [];
    private readonly float _otherClass;
    private readonly int _seed;
    private readonly bool _isInOrder;
    private readonly bool _copies;
    private readonly BalancedRows? _balanced;
    private int _visit;

    /// <summary>Makes a loader and its buffers of one batch.</summary>
    /// <param name="data">The rows, at least one.</param>
    /// <param name="batchSize">Rows of a batch, at least 1. The last batch of an epoch holds what remains, and may be smaller.</param>
    /// <param name="seed">Together with the epoch's number decides the order of the rows.</param>
    /// <param name="shuffle">Whether the order is random; otherwise it is the data set's, and values in memory are not copied.</param>
    /// <param name="targetSize">
    /// Target columns of a batch. Default: the data set's <see cref="Dataset.TargetSize"/>. Labels become one-hot rows of
    /// <see cref="Dataset.ClassCount"/> columns, or, with 1 for two classes, one column of 0 and 1.
    /// </param>
    /// <param name="loss">
    /// The network's loss, which decides how labels are written: <see cref="LossFunction.Hinge"/> takes −1 in place of 0. Target values are
    /// never changed.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">
    /// The data set is empty, has no targets of <paramref name="targetSize"/> columns, or so many that no array holds a batch of them.
    /// </exception>
    public DataLoader(
        Dataset data, int batchSize, int seed = 0, bool shuffle = true, int? targetSize = null, LossFunction? loss = null)
        : this(data, batchSize, seed, shuffle ? Sampling.Shuffle : Sampling.InOrder, targetSize, loss)
    {
    }

    /// <summary>The same, for all samplings.</summary>
    internal DataLoader(Dataset data, int batchSize, int seed, Sampling sampling, int? targetSize, LossFunction? loss)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (data.Count == 0)
            throw new ArgumentException("The data set has no rows; a loader needs at least 1.", nameof(data));

        Data = data;
        BatchSize = batchSize;
        TargetSize = targetSize ?? data.TargetSize;
        if (!Fits(data, TargetSize))
            throw new ArgumentException(Misfit(data, TargetSize), nameof(targetSize));

        _otherClass = loss == LossFunction.Hinge ? -1 : 0;
        _seed = seed;
        _isInOrder = sampling == Sampling.InOrder;

        // Batches of a mapped file are copies, which outlive its mapping.
        _copies = !_isInOrder || data.Values.AreMapped;
        _balanced = sampling == Sampling.Balanced ? new BalancedRows(data.Values.Classes()) : null;
        int rows = Math.Min(batchSize, data.Count);
        _order = new int[_isInOrder ? rows : data.Count];
        if (_copies)
            _inputs = new float[rows * data.InputSize];
        if (_copies || data.ClassCount > 0)
            _targets = new float[TargetsOfBatch(rows)];
        if (_copies && !data.Values.Weights.IsEmpty)
            _weights = new float[rows];
    }

    /// <summary>The rows.</summary>
    public Dataset Data { get; }

    /// <summary>Rows of every batch but an epoch's last, which may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Target columns of every batch.</summary>
    public int TargetSize { get; }

    /// <summary>Number of batches in an epoch, at least 1.</summary>
    public int BatchesPerEpoch => (Data.Count - 1) / BatchSize + 1;

    /// <summary>
    /// The batches of one epoch. Its order depends on the seed and the number alone, so that epochs can be visited in any order.
    /// </summary>
    /// <param name="epoch">The epoch's number, at least 0.</param>
    /// <returns>A sequence for <see langword="foreach"/>; reading it ends the visit of any other epoch of this loader.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> is negative.</exception>
    public EpochBatches Epoch(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return Epoch(new RandomStream(_seed, RandomPurpose.Shuffle, b: epoch), first: 0);
    }

    /// <summary>The batches of one epoch, in the order of a stream.</summary>
    /// <param name="order">The stream.</param>
    /// <param name="first">The first batch that is wanted.</param>
    internal EpochBatches Epoch(RandomStream order, int first) => new(this, order, first);

    /// <summary>Orders the rows for an epoch and makes its visit the one that may read the buffers.</summary>
    internal int Begin(RandomStream order)
    {
        if (_balanced is not null)
            _balanced.Draw(_order, order);
        else if (!_isInOrder)
            RowOrder.Shuffle(_order, order);

        return ++_visit;
    }

    /// <summary>Fills the buffers with a batch.</summary>
    /// <exception cref="InvalidOperationException">Another visit has begun since, and reordered the rows.</exception>
    internal void Fill(int visit, int index)
    {
        if (visit != _visit)
            throw new InvalidOperationException("Another epoch of this data loader was begun; one can be visited at a time.");

        if (_isInOrder)
            RowOrder.From(index * BatchSize, _order);

        ReadOnlySpan<int> rows = Rows(index);
        if (_copies)
            RowOrder.Gather(Data.Values.Inputs, Data.InputSize, rows, _inputs);
        if (Data.ClassCount > 0)
            ExpandLabels(rows);
        else if (_copies)
            RowOrder.Gather(Data.Values.Targets, TargetSize, rows, _targets);
        if (_weights.Length > 0)
            RowOrder.Gather(Data.Values.Weights, 1, rows, _weights);
        GC.KeepAlive(this);
    }

    /// <summary>The batch that was filled last: from the buffers where it was copied, else straight from the data set.</summary>
    internal Batch Filled(int index)
    {
        ReadOnlySpan<int> rows = Rows(index);
        return new Batch(
            index,
            Part(_inputs, Data.Values.Inputs, rows, Data.InputSize),
            Part(_targets, Data.Values.Targets, rows, TargetSize),
            Data.Values.Weights.IsEmpty ? default : Part(_weights, Data.Values.Weights, rows, width: 1),
            rows);

        static ReadOnlySpan<float> Part(float[] buffer, ReadOnlySpan<float> all, ReadOnlySpan<int> rows, int width) =>
            buffer.Length > 0 ? buffer.AsSpan(0, rows.Length * width) : all.Slice(rows[0] * width, rows.Length * width);
    }

    /// <summary>The rows of a batch. In the data set's order only those of the present batch are written down.</summary>
    private ReadOnlySpan<int> Rows(int index)
    {
        int start = index * BatchSize;
        return _order.AsSpan(_isInOrder ? 0 : start, Math.Min(BatchSize, Data.Count - start));
    }

    private void ExpandLabels(ReadOnlySpan<int> rows)
    {
        ReadOnlySpan<int> labels = Data.Values.Labels;
        Span<float> targets = _targets.AsSpan(0, rows.Length * TargetSize);
        if (TargetSize != Data.ClassCount)
        {
            for (int i = 0; i < rows.Length; i++)
                targets[i] = labels[rows[i]] == 1 ? 1 : _otherClass;
            return;
        }

        targets.Fill(_otherClass);
        for (int i = 0; i < rows.Length; i++)
            targets[i * TargetSize + labels[rows[i]]] = 1;
    }

    private int TargetsOfBatch(int rows)
    {
        long targets = (long)rows * TargetSize;
        return targets <= Array.MaxLength
            ? (int)targets
            : throw new ArgumentException(
                $"A batch of {rows} × {TargetSize} targets is more than an array holds; use smaller batches.", "batchSize");
    }

    private static bool Fits(Dataset data, int targetSize) =>
        targetSize == data.TargetSize || (targetSize == 1 && data.ClassCount == 2);

    private static string Misfit(Dataset data, int targetSize) => data.ClassCount switch
    {
        0 => $"The data set has {data.TargetSize} target columns, not {targetSize}.",
        2 => $"Labels of 2 classes become 2 target columns, or 1, not {targetSize}.",
        _ => $"Labels of {data.ClassCount} classes become {data.ClassCount} target columns, not {targetSize}.",
    };
}
