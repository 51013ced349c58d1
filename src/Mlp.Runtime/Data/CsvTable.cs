using System.Diagnostics;
using System.Globalization;
using CsvHelper;

namespace Mlp;

/// <summary>Reads comma-separated text row by row, by named columns; everything wrong is an error with its place.</summary>
internal sealed class CsvTable : IDisposable
{
    /// <summary>Beyond any real row, and soon enough that an unclosed quote does not take the rest of a huge file into memory.</summary>
    private const int LongestRow = 64 << 20;

    private readonly CsvReader _rows;
    private bool _atFirstRow;
    private bool _anyRow;

    /// <summary>Reads the columns' names.</summary>
    /// <param name="reader">The text; stays open.</param>
    /// <param name="source">What messages call the text, such as its path.</param>
    /// <param name="hasHeader">Whether the first row holds the names; otherwise they are the columns' numbers from 1.</param>
    /// <param name="delimiter">Separates cells.</param>
    public CsvTable(TextReader reader, string source, bool hasHeader, char delimiter)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (!char.IsAscii(delimiter) || delimiter is '"' or '\r' or '\n')
            throw new ArgumentException("The delimiter must be an ASCII character other than a quote or a line end.", nameof(delimiter));

        Source = source;
        _rows = CsvReader.Create(
            reader,
            new CsvReaderOptions
            {
                Separator = delimiter,
                HasHeader = false, // The header is a row like any other here, so that it is checked like one.
                TrimWhitespace = true,
                TrackLineNumbers = true,
                MaxRecordSize = LongestRow,
                OnMalformedRecord = row => throw Error(row.LineNumber, Describe(row.Reason)),
            },
            leaveOpen: true);

        if (!Read())
            throw new InvalidDataException($"{source}: the file is empty.");

        _atFirstRow = !hasHeader;
        Names = hasHeader
            ? [.. Enumerable.Range(0, _rows.FieldCount).Select(_rows.GetString)]
            : [.. Enumerable.Range(1, _rows.FieldCount).Select(number => number.ToString(CultureInfo.InvariantCulture))];

        if (Names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw new InvalidDataException($"{source}: {repeated.Count()} columns are called '{repeated.Key}'.");
    }

    public string Source { get; }

    /// <summary>The columns' names, all different.</summary>
    public IReadOnlyList<string> Names { get; }

    public void Dispose() => _rows.Dispose();

    /// <summary>The index of a column, by its exact name.</summary>
    public int Column(string name)
    {
        for (int column = 0; column < Names.Count; column++)
        {
            if (Names[column] == name)
                return column;
        }

        throw new InvalidDataException(
            $"{Source}: there is no column '{name}'. There are {string.Join(", ", Names.Select(known => $"'{known}'"))}.");
    }

    /// <summary>Goes on to the next row, and checks that it has a cell for every column.</summary>
    /// <returns>Whether there is one. The first call either finds one or throws.</returns>
    public bool MoveNext()
    {
        if (!_atFirstRow && !Read())
            return _anyRow ? false : throw new InvalidDataException($"{Source}: there are no rows below the header.");

        _atFirstRow = false;
        _anyRow = true;
        if (_rows.FieldCount != Names.Count)
            throw Error(_rows.LineNumber, $"{_rows.FieldCount} cells where there are {Names.Count} columns.");

        return true;
    }

    /// <summary>The text of a cell of the present row; an empty one is an error.</summary>
    public string Text(int column)
    {
        string text = _rows.GetString(column);
        return text.Length > 0 ? text : throw Error(column, "the cell is empty.");
    }

    /// <summary>The finite number in a cell of the present row.</summary>
    public float Number(int column)
    {
        // A number needs no string; only errors make one, and Text reports the empty cell.
        if (!float.TryParse(_rows.GetSpan(column), NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
            throw Error(column, $"'{Text(column)}' is not a number.");
        if (!float.IsFinite(value))
            throw Error(column, $"'{Text(column)}' is not a finite number.");

        return value;
    }

    /// <summary>The weight in a cell of the present row: a finite number of at least 0.</summary>
    public float Weight(int column)
    {
        float value = Number(column);
        return value >= 0 ? value : throw Error(column, $"the weight '{Text(column)}' is negative.");
    }

    private bool Read()
    {
        try
        {
            return _rows.Read();
        }
        catch (CsvFormatException tooLong)
        {
            throw Error(tooLong.LineNumber, $"the row is longer than {LongestRow >> 20} MiB; perhaps a quote is not closed.");
        }
    }

    private static string Describe(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.StrayQuote => "the row has a quote inside an unquoted cell.",
        CsvMalformedReason.TextAfterClosingQuote => "the row has text after a closing quote.",
        CsvMalformedReason.UnterminatedQuote => "the row has a quote that is not closed.",
        _ => throw new UnreachableException(),
    };

    private InvalidDataException Error(long line, string problem) => new($"{Source}, line {line}: {problem}");

    private InvalidDataException Error(int column, string problem) =>
        new($"{Source}, line {LineOf(column)}, column {column + 1} ('{Names[column]}'): {problem}");

    /// <summary>The line on which a cell of the present row begins: quoted cells before it may hold line ends.</summary>
    private long LineOf(int column)
    {
        long line = _rows.LineNumber;
        for (int before = 0; before < column; before++)
        {
            ReadOnlySpan<byte> cell = _rows.GetRawSpan(before);
            line += cell.Count((byte)'\n') + cell.Count((byte)'\r') - cell.Count("\r\n"u8);
        }

        return line;
    }
}
