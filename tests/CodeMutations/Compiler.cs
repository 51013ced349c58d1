using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeMutations;

/// <summary>A project as the compiler sees it, read once: a mutation then changes one file, and no other is read again.</summary>
/// <param name="folder">The folder of the project, which is built.</param>
internal sealed class Compiler(string folder)
{
    private readonly CSharpCompilation _sound = Read(folder);

    /// <summary>The assembly with a mutation.</summary>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    public byte[] Compile(CodeMutation mutation)
    {
        SyntaxTree tree = _sound.SyntaxTrees.Single(tree => tree.FilePath.Replace('\\', '/').EndsWith($"/src/{mutation.File}", StringComparison.Ordinal));
        string text = tree.GetText().ToString().Replace(mutation.Text, mutation.Replacement, StringComparison.Ordinal);
        SyntaxTree mutated = CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)tree.Options, tree.FilePath, Encoding.UTF8);
        using MemoryStream assembly = new();
        ImmutableArray<Diagnostic> diagnostics = _sound.ReplaceSyntaxTree(tree, mutated).Emit(assembly).Diagnostics;
        Diagnostic[] errors = [.. diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        return errors.Length == 0
            ? assembly.ToArray()
            : throw new InvalidOperationException($"{mutation.File}, {mutation.Breaks}: does not compile.\n{string.Join('\n', errors.Take(5).AsEnumerable())}");
    }

    private static CSharpCompilation Read(string folder)
    {
        Outcome build = Outcome.Of(
            TimeSpan.FromMinutes(5), folder, "msbuild", "-p:Configuration=Release", "-p:RunAnalyzers=false", "-p:BuildProjectReferences=false",
            "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true", "-t:ResolveReferences;CoreCompile", "-getItem:CscCommandLineArgs");
        using JsonDocument document = JsonDocument.Parse(build.Succeeded ? build.Output : throw new InvalidOperationException(build.Output));
        string[] words = [.. document.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray().Select(static item => item.GetProperty("Identity").GetString()!)];
        CSharpCommandLineArguments arguments = CSharpCommandLineParser.Default.Parse(words, folder, sdkDirectory: null);

        // The compiler of the tests calls the language of the present SDK a preview.
        CSharpParseOptions parsing = arguments.ParseOptions.WithLanguageVersion(LanguageVersion.Preview).WithDocumentationMode(DocumentationMode.None);
        return CSharpCompilation.Create(
            arguments.CompilationName,
            arguments.SourceFiles.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file.Path), parsing, file.Path, Encoding.UTF8)),
            arguments.MetadataReferences.Select(reference => MetadataReference.CreateFromFile(Path.Combine(folder, reference.Reference), reference.Properties)),
            arguments.CompilationOptions.WithGeneralDiagnosticOption(ReportDiagnostic.Default));
    }
}
