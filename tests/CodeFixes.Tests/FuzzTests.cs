using System.Globalization;
using Generator.Tests.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeFixes.Tests;

/// <summary>
/// Every sample and template while it is typed, and damaged sources, through generator, analyzers and every fix and refactoring that is offered: nothing
/// throws, what is generated without a mistake compiles, and whatever is offered leaves a file that parses if it did before.
/// </summary>
public class FuzzTests
{
    private const int Mutations = 60;
    private const int Seed = 20261128;

    /// <summary>Letters from one keystroke to the next that is looked at; <c>MLPGEN_FUZZ_STRIDE=1</c> looks at every one.</summary>
    private static readonly int Stride = int.Parse(Environment.GetEnvironmentVariable("MLPGEN_FUZZ_STRIDE") ?? "173", CultureInfo.InvariantCulture);

    public static TheoryData<string> Samples =>
    [
        .. new[] { Repository.PathOf("samples"), Repository.PathOf("src", "Mlp.Templates", "mlpgen") }
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(static path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void SampleWhileItIsTyped(string path)
    {
        string file = Repository.PathOf(path.Split('/'));
        string text = File.ReadAllText(file);
        string[] others =
        [
            .. Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.cs").Where(other => other != file).Order(StringComparer.Ordinal).Select(File.ReadAllText),
        ];
        for (int length = text.Length; length > 0; length -= Stride)
        {
            Check([text[..length], .. others]);
        }
    }

    [Fact]
    public void DamagedSources()
    {
        string[] sources = [.. Mistakes.All.Select(static mistake => MarkedSource.Parse(mistake.Source).Text)];
        foreach (string damaged in Generator.Tests.Infrastructure.DamagedSources.Of(sources, Mutations, Seed))
        {
            Check([damaged]);
        }
    }

    private static void Check(string[] files)
    {
        FixHarness project = FixHarness.Open(files);
        Diagnostic[] report = project.Report();
        ILookup<bool, Diagnostic> errors = report.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .ToLookup(static diagnostic => diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
        Assert.True(errors[false].Any() || !errors[true].Any(), $"{files[0]}\n{string.Join("\n", errors[true])}");

        bool parses = Parses(project);
        SyntaxNode root = GeneratorHarness.ParseFile(files[0], "File0.cs").GetRoot();
        IEnumerable<CodeAction> offers = report
            .Where(static diagnostic => diagnostic.Location.SourceTree?.FilePath.StartsWith("File", StringComparison.Ordinal) == true)
            .SelectMany(project.Offers)
            .Concat(root.DescendantNodes().OfType<TypeDeclarationSyntax>().SelectMany(type => project.OffersAt(type.Identifier.SpanStart)));
        foreach (CodeAction offer in offers)
        {
            FixHarness changed = project.Apply(offer);
            Assert.True(!parses || Parses(changed), $"{offer.Title}\n{files[0]}\n{changed.Text()}");
        }
    }

    private static bool Parses(FixHarness project) => !GeneratorHarness.ParseFile(project.Text(), "File0.cs").GetDiagnostics().Any();
}
