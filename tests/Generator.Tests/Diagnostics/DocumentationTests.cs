using System.Text.RegularExpressions;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;

namespace Generator.Tests.Diagnostics;

/// <summary>Every diagnostic has a page, and its examples do what they say.</summary>
public partial class DocumentationTests
{
    /// <summary>Implicit in new projects, and so not written in the examples.</summary>
    private const string Usings = "global using System;\n";

    private static readonly DiagnosticDescriptor[] Rules = [.. Descriptors.All, .. AdviceRules.All];

    public static TheoryData<string> Ids => [.. Rules.Select(static rule => rule.Id)];

    public static TheoryData<string> Mistaken => [.. Descriptors.All.Select(static rule => rule.Id)];

    public static TheoryData<string> Advised => [.. AdviceRules.All.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_HasTheTitle_AndIsInTheIndex(string id)
    {
        DiagnosticDescriptor rule = Rules.Single(rule => rule.Id == id);

        Assert.StartsWith($"# {id}: {rule.Title}\n", Page(id), StringComparison.Ordinal);
        Assert.Contains($"\n| [{id}]({id}.md) | {rule.Title} | ", Page("README"), StringComparison.Ordinal);
        Assert.EndsWith($"/docs/diagnostics/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mistaken))]
    public void Examples_AreWrongAndRight(string id)
    {
        string[] examples = [.. Example().Matches(Page(id)).Select(static match => match.Groups["code"].Value)];

        if (id is "MLP0045" or "MLP0046" or "MLP0048")
        {
            // These mistakes need more than a C# file; NetworkAnalyzerTests and LanguageVersionTests have them.
            GeneratorHarness.Run(Usings + examples.LastOrDefault()).AssertClean();
            return;
        }

        if (WeightsTests.IsOfWeights(id))
        {
            // These need a file beside; WeightsTests has them. Without it, an example is right but for that.
            Assert.All(examples, static example => Assert.Equal("MLP0070", Assert.Single(GeneratorHarness.Run(Usings + example).Reported).Id));
            return;
        }

        Assert.Equal(2, examples.Length);
        Assert.Contains(GeneratorHarness.Run(Usings + examples[0]).Reported, diagnostic => diagnostic.Id == id);
        GeneratorHarness.Run(Usings + examples[1]).AssertClean();
    }

    [Theory]
    [MemberData(nameof(Advised))]
    public void ExamplesOfAdvice_AreWrongAndRight(string id)
    {
        string[] examples = [.. Example().Matches(Page(id)).Select(static match => match.Groups["code"].Value)];
        GeneratorRun[] runs = [.. examples.Select(static example => GeneratorHarness.Run(Usings + example))];

        Assert.All(runs, static run => run.AssertClean());
        Assert.Contains(GeneratorHarness.Advise(runs[0].Compilation), diagnostic => diagnostic.Id == id);
        Assert.All(runs[1..], right => Assert.DoesNotContain(
            GeneratorHarness.Advise(right.Compilation), diagnostic => diagnostic.Id == id || diagnostic.Severity == DiagnosticSeverity.Warning));
    }

    /// <summary>MLP0022 was the rule against dropout of the inputs, and is not given to another.</summary>
    [Fact]
    public void Ids_AreInOrder_AndDiffer()
    {
        string[] ids = [.. Rules.Select(static rule => rule.Id)];
        Assert.Equal(ids.Order(StringComparer.Ordinal).Distinct(), ids);
        Assert.DoesNotContain("MLP0022", ids);
    }

    private static string Page(string name) =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "diagnostics", name + ".md")).ReplaceLineEndings("\n");

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
