using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Mlp;

/// <summary>Reads comma-separated text row by row, by named columns; everything wrong is an error with its place.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly CsvParser _parser;
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
        if (delimiter is '"' or '\r' or '\n')
            throw new ArgumentException("The delimiter cannot be a quote or a line end.", nameof(delimiter));

        Source = source;
        _parser = new CsvParser(
            reader,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                Delimiter = delimiter.ToString(),
                TrimOptions = TrimOptions.Trim,
                WhiteSpaceChars = [.. " \t".Where(blank => blank != delimiter)],
                BadDataFound = bad => throw Error(LineOf(bad.Field), "a quote is unclosed, or inside an unquoted cell."),
            },
            leaveOpen: true);

        if (!_parser.Read())
            throw new InvalidDataException($"{source}: the file is empty.");

        _atFirstRow = !hasHeader;
        Names = hasHeader
            ? [.. Cells()]
            : [.. Enumerable.Range(1, _parser.Count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

        if (Names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw new InvalidDataException($"{source}: {repeated.Count()} columns are called '{repeated.Key}'.");
    }

    public string Source { get; }

    /// <summary>The columns' names, all different.</summary>
    public IReadOnlyList<string> Names { get; }

    public void Dispose() => _parser.Dispose();

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
        if (!_atFirstRow && !_parser.Read())
            return _anyRow ? false : throw new InvalidDataException($"{Source}: there are no rows below the header.");

        _atFirstRow = false;
        _anyRow = true;
        if (_parser.Count != Names.Count)
        {
            // An unclosed quote swallows the rows that follow; reading the cells reports it as what it is.
            string[] cells = [.. Cells()];
            throw Error(LineOf(cells), $"{cells.Length} cells where there are {Names.Count} columns.");
        }

        return true;
    }

    /// <summary>The text of a cell of the present row; an empty one is an error.</summary>
    public string Text(int column)
    {
        string text = _parser[column];
        return text.Length > 0 ? text : throw Error(column, "the cell is empty.");
    }

    /// <summary>The finite number in a cell of the present row.</summary>
    public float Number(int column)
    {
        string text = Text(column);
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
            throw Error(column, $"'{text}' is not a number.");
        if (!float.IsFinite(value))
            throw Error(column, $"'{text}' is not a finite number.");

        return value;
    }

    private IEnumerable<string> Cells() => Enumerable.Range(0, _parser.Count).Select(column => _parser[column]);

    private InvalidDataException Error(int column, string problem) =>
        new($"{Source}, line {LineOf([.. Cells().Skip(column)])}, column {column + 1} ('{Names[column]}'): {problem}");

    private InvalidDataException Error(long line, string problem) => new($"{Source}, line {line}: {problem}");

    /// <summary>
    /// The line on which the first of the row's last cells begins: quoted cells may hold line ends, and the parser counts to the last.
    /// </summary>
    private long LineOf(params ReadOnlySpan<string> lastCells)
    {
        long line = _parser.RawRow;
        foreach (string cell in lastCells)
            line -= cell.ReplaceLineEndings("\n").Count(character => character == '\n');

        return line;
    }
}
