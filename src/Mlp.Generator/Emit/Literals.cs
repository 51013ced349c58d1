using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace Mlp.Generator.Emit;

/// <summary>Numbers as C#: the one way that they enter generated text, whatever the culture and the host.</summary>
internal static class Literals
{
    /// <summary>The shortest literal that reads back as exactly <paramref name="value"/>: <c>0.1f</c>, not <c>0.100000001f</c>.</summary>
    public static string Of(float value)
    {
        if (float.IsNaN(value))
        {
            return "float.NaN";
        }

        if (float.IsInfinity(value))
        {
            return value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        }

        string text = "";
        for (int digits = 6; digits <= 9 && !ReadsBack(text, value); digits++)
        {
            text = value.ToString("G" + Of(digits), CultureInfo.InvariantCulture);
        }

        return text + "f";
    }

    /// <summary>Text as a literal.</summary>
    public static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>With thousands separated, for texts that people read: <c>266,610</c>.</summary>
    public static string Grouped(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number in comments: <c>0.5</c>. A decimal writes the same digits on every host, and what is beyond its reach a float does.</summary>
    public static string Short(double value) => value == 0 || Math.Abs(value) is >= 1e-9 and <= 1e15
        ? ((decimal)value).ToString(CultureInfo.InvariantCulture)
        : Of((float)value).TrimEnd('f');

    private static bool ReadsBack(string text, float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float back) && back.Equals(value);
}
