using System.Text;

namespace Mlp.Generator.Emit;

/// <summary>Text of many items in lines that a reader sees whole.</summary>
internal static class TextLines
{
    /// <summary>Columns of a line from where its block begins: 160 in all, for what stands in a method of a nested type.</summary>
    public const int MostColumns = 148;

    /// <summary>Columns of a line of a class's members.</summary>
    public const int MostColumnsOfMembers = 156;

    /// <summary>Columns of a line outside all blocks.</summary>
    public const int MostColumnsOutside = 160;

    /// <summary>The items behind a beginning, in as many lines as they need.</summary>
    /// <param name="beginning">What the first line begins with.</param>
    /// <param name="separator">What stands between two items; its spaces at the end are left out where a line ends.</param>
    /// <param name="items">The items, each in one line.</param>
    /// <param name="lineBreak">A line feed, and what the next line begins with.</param>
    /// <param name="mostColumns">Columns of a line.</param>
    public static string Join(string beginning, string separator, IEnumerable<string> items, string lineBreak, int mostColumns = MostColumns)
    {
        StringBuilder text = new(beginning);
        int lineStart = 0;
        bool isFirst = true;
        foreach (string item in items)
        {
            if (!isFirst)
            {
                bool fits = text.Length - lineStart + separator.Length + item.Length <= mostColumns;
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
