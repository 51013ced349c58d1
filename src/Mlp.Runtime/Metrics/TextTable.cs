using System.Globalization;
using System.Text;

namespace Mlp;

/// <summary>Tables of text in aligned columns, for people to read: texts to the left, numbers to the right.</summary>
internal sealed class TextTable
{
    /// <summary>What stands for a value that is undefined.</summary>
    public const string Undefined = "–";

    private const int LongestName = 30;
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    /// <summary>Begins with a line of headings.</summary>
    public TextTable(params string[] headings) => _rows.Add(headings);

    /// <summary>The columns of texts. Default: the first.</summary>
    public IReadOnlyCollection<int> TextColumns { get; init; } = [0];

    /// <summary>Adds a row, or an empty line where it has no cells.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>A name as a cell shows it: no control characters, and not too long.</summary>
    public static string Name(string name)
    {
        string plain = QuotedText.Of(name);
        return plain.Length <= LongestName ? plain
            : $"{plain[..(char.IsHighSurrogate(plain[LongestName - 2]) ? LongestName - 2 : LongestName - 1)]}…";
    }

    /// <summary>A share such as a precision, with three decimals.</summary>
    public static string Share(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? Undefined;

    /// <summary>A number of any size, with five digits.</summary>
    public static string Number(double? value) => value?.ToString("G5", CultureInfo.InvariantCulture) ?? Undefined;

    /// <summary>A sum of weights, which is a number of rows where all have weight 1.</summary>
    public static string Weight(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The lines, each ended by a line feed.</summary>
    public override string ToString()
    {
        int columns = _rows.Max(static row => row.Length);
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => _rows.Max(row => column < row.Length ? row[column].Length : 0))];
        StringBuilder text = new();
        foreach (string[] row in _rows)
        {
            StringBuilder line = new();
            for (int column = 0; column < row.Length; column++)
            {
                line.Append(column == 0 ? "" : Gap).Append(TextColumns.Contains(column) ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
