extern alias generator;

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Generator.Tests.Infrastructure;
using generator::Mlp.Generator;
using generator::Mlp.Generator.Advice;
using generator::Mlp.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Mlp.Generator.Benchmarks;

/// <summary>
/// What a keystroke costs in an editor: the generator run again, incrementally, the compiler's own diagnostics of the edited file, and both analyzers over it.
/// Times are elapsed and of the processor, which other programs change less.
/// </summary>
internal static class EditorLatency
{
    private const int Keystrokes = 200;
    private const int WarmUp = 40;
    private const int PlainClasses = 100;
    private const int FuzzedSources = 400;

    /// <summary>The framework that runs the benchmarks, and the runtime.</summary>
    public static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(typeof(InputAttribute).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    private static readonly ImmutableArray<DiagnosticAnalyzer> Ours = [new NetworkAnalyzer(), new AdviceAnalyzer()];

    /// <summary>In the place of those that every project has, so that running analyzers at all does not count as ours.</summary>
    private static readonly ImmutableArray<DiagnosticAnalyzer> Others = [new CountingAnalyzer()];

    /// <summary>Prints the tables of docs/performance.md.</summary>
    public static void Print()
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}\n");
        Console.WriteLine("| keystroke, 12 layers | median | p95 | longest | processor, median |\n|---|---|---|---|---|");
        string network = Network();
        string use = Use();
        Measure("in an attribute: the number of units", $"{network}\n{use}", "[Dense(", static turn => $"{200 + (turn % 50)}", replaced: 3);
        Measure("in an attribute: a name, half typed", $"{network}\n{use}", "Name = \"", static turn => new string('x', 1 + (turn % 12)), replaced: 4);
        Measure("elsewhere in its file", $"{network}\n{use}", "int spare = ", static turn => $"{turn % 10}", replaced: 1);
        Measure("in another file, which uses it", use, "int spare = ", static turn => $"{turn % 10}", replaced: 1, others: network);
        Console.WriteLine("\n| keystroke in a class without networks | without us | with us | difference | processor without us | with us | difference |\n|---|---|---|---|---|---|---|");
        MeasureBeside("in a project without networks");
        MeasureBeside("in a project with a network", network, use);
        MeasureWithoutNetworks();
        MeasureFuzzed();
    }

    /// <summary>A network's edits. The compiler's own diagnostics come first, as they do without us, and do not count.</summary>
    /// <param name="name">What is edited.</param>
    /// <param name="source">The edited file.</param>
    /// <param name="before">What stands before the edited letters.</param>
    /// <param name="letters">What a keystroke makes of them.</param>
    /// <param name="replaced">How many letters the first keystroke replaces.</param>
    /// <param name="others">The other files.</param>
    private static void Measure(string name, string source, string before, Func<int, string> letters, int replaced, params string[] others)
    {
        OpenProject project = new([new MlpGenerator()], Ours, source, before, replaced, others);
        for (int turn = 0; turn < WarmUp + Keystrokes; turn++)
        {
            project.Type(letters(turn), countsCompiler: false, counts: turn >= WarmUp);
        }

        Console.WriteLine($"| {name} | {project.Figures} |");
    }

    /// <summary>
    /// Edits of a class that is no network, with and without us in turns. Another generator and another analyzer run in both, and all that a keystroke starts
    /// counts, so that the differences are ours alone.
    /// </summary>
    private static void MeasureBeside(string name, params string[] others)
    {
        string source = PlainClass(PlainClasses);
        OpenProject without = new([new IdleGenerator()], Others, source, "Articles = ", 1, others);
        OpenProject with = new([new IdleGenerator(), new MlpGenerator()], [.. Others, .. Ours], source, "Articles = ", 1, others);
        for (int turn = 0; turn < WarmUp + Keystrokes; turn++)
        {
            foreach (OpenProject project in turn % 2 == 0 ? [without, with] : new[] { with, without })
            {
                project.Type($"{turn % 10}", countsCompiler: true, counts: turn >= WarmUp);
            }
        }

        Console.WriteLine($"| {name} | {Figures.Compare(without.Figures, with.Figures)} |");
    }

    /// <summary>A build's whole analysis of classes without networks, with and without us in turns.</summary>
    private static void MeasureWithoutNetworks()
    {
        const int Turns = 41;
        Figures without = new();
        Figures with = new();
        for (int turn = 0; turn < Turns; turn++)
        {
            // New trees, so that nothing is remembered.
            foreach (bool isOurs in turn % 2 == 0 ? [false, true] : new[] { true, false })
            {
                Compilation compilation = Compilation(Plain());
                Figures figures = isOurs ? with : without;
                figures.Begin();
                if (isOurs)
                {
                    CSharpGeneratorDriver.Create([new MlpGenerator().AsSourceGenerator()], parseOptions: Options)
                        .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
                }

                _ = compilation.WithAnalyzers(isOurs ? [.. Others, .. Ours] : Others).GetAllDiagnosticsAsync().GetAwaiter().GetResult();
                figures.End(counts: turn > 4);
            }
        }

        Console.WriteLine($"\n| {PlainClasses} classes without networks, all diagnostics | median | p95 | longest | processor, median |\n|---|---|---|---|---|");
        Console.WriteLine($"| without generator and analyzers | {without} |\n| with them | {with} |");
    }

    private static void MeasureFuzzed()
    {
        string[] sources = [Network(), $"{Network()}\n{Use()}"];
        Figures figures = new();
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new MlpGenerator().AsSourceGenerator()], parseOptions: Options);
        int turn = 0;
        foreach (string damaged in DamagedSources.Of(sources, FuzzedSources + WarmUp, seed: 1))
        {
            SyntaxTree file = Parse(damaged);
            Compilation compilation = Compilation([file]);
            figures.Begin();
            driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
            Analyze(output, file, Ours, figures, countsCompiler: false);
            figures.End(counts: turn++ >= WarmUp);
        }

        Console.WriteLine("\n| damaged sources | median | p95 | longest | processor, median |\n|---|---|---|---|---|");
        Console.WriteLine($"| {FuzzedSources} | {figures} |");
        Console.WriteLine($"\nAbove 100 ms: {figures.CountAbove(100)} elapsed, {figures.CountOfProcessorAbove(100)} of the processor.");
    }

    /// <summary>The compiler's own diagnostics of a file, and then analyzers over it.</summary>
    private static void Analyze(Compilation compilation, SyntaxTree file, ImmutableArray<DiagnosticAnalyzer> analyzers, Figures figures, bool countsCompiler)
    {
        if (!countsCompiler)
        {
            figures.Pause();
        }

        SemanticModel model = compilation.GetSemanticModel(file);
        _ = model.GetDiagnostics();
        if (!countsCompiler)
        {
            figures.Go();
        }

        CompilationWithAnalyzers analysis = compilation.WithAnalyzers(analyzers);
        _ = analysis.GetAnalyzerSyntaxDiagnosticsAsync(model.SyntaxTree, CancellationToken.None).GetAwaiter().GetResult();
        _ = analysis.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static CSharpCompilation Compilation(IEnumerable<SyntaxTree> files) =>
        CSharpCompilation.Create("Project", files, References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText($"using Mlp;\nusing System;\n{source}", Options);

    private static IEnumerable<SyntaxTree> Plain() => Enumerable.Range(0, PlainClasses).Select(static number => Parse(PlainClass(number)));

    private static string PlainClass(int number) => $$"""
        using System.Collections.Generic;
        using System.Linq;
        namespace Shop;
        [Serializable]
        public partial class Order{{number}}(string customer)
        {
            private const int Articles = 9;
            private readonly List<(string Article, decimal Price)> _rows = new(Articles);
            public string Customer { get; } = customer;
            public decimal Total => _rows.Sum(static row => row.Price);
            public void Add(string article, decimal price)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(price);
                foreach ((string known, decimal _) in _rows.ToArray())
                {
                    if (string.Equals(known, article, StringComparison.OrdinalIgnoreCase))
                    {
                        _rows.RemoveAll(row => row.Article == known);
                    }
                }

                _rows.Add((article, price));
            }
            public override string ToString() => string.Join(", ", _rows.OrderBy(static row => row.Article).Select(static row => $"{row.Article}: {row.Price:N2}"));
        }
        """;

    private static string Network()
    {
        StringBuilder source = new("[Input(64, Standardize = true)]\n");
        for (int layer = 1; layer < 12; layer++)
        {
            source.Append(CultureInfo.InvariantCulture, $"[Dense({256 - (8 * layer)}, Activation.Relu, Name = \"Part{(char)('A' + layer)}\")]\n");
        }

        return source.Append("[Dense(10, Activation.Softmax)]\n[Loss(LossFunction.CrossEntropy)]\npublic partial class Net;\n").ToString();
    }

    private static string Use() => """
        public static class Program
        {
            public static float[] Run(float[] inputs, float[] targets)
            {
                int spare = 1;
                Net net = new(seed: spare);
                Adam adam = new(1e-3f);
                for (int step = 0; step < 100; step++)
                {
                    net.TrainStep(inputs, targets, adam);
                }

                Console.WriteLine(net.Evaluate(Dataset.FromTargets(inputs, targets, Net.InputSize, Net.OutputSize)).Loss);
                return net.Clone().Predict(inputs);
            }
        }
        """;

    /// <summary>A project in an editor, in one of whose files somebody types.</summary>
    private sealed class OpenProject
    {
        private readonly ImmutableArray<DiagnosticAnalyzer> _analyzers;
        private readonly int _place;
        private int _length;
        private SyntaxTree _file;
        private CSharpCompilation _compilation;
        private GeneratorDriver _driver;

        /// <param name="generators">Run at each keystroke.</param>
        /// <param name="analyzers">Run over the edited file.</param>
        /// <param name="source">The edited file.</param>
        /// <param name="before">What stands before the edited letters.</param>
        /// <param name="replaced">How many letters the first keystroke replaces.</param>
        /// <param name="others">The other files, to which those of the plain classes come.</param>
        public OpenProject(
            IIncrementalGenerator[] generators, ImmutableArray<DiagnosticAnalyzer> analyzers, string source, string before, int replaced, string[] others)
        {
            _analyzers = analyzers;
            _file = Parse(source);
            _place = _file.ToString().IndexOf(before, StringComparison.Ordinal) + before.Length;
            _length = replaced;
            _compilation = Compilation([_file, .. others.Select(Parse), .. Plain()]);
            _driver = CSharpGeneratorDriver.Create(generators.Select(static generator => generator.AsSourceGenerator()), parseOptions: Options).RunGenerators(_compilation);
        }

        public Figures Figures { get; } = new();

        public void Type(string letters, bool countsCompiler, bool counts)
        {
            SyntaxTree edited = _file.WithChangedText(_file.GetText().WithChanges(new TextChange(new TextSpan(_place, _length), letters)));
            _length = letters.Length;
            _compilation = _compilation.ReplaceSyntaxTree(_file, edited);
            _file = edited;
            Figures.Begin();
            _driver = _driver.RunGeneratorsAndUpdateCompilation(_compilation, out Compilation output, out _);
            Analyze(output, edited, _analyzers, Figures, countsCompiler);
            Figures.End(counts);
        }
    }

    /// <summary>In the place of generators that a project has anyway.</summary>
    private sealed class IdleGenerator : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context)
        {
        }
    }

    /// <summary>Times of one kind, in milliseconds.</summary>
    private sealed class Figures
    {
        private readonly List<double> _elapsed = [];
        private readonly List<double> _processor = [];
        private readonly Stopwatch _watch = new();
        private TimeSpan _used;
        private TimeSpan _since;

        public void Begin()
        {
            _watch.Reset();
            _used = TimeSpan.Zero;
            Go();
        }

        public void Go()
        {
            _since = Environment.CpuUsage.TotalTime;
            _watch.Start();
        }

        public void Pause()
        {
            _watch.Stop();
            _used += Environment.CpuUsage.TotalTime - _since;
        }

        public void End(bool counts)
        {
            Pause();
            if (counts)
            {
                _elapsed.Add(_watch.Elapsed.TotalMilliseconds);
                _processor.Add(_used.TotalMilliseconds);
            }
        }

        public int CountAbove(double limit) => _elapsed.Count(time => time > limit);

        public int CountOfProcessorAbove(double limit) => _processor.Count(time => time > limit);

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{At(_elapsed, 0.5):F1} ms | {At(_elapsed, 0.95):F1} ms | {At(_elapsed, 1):F1} ms | {At(_processor, 0.5):F1} ms");

        /// <summary>Medians of both, and the median of what the second took more in the same turn: elapsed, and of the processor.</summary>
        public static string Compare(Figures without, Figures with)
        {
            return $"{Columns(without._elapsed, with._elapsed)} | {Columns(without._processor, with._processor)}";

            static string Columns(List<double> without, List<double> with) => string.Create(
                CultureInfo.InvariantCulture,
                $"{At(without, 0.5):F1} ms | {At(with, 0.5):F1} ms | {At([.. with.Zip(without, static (more, less) => more - less)], 0.5):F2} ms");
        }

        private static double At(List<double> times, double share) => times.Order().ElementAt((int)Math.Round((times.Count - 1) * share));
    }

    /// <summary>Looks at every call, as analyzers do.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class CountingAnalyzer : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor Rule = new("BENCH", "Calls", "A call", "Benchmarks", DiagnosticSeverity.Hidden, isEnabledByDefault: true);

        private int _calls;

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterSyntaxNodeAction(_ => Interlocked.Increment(ref _calls), SyntaxKind.InvocationExpression);
            context.RegisterSymbolAction(_ => Interlocked.Increment(ref _calls), SymbolKind.NamedType);
        }
    }
}
