namespace Mlp;

/// <summary>The folds of a data set: which rows each of them trains on, and which it judges by. Safe for use by many threads at once.</summary>
internal sealed class FoldedRows
{
    private readonly Dataset _data;
    private readonly Folds _folds;
    private readonly RowParts[] _repeats;

    /// <exception cref="ArgumentException">The data set cannot be cut so.</exception>
    public FoldedRows(Dataset data, Folds folds)
    {
        _data = data;
        _folds = folds;
        _repeats = new RowParts[folds.Repeats];
        for (int repeat = 0; repeat < _repeats.Length; repeat++)
        {
            _repeats[repeat] = RowParts.OfFolds(data, folds, repeat);
        }
    }

    /// <summary>Copies the rows of a fold, counted from 0 over all repeats.</summary>
    public (Dataset Train, Dataset Test) this[int number]
    {
        get
        {
            RowParts parts = _repeats[number / _folds.Count];
            int fold = number % _folds.Count;
            return _folds.SplitBy == SplitBy.Time
                ? (_data.Select(parts.Rows(part => part <= fold)), _data.Select(parts.Rows(part => part == fold + 1)))
                : (_data.Select(parts.Rows(part => part != fold)), _data.Select(parts.Rows(part => part == fold)));
        }
    }
}
