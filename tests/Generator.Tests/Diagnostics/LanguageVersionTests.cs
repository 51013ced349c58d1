using System.Collections.Immutable;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Diagnostics;

/// <summary>A C# version too old for generated code is reported once, and is the only report.</summary>
public class LanguageVersionTests
{
    private const string Usings = "using Mlp; using static Mlp.Activation; using static Mlp.LossFunction;";

    private const string Networks = """
        [Input(2), Dense(3, Relu), Dense(1, Sigmoid), Loss(BCE)] public partial class Net { }
        [Input(64), Dense(300, Relu), Dense(1)] public partial class Second { }
        """;

    [Theory]
    [InlineData(LanguageVersion.CSharp7_3)]
    [InlineData(LanguageVersion.CSharp8)]
    [InlineData(LanguageVersion.CSharp9)]
    [InlineData(LanguageVersion.CSharp10)]
    [InlineData(LanguageVersion.CSharp11)]
    [InlineData(LanguageVersion.CSharp12)]
    public void OldLanguage_IsReported_Once(LanguageVersion version)
    {
        (Compilation output, ImmutableArray<Diagnostic> reported) = Run(version, Usings + "\n" + Networks);

        Diagnostic diagnostic = Assert.Single(reported);
        Assert.Equal("MLP0045", diagnostic.Id);
        Assert.Equal("MLP0045 at line 2, columns 79 to 82", MarkedSource.Describe(diagnostic));
        Assert.Contains($"C# {version.ToDisplayString()}", diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.DoesNotContain(output.GetDiagnostics(), static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS1591");
    }

    [Fact]
    public void OldestLanguage_IsEnoughForAllNetworks()
    {
        (Compilation output, ImmutableArray<Diagnostic> reported) = Run(LanguageVersion.CSharp13, Usings + "\n" + Gallery.Source);

        Assert.Empty(reported);
        Assert.DoesNotContain(output.GetDiagnostics(), static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS1591");
    }

    private static (Compilation Output, ImmutableArray<Diagnostic> Reported) Run(LanguageVersion version, string source)
    {
        CSharpParseOptions options = GeneratorHarness.ParseOptions.WithLanguageVersion(version);
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([]);
        compilation = compilation
            .RemoveAllSyntaxTrees()
            .WithOptions(compilation.Options.WithNullableContextOptions(NullableContextOptions.Disable))
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, options, "Net.cs"));
        GeneratorHarness.CreateDriver(options).RunGeneratorsAndUpdateCompilation(
            compilation, out Compilation output, out ImmutableArray<Diagnostic> reported);
        return (output, reported);
    }
}
