namespace Generator.Tests.Infrastructure;

/// <summary>
/// Compares texts with those kept under <c>Snapshots/</c>, in the file convention of Verify: <c>*.verified.cs</c> or <c>*.verified.txt</c> is what was
/// accepted, <c>*.received.*</c> what a failing test found. <c>MLPGEN_ACCEPT_SNAPSHOTS=1</c> accepts whatever comes.
/// </summary>
internal static class Snapshot
{
    private const string Verified = ".verified";
    private const string Received = ".received";

    public static readonly bool Accept = Environment.GetEnvironmentVariable("MLPGEN_ACCEPT_SNAPSHOTS") == "1";

    /// <summary>Fails where a file is new, differs or is no longer there.</summary>
    /// <param name="name">Name of the folder.</param>
    /// <param name="files">Texts by hint name, or by another file name.</param>
    public static void Verify(string name, IEnumerable<KeyValuePair<string, string>> files)
    {
        string folder = Repository.PathOf("tests", "Generator.Tests", "Snapshots", name);
        Directory.CreateDirectory(folder);
        HashSet<string> gone = [.. Directory.GetFiles(folder, $"*{Verified}.*")];
        List<string> problems = [];
        foreach ((string hintName, string text) in files)
        {
            string path = Path.Combine(folder, Path.GetFileNameWithoutExtension(hintName));
            string extension = Path.GetExtension(hintName);
            string verified = path + Verified + extension;
            string received = path + Received + extension;
            gone.Remove(verified);
            File.Delete(received);
            string? accepted = File.Exists(verified) ? File.ReadAllText(verified) : null;
            if (accepted == text)
            {
                continue;
            }

            File.WriteAllText(Accept ? verified : received, text);
            problems.Add(accepted is null ? $"{hintName} has no snapshot yet." : $"{hintName}: {FirstDifference(accepted, text)}");
        }

        foreach (string path in gone)
        {
            problems.Add($"{Path.GetFileName(path)} is no longer generated.");
            if (Accept)
            {
                File.Delete(path);
            }
        }

        Assert.True(
            Accept || problems.Count == 0,
            $"{string.Join("\n", problems)}\nRead the .received files in {folder}; MLPGEN_ACCEPT_SNAPSHOTS=1 accepts them.");
    }

    private static string FirstDifference(string accepted, string text)
    {
        string[] before = accepted.Split('\n');
        string[] now = text.Split('\n');
        int line = before.Zip(now).TakeWhile(static pair => pair.First == pair.Second).Count();
        return $"line {line + 1} was '{before.ElementAtOrDefault(line)}' and is '{now.ElementAtOrDefault(line)}'.";
    }
}
