using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Generator.Tests.Guards;

/// <summary>Kernels name offsets, strides and sizes by constants, and share helpers: those that they use, and no others.</summary>
public class UnusedMembersTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryConstantAndPrivateMethod_IsUsed(bool isPlain)
    {
        GeneratorDriver driver = GeneratorHarness.CreateDriver();
        if (isPlain)
        {
            driver = driver.WithUpdatedAnalyzerConfigOptions(new ProjectOptions("build_property.MlpGenPlain", "true"));
        }

        GeneratorRunResult result = Assert.Single(driver
            .RunGeneratorsAndUpdateCompilation(GeneratorHarness.CreateCompilation([Gallery.Source]), out Compilation compilation, out _)
            .GetRunResult().Results);
        Assert.Empty(compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        ISymbol[] members = [.. compilation.GetSymbolsWithName("Kernels", SymbolFilter.Type).Cast<INamedTypeSymbol>()
            .SelectMany(static kernels => kernels.GetMembers())
            .Where(static member => member is IFieldSymbol { IsConst: true } or IMethodSymbol { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Private })];
        HashSet<ISymbol> used = new(SymbolEqualityComparer.Default);
        foreach (SyntaxTree tree in result.GeneratedSources.Select(static file => file.SyntaxTree))
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            used.UnionWith(tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
                .Select(name => model.GetSymbolInfo(name).Symbol?.OriginalDefinition)
                .OfType<ISymbol>());
        }

        ISymbol[] unused = [.. members.Where(member => !used.Contains(member))];
        Assert.InRange(members.Length, Gallery.Networks.Count * 5, int.MaxValue);
        Assert.True(unused.Length == 0, string.Join('\n', unused.Select(static member => member.ToString())));
    }
}
