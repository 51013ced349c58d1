using System.Text;

namespace Mlp.CompilerServices;

/// <summary>The rows of a CSV file, one after the other.</summary>
internal sealed class CsvCells : RecordCells
{
    private readonly FileStream _file;
    private readonly DecodedText _text;
    private readonly CsvTable _table;
    private char[] _cell = new char[64];

    private CsvCells(RecordLayout layout, string record, string path, FileStream file, DecodedText text, CsvTable table)
        : base(layout, record, path, table.Names)
    {
        _file = file;
        _text = text;
        _table = table;
    }

    /// <summary>Opens a file with a header.</summary>
    /// <param name="layout">The record's properties.</param>
    /// <param name="record">The record's name, for messages.</param>
    /// <param name="path">The file, in UTF-8 or with a byte-order mark.</param>
    /// <exception cref="InvalidDataException">A column is missing, there twice, or of no property, or cells are not separated by commas.</exception>
    public static CsvCells Open(RecordLayout layout, string record, string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        DecodedText? text = null;
        CsvTable? table = null;
        try
        {
            text = new DecodedText(file, encoding: null, path);
            table = new CsvTable(text, path, hasHeader: true, delimiter: ',');
            if (table.OtherDelimiter is string delimiter && !HasColumn(layout, table.Names[0]))
            {
                throw new InvalidDataException(
                    $"{path}: cells seem to be separated by {delimiter}; records are read from cells between commas, with points in numbers. Write the file so.");
            }

            return new CsvCells(layout, record, path, file, text, table);
        }
        catch
        {
            table?.Dispose();
            text?.Dispose();
            file.Dispose();
            throw;
        }
    }

    internal override bool MoveNext() => _table.MoveNext();

    private protected override void Close()
    {
        _table.Dispose();
        _text.Dispose();
        _file.Dispose();
    }

    private protected override ReadOnlySpan<char> Cell(int column)
    {
        ReadOnlySpan<byte> cell = _table.Cell(column);
        if (cell.Length > _cell.Length)
        {
            _cell = new char[cell.Length];
        }

        return _cell.AsSpan(0, Encoding.UTF8.GetChars(cell, _cell));
    }

    private protected override bool TryGet<T>(int column, out T value)
    {
        value = default;
        return false;
    }

    private protected override InvalidDataException ErrorAt(int column, string problem) => column < 0 ? _table.RowError(problem) : _table.Error(column, problem);

    private static bool HasColumn(RecordLayout layout, string name)
    {
        foreach (RecordProperty property in layout.Properties)
        {
            if (property.Column == name)
            {
                return true;
            }
        }

        return false;
    }
}
