using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Mlp.CodeFixes.Editing;
using Mlp.CodeFixes.Refactorings;

namespace CodeFixes.Tests;

/// <summary>A project as an editor holds it: files that references, generator and analyzers are applied to, and the fixes that are offered in them.</summary>
internal sealed class FixHarness
{
    /// <summary>Every fix of the package.</summary>
    public static readonly ImmutableArray<CodeFixProvider> Fixes =
    [
        .. typeof(NetworkFix).Assembly.GetTypes()
            .Where(static type => type.GetCustomAttribute<ExportCodeFixProviderAttribute>() is not null)
            .Select(static type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    private readonly Project _project;

    private FixHarness(Project project) => _project = project;

    /// <summary>A project of the given files.</summary>
    public static FixHarness Open(params string[] sources)
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation(sources);
        Project project = new AdhocWorkspace()
            .AddProject("Networks", LanguageNames.CSharp)
            .WithCompilationOptions(compilation.Options)
            .WithParseOptions(GeneratorHarness.ParseOptions)
            .WithMetadataReferences(compilation.References)
            .AddAnalyzerReference(new GeneratorReference());
        foreach (SyntaxTree file in compilation.SyntaxTrees)
        {
            project = project.AddDocument(Path.GetFileName(file.FilePath), file.GetRoot(), filePath: file.FilePath).Project;
        }

        return new FixHarness(project);
    }

    /// <summary>Whatever compiler, generator and analyzers report in the user's files.</summary>
    public Diagnostic[] Report()
    {
        Compilation compilation = Compile();
        IEnumerable<SyntaxTree> generated = compilation.SyntaxTrees.Where(file => _project.GetDocument(file) is null or SourceGeneratedDocument);
        GeneratorRun run = GeneratorHarness.Run((CSharpCompilation)compilation.RemoveSyntaxTrees(generated));
        return [.. run.Reported, .. GeneratorHarness.Advise(run.Compilation), .. run.CompilerDiagnostics];
    }

    /// <summary>What is offered for the first diagnostic of the id, in order.</summary>
    public CodeAction[] Offers(string id) => Offers(Report().First(diagnostic => diagnostic.Id == id));

    /// <summary>What is offered for a diagnostic of one of the project's files, in order.</summary>
    public CodeAction[] Offers(Diagnostic diagnostic) =>
        [.. Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)).SelectMany(fix => Offers(fix, diagnostic))];

    /// <summary>What is offered where a text stands in the first file, in order.</summary>
    public CodeAction[] OffersAt(string text) => OffersAt(Text().IndexOf(text, StringComparison.Ordinal));

    /// <summary>What is offered at a position of the first file, in order.</summary>
    public CodeAction[] OffersAt(int position)
    {
        List<CodeAction> offers = [];
        TextSpan place = new(position, 0);
        Document document = _project.Documents.Single(static document => document.Name == "File0.cs");
        CodeRefactoringContext context = new(document, place, offers.Add, CancellationToken.None);
        new NetworkRefactorings().ComputeRefactoringsAsync(context).GetAwaiter().GetResult();
        return [.. offers];
    }

    /// <summary>The project after a change that was offered.</summary>
    public FixHarness Apply(CodeAction action)
    {
        ApplyChangesOperation operation = action.GetOperationsAsync(CancellationToken.None).GetAwaiter().GetResult().OfType<ApplyChangesOperation>().Single();
        return new FixHarness(operation.ChangedSolution.GetProject(_project.Id)!);
    }

    /// <summary>The project after the first offer for the id.</summary>
    public FixHarness Fix(string id) => Apply(Offers(id)[0]);

    /// <summary>The project after the first offer for the id was chosen for the whole of it.</summary>
    public FixHarness FixAll(string id)
    {
        Diagnostic first = Report().First(diagnostic => diagnostic.Id == id);
        CodeFixProvider fix = Fixes.First(fix => fix.FixableDiagnosticIds.Contains(id) && Offers(fix, first).Length > 0);
        FixAllContext context = new(
            _project.GetDocument(first.Location.SourceTree)!,
            fix,
            FixAllScope.Project,
            Offers(fix, first)[0].EquivalenceKey,
            fix.FixableDiagnosticIds,
            new Reported(Report()),
            CancellationToken.None);
        return Apply(fix.GetFixAllProvider()!.GetFixAsync(context).GetAwaiter().GetResult()!);
    }

    /// <summary>Text of a file, counted from 0.</summary>
    public string Text(int file = 0) =>
        _project.Documents.Single(document => document.Name == $"File{file}.cs").GetTextAsync().GetAwaiter().GetResult().ToString();

    private Compilation Compile() => _project.GetCompilationAsync().GetAwaiter().GetResult()!;

    private CodeAction[] Offers(CodeFixProvider fix, Diagnostic diagnostic)
    {
        List<CodeAction> offers = [];
        Document document = _project.GetDocument(diagnostic.Location.SourceTree)!;
        CodeFixContext context = new(document, diagnostic, (action, _) => offers.Add(action), CancellationToken.None);
        fix.RegisterCodeFixesAsync(context).GetAwaiter().GetResult();
        return [.. offers];
    }

    /// <summary>Lets the project's own compilation have the generated files, as an editor's has.</summary>
    private sealed class GeneratorReference : AnalyzerReference
    {
        /// <summary>One for all calls: the workspace finds by it what it has generated before.</summary>
        private readonly ISourceGenerator _generator = new MlpGenerator().AsSourceGenerator();

        public override string? FullPath => null;

        public override object Id => nameof(GeneratorReference);

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

        public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => [_generator];
    }

    private sealed class Reported(Diagnostic[] all) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(all);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            SyntaxTree? file = await document.GetSyntaxTreeAsync(cancellationToken);
            return all.Where(diagnostic => diagnostic.Location.SourceTree == file);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult(all.Where(static diagnostic => !diagnostic.Location.IsInSource));
    }
}
