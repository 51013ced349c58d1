using System.Globalization;

namespace Mlp.Build;

/// <summary>What a build finds out about an <c>MlpWeights</c> item, as a text that the compiler hands to the generator.</summary>
/// <param name="Name">The item's name, with <c>/</c> between folders.</param>
/// <param name="Count">How many items have this name.</param>
/// <param name="Verdict">Whether the file can be read and is whole.</param>
/// <param name="Problem">What is wrong with it; empty for a sound file.</param>
/// <param name="Header">The header's JSON; empty where the file is not sound.</param>
internal sealed record WeightsReport(string Name, int Count, WeightsVerdict Verdict, string Problem, string Header)
{
    /// <summary>How the files of such texts end.</summary>
    public const string Extension = ".mlpweights";

    private const string Mark = "MlpGen weights 1";

    private const int LineCount = 7;

    private static readonly char[] LineEnd = ['\n'];

    /// <summary>A name as reports have it.</summary>
    public static string NameOf(string item) => item.Replace('\\', '/');

    /// <summary>The text.</summary>
    /// <param name="stamp">What the report was made of, in one line. It changes with the file, so that the compiler runs again.</param>
    public string ToText(string stamp) => string.Join("\n", Mark, stamp, Name, Count.ToString(CultureInfo.InvariantCulture), Verdict, OneLine(Problem), Header);

    /// <summary>The stamp of a text; null where it is no report.</summary>
    public static string? StampOf(string text) => Lines(text) is { Length: LineCount } lines ? lines[1] : null;

    /// <summary>Reads a text; null where it is no report.</summary>
    public static WeightsReport? Parse(string text) =>
        Lines(text) is { Length: LineCount } lines && lines[0] == Mark
        && int.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        && Enum.TryParse(lines[4], out WeightsVerdict verdict)
            ? new(lines[2], count, verdict, lines[5], lines[6])
            : null;

    private static string[] Lines(string text) => text.Split(LineEnd, LineCount);

    private static string OneLine(string text) => text.Replace('\r', ' ').Replace('\n', ' ');
}

/// <summary>What is to be said about a file before it is compared with a network.</summary>
internal enum WeightsVerdict
{
    /// <summary>Nothing.</summary>
    Sound,

    /// <summary>It cannot be read, or is no safetensors file that holds a network.</summary>
    Unreadable,

    /// <summary>Its digest is not that of its contents.</summary>
    Damaged,
}
