using System.Globalization;
using System.Text;

namespace Mlp;

/// <summary>Text of files as messages quote it.</summary>
internal static class QuotedText
{
    /// <summary>Enough to recognise a cell or a name; what is quoted may be megabytes long.</summary>
    private const int LongestQuote = 200;

    /// <summary>
    /// The text with <c>\uXXXX</c> for what would break or disguise a message (control and format characters, separators of lines and
    /// paragraphs, halves of surrogate pairs), cut to <see cref="LongestQuote"/> characters, of which the last is … then.
    /// </summary>
    public static string Of(string text)
    {
        StringBuilder quoted = new();
        int whole = 0; // Length of what may stay if the rest does not fit.
        for (int at = 0; at < text.Length;)
        {
            bool isRune = Rune.TryGetRuneAt(text, at, out Rune rune);
            int length = isRune ? rune.Utf16SequenceLength : 1;
            ReadOnlySpan<char> part = text.AsSpan(at, length);
            if (isRune && IsPlain(rune))
            {
                quoted.Append(part);
            }
            else
            {
                foreach (char character in part)
                    quoted.Append("\\u").Append(((int)character).ToString("X4", CultureInfo.InvariantCulture));
            }

            if (quoted.Length > LongestQuote)
                return quoted.Remove(whole, quoted.Length - whole).Append('…').ToString();
            if (quoted.Length < LongestQuote)
                whole = quoted.Length;
            at += length;
        }

        return quoted.ToString();
    }

    /// <summary>The texts in quotation marks, separated by commas, all of them cut like one.</summary>
    public static string List(IEnumerable<string> texts)
    {
        StringBuilder list = new();
        foreach (string text in texts)
        {
            list.Append(list.Length > 0 ? ", '" : "'").Append(text).Append('\'');
            if (list.Length > LongestQuote)
                break;
        }

        return Of(list.ToString());
    }

    /// <summary>Whether a text is valid UTF-16: no half of a surrogate pair stands alone.</summary>
    public static bool IsWhole(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && !char.IsSurrogatePair(text, at++))
                return false;
        }

        return true;
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
