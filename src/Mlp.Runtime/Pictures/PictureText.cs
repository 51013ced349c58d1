using System.Globalization;
using System.Text;

namespace Mlp;

/// <summary>Text of pictures and pages: names of any kind made safe, and numbers for reading.</summary>
internal static class PictureText
{
    private const string NoName = "(no name)";

    /// <summary>
    /// The text as content of an element or attribute of XML and HTML. Control characters, and those that reverse the direction of what follows, are
    /// replaced by U+FFFD, as are halves of surrogate pairs; blanks of any kind are blanks.
    /// </summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ when IsBlank(rune) => escaped.Append(' '),
                _ when IsUnsafe(rune) => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    /// <summary>A name as it is shown: something to see, even where it is empty.</summary>
    public static string Name(string name) => name.EnumerateRunes().All(IsBlank) ? NoName : name;

    /// <summary>The names of classes: those that are known, or their numbers.</summary>
    public static string[] Names(IReadOnlyList<string>? names, int count) =>
        [.. Enumerable.Range(0, count).Select(index => names is null ? Count(index) : Name(names[index]))];

    /// <summary>An estimate of a text's width that is rather too large than too small, since every machine has other fonts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">Size of the font.</param>
    public static double Width(string text, double size) => size * text.EnumerateRunes().Sum(Width);

    /// <summary>The text, or as much of its beginning as fits, and …</summary>
    public static string Shorten(string text, double width, double size)
    {
        if (Width(text, size) <= width)
        {
            return text;
        }

        StringBuilder beginning = new();
        double left = (width / size) - 1;
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= Width(rune);
            if (left < 0)
            {
                break;
            }

            beginning.Append(rune.ToString());
        }

        return beginning.ToString().TrimEnd() + "…";
    }

    /// <summary>A number with four significant digits: <c>0.01234</c>, <c>−1.5</c>, <c>2.5e−7</c>.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
        }

        double magnitude = Math.Abs(value);
        if (magnitude is 0 or (>= 1e-4 and < 1e6))
        {
            int decimals = magnitude switch { 0 => 0, >= 1000 => 0, >= 100 => 1, >= 10 => 2, >= 1 => 3, >= 0.1 => 4, >= 0.01 => 5, >= 0.001 => 6, _ => 7 };
            string text = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            return WithMinus(text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text);
        }

        return WithMinus(value.ToString("0.###e0", CultureInfo.InvariantCulture));
    }

    /// <summary>A count, with a comma between thousands from 10,000 on.</summary>
    public static string Count(long value) => value.ToString(Math.Abs(value) < 10_000 ? "0" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>A sum of weights: a count where all of them are 1.</summary>
    public static string Weight(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? Count((long)value) : Number(value);

    /// <summary>A share as a percentage with one decimal.</summary>
    public static string Percent(double share) =>
        double.IsFinite(share) ? WithMinus((100 * share).ToString("F1", CultureInfo.InvariantCulture)) + " %" : Number(share);

    /// <summary>A count with its noun: <c>1 row</c>, <c>12 rows</c>.</summary>
    public static string Counted(long value, string noun, string? nouns = null) => $"{Count(value)} {(value == 1 ? noun : nouns ?? noun + "s")}";

    /// <summary>The same with a minus sign, which is as wide as a plus and read aloud.</summary>
    public static string WithMinus(string number) => number.Replace('-', '−');

    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune);

    /// <summary>What XML forbids or editors do not show, and what would disguise the text behind it.</summary>
    private static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C or 0xFEFF
        || (rune.Value & 0xFFFE) == 0xFFFE;

    private static double Width(Rune rune)
    {
        const double Narrow = 0.36, Usual = 0.62, Upper = 0.74, Wide = 1;
        return rune.Value switch
        {
            'i' or 'j' or 'l' or 'I' or 'f' or 't' or 'r' or '.' or ',' or ':' or ';' or '!' or '|' or '\'' or '(' or ')' or '[' or ']' or ' ' or '·' => Narrow,
            'm' or 'w' or 'M' or 'W' or '@' or '%' => Wide,
            >= 0x1100 => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark ? 0 : rune.Value is >= 0x2000 and < 0x2E80 ? Usual : Wide,
            _ => Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
                UnicodeCategory.UppercaseLetter => Upper,
                _ => Usual,
            },
        };
    }
}
