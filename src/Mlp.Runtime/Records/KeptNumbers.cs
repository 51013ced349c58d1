namespace Mlp.CompilerServices;

/// <summary>The numbers of a column of rows that are kept.</summary>
/// <typeparam name="TRecord">The record.</typeparam>
/// <typeparam name="TColumns">The encoder's columns.</typeparam>
internal sealed class KeptNumbers<TRecord, TColumns> : NumberSource where TColumns : unmanaged, IRecordColumns<TRecord, TColumns>
{
    private readonly KeptRows<TRecord, TColumns> _rows;
    private readonly int _column;
    private double[] _part = [];

    /// <param name="rows">The rows.</param>
    /// <param name="column">The column's index.</param>
    public KeptNumbers(KeptRows<TRecord, TColumns> rows, int column)
    {
        _rows = rows;
        _column = column;
        for (int part = 0; part < Parts; part++)
        {
            Count += Part(part).Length;
        }
    }

    public override int Count { get; }

    public override int Parts => _rows.Chunks;

    public override ReadOnlySpan<double> Part(int part)
    {
        ReadOnlySpan<TColumns> rows = _rows.Chunk(part);
        if (_part.Length < rows.Length)
        {
            _part = new double[rows.Length];
        }

        int count = 0;
        foreach (ref readonly TColumns row in rows)
        {
            double value = TColumns.Number(in row, _column);
            _part[count] = value;
            count += double.IsNaN(value) ? 0 : 1;
        }

        return _part.AsSpan(0, count);
    }
}
