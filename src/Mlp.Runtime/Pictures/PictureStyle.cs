using System.Text;

namespace Mlp;

/// <summary>
/// The style sheet of all pictures: light, and dark where the reader's system is. It is the same for each of them, so that several in one page do not
/// disturb each other.
/// </summary>
/// <remarks>
/// Series have the hues of Okabe and Ito (2008), which people with any kind of colour vision tell apart; some are darker or lighter than there, for a
/// contrast of 3 with the paper. Dashes and shapes repeat what colours say.
/// </remarks>
internal static class PictureStyle
{
    /// <summary>Number of colours of series.</summary>
    public const int Colours = 8;

    /// <summary>Number of ways to dash a line.</summary>
    public const int Dashes = 5;

    /// <summary>Number of classes <c>o1</c>, <c>o2</c>, … of opacity.</summary>
    public const int Opacities = 10;

    /// <summary>What the fullest class of opacity covers: text on it stays readable.</summary>
    private const int FullestPercent = 55;

    private static readonly (string Light, string Dark)[] Series =
    [
        ("#0072b2", "#56b4e9"), // Blue.
        ("#d55e00", "#f0803c"), // Vermilion.
        ("#008a65", "#2bc79a"), // Bluish green.
        ("#c870a8", "#e39bc4"), // Reddish purple.
        ("#ad7700", "#e69f00"), // Orange.
        ("#4d4d4d", "#bdbdbd"), // In place of black.
        ("#2f87bd", "#a5d8f5"), // Sky blue.
        ("#7f7500", "#f0e442"), // Yellow.
    ];

    private static readonly string[] DashPatterns = ["7 4", "2 3", "10 3 2 3", "4 2"];

    /// <summary>The rules, one a line; all of them count within elements of the class <c>mlp</c> alone.</summary>
    public static string Sheet { get; } = Write();

    /// <summary>Classes of the line of a series.</summary>
    public static string Line(int series) => series % Dashes == 0 ? $"line {Colour(series)}" : $"line {Colour(series)} dash{Digit(series % Dashes)}";

    /// <summary>The class of a series' colour.</summary>
    public static string Colour(int series) => "c" + Digit(series % Colours);

    /// <summary>The class of an opacity: 0 for nothing, up to 1 for the fullest.</summary>
    public static string Opacity(double share) => "o" + PictureText.Count(Math.Clamp((int)Math.Ceiling(share * Opacities), 1, Opacities));

    private static char Digit(int digit) => (char)('0' + digit);

    private static string Write()
    {
        StringBuilder sheet = new();
        sheet.Append(
            """
            .mlp{font:13px system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif}
            .mlp text{fill:#1f2328}
            .mlp .title{font-size:16px;font-weight:600}
            .mlp .small{font-size:12px}
            .mlp .tiny{font-size:10px}
            .mlp .strong{font-weight:600}
            .mlp .muted{fill:#59636e}
            .mlp .middle{text-anchor:middle}
            .mlp .end{text-anchor:end}
            .mlp .paper{fill:#fff}
            .mlp .well{fill:#f3f5f7}
            .mlp .grid{fill:none;stroke:#dfe3e8}
            .mlp .frame{fill:none;stroke:#7d8590}
            .mlp .guide{fill:none;stroke:#59636e;stroke-dasharray:4 3}
            .mlp .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
            .mlp .fill{fill:currentColor}
            .mlp .mark{fill:currentColor;stroke:currentColor}
            .mlp .edge{stroke:currentColor;stroke-opacity:.35;stroke-width:.7}
            .mlp image{image-rendering:pixelated}

            """);
        for (int dash = 1; dash < Dashes; dash++)
        {
            sheet.Append(".mlp .dash").Append(Digit(dash)).Append("{stroke-dasharray:").Append(DashPatterns[dash - 1]).Append("}\n");
        }

        for (int step = 1; step <= Opacities; step++)
        {
            int percent = step * FullestPercent / Opacities;
            sheet.Append(".mlp .o").Append(PictureText.Count(step)).Append("{fill-opacity:.");
            sheet.Append(percent < 10 ? "0" : "").Append(PictureText.Count(percent)).Append("}\n");
        }

        AppendColours(sheet, static pair => pair.Light);
        sheet.Append(
            """
            @media(prefers-color-scheme:dark){
            .mlp text{fill:#e6edf3}
            .mlp .muted{fill:#a3acb6}
            .mlp .paper{fill:#161b22}
            .mlp .well{fill:#0d1117}
            .mlp .grid{stroke:#2b323b}
            .mlp .frame{stroke:#7d8590}
            .mlp .guide{stroke:#a3acb6}

            """);
        AppendColours(sheet, static pair => pair.Dark);
        return sheet.Append('}').ToString().ReplaceLineEndings("\n");
    }

    private static void AppendColours(StringBuilder sheet, Func<(string Light, string Dark), string> choose)
    {
        for (int series = 0; series < Colours; series++)
        {
            sheet.Append(".mlp .c").Append(Digit(series)).Append("{color:").Append(choose(Series[series])).Append("}\n");
        }
    }
}
