using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Generator.Tests.Infrastructure;

/// <summary>Compiles source texts in memory as in a project that references the package, with generator and analyzer at work.</summary>
internal static class GeneratorHarness
{
    /// <summary>The package's implicit usings, and the one that every example begins with.</summary>
    private const string ImplicitUsings = """
        global using global::Mlp;
        global using static global::Mlp.Activation;
        global using static global::Mlp.LossFunction;
        """;

    /// <summary>C# 14, which this version of the compiler still calls preview; documentation comments are checked.</summary>
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview, DocumentationMode.Diagnose);

    /// <summary>
    /// The framework that runs the tests: Basic.Reference.Assemblies, which would be the same on every machine, stops short of
    /// net10.0 in the version that can be restored.
    /// </summary>
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(typeof(InputAttribute).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A project without a network. All compilations begin as copies of it, so that the references are read once.</summary>
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Networks",
        [ParseFile(ImplicitUsings, "ImplicitUsings.cs")],
        References,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            warningLevel: 9999,
            nullableContextOptions: NullableContextOptions.Enable,
            deterministic: true));

    /// <summary>Generates and analyses; then call <see cref="GeneratorRun.AssertClean"/> or <see cref="GeneratorRun.Load"/>.</summary>
    /// <param name="source">The only file, beside the implicit usings.</param>
    /// <param name="optimization">How the compiler optimizes.</param>
    /// <param name="checkOverflow">Whether integers are checked for overflow.</param>
    /// <param name="project">The project's properties that the compiler sees; null for none.</param>
    public static GeneratorRun Run(
        string source, OptimizationLevel optimization = OptimizationLevel.Release, bool checkOverflow = false, ProjectOptions? project = null) =>
        Run(CreateCompilation([source], optimization, checkOverflow), project);

    /// <summary>The same of a compilation.</summary>
    /// <param name="compilation">The project before generation.</param>
    /// <param name="project">The project's properties that the compiler sees; null for none.</param>
    /// <param name="files">The project's additional files.</param>
    public static GeneratorRun Run(CSharpCompilation compilation, ProjectOptions? project = null, params AdditionalText[] files)
    {
        GeneratorDriver driver = CreateDriver(project: project, files: files).RunGeneratorsAndUpdateCompilation(
            compilation, out Compilation output, out ImmutableArray<Diagnostic> reported);
        GeneratorRunResult result = Assert.Single(driver.GetRunResult().Results);
        Assert.Null(result.Exception);

        return new GeneratorRun(
            (CSharpCompilation)output,
            result.GeneratedSources.ToImmutableSortedDictionary(
                static file => file.HintName, static file => file.SourceText.ToString(), StringComparer.Ordinal),
            [.. result.GeneratedSources.Select(static file => file.SyntaxTree)],
            InSourceOrder(reported.Concat(Analyze(output))));
    }

    /// <summary>A library of the given files, <c>File0.cs</c>, <c>File1.cs</c>, …, at the highest warning level, before generation.</summary>
    public static CSharpCompilation CreateCompilation(
        IEnumerable<string> sources, OptimizationLevel optimization = OptimizationLevel.Release, bool checkOverflow = false) =>
        Empty
            .WithOptions(Empty.Options.WithOptimizationLevel(optimization).WithOverflowChecks(checkOverflow))
            .AddSyntaxTrees(sources.Select(static (source, index) => ParseFile(source, $"File{index}.cs")));

    public static SyntaxTree ParseFile(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path);

    /// <summary>A driver that records the reason of every tracked step.</summary>
    public static GeneratorDriver CreateDriver(CSharpParseOptions? options = null, ProjectOptions? project = null, params AdditionalText[] files) => CSharpGeneratorDriver.Create(
        [new MlpGenerator().AsSourceGenerator()],
        files,
        parseOptions: options ?? ParseOptions,
        optionsProvider: project,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>What the analyzer reports and neither pragmas nor options suppress.</summary>
    public static ImmutableArray<Diagnostic> Analyze(Compilation compilation, AnalyzerOptions? options = null) =>
        Analyze(compilation, new NetworkAnalyzer(), options);

    /// <summary>The advice for a compilation with its generated files, information that is off by default included.</summary>
    public static ImmutableArray<Diagnostic> Advise(Compilation compilation) => InSourceOrder(Analyze(
        compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(
            AdviceRules.All.Where(static rule => !rule.IsEnabledByDefault).Select(static rule => KeyValuePair.Create(rule.Id, ReportDiagnostic.Info)))),
        new AdviceAnalyzer()));

    private static ImmutableArray<Diagnostic> Analyze(Compilation compilation, DiagnosticAnalyzer analyzer, AnalyzerOptions? options = null)
    {
        CompilationWithAnalyzers analysis = compilation.WithAnalyzers(
            [analyzer],
            new CompilationWithAnalyzersOptions(
                options ?? new AnalyzerOptions([]),
                onAnalyzerException: static (exception, _, _) => Assert.Fail(exception.ToString()),
                concurrentAnalysis: true,
                logAnalyzerExecutionTime: false));
        return analysis.GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
    }

    private static ImmutableArray<Diagnostic> InSourceOrder(IEnumerable<Diagnostic> diagnostics) =>
    [
        .. diagnostics
            .OrderBy(static diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(static diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(static diagnostic => diagnostic.Id, StringComparer.Ordinal),
    ];
}
