using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;

namespace CodeFixes.Tests;

/// <summary>Every fix mends the wrong example of its diagnostic's page, and the first that is offered makes it the right one.</summary>
public partial class PagesTests
{
    /// <summary>Implicit in new projects, and so not written in the examples.</summary>
    private const string Usings = "global using System;\n";

    public static TheoryData<string> Ids => [.. AllIds];

    private static IEnumerable<string> AllIds => FixHarness.Fixes
        .SelectMany(static fix => fix.FixableDiagnosticIds)
        .Where(static id => id.StartsWith("MLP", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Ids))]
    public void WrongExample_IsMendedByEveryOffer(string id)
    {
        FixHarness wrong = FixHarness.Open(Usings + Examples(id)[0]);
        CodeAction[] offers = wrong.Offers(id);

        Assert.NotEmpty(offers);
        Assert.All(offers, offer =>
        {
            FixHarness mended = wrong.Apply(offer);
            Diagnostic[] left = [.. mended.Report().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning || diagnostic.Id == id)];
            Assert.True(left.Length == 0, $"{offer.Title}\n{mended.Text()}\n{string.Join("\n", left.Select(static diagnostic => diagnostic.ToString()))}");
        });
    }

    /// <summary>Of the setting that has no effect, the page keeps the setting, and the fix the loss; of a short row, the page knows the number that is missing.</summary>
    public static TheoryData<string> IdsOfWhatPagesShow => [.. AllIds.Where(static id => id is not ("MLP0037" or "MLP0090"))];

    [Theory]
    [MemberData(nameof(IdsOfWhatPagesShow))]
    public void FirstOffer_MakesTheRightExample(string id)
    {
        string[] examples = Examples(id);
        Assert.Equal(Usings + examples[1], FixHarness.Open(Usings + examples[0]).Fix(id).Text());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void FixAll_MendsTwoWrongFiles(string id)
    {
        string wrong = Examples(id)[0];
        FixHarness mended = FixHarness.Open(Usings, $"namespace First\n{{\n{wrong}}}\n", $"namespace Second\n{{\n{wrong}}}\n").FixAll(id);
        Assert.DoesNotContain(mended.Report(), diagnostic => diagnostic.Id == id || diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_SaysThatThereIsAFix(string id) => Assert.Contains("\nA fix in the editor ", Page(id), StringComparison.Ordinal);

    [Fact]
    public void PagesWithoutFix_PromiseNone() => Assert.Equal(
        AllIds,
        Directory.EnumerateFiles(Repository.PathOf("docs", "diagnostics"), "MLP*.md")
            .Where(static path => File.ReadAllText(path).Contains("A fix in the editor", StringComparison.Ordinal))
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Index_SaysWhichHaveAFix() => Assert.Equal(
        AllIds,
        RowOfIndex().Matches(Page("README")).Where(static row => row.Groups["fix"].Value == "yes").Select(static row => row.Groups["id"].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void CommonMistakes_AreEachToldInOneMessage_WhoseFixMendsThem()
    {
        Match[] mistakes = [.. Mistake().Matches(Page("common")).Cast<Match>()];
        Assert.Equal(12, mistakes.Length);
        Assert.All(mistakes, static mistake =>
        {
            FixHarness wrong = FixHarness.Open(Usings + mistake.Groups["code"].Value);
            Diagnostic told = Assert.Single(Told(wrong), static diagnostic => diagnostic.Id != "CS1061");
            Assert.Equal(mistake.Groups["id"].Value, told.Id);
            Assert.All(Told(wrong), diagnostic => Assert.Equal(told.Location, diagnostic.Location));
            Assert.Empty(Told(wrong.Fix(told.Id)));
        });
    }

    private static IEnumerable<Diagnostic> Told(FixHarness project) => project.Report().Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    private static string[] Examples(string id) => [.. Example().Matches(Page(id)).Select(static match => match.Groups["code"].Value)];

    private static string Page(string id) => File.ReadAllText(Repository.PathOf("docs", "diagnostics", id + ".md")).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^\| \[(?<id>MLP\d+)\]\(MLP\d+\.md\) \| [^|]* \| (?<fix>yes|no) \|$", RegexOptions.Multiline)]
    private static partial Regex RowOfIndex();

    [GeneratedRegex(@"^\[(?<id>MLP\d+)\].*?```csharp\n(?<code>.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Mistake();

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
