using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Generator.Tests;

/// <summary>Kernels name offsets, strides and sizes by constants: those that they use, and no others.</summary>
public class KernelConstantsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryConstant_IsUsed(bool isPlain)
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

        IFieldSymbol[] constants = [.. compilation.GetSymbolsWithName("Kernels", SymbolFilter.Type).Cast<INamedTypeSymbol>()
            .SelectMany(static kernels => kernels.GetMembers().OfType<IFieldSymbol>())
            .Where(static field => field.IsConst)];
        HashSet<ISymbol> used = new(SymbolEqualityComparer.Default);
        foreach (SyntaxTree tree in result.GeneratedSources.Select(static file => file.SyntaxTree))
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            used.UnionWith(tree.GetRoot().DescendantNodes().OfType<IdentifierNameSyntax>()
                .Select(name => model.GetSymbolInfo(name).Symbol)
                .OfType<IFieldSymbol>());
        }

        Assert.InRange(constants.Length, Gallery.Networks.Count * 5, int.MaxValue);
        IFieldSymbol[] unused = [.. constants.Where(constant => !used.Contains(constant))];
        Assert.True(unused.Length == 0, string.Join('\n', unused.Select(static constant => constant.ToString())));
    }
}
