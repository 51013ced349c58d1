namespace Mlp;

/// <summary>
/// Takes random rows of learned categories for unseen ones, one in a column's capacity, so that the slot of unseen and missing categories is trained as
/// often as others.
/// </summary>
/// <remarks>What is masked depends on the seed, the column, the step and the row's number in the batch alone. Masking allocates nothing.</remarks>
internal sealed class CategoryMasking
{
    private readonly RecordColumn[] _columns;
    private readonly int[] _numbers;
    private readonly int _inputSize;
    private readonly int _seed;
    private readonly float[] _inputs;

    private CategoryMasking(RecordLayout layout, int[] numbers, int inputSize, int seed, int rows)
    {
        _columns = layout.Columns.ToArray();
        _numbers = numbers;
        _inputSize = inputSize;
        _seed = seed;
        _inputs = new float[rows * inputSize];
    }

    /// <summary>Masking for a network that has learned categories; null for others.</summary>
    /// <param name="network">The network.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="rows">Rows of a mini-batch at most.</param>
    public static CategoryMasking? For(NetworkLayout network, int seed, int rows)
    {
        if (network.Record is not { } layout)
        {
            return null;
        }

        int[] numbers = [.. Enumerable.Range(0, layout.Columns.Length).Where(number => layout.Columns[number].IsLearnedCategory)];
        return numbers.Length == 0 ? null : new CategoryMasking(layout, numbers, network.InputSize, seed, rows);
    }

    /// <summary>A mini-batch with some categories masked.</summary>
    /// <param name="batch">The mini-batch; unchanged.</param>
    /// <param name="step">The key of its random numbers.</param>
    /// <returns>The same with inputs of its own, valid until the next call.</returns>
    public Batch Mask(Batch batch, long step)
    {
        Span<float> inputs = _inputs.AsSpan(0, batch.Inputs.Length);
        batch.Inputs.CopyTo(inputs);
        foreach (int number in _numbers)
        {
            RecordColumn column = _columns[number];
            RandomStream random = new(_seed, RandomPurpose.Masking, number, step);
            for (int row = 0; row < batch.Count; row++)
            {
                if (random.Below(column.Capacity, (ulong)row) == 0)
                {
                    // One-hot, slot 0 is the first input; of an embedding, the one input is the slot's number.
                    Span<float> slots = inputs.Slice((row * _inputSize) + column.Slot, column.Width);
                    slots.Clear();
                    slots[0] = column.Embedding > 0 ? 0 : 1;
                }
            }
        }

        return new Batch(batch.Index, inputs, batch.Targets, batch.Weights, batch.RowIndices);
    }
}
