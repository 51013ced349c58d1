using System.Globalization;
using System.Numerics;

namespace Mlp;

/// <summary>Numbers the classes of a column. Whole numbers are one class however they are written: 1, 1.0, 01, +1, 1e0.</summary>
/// <param name="names">The classes by label, all different; default: those that are found.</param>
internal sealed class CsvClasses(IReadOnlyList<string>? names)
{
    private readonly Dictionary<string, int> _known = names is null ? [] : Known(names);

    /// <summary>The number of each text that was seen: a label if the names were given, otherwise counted as they are found.</summary>
    private readonly Dictionary<string, int> _seen = [];

    /// <summary>What says that two names are one class, or <see langword="null"/>.</summary>
    public static string? FindRepeated(IReadOnlyList<string> names)
    {
        Dictionary<string, string> first = [];
        foreach (string name in names)
        {
            string key = WholeNumber(name) ?? name;
            if (!first.TryAdd(key, name))
                return first[key] == name ? $"'{QuotedText.Of(name)}' appears twice" : $"{QuotedText.List([first[key], name])} are one class";
        }

        return null;
    }

    /// <summary>The class in a cell of the present row.</summary>
    /// <returns>A number that <see cref="Finish"/> makes a label.</returns>
    public int Add(CsvTable table, int column)
    {
        string text = table.Text(column);
        if (_seen.TryGetValue(text, out int number))
            return number;

        number = _seen.Count;
        if (names is not null && !_known.TryGetValue(WholeNumber(text) ?? text, out number))
        {
            throw table.Error(
                column, $"the class '{QuotedText.Of(text)}' is none of the {names.Count} classes asked for, {QuotedText.List(names)}.");
        }

        _seen.Add(text, number);
        return number;
    }

    /// <summary>Makes labels of numbers.</summary>
    /// <returns>The names by label.</returns>
    public IReadOnlyList<string> Finish(Span<int> numbers)
    {
        if (names is not null)
            return names;

        (int[] labelOf, string[] found) = Order([.. _seen.OrderBy(static pair => pair.Value).Select(static pair => pair.Key)]);
        foreach (ref int number in numbers)
            number = labelOf[number];
        return found;
    }

    private static Dictionary<string, int> Known(IReadOnlyList<string> names)
    {
        Dictionary<string, int> known = [];
        for (int label = 0; label < names.Count; label++)
            known.Add(WholeNumber(names[label]) ?? names[label], label);
        return known;
    }

    /// <summary>
    /// Orders classes by value if all are whole numbers, else by name. Classes that are all whole numbers are named by plain digits. Beside other
    /// texts, a whole number that is written in one way alone keeps its text: codes such as 01 and 1A stay what they are.
    /// </summary>
    /// <param name="texts">Different texts, in the order in which they were found.</param>
    /// <returns>The label of each text, and the names by label.</returns>
    private static (int[] LabelOf, string[] Names) Order(string[] texts)
    {
        string?[] whole = [.. texts.Select(WholeNumber)];
        bool allWhole = !whole.Contains(null);
        Dictionary<string, int> ways = [];
        foreach (string number in whole.OfType<string>())
            ways[number] = ways.GetValueOrDefault(number) + 1;

        string[] nameOf = [.. texts.Select((text, i) => whole[i] is { } number && (allWhole || ways[number] > 1) ? number : text)];
        IEnumerable<string> different = nameOf.Distinct();
        string[] names = allWhole
            ? [.. different.OrderBy(static name => BigInteger.Parse(name, CultureInfo.InvariantCulture))]
            : [.. different.Order(StringComparer.Ordinal)];

        Dictionary<string, int> labels = names.Select((name, label) => (name, label)).ToDictionary(static pair => pair.name, static pair => pair.label);
        return ([.. nameOf.Select(name => labels[name])], names);
    }

    /// <summary>The plain digits of a whole number, or <see langword="null"/> for any other text.</summary>
    private static string? WholeNumber(string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(text, Style, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value) || text[^1] == '\0')
            return null;

        int end = text.AsSpan().IndexOfAny('e', 'E');
        string digits = (end < 0 ? text : text[..end]).TrimStart('+', '-');
        long exponent = 0;
        if (end >= 0 && !long.TryParse(text.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return null;

        int point = digits.IndexOf('.');
        if (point >= 0)
        {
            exponent -= digits.Length - point - 1;
            digits = digits.Remove(point, 1);
        }

        string significant = digits.TrimEnd('0');
        exponent += digits.Length - significant.Length;
        significant = significant.TrimStart('0');
        if (significant.Length == 0)
            return "0";

        // A finite number has no more zeros than double precision.
        return exponent < 0 ? null : $"{(text[0] == '-' ? "-" : "")}{significant}{new string('0', (int)exponent)}";
    }
}
