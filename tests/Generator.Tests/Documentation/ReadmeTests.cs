using System.Text.RegularExpressions;
using System.Xml.Linq;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Documentation;

/// <summary>
/// Programs in README and guides compile. A comment above each block of C# says what it is: an example, a declaration, the networks of a page's
/// examples, or an excerpt of a generated file.
/// </summary>
public partial class ReadmeTests
{
    internal const string ConsoleUsings = """
        global using global::System; global using global::System.Collections.Generic; global using global::System.IO; global using global::System.Linq;
        global using global::System.Threading; global using global::System.Threading.Tasks;
        """;

    public static TheoryData<string> Pages => ["README.md", "docs/training.md", "docs/files.md", "docs/pictures.md", "docs/generated-code.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Examples_CompileClean(string page)
    {
        // A program in one file names its package in a line that no project takes.
        string[] examples = [.. Blocks(page, "example").Select(static example => PackageLine().Replace(example, ""))];
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            CSharpCompilation compilation = GeneratorHarness.CreateCompilation([example, ConsoleUsings, .. Blocks(page, "networks").Select(static networks => $"using Mlp;\n{networks}")]);
            GeneratorHarness.Run(compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication))).AssertClean();
        });
    }

    [Fact]
    public void TheFirstProgram_TakesThePackageOfThisVersion()
    {
        string version = XElement.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.StartsWith($"#:package MlpGen@{version}\n", Blocks("README.md", "example").First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Declarations_CompileClean() =>
        Assert.All(Blocks("README.md", "declaration"), static declaration => GeneratorHarness.Run(declaration).AssertClean());

    /// <summary>The comment above an excerpt names its file; lines of … stand for what is left out.</summary>
    [Fact]
    public void Excerpts_StandInTheFilesThatTheyName()
    {
        Match[] excerpts = [.. Block().Matches(Text("README.md")).Where(static match => match.Groups["kind"].Value == "generated")];
        Assert.NotEmpty(excerpts);
        Assert.All(excerpts, static excerpt =>
        {
            string snapshot = Path.ChangeExtension(excerpt.Groups["file"].Value, ".verified.cs");
            string path = Assert.Single(Directory.GetFiles(Repository.PathOf("tests", "Generator.Tests", "Snapshots"), snapshot, SearchOption.AllDirectories));
            string file = Unindented(File.ReadAllText(path));
            int end = 0;
            foreach (string part in excerpt.Groups["code"].Value.Split("\n…\n").Select(Unindented))
            {
                int start = file.IndexOf(part, end, StringComparison.Ordinal);
                Assert.True(start >= 0, $"{snapshot} does not hold, or not in this place:\n{part}");
                end = start + part.Length;
            }
        });
    }

    [Fact]
    public void Pictures_AreSmallAndDescribed()
    {
        string[] pictures = [.. Picture().Matches(Text("README.md")).Select(static match => match.Groups["path"].Value)];
        Assert.NotEmpty(pictures);
        Assert.All(pictures, static path =>
        {
            string svg = Text(path);
            Assert.InRange(svg.Length, 1, 60_000);
            XElement root = XElement.Parse(svg);
            Assert.All(["title", "desc"], name => Assert.NotEmpty(root.Element(root.Name.Namespace + name)!.Value));
        });
    }

    [Fact]
    public void Contents_ListEveryPage()
    {
        string contents = Text("docs/README.md");
        Assert.All(Documents(), page => Assert.Contains($"]({Path.GetFileName(page)})", contents, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_LeadToFiles() => Assert.All(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/README.md", .. Documents()], static page =>
        Assert.All(Link().Matches(Text(page)).Select(static match => match.Groups["path"].Value), path =>
            Assert.True(Path.Exists(Path.Combine(Repository.PathOf(page.Split('/')), "..", path)), $"{page}: {path}")));

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryBlock_IsChecked(string page) => Assert.Equal(
        Fence().Count(Text(page)), new[] { "example", "declaration", "generated", "networks" }.Sum(kind => Blocks(page, kind).Count()));

    private static IEnumerable<string> Documents() =>
        Directory.GetFiles(Repository.PathOf("docs"), "*.md").Select(static path => $"docs/{Path.GetFileName(path)}").Where(static page => page != "docs/README.md");

    private static string Text(string page) => File.ReadAllText(Repository.PathOf(page.Split('/'))).ReplaceLineEndings("\n");

    internal static IEnumerable<string> Blocks(string page, string kind) =>
        Block().Matches(Text(page)).Where(match => match.Groups["kind"].Value == kind).Select(static match => match.Groups["code"].Value);

    /// <summary>An excerpt may stand further left than in its file.</summary>
    private static string Unindented(string code) => string.Join('\n', code.Split('\n').Select(static line => line.TrimStart())).Trim();

    [GeneratedRegex(@"^#:package .*\n")]
    private static partial Regex PackageLine();

    [GeneratedRegex(@"^```csharp\n", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^!\[[^\]]+\]\((?<path>[^)]+\.svg)\)$", RegexOptions.Multiline)]
    private static partial Regex Picture();

    [GeneratedRegex(@"\]\((?!https?:|#)(?<path>[^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^<!-- (?<kind>\w+)\b(?: (?<file>\S+\.g\.cs):)?[^\n]*-->\n+```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
