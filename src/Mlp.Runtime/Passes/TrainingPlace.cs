namespace Mlp;

/// <summary>Where in a training run a batch is.</summary>
/// <param name="epoch">The epoch from 1.</param>
/// <param name="step">The step of the run from 1.</param>
/// <param name="rowIndices">For each row of the batch, its row in the data set.</param>
internal readonly ref struct TrainingPlace(int epoch, long step, ReadOnlySpan<int> rowIndices)
{
    public int Epoch { get; } = epoch;

    public long Step { get; } = step;

    public ReadOnlySpan<int> RowIndices { get; } = rowIndices;

    /// <summary>Whether there is no run, only a single step.</summary>
    public bool IsNone => Epoch == 0;
}
