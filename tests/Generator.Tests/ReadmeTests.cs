using System.Text.RegularExpressions;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests;

/// <summary>What the README shows as a program is one. A comment above each block of C# says what it is: an example, a declaration, or an excerpt of a generated file.</summary>
public partial class ReadmeTests
{
    private const string ConsoleUsings = """
        global using global::System; global using global::System.Collections.Generic; global using global::System.IO; global using global::System.Linq;
        global using global::System.Threading; global using global::System.Threading.Tasks;
        """;

    [Fact]
    public void Examples_CompileClean()
    {
        string[] examples = [.. Blocks("example")];
        Assert.NotEmpty(examples);
        Assert.All(examples, static example =>
        {
            CSharpCompilation compilation = GeneratorHarness.CreateCompilation([example, ConsoleUsings]);
            GeneratorHarness.Run(compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication))).AssertClean();
        });
    }

    [Fact]
    public void Declarations_CompileClean() => Assert.All(Blocks("declaration"), static declaration => GeneratorHarness.Run(declaration).AssertClean());

    [Fact]
    public void Excerpts_StandInTheSnapshots()
    {
        string[] snapshots = [.. Directory.EnumerateFiles(Repository.PathOf("tests", "Generator.Tests", "Snapshots"), "*.verified.cs", SearchOption.AllDirectories)
            .Select(static path => Unindented(File.ReadAllText(path)))];
        Assert.All(Blocks("generated"), excerpt => Assert.Contains(snapshots, snapshot => snapshot.Contains(Unindented(excerpt), StringComparison.Ordinal)));
    }

    [Fact]
    public void EveryBlock_IsChecked() => Assert.Equal(
        Fence().Count(Readme),
        Blocks("example").Count() + Blocks("declaration").Count() + Blocks("generated").Count());

    private static string Readme => File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n");

    private static IEnumerable<string> Blocks(string kind) =>
        Block().Matches(Readme).Where(match => match.Groups["kind"].Value == kind).Select(static match => match.Groups["code"].Value);

    /// <summary>An excerpt may stand further left than in its file.</summary>
    private static string Unindented(string code) => string.Join('\n', code.Split('\n').Select(static line => line.TrimStart())).Trim();

    [GeneratedRegex(@"^```csharp\n", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^<!-- (?<kind>\w+)\b[^\n]*-->\n+```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
