using System.Collections.Immutable;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace Generator.Tests.Pipeline;

/// <summary>What each kind of edit makes run again.</summary>
public class CachingTests
{
    private const string Source = """
        namespace My.App;

        [Input(2)]
        [Dense(8, Relu)]
        [Dense(1, Sigmoid)]
        [Loss(BCE)]
        public partial class Net;

        [Input(3)]
        [Dense(2)]
        public partial class Second;
        """;

    [Fact]
    public void FirstRun_MakesEverythingNew() => AssertReasons(
        RunTwice(Source, Source, firstRun: true),
        parse: [New, New],
        model: [New, New],
        output: [New, New]);

    [Fact]
    public void NoEdit_RunsNothing() => AssertReasons(
        RunTwice(Source, Source),
        parse: [Cached, Cached],
        model: [Cached, Cached],
        output: [Cached, Cached]);

    [Theory]
    [InlineData("// A comment.\n", "", "")]
    [InlineData("", "    ", " ")]
    [InlineData("", "/* here */", "")]
    [InlineData("", "", "\n\npublic class Other { public int Value => 1; }")]
    public void EditThatMeansNothing_WritesNothing(string before, string within, string after) => AssertReasons(
        RunTwice(Source, before + Source.Replace("[Dense(8", $"[{within}Dense({within}8", StringComparison.Ordinal) + after),
        parse: [Unchanged, Unchanged],
        model: [Cached, Cached],
        output: [Cached, Cached]);

    [Fact]
    public void EditInAnotherFile_WritesNothing()
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([Source]);
        CSharpCompilation edited = compilation.AddSyntaxTrees(GeneratorHarness.ParseFile("public class Other;", "Other.cs"));

        AssertReasons(
            Run(compilation, edited),
            parse: [Unchanged, Unchanged],
            model: [Cached, Cached],
            output: [Cached, Cached]);
    }

    [Fact]
    public void LayerSize_WritesThatNetworkAlone() => AssertReasons(
        RunTwice(Source, Source.Replace("Dense(8", "Dense(9", StringComparison.Ordinal)),
        parse: [Modified, Unchanged],
        model: [Modified, Cached],
        output: [Modified, Cached]);

    [Fact]
    public void RemovedNetwork_LeavesTheOtherAlone() => AssertReasons(
        RunTwice(Source, Source[..Source.IndexOf("[Input(3)]", StringComparison.Ordinal)]),
        parse: [Unchanged, Removed],
        model: [Cached, Removed],
        output: [Cached, Removed]);

    /// <summary>Without a namespace, aliases of generated files would meet global ones.</summary>
    [Fact]
    public void GlobalAlias_WritesOnlyWhatItWouldMeet()
    {
        const string Homeless = "[Input(2)] [Dense(1)] public partial class Homeless;";
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([Source, Homeless]);
        CSharpCompilation other = compilation.AddSyntaxTrees(GeneratorHarness.ParseFile("global using Text = System.Text;", "Usings.cs"));
        CSharpCompilation meeting = compilation.AddSyntaxTrees(GeneratorHarness.ParseFile("global using Compiler = System.Text;", "Usings.cs"));

        AssertReasons(Run(compilation, other), parse: [Unchanged, Unchanged, Unchanged], model: [Cached, Cached, Cached], output: [Cached, Cached, Cached]);
        AssertReasons(Run(compilation, meeting), parse: [Unchanged, Unchanged, Unchanged], model: [Cached, Cached, Cached], output: [Cached, Cached, Modified]);
    }

    /// <summary>A file without networks is looked at once for each of its versions, and its classes are not asked about.</summary>
    [Fact]
    public void EditOfAClassWithoutNetworks_LooksAtItsFileAlone()
    {
        const string Other = "[System.Serializable] public class Other { public int Value => 1; }";
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([Other, Source]);
        SyntaxTree file = compilation.SyntaxTrees.Single(static tree => tree.FilePath == "File0.cs");
        SyntaxTree edited = GeneratorHarness.ParseFile(Other.Replace("1;", "2;", StringComparison.Ordinal), file.FilePath);

        GeneratorRunResult result = Run(compilation, compilation.ReplaceSyntaxTree(file, edited));

        Assert.Equal([Cached, Cached], Reasons(result.TrackedSteps, TrackingNames.Declarations));
        AssertReasons(result, parse: [Unchanged, Unchanged], model: [Cached, Cached], output: [Cached, Cached]);
    }

    /// <summary>A name that becomes one of ours in another file makes networks, and no longer being one takes them away.</summary>
    [Fact]
    public void GlobalAliasOfAnAttribute_MakesNetworks()
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation(["[Size(2), Layer(1)] public partial class Net;"]);
        CSharpCompilation aliased = compilation.AddSyntaxTrees(GeneratorHarness.ParseFile(
            "global using SizeAttribute = Mlp.InputAttribute; global using Layer = global::Mlp.DenseAttribute;", "Usings.cs"));

        Assert.Empty(Run(compilation).GeneratedSources);
        Assert.Equal(2, Run(compilation, aliased).GeneratedSources.Length);
        Assert.Empty(Run(compilation, aliased, compilation).GeneratedSources);
    }

    /// <summary>The form of the kernels is the project's choice; what else its properties say is nothing to a network.</summary>
    [Fact]
    public void PropertyOfTheProject_WritesAllAgain_IfItIsThatOfTheKernelsForm()
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([Source]);
        GeneratorDriver driver = GeneratorHarness.CreateDriver().RunGenerators(compilation);

        AssertReasons(RunWith("build_property.RootNamespace", "Other"), parse: [Cached, Cached], model: [Cached, Cached], output: [Cached, Cached]);
        AssertReasons(RunWith("build_property.MlpGenPlain", "false"), parse: [Cached, Cached], model: [Cached, Cached], output: [Cached, Cached]);
        AssertReasons(RunWith("build_property.MlpGenPlain", "true"), parse: [Cached, Cached], model: [Cached, Cached], output: [Modified, Modified]);

        GeneratorRunResult RunWith(string property, string value) => Assert.Single(driver
            .WithUpdatedAnalyzerConfigOptions(new ProjectOptions(property, value))
            .RunGenerators(compilation)
            .GetRunResult().Results);
    }

    [Fact]
    public void EveryFile_IsThatOfANetwork() => Assert.Equal(
        ["My.App.Net.Backward.g.cs", "My.App.Net.Forward.g.cs", "My.App.Net.g.cs", "My.App.Second.Forward.g.cs", "My.App.Second.g.cs"],
        RunTwice(Source, Source, firstRun: true).GeneratedSources.Select(static file => file.HintName).Order(StringComparer.Ordinal));

    [Fact]
    public void NetworksOfAFriend_AreNotInTheWay()
    {
        const string Network = "[Input(40)] [Dense(40, Relu)] [Dense(9)] [Loss(MSE)] public partial class";
        CSharpCompilation friend = GeneratorHarness.CreateCompilation([$"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Second\")] {Network} First;"])
            .WithAssemblyName("First");
        MetadataReference first = GeneratorHarness.Run(friend).AssertClean().Compilation.ToMetadataReference();

        GeneratorHarness.Run(GeneratorHarness.CreateCompilation([$"{Network} Second;"]).WithAssemblyName("Second").AddReferences(first)).AssertClean();
    }

    [Fact]
    public void Mistake_IsReportedWhereItIsNow()
    {
        string wrong = Source.Replace("Dense(8", "Dense(-8", StringComparison.Ordinal);
        GeneratorRunResult result = RunTwice(wrong, "// A comment.\n\n" + wrong);

        Assert.Equal(5, Assert.Single(result.Diagnostics).Location.GetLineSpan().StartLinePosition.Line);
        Assert.Equal([Cached, Cached], Reasons(result.TrackedSteps, TrackingNames.Model));
        Assert.Null(result.Exception);
    }

    [Fact]
    public void MendedMistake_IsReportedNoMore() => Assert.Empty(
        RunTwice(Source.Replace("Dense(8", "Dense(-8", StringComparison.Ordinal), Source).Diagnostics);

    [Fact]
    public void SecondInput_DoesNotWriteTheSameFilesTwice()
    {
        GeneratorRunResult result = RunTwice(Source, Source + "\n[Input(4)] public partial class Net;");

        Assert.Null(result.Exception);
        Assert.Equal(2, result.TrackedSteps[TrackingNames.Model].Length);
    }

    [Fact]
    public void CancelledToken_Throws() => Assert.Throws<OperationCanceledException>(() =>
        GeneratorHarness.CreateDriver().RunGenerators(GeneratorHarness.CreateCompilation([Source]), new CancellationToken(canceled: true)));

    private static GeneratorRunResult RunTwice(string before, string after, bool firstRun = false)
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([before]);
        if (firstRun)
        {
            return Run(compilation);
        }

        SyntaxTree file = compilation.SyntaxTrees.Single(static tree => tree.FilePath == "File0.cs");
        return Run(compilation, before == after
            ? compilation
            : compilation.ReplaceSyntaxTree(file, GeneratorHarness.ParseFile(after, "File0.cs")));
    }

    private static GeneratorRunResult Run(params CSharpCompilation[] compilations) => Assert.Single(compilations
        .Aggregate(GeneratorHarness.CreateDriver(), static (driver, compilation) => driver.RunGenerators(compilation))
        .GetRunResult().Results);

    private static void AssertReasons(
        GeneratorRunResult result, IncrementalStepRunReason[] parse, IncrementalStepRunReason[] model, IncrementalStepRunReason[] output)
    {
        Assert.Equal(parse, Reasons(result.TrackedSteps, TrackingNames.Parse));
        Assert.Equal(model, Reasons(result.TrackedSteps, TrackingNames.Model));
        Assert.Equal(output, Reasons(result.TrackedOutputSteps, "SourceOutput"));
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(
        ImmutableDictionary<string, ImmutableArray<IncrementalGeneratorRunStep>> steps, string name) =>
        steps[name].SelectMany(static step => step.Outputs).Select(static output => output.Reason);
}
