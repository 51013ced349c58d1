using System.Text;

namespace Mlp.Generator.Emit;

/// <summary>Text of many items in lines that a reader sees whole.</summary>
internal static class TextLines
{
    /// <summary>Columns of a line from where its block begins: 160 in all, for what stands twice or thrice indented.</summary>
    public const int MostColumns = 148;

    /// <summary>The items behind a beginning, in as many lines as they need.</summary>
    /// <param name="beginning">What the first line begins with.</param>
    /// <param name="separator">What stands between two items; its spaces at the end are left out where a line ends.</param>
    /// <param name="items">The items, each in one line.</param>
    /// <param name="lineBreak">A line feed, and what the next line begins with.</param>
    public static string Join(string beginning, string separator, IEnumerable<string> items, string lineBreak)
    {
        StringBuilder text = new(beginning);
        int lineStart = 0;
        bool isFirst = true;
        foreach (string item in items)
        {
            if (!isFirst)
            {
                bool fits = text.Length - lineStart + separator.Length + item.Length <= MostColumns;
                text.Append(fits ? separator : separator.TrimEnd());
                if (!fits)
                {
                    lineStart = text.Length + 1;
                    text.Append(lineBreak);
                }
            }

            text.Append(item);
            isFirst = false;
        }

        return text.ToString();
    }
}
