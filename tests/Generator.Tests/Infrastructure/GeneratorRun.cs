using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Generator.Tests.Infrastructure;

/// <summary>The result of compiling a source text with the generator.</summary>
/// <param name="Compilation">The user's and the generated files.</param>
/// <param name="Files">Text of each generated file by hint name, in ordinal order.</param>
/// <param name="GeneratedTrees">The generated files as parsed.</param>
/// <param name="Reported">What generator and analyzer report, in source order.</param>
internal sealed record GeneratorRun(
    CSharpCompilation Compilation,
    ImmutableSortedDictionary<string, string> Files,
    ImmutableArray<SyntaxTree> GeneratedTrees,
    ImmutableArray<Diagnostic> Reported)
{
    /// <summary>The compiler's own diagnostics, warnings and messages too. User code of tests is not asked for documentation.</summary>
    public ImmutableArray<Diagnostic> CompilerDiagnostics =>
    [
        .. Compilation.GetDiagnostics().Where(diagnostic =>
            diagnostic.Severity != DiagnosticSeverity.Hidden
            && (diagnostic.Id != "CS1591" || GeneratedTrees.Contains(diagnostic.Location.SourceTree!))),
    ];

    /// <summary>Fails on any diagnostic of analyzer or compiler whose id is not among the allowed.</summary>
    public GeneratorRun AssertClean(params string[] allowed)
    {
        Diagnostic[] unwanted = [.. Reported.Concat(CompilerDiagnostics).Where(diagnostic => !allowed.Contains(diagnostic.Id))];
        Assert.True(unwanted.Length == 0, string.Join("\n", unwanted.Select(Describe)));
        return this;
    }

    /// <summary>Asserts that the run is clean, then emits and loads; types of the runtime are those that the tests themselves use.</summary>
    public Assembly Load(params string[] allowed)
    {
        AssertClean(allowed);
        using MemoryStream image = new();
        EmitResult result = Compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        image.Position = 0;
        return new AssemblyLoadContext(Compilation.AssemblyName, isCollectible: true).LoadFromStream(image);
    }

    /// <summary>The diagnostic with the line it is about, which says more than its position in a generated file.</summary>
    private static string Describe(Diagnostic diagnostic)
    {
        Location place = diagnostic.Location;
        string line = place.SourceTree?.GetText().Lines[place.GetLineSpan().StartLinePosition.Line].ToString() ?? "";
        return $"{diagnostic}\n    {line.Trim()}";
    }
}
