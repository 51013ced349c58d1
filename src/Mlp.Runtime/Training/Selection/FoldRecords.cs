namespace Mlp;

/// <summary>Records, which every network encodes by what is fitted to its own training rows.</summary>
/// <typeparam name="TNet">The network's class.</typeparam>
/// <typeparam name="TRecord">The record.</typeparam>
internal sealed class FoldRecords<TNet, TRecord> : FoldData<TNet> where TNet : class, INetwork<TNet, TRecord>
{
    private readonly IReadOnlyList<TRecord> _rows;

    private FoldRecords(IReadOnlyList<TRecord> rows, Dataset keys)
        : base(keys) => _rows = rows;

    /// <summary>Reads the classes, groups and times of records. Nothing else of what is fitted for it is used.</summary>
    /// <exception cref="ArgumentException">A row cannot be read, or the rows do not fit the network.</exception>
    public static FoldRecords<TNet, TRecord> Of(IReadOnlyList<TRecord> rows)
    {
        TNet network = TNet.Create(seed: 0);
        network.Fit(rows);
        return new FoldRecords<TNet, TRecord>(rows, network.Encode(rows).WithoutInputs());
    }

    public override FoldData<TNet> Select(int[] rows)
    {
        TRecord[] chosen = new TRecord[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            chosen[i] = _rows[rows[i]];
        }

        return new FoldRecords<TNet, TRecord>(chosen, Keys.Select(rows));
    }

    public override void FitTo(TNet network) => network.Fit(_rows);

    public override Dataset EncodedBy(TNet network) => network.Encode(_rows);
}
