using System.Globalization;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>
/// The rows of a source as the encoder sees them, kept from the one time that the source is read until they are encoded. Their memory goes back chunk by chunk
/// while the data set's is filled, so that both together are little more than one.
/// </summary>
/// <typeparam name="TRecord">The record.</typeparam>
/// <typeparam name="TColumns">The encoder's columns.</typeparam>
/// <param name="reading">Checks values, and looks up or counts categories.</param>
internal sealed class KeptRows<TRecord, TColumns>(DataReading reading) : IDisposable
    where TColumns : unmanaged, IRecordColumns<TRecord, TColumns>
{
    private const int BytesOfFirst = 1 << 16;
    private const int BytesOfOthers = 1 << 18;

    private static readonly int RowsOfFirst = RowsIn(BytesOfFirst);
    private static readonly int RowsOfOthers = RowsIn(BytesOfOthers);

    private readonly List<NativeArray<TColumns>> _chunks = [];
    private int _place;

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Number of chunks that the rows are kept in.</summary>
    public int Chunks => _chunks.Count;

    /// <summary>Reads all rows of a source, which is enumerated once.</summary>
    /// <exception cref="ArgumentException">A row is null, or a property cannot be read.</exception>
    /// <exception cref="InvalidDataException">The same, of a file or a database.</exception>
    public void AddAll(IEnumerable<TRecord> rows)
    {
        using IEnumerator<TRecord> enumerator = rows.GetEnumerator();
        reading.Cells = (enumerator as RecordRows<TRecord, TColumns>.Enumerator)?.Cells;
        while (enumerator.MoveNext())
        {
            Add(enumerator.Current);
        }
    }

    /// <summary>Reads a row.</summary>
    public void Add(TRecord row)
    {
        reading.Row = Count;
        if (row is null)
        {
            throw new ArgumentException($"Row {Count} is null.", "rows");
        }

        if (_place == (_chunks.Count == 0 ? 0 : _chunks[^1].Length))
        {
            _chunks.Add(new NativeArray<TColumns>(_chunks.Count == 0 ? RowsOfFirst : RowsOfOthers));
            _place = 0;
        }

        TColumns columns = TColumns.Read(row, reading);
        TColumns.ReadTarget(row, reading, ref columns);
        _chunks[^1].Span[_place++] = columns;
        Count = checked(Count + 1);
    }

    /// <summary>Makes the data set, and gives the rows' memory back.</summary>
    /// <param name="fitted">What was fitted.</param>
    /// <param name="slots">For each column, the slots or labels of its numbers; null where they are known already.</param>
    /// <param name="network">The network's layout.</param>
    public Dataset Encode(FittedEncoder fitted, int[]?[] slots, NetworkLayout network)
    {
        RecordLayout layout = TColumns.Layout;
        int inputSize = network.InputSize;
        if ((long)Count * inputSize > Array.MaxLength)
        {
            throw new ArgumentException($"{Count} rows of {inputSize} inputs are more than an array holds; encode fewer at a time.", "rows");
        }

        float[] inputs = GC.AllocateUninitializedArray<float>(Count * inputSize);
        bool hasLabels = layout.LabelColumn is not null;
        float[] targets = new float[hasLabels ? 0 : Count * layout.TargetColumns.Length];
        int[] labels = new int[hasLabels ? Count : 0];
        float[]? weights = layout.WeightColumn is null ? null : new float[Count];
        int[]? groups = layout.GroupColumn is null ? null : new int[Count];
        long[]? times = layout.TimeColumn is null ? null : new long[Count];
        bool isHinge = network.Loss == LossFunction.Hinge;
        int[] numbered = [.. Enumerable.Range(0, slots.Length).Where(column => slots[column] is not null)];

        int index = 0;
        for (int chunk = 0; chunk < _chunks.Count; chunk++)
        {
            foreach (ref TColumns row in Chunk(chunk))
            {
                foreach (int column in numbered)
                {
                    ref int slot = ref TColumns.Slot(ref row, column);
                    slot = slots[column]![slot];
                }

                TColumns.Write(in row, fitted, ref inputs[(long)index * inputSize]);
                if (layout.LabelColumn is int labelled)
                {
                    labels[index] = TColumns.Slot(ref row, labelled);
                }
                else
                {
                    for (int i = 0; i < layout.TargetColumns.Length; i++)
                    {
                        int target = layout.TargetColumns[i];
                        float value = (float)TColumns.Number(in row, target);
                        targets[(index * layout.TargetColumns.Length) + i] = isHinge && layout.Columns[target].IsTruth ? (2 * value) - 1 : value;
                    }
                }

                if (weights is not null)
                {
                    weights[index] = (float)TColumns.Number(in row, layout.WeightColumn!.Value);
                }

                if (groups is not null)
                {
                    groups[index] = TColumns.Slot(ref row, layout.GroupColumn!.Value);
                }

                if (times is not null)
                {
                    times[index] = TColumns.Instant(in row, layout.TimeColumn!.Value);
                }

                index++;
            }

            _chunks[chunk].Dispose();
        }

        if (!Finiteness.AllFinite(inputs))
        {
            int infinite = Finiteness.IndexOfNonFinite(inputs);
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Row {infinite / inputSize}: {fitted.WhyInfinite(infinite % inputSize)}."), "rows");
        }

        Dataset data = hasLabels ? Dataset.FromLabels(inputs, labels, inputSize, fitted.ClassNames!.Count)
            : layout.TargetColumns.Length > 0 ? Dataset.FromTargets(inputs, targets, inputSize, layout.TargetColumns.Length)
            : Dataset.FromInputs(inputs, inputSize);
        data = data.WithNames(fitted.InputNames, hasLabels ? fitted.ClassNames : null).WithEncoder(EncoderMetadata.JsonOf(fitted));
        data = weights is null ? data : data.WithWeights(weights);
        data = groups is null ? data : data.WithGroups(groups);
        return times is null ? data : data.WithTimes(times);
    }

    /// <summary>Gives the rows' memory back.</summary>
    public void Dispose()
    {
        foreach (NativeArray<TColumns> chunk in _chunks)
        {
            chunk.Dispose();
        }
    }

    /// <summary>The rows of a chunk, counted from 0.</summary>
    public Span<TColumns> Chunk(int chunk) => chunk == _chunks.Count - 1 ? _chunks[chunk].Span[.._place] : _chunks[chunk].Span;

    private static int RowsIn(int bytes) => Math.Max(bytes / Unsafe.SizeOf<TColumns>(), 1);
}
