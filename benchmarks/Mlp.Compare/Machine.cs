using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Mlp.Compare;

/// <summary>What the results were measured on.</summary>
internal static partial class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";
    private const string LoadFile = "/proc/loadavg";

    /// <summary>The processor as it calls itself, with family and model where the name alone says little.</summary>
    public static string Processor { get; } = Field("model name") is string name
        ? $"{name} (family {Field("cpu family")}, model {Field("model")})"
        : RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>The processor's name as that of a folder.</summary>
    public static string Slug { get; } =
        OtherThanWord().Replace(Field("model name") ?? RuntimeInformation.ProcessArchitecture.ToString(), "-").Trim('-').ToLowerInvariant();

    public static string System { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors");

    /// <summary>How many programs wanted a processor in the last minute, on average; null where the system does not say.</summary>
    public static string? ReadLoad() => File.Exists(LoadFile) ? File.ReadAllText(LoadFile).Split(' ')[0] : null;

    private static string? Field(string name) => File.Exists(ProcessorFile)
        ? File.ReadLines(ProcessorFile).Select(line => line.Split(':', 2)).FirstOrDefault(pair => pair[0].Trim() == name)?[1].Trim()
        : null;

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex OtherThanWord();
}
