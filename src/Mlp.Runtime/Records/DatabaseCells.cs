using System.Data.Common;
using System.Globalization;

namespace Mlp.CompilerServices;

/// <summary>The rows of a database reader, one after the other. The reader stays open.</summary>
internal sealed class DatabaseCells : RecordCells
{
    private readonly DbDataReader _reader;
    private long _row;

    /// <param name="layout">The record's properties.</param>
    /// <param name="record">The record's name, for messages.</param>
    /// <param name="reader">The reader, before the first row that is wanted.</param>
    public DatabaseCells(RecordLayout layout, string record, DbDataReader reader)
        : base(layout, record, "The database reader", [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)])
    {
        _reader = reader;
    }

    internal override bool MoveNext()
    {
        _row++;
        return _reader.Read();
    }

    private protected override void Close()
    {
    }

    /// <summary>The value as a CSV file would have it, so that types are converted where nothing is lost.</summary>
    private protected override ReadOnlySpan<char> Cell(int column) => _reader.GetValue(column) switch
    {
        DBNull => "",
        string text => text,
        bool truth => truth ? "1" : "0",
        char letter => letter.ToString(),
        DateTime { TimeOfDay.Ticks: 0 } date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("o", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("o", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("o", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        object other => throw ErrorAt(column, $"a {other.GetType().Name} cannot be read."),
    };

    private protected override bool TryGet<T>(int column, out T value)
    {
        bool isDirect = _reader.GetFieldType(column) == typeof(T) && !_reader.IsDBNull(column);
        value = isDirect ? _reader.GetFieldValue<T>(column) : default;
        return isDirect;
    }

    private protected override InvalidDataException ErrorAt(int column, string problem) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{Source}, row {_row}{(column < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", column {column + 1} ('{QuotedText.Of(_reader.GetName(column))}')"))}: {problem}"));
}
