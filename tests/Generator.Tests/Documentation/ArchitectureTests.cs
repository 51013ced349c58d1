using System.Text.RegularExpressions;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Documentation;

/// <summary>docs/architecture.md names what is there: files, folders, and members in the file of their row.</summary>
public partial class ArchitectureTests
{
    private static readonly string[] Rows = [.. File.ReadLines(Repository.PathOf("docs", "architecture.md"))];

    [Fact]
    public void Paths_Exist()
    {
        string[] paths = [.. Rows.SelectMany(Paths)];
        Assert.NotEmpty(paths);
        Assert.All(paths, static path => Assert.True(Path.Exists(FullPath(path)), path));
    }

    [Fact]
    public void EveryFolderWithSources_IsNamed()
    {
        string source = Repository.PathOf("src");
        string[] folders =
        [
            .. Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(source, Path.GetDirectoryName(file)!).Replace('\\', '/'))
                .Where(static folder => !folder.Split('/').Any(static part => part is "bin" or "obj"))
                .Distinct(),
        ];
        Assert.Subset(Rows.SelectMany(Paths).ToHashSet(), folders.ToHashSet());
    }

    /// <summary>A type, or a type and its member, stands in the file that the row names; a member is looked for by its name.</summary>
    [Fact]
    public void Members_StandInTheFileOfTheirRow()
    {
        string[] rows = [.. Rows.Where(static row => Member().IsMatch(row))];
        Assert.InRange(rows.Length, 30, int.MaxValue);
        Assert.All(rows, static row =>
        {
            string path = Assert.Single(Paths(row), static path => path.EndsWith(".cs", StringComparison.Ordinal));
            string text = File.ReadAllText(FullPath(path));
            Match member = Member().Match(row);
            string type = member.Groups["type"].Value, name = member.Groups["member"].Value;
            Assert.True(Regex.IsMatch(text, $@"\b(class|struct|record|interface|enum) {type}\b"), $"{path} declares no {type}.");
            Assert.True(Regex.IsMatch(text, $@"\b{name}\b"), $"{path} has no {name}.");
        });
    }

    [Fact]
    public void Lines_AreAtMost160Long() => Assert.All(Rows, static row => Assert.InRange(row.Length, 0, 160));

    private static IEnumerable<string> Paths(string row) => Code().Matches(row).Select(static match => match.Groups["path"].Value);

    private static string FullPath(string path) =>
        Repository.PathOf((path.StartsWith("tests/", StringComparison.Ordinal) ? path : $"src/{path}").Split('/'));

    [GeneratedRegex(@"`(?<path>(Mlp\.(Build|CodeFixes|Generator|Hosting|Runtime|Templates|Tool)|tests)(/[\w.]+)*)`")]
    private static partial Regex Code();

    /// <summary>The last cell of a row.</summary>
    [GeneratedRegex(@"\| `(?<type>\w+)(\.(?<member>\w+))?` \|$")]
    private static partial Regex Member();
}
