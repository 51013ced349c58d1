using System.Diagnostics;
using System.Globalization;
using CsvHelper;

namespace Mlp;

/// <summary>Reads comma-separated text row by row, by named columns; errors name their place.</summary>
internal sealed class CsvTable : IDisposable
{
    /// <summary>Beyond any real row, and soon enough that an unclosed quote does not take the rest of a huge file into memory.</summary>
    private const int LongestRow = 64 << 20;

    private readonly CsvReader _rows;
    private readonly Dictionary<string, int> _columns = [];
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
        if (!char.IsAscii(delimiter) || delimiter == '"' || (char.IsControl(delimiter) && delimiter != '\t'))
            throw new ArgumentException("The delimiter must be a tab or a printable ASCII character other than a quote.", nameof(delimiter));

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

        for (int column = 0; column < Names.Count; column++)
        {
            if (!string.IsNullOrWhiteSpace(Names[column]) && !_columns.TryAdd(Names[column], column))
            {
                int count = Names.Count(name => name == Names[column]);
                throw new InvalidDataException($"{source}: {count} columns are called '{QuotedText.Of(Names[column])}'.");
            }
        }
    }

    public string Source { get; }

    /// <summary>The columns' names, all different but for columns that have none.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What seems to separate cells where the header is a single name that holds another usual delimiter; else null.</summary>
    public string? OtherDelimiter =>
        Names.Count > 1 ? null
        : Names[0].Contains(';') ? "semicolons"
        : Names[0].Contains('\t') ? "tabs"
        : Names[0].Contains(',') ? "commas"
        : null;

    public void Dispose() => _rows.Dispose();

    /// <summary>
    /// An upper bound of the number of rows, the header included. It is exact where quotes are in place and no line holds blanks alone.
    /// </summary>
    public static long CountRows(TextReader text)
    {
        char[] buffer = new char[1 << 15];
        long rows = 0;
        bool inQuotes = false, inRow = false;
        while (text.Read(buffer) is > 0 and int length)
        {
            ReadOnlySpan<char> rest = buffer.AsSpan(0, length);
            while (!rest.IsEmpty)
            {
                int end = rest.IndexOfAny('"', '\r', '\n');
                inRow |= end != 0;
                if (end < 0)
                    break;

                if (rest[end] == '"')
                {
                    inQuotes = !inQuotes;
                    inRow = true;
                }
                else if (!inQuotes && inRow)
                {
                    rows++;
                    inRow = false;
                }

                rest = rest[(end + 1)..];
            }
        }

        return inRow ? rows + 1 : rows;
    }

    /// <summary>The index of a column, by its exact name.</summary>
    public int Column(string name) => _columns.TryGetValue(name, out int column)
        ? column
        : throw new InvalidDataException(
            $"{Source}: there is no column '{QuotedText.Of(name)}'. There are {QuotedText.List(Names)}."
            + (OtherDelimiter is null ? "" : $" Its cells seem to be separated by {OtherDelimiter}: give them as delimiter."));

    /// <summary>All columns but some, each of which needs a name.</summary>
    public int[] ColumnsBut(int? first, int? second)
    {
        int[] columns = [.. Enumerable.Range(0, Names.Count).Where(column => column != first && column != second)];
        if (Array.FindIndex(columns, IsUnnamed) is >= 0 and int unnamed)
        {
            string name = Names[columns[unnamed]].Length == 0 ? "no name" : $"no name but '{QuotedText.Of(Names[columns[unnamed]])}'";
            throw new InvalidDataException(
                $"{Source}: column {columns[unnamed] + 1} has {name}, like an index that pandas wrote. Write the file without it, by " +
                "to_csv(index=False), or choose the input columns with features.");
        }

        return columns;
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

    /// <summary>The text of a cell of the present row; an empty one is an error, and one whose letters were lost.</summary>
    public string Text(int column)
    {
        string text = _rows.GetString(column);
        if (text.Length == 0)
            throw Error(column, "the cell is empty.");
        if (text.Contains('\uFFFD'))
            throw Error(column, $"'{QuotedText.Of(text)}' holds U+FFFD, in place of letters that were lost when bytes were read in the wrong encoding.");

        return text;
    }

    /// <summary>The bytes of a cell of the present row, in UTF-8; empty for an empty one.</summary>
    public ReadOnlySpan<byte> Cell(int column) => _rows.GetSpan(column);

    /// <summary>The finite number in a cell of the present row.</summary>
    public float Number(int column) => Number(column, _rows.GetSpan(column), out _);

    /// <summary>The finite number in a cell of the present row, which also is the next cell of a check.</summary>
    public float Number(int column, ResolutionCheck check)
    {
        ReadOnlySpan<byte> cell = _rows.GetSpan(column);
        float value = Number(column, cell, out double number);
        check.Add(cell, number, value);
        return value;
    }

    /// <summary>The weight in a cell of the present row: a finite number of at least 0.</summary>
    public float Weight(int column)
    {
        float value = Number(column);
        return value >= 0 ? value : throw Error(column, $"the weight '{Quote(column)}' is negative.");
    }

    /// <summary>An error in a cell of the present row.</summary>
    public InvalidDataException Error(int column, string problem) => new($"{Place(LineOf(column), column)}: {problem}");

    /// <summary>An error in the present row.</summary>
    public InvalidDataException RowError(string problem) => Error(_rows.LineNumber, problem);

    /// <summary>An error in a column.</summary>
    public InvalidDataException ColumnError(int column, string problem) => new($"{Place(null, column)}: {problem}");

    /// <summary>The finite number in a cell of the present row, in single precision and in double.</summary>
    private float Number(int column, ReadOnlySpan<byte> cell, out double number)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

        // A number needs no string; only errors make one. The parser takes NUL behind a number for its end.
        cell = cell.Trim((byte)' ');
        if (!double.TryParse(cell, Style, CultureInfo.InvariantCulture, out number) || cell[^1] == 0)
            throw Error(column, cell.IsEmpty && _rows.IsEmpty(column) ? "the cell is empty." : $"'{Quote(column)}' is not a number.");

        // Rounding to double and then to single differs from rounding once only at doubles halfway between two singles.
        float value = (float)number;
        if (value != number && (BitConverter.DoubleToUInt64Bits(number) & 0xFFF_FFFF) == 0)
            value = float.Parse(cell, Style, CultureInfo.InvariantCulture);
        if (!float.IsFinite(value))
            throw Error(column, $"'{Quote(column)}' is not a finite number.");

        return value;
    }

    private string Quote(int column) => QuotedText.Of(_rows.GetString(column));

    /// <summary>Whether a column has no name, or the one that pandas gives to a column without.</summary>
    private bool IsUnnamed(int column) =>
        string.IsNullOrWhiteSpace(Names[column]) || Names[column].StartsWith("Unnamed: ", StringComparison.Ordinal);

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

    private string Place(long? line, int column) =>
        $"{Source}{(line is null ? "" : $", line {line}")}, column {column + 1} ('{QuotedText.Of(Names[column])}')";

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
