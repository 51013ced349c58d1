namespace Mlp;

/// <summary>The folds of a data set: which rows each of them trains on, and which it judges by. Safe for use by many threads at once.</summary>
internal sealed class FoldedRows
{
    private readonly Folds _folds;
    private readonly RowParts[] _repeats;

    /// <param name="data">The data set.</param>
    /// <param name="folds">How it is cut.</param>
    /// <exception cref="ArgumentException">The data set cannot be cut so.</exception>
    public FoldedRows(Dataset data, Folds folds)
    {
        _folds = folds;
        _repeats = new RowParts[folds.Repeats];
        for (int repeat = 0; repeat < _repeats.Length; repeat++)
        {
            _repeats[repeat] = RowParts.OfFolds(data, folds, repeat);
        }
    }

    /// <summary>The rows of a fold, counted from 0 over all repeats.</summary>
    public (int[] Train, int[] Test) this[int number]
    {
        get
        {
            RowParts parts = _repeats[number / _folds.Count];
            int fold = number % _folds.Count;
            return _folds.SplitBy == SplitBy.Time
                ? (parts.Rows(part => part <= fold), parts.Rows(part => part == fold + 1))
                : (parts.Rows(part => part != fold), parts.Rows(part => part == fold));
        }
    }
}
