namespace Mlp;

/// <summary>Rows that networks are trained on and judged by, as they were given: each network sees them as it encodes them itself.</summary>
/// <typeparam name="TNet">The network's class.</typeparam>
/// <param name="keys">A row's class, group and time, by which rows are cut.</param>
internal abstract class FoldData<TNet>(Dataset keys) where TNet : class, INetwork<TNet>
{
    /// <summary>Number of rows.</summary>
    public int Count => Keys.Count;

    private protected Dataset Keys { get; } = keys;

    /// <summary>Cuts the rows into folds.</summary>
    /// <exception cref="ArgumentException">They cannot be cut so.</exception>
    public FoldedRows Cut(Folds folds) => new(Keys, folds);

    /// <summary>Splits the rows in two.</summary>
    public (FoldData<TNet> First, FoldData<TNet> Second) Split(double share, SplitBy splitBy, int seed)
    {
        RowParts parts = RowParts.OfSplit(Keys, [share], splitBy, seed);
        return (Select(parts.Rows(static part => part == 0)), Select(parts.Rows(static part => part == 1)));
    }

    /// <summary>Chosen rows.</summary>
    public abstract FoldData<TNet> Select(int[] rows);

    /// <summary>Fits a new network's encoder to the rows, where it has one.</summary>
    public abstract void FitTo(TNet network);

    /// <summary>The rows as a network takes them.</summary>
    public abstract Dataset EncodedBy(TNet network);
}
