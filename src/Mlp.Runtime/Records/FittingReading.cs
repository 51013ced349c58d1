namespace Mlp.CompilerServices;

/// <summary>Reads the rows that an encoder is fitted to, and counts categories. They and classes are numbered as they appear, until all are known.</summary>
internal sealed class FittingReading : DataReading
{
    private readonly CategoryCounts<string>?[] _texts;
    private readonly CategoryCounts<long>?[] _integers;

    /// <param name="layout">The columns.</param>
    public FittingReading(RecordLayout layout)
        : base(layout, new int[]?[layout.Columns.Length])
    {
        _texts = new CategoryCounts<string>?[layout.Columns.Length];
        _integers = new CategoryCounts<long>?[layout.Columns.Length];
        for (int column = 0; column < layout.Columns.Length; column++)
        {
            switch (layout.Columns[column])
            {
                case { Kind: ColumnKind.Text, Role: ColumnRole.Input or ColumnRole.Target }:
                    _texts[column] = new CategoryCounts<string>(StringComparer.Ordinal);
                    break;
                case { Kind: ColumnKind.Integer, Role: ColumnRole.Input }:
                    _integers[column] = new CategoryCounts<long>(layout.Columns[column].Order);
                    break;
            }
        }
    }

    /// <summary>What the categories or classes of a column are, and what their numbers become: slots or labels. Null where a column has none.</summary>
    /// <param name="column">The column's index.</param>
    public (ColumnFit Fit, int[] Slots)? FitOf(int column)
    {
        RecordColumn declared = Layout.Columns[column];
        if (_texts[column] is { } texts)
        {
            (string[] values, int[] slots) = declared.Role == ColumnRole.Target ? texts.InOrder() : texts.MostFrequent(declared.Capacity - 1, declared.MinimumCount);
            return (new ColumnFit { Texts = values }, slots);
        }

        if (_integers[column] is { } integers)
        {
            (long[] values, int[] slots) = integers.MostFrequent(declared.Capacity - 1, declared.MinimumCount);
            return (new ColumnFit { Integers = values }, slots);
        }

        return null;
    }

    private protected override int SlotOf(int column, string text) => Counted(column, text);

    private protected override int SlotOf(int column, long value) => _integers[column]!.Add(value, out _);

    private protected override int LabelOf(int column, string text) => Counted(column, text);

    private int Counted(int column, string text)
    {
        int number = _texts[column]!.Add(text, out bool isNew);
        return !isNew || QuotedText.IsWhole(text) ? number
            : throw Refused(column, $"is '{QuotedText.Of(text)}', with half a surrogate pair, which no file can hold");
    }
}
