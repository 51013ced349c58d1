using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Mlp.Build;

/// <summary>
/// Checks the files of <c>MlpWeights</c> items and writes a text about each for the generator, which reports what is wrong where the class asks for them.
/// </summary>
/// <remarks>It never fails a build by itself: builds that editors run to know a project's files go on, and mistakes are shown where they can be mended.</remarks>
public sealed class ReadWeights : Microsoft.Build.Utilities.Task
{
    /// <summary>The items.</summary>
    [Required]
    public ITaskItem[] Weights { get; set; } = [];

    /// <summary>The folder of the texts.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>What the names of weights begin with among the assembly's resources.</summary>
    [Required]
    public string ResourcePrefix { get; set; } = "";

    /// <summary>The texts, one a name.</summary>
    [Output]
    public ITaskItem[] Reports { get; private set; } = [];

    /// <summary>The sound files, one a name, to be embedded.</summary>
    [Output]
    public ITaskItem[] Resources { get; private set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        List<ITaskItem> reports = [];
        List<ITaskItem> resources = [];
        Directory.CreateDirectory(Folder);
        foreach (IGrouping<string, ITaskItem> alike in Weights.GroupBy(static item => WeightsReport.NameOf(item.ItemSpec), StringComparer.Ordinal))
        {
            ITaskItem first = alike.First();
            string path = first.GetMetadata("FullPath");
            (string text, WeightsReport report) = Report(alike.Key, alike.Count(), path);
            reports.Add(new TaskItem(text));
            if (report.Verdict == WeightsVerdict.Sound)
            {
                TaskItem resource = new(path);
                resource.SetMetadata("LogicalName", ResourcePrefix + alike.Key);
                resource.SetMetadata("Type", "Non-Resx");
                resource.SetMetadata("WithCulture", "false");
                resources.Add(resource);
            }
        }

        Reports = [.. reports];
        Resources = [.. resources];
        return true;
    }

    /// <summary>The text about a file, read anew where length or time of the file are others than those that the text was made of.</summary>
    private (string Path, WeightsReport Report) Report(string name, int count, string path)
    {
        string text = Path.Combine(Folder, FileNameOf(name));
        FileInfo file = new(path);
        string stamp = file.Exists ? FormattableString.Invariant($"{count} {file.Length} {file.LastWriteTimeUtc.Ticks} {path}") : "";
        string? old = File.Exists(text) ? File.ReadAllText(text) : null;
        if (old is not null && stamp.Length > 0 && WeightsReport.StampOf(old) == stamp && WeightsReport.Parse(old) is { } known)
        {
            return (text, known);
        }

        (WeightsVerdict verdict, string problem, string header) = WeightsFile.Read(path);
        WeightsReport report = new(name, count, verdict, problem, header);
        string written = report.ToText(stamp);
        if (written != old)
        {
            File.WriteAllText(text, written);
        }

        return (text, report);
    }

    /// <summary>A file's name that differs for names that differ, whatever they hold and however file systems compare them.</summary>
    private static string FileNameOf(string name)
    {
        using SHA256 hash = SHA256.Create();
        byte[] digest = hash.ComputeHash(Encoding.UTF8.GetBytes(name));
        return string.Concat(digest.Take(8).Select(static value => value.ToString("x2", CultureInfo.InvariantCulture))) + WeightsReport.Extension;
    }
}
