using System.Text;

namespace Mlp.Generator.Emit;

/// <summary>Text of many items in lines that a reader sees whole.</summary>
internal static class TextLines
{
    /// <summary>Joins the items, and breaks the line behind a separator where the next item would end beyond the given columns.</summary>
    public static string Join(string separator, IEnumerable<string> items, int columns, string lineBreak)
    {
        StringBuilder text = new();
        int start = 0;
        foreach (string item in items)
        {
            if (text.Length > 0)
            {
                text.Append(separator);
                if (text.Length - start + item.Length > columns)
                {
                    text.Length -= separator.Length - separator.TrimEnd().Length;
                    text.Append(lineBreak);
                    start = text.Length - (lineBreak.Length - lineBreak.LastIndexOf('\n') - 1);
                }
            }

            text.Append(item);
        }

        return text.ToString();
    }
}
