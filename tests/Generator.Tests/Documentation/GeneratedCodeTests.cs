using System.Text.RegularExpressions;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Documentation;

/// <summary>
/// The page that leads through generated code shows the code that is generated: a comment above each block names a snapshot and the first and the last line
/// of an excerpt from it, and <c>MLPGEN_ACCEPT_SNAPSHOTS=1</c> rewrites the blocks.
/// </summary>
public partial class GeneratedCodeTests
{
    private static readonly string Page = Repository.PathOf("docs", "generated-code.md");

    [Fact]
    public void Blocks_AreExcerptsOfTheSnapshots()
    {
        string page = File.ReadAllText(Page).ReplaceLineEndings("\n");
        Assert.InRange(Block().Count(page), 8, 20);
        string rewritten = Block().Replace(page, static block =>
            $"{block.Groups["head"].Value}{Excerpt(block.Groups["file"].Value, block.Groups["first"].Value, block.Groups["last"].Value)}```\n");
        if (Snapshot.Accept && rewritten != page)
        {
            File.WriteAllText(Page, rewritten);
        }

        Assert.True(Snapshot.Accept || rewritten == page, $"{Page} shows other code than the snapshots; MLPGEN_ACCEPT_SNAPSHOTS=1 rewrites it. It would be:\n{rewritten}");
    }

    /// <summary>
    /// The lines from the first that begins with a text to the next that begins with another, as far to the left as they go. A brace is the one that closes
    /// what the first line belongs to.
    /// </summary>
    private static string Excerpt(string file, string first, string last)
    {
        string path = Assert.Single(Directory.GetFiles(
            Repository.PathOf("tests", "Generator.Tests", "Snapshots"), Path.ChangeExtension(file, ".verified.cs"), SearchOption.AllDirectories));
        string[] lines = File.ReadAllLines(path);
        int start = Array.FindIndex(lines, line => line.TrimStart().StartsWith(first, StringComparison.Ordinal));
        Assert.True(start >= 0, $"{file} has no line that begins with '{first}'.");
        int indentation = lines[start].Length - lines[start].TrimStart().Length;
        string wanted = last == "}" ? new string(' ', indentation) + last : last;
        int end = Array.FindIndex(lines, start, line => (last == "}" ? line : line.TrimStart()).StartsWith(wanted, StringComparison.Ordinal));
        Assert.True(end >= 0, $"{file} has no line that begins with '{last}' behind the one that begins with '{first}'.");
        return string.Concat(lines[start..(end + 1)].Select(line => $"{(line.Length == 0 ? line : line[indentation..])}\n"));
    }

    [GeneratedRegex("""^(?<head><!-- generated (?<file>\S+\.g\.cs): from "(?<first>[^"]+)" to "(?<last>[^"]+)" -->\n```csharp\n)(?<code>.*?)^```\n""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
