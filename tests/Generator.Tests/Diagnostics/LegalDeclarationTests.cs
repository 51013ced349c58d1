using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Generator.Tests.Diagnostics;

/// <summary>Odd but correct declarations: neither we nor the compiler report anything.</summary>
public class LegalDeclarationTests
{
    private const int LargestNumber = 14;

    private const string TiledNeighbour = "[Input(64), Dense(300, Relu), Dense(1), Loss(MSE)] public partial class TiledNeighbour;";

    /// <summary>Networks whose sizes are the numbers that the sources use.</summary>
    private static readonly CSharpCompilation OtherProject = GeneratorHarness.Run(
        GeneratorHarness.CreateCompilation([
            "namespace Other;\n" + string.Concat(
                Enumerable.Range(1, LargestNumber).Select(static number => $"[Input({number}), Dense({number})] public partial class N{number};\n"))])
        .WithAssemblyName("Other")).AssertClean().Compilation;

    private static readonly MetadataReference OtherAssembly = Emit(OtherProject);

    public static TheoryData<string, string> Sources => new()
    {
        { "global namespace", "[Input(2), Dense(1)] public partial class Net;" },
        { "file-scoped namespace", "namespace My.App; [Input(2), Dense(1)] public partial class Net;" },
        { "internal", "namespace My.App { [Input(2), Dense(1)] internal partial class Net; }" },
        { "sealed", "[Input(2), Dense(1)] public sealed partial class Net;" },
        { "nested", "partial class A { partial struct B { partial interface IC { [Input(2), Dense(1)] partial class Net; } } }" },
        { "nested in records", "partial record A(int X) { partial record struct B { [Input(2), Dense(1)] private partial class Net; } }" },
        {
            "nested in odd types",
            "static partial class A { readonly partial struct B { public ref "
            + "partial struct C { [Input(2), Dense(1)] internal partial class Net; } } }"
        },
        {
            "keywords",
            "namespace @namespace.@class { partial class @struct { "
            + "[Input(2), Dense(1, Name = \"new\")] public partial class @class; } }"
        },
        {
            "contextual keywords",
            "partial class @record { [Input(2), Dense(1, Name = \"record\"), Dense(1, Name = \"field\")] "
            + "public partial class @file; }"
        },
        {
            "a namespace called System",
            "namespace My.System { [Input(2), Dense(3, Relu), Dense(1)] [Loss(MSE)] public partial class Net; }"
        },
        { "a namespace called Mlp", "namespace My.Mlp { [global::Mlp.Input(2), global::Mlp.Dense(1)] public partial class Net; }" },
        {
            "two of one name",
            "namespace A { [Input(2), Dense(1)] public partial class Net; } "
            + "namespace B { [Input(2), Dense(1)] public partial class Net; }"
        },
        {
            "two that differ by case",
            "namespace A { [Input(2), Dense(1)] public partial class Net; [Input(2), Dense(1)] public partial class NET; }"
        },
        {
            "namespaces that differ by case",
            "namespace A { [Input(2), Dense(1)] public partial class Net; } "
            + "namespace a { [Input(2), Dense(1)] public partial class Net; }"
        },
        {
            "layers called like each other's views",
            "[Input(2), Dense(3, Relu, Name = \"A\"), Dense(3, Relu, Name = \"AView\"), Dense(1, Name = \"AView_\")] [Loss(MSE)] public partial class AViewView;"
        },
        { "an ensemble called like its layer's view", "[Input(2), Ensemble(2), Dense(3, Relu), Dense(1)] [Loss(MSE)] public partial class Layer2Members;" },
        {
            "twelve layers", """
            [Input(3)]
            [Dense(3, Relu), Dense(4, Tanh), Dense(5, Sigmoid), Dense(6), Dense(7, Relu), Dense(8, Relu)]
            [Dense(9, Relu), Dense(10, Relu), Dense(11, Relu), Dense(12, Relu), Dense(13, Relu), Dense(14, Softmax)]
            [Loss(CrossEntropy)]
            public partial class Net;
            """
        },
        { "one input, one unit", "[Input(1), Dense(1)] [Loss(MSE)] public partial class Net;" },
        {
            "attributes in any order",
            "[Loss(BCE)] [Dense(3, Relu)] [Dropout(0.5)] [Dense(1, Sigmoid)] [Input(2)] public partial class Net;"
        },
        { "other parts", "[Input(2), Dense(1)] public partial class Net; public partial class Net { public void Mine() { } }" },
        {
            "a base class",
            "public class Base; [Input(2), Dense(1)] public "
            + "partial class Net : Base, System.ICloneable { object System.ICloneable.Clone() => this; }"
        },
        {
            "a base class of odd constructors",
            "public partial class A { private A() { } public A(int n) { } [Input(2), Dense(1)] private partial class Net : A; } "
            + "public class B { protected B(int n = 0, params string[] names) { } } [Input(2), Dense(1)] public partial class Net : B;"
        },
        { "members of one's own", "[Input(2), Dense(1)] public partial class Net { public void Predict() { } public void Train() { } }" },
        { "constructors of one's own", "[Input(2), Dense(1)] public partial class Net { public Net(string s) : this(s.Length) { } static Net() { } }" },
        { "greatest sizes", "[Input(65_536), Dense(1)] public partial class Wide; [Input(1), Dense(65_536)] public partial class Tall;" },
        {
            "no bias, zeros, dropout 0",
            "[Input(2, Standardize = true), Dense(3, Bias = false, Initializer = Initializer.Zeros), Dropout(0), Dense(1)] "
            + "public partial class Net;"
        },
        {
            "constants and names of one's own",
            "[Input(Size), Dense((int)Sizes.Two, Name = nameof(Net) + \"1\"), Dense(Net.Size, Name = nameof(Predict) + nameof(Size))] "
            + "public partial class Net { public const int Size = (int)Sizes.Two; public void Predict() { } } public enum Sizes { Two = 2 }"
        },
        {
            "noise everywhere, and none",
            "[Input(2), GaussianNoise(0.1), Dropout(0.2), Dense(3), Dropout(0.5), GaussianNoise(1), Dense(3), GaussianNoise(0), Dropout(0), Dense(1)] "
            + "[Loss(MSE)] public partial class Net;"
        },
        {
            "noise of a network that only predicts",
            "[Input(2), Dropout(0.2), Dense(3), GaussianNoise(1), Dense(1)] public partial class Net;"
        },
        {
            "numbers at the ends of their ranges",
            "[Input(2), Dense(2, LeakyRelu, Alpha = 0, L1 = 0, L2 = 0), Dense(3, PRelu, Alpha = -2), "
            + "Dense(3, Normalization = Normalization.Batch, NormalizationEpsilon = float.Epsilon, NormalizationMomentum = 1), "
            + "Dense(2, Softmax, Normalization = Normalization.Layer)] "
            + "[Loss(CrossEntropy, LabelSmoothing = 0, ClassWeights = new double[] { 0, 1 })] public partial class Net;"
        },
        {
            "a normalized, residual output",
            "[Input(1, Gradients = true), Dense(1, Residual = true, Normalization = Normalization.Batch), Loss(Huber, Delta = 1e-3)] public partial class Net;"
        },
        { "a residual probability without BCE", "[Input(1), Dense(1, Sigmoid, Residual = true), Loss(MSE)] public partial class Net;" },
        { "class weights that are null", "[Input(2), Dense(1), Loss(MSE, ClassWeights = null)] public partial class Net;" },
        {
            "initial weights",
            "[Input(2), Dense(2, Initializer = Initializer.TruncatedNormal, InitializerScale = 0), "
            + "Dense(2, Initializer = Initializer.Orthogonal, InitializerScale = -1), Dense(2, Initializer = Initializer.TruncatedNormal), "
            + "Dense(2, Initializer = Initializer.Constant, InitializerScale = 0.5), Dense(1, Initializer = Initializer.GlorotNormal)] "
            + "[Loss(MSE)] public partial class Net;"
        },
        {
            "classes by sign",
            "[Input(2), Dense(1), Loss(Hinge)] public partial class Net { public static int Class(Net net) => net.PredictClass([0, 1]); }"
        },
        { "counts", "[Input(2), Dense(1, Softplus), Loss(Poisson)] public partial class Net;" },
        { "a name that is null", "[Input(2), Dense(1, Name = null)] public partial class Net;" },
        {
            "networks called like the file of the tiles",
            "namespace Mlp { [Input(2), Dense(1)] partial class Tiles; } namespace MLP { [Input(64), Dense(300, Relu), Dense(1), Loss(MSE)] partial class Tiles; } "
            + "namespace mlp { [Input(2), Dense(1)] partial class tiles1; [Input(2), Dense(1)] partial class TILES; }"
        },
        {
            "a network called Mlp.Generated.Tiles",
            "namespace Mlp.Generated; [Input(64), Dense(300, Relu), Dense(10, Softmax), Loss(CrossEntropy)] public partial class Tiles;"
        },
        {
            "classes and namespaces called like stages",
            "[Input(2), Dense(1)] partial class Net; namespace net { [Input(2), Dense(1)] partial class Forward; [Input(2), Dense(1)] partial class forwarD; } "
            + "namespace NET { [Input(2), Dense(1), Loss(MSE)] partial class ForwarD { [Input(2), Dense(1)] public partial class G; } }"
        },
        {
            "names as long as files may be",
            $"namespace {new string('n', 255)} {{ [Input(2), Dense(1), Loss(MSE)] partial class {new string('ж', 255)}; [Input(2), Dense(1)] partial class {new string('ж', 254)}; }}"
        },
        { "an alias called nuint in one file", "using @nuint = System.UInt32; [Input(2), Dense(1)] public partial class Net;" },
        {
            "an attribute of one's own",
            "namespace My { class DenseAttribute(int n) : System.Attribute { public int N => n; } [Dense(0)] class Net; }"
        },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void Legal_IsClean(string name, string source)
    {
        Assert.NotEmpty(name);
        GeneratorHarness.Run(source).AssertClean();
    }

    /// <summary>A tiled network makes the generator write a file that all of the project's share.</summary>
    [Theory]
    [MemberData(nameof(Sources))]
    public void Legal_IsClean_BesideATiledNetwork(string name, string source)
    {
        Assert.NotEmpty(name);
        GeneratorHarness.Run(GeneratorHarness.CreateCompilation([source, TiledNeighbour])).AssertClean();
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Legal_IsClean_WithFullNames(string name, string source)
    {
        Assert.NotEmpty(name);
        GeneratorHarness.Run(Rewrite([source, TiledNeighbour], static model => new FullNames(model))).AssertClean();
    }

    /// <summary>In an editor the other project is a compilation, in a build an assembly.</summary>
    [Theory]
    [MemberData(nameof(Sources))]
    public void Legal_IsClean_WithNumbersOfAnotherProject(string name, string source)
    {
        Assert.NotEmpty(name);
        foreach (MetadataReference reference in (MetadataReference[])[OtherProject.ToMetadataReference(), OtherAssembly])
        {
            GeneratorHarness.Run(Rewrite([source, TiledNeighbour], static _ => new OtherNumbers(), reference)).AssertClean();
        }
    }

    [Theory]
    [InlineData("[Input(2), Dense(3, (Mlp.Activation)1), Dense(1, Name = nameof(Mlp.Dataset))]")]
    [InlineData("[Input(2), Dense(3, (global::Mlp.Activation)Other.N1.InputSize), Dense(1, Name = nameof(Other.N2.Predict) + \"1\")]")]
    [InlineData("[Input(My.Sizes.Two), Dense((int)My.Size.Three, My.Sizes.Hidden), Dense(Other.N3.OutputSize / My.Sizes.Three)]")]
    [InlineData("[Input(Net.Columns), Dense(Rows, Name = nameof(Relu) + nameof(InputAttribute)), Dense(Columns * 2 + Other.N3.ParameterCount)]")]
    public void ConstantsOfEveryKind_AreClean(string attributes)
    {
        string source = $$"""
            {{attributes}} public partial class Net { public const int Columns = Rows + 1, Rows = 2; }
            namespace My
            {
                public static class Sizes { public const int Two = 2, Three = Other.N3.InputSize; public const Activation Hidden = Mlp.Activation.Tanh; }
                public enum Size { Two = Other.N2.OutputSize, Three }
            }
            """;
        foreach (MetadataReference reference in (MetadataReference[])[OtherProject.ToMetadataReference(), OtherAssembly])
        {
            GeneratorHarness.Run(GeneratorHarness.CreateCompilation([source, TiledNeighbour]).AddReferences(reference)).AssertClean();
        }
    }

    /// <summary>docs/vocabulary.md: functions of a static using hide activations of the same name.</summary>
    [Fact]
    public void ActivationsBesideMath_AreWrittenWithTheirType()
    {
        const string Network = "using static System.Math; [Input(2), Dense(3, {0}), Dense(1, {1}), Loss(Poisson)] public partial class Net;";

        GeneratorHarness.Run(string.Format(null, Network, "Activation.Tanh", "Activation.Exp")).AssertClean("CS8019");
        GeneratorRun hidden = GeneratorHarness.Run(string.Format(null, Network, "Tanh", "Exp"));

        Assert.Empty(hidden.Reported);
        Assert.Equal(
            ["CS1503", "CS1503"],
            hidden.CompilerDiagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(static diagnostic => diagnostic.Id));
    }

    private static MetadataReference Emit(CSharpCompilation compilation)
    {
        using MemoryStream image = new();
        Assert.True(compilation.Emit(image).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static CSharpCompilation Rewrite(
        IEnumerable<string> sources, Func<SemanticModel, CSharpSyntaxRewriter> rewriter, params MetadataReference[] references)
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation(sources).AddReferences(references);
        return compilation.SyntaxTrees.Aggregate(compilation, (result, tree) => result.ReplaceSyntaxTree(
            tree, tree.WithRootAndOptions(rewriter(compilation.GetSemanticModel(tree)).Visit(tree.GetRoot()), tree.Options)));
    }

    private static ExpressionSyntax FullName(ISymbol symbol) =>
        SyntaxFactory.ParseExpression(symbol is IFieldSymbol { ContainingType: var type } ? $"{FullName(type)}.{symbol.Name}" : symbol.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat));

    /// <summary>Writes our attributes and enumerations with their namespace.</summary>
    private sealed class FullNames(SemanticModel model) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitAttribute(AttributeSyntax node) =>
            model.GetSymbolInfo(node).Symbol?.ContainingType is { ContainingNamespace.Name: "Mlp" } type && node.Name is IdentifierNameSyntax
                ? ((AttributeSyntax)base.VisitAttribute(node)!).WithName(SyntaxFactory.ParseName(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)))
                : base.VisitAttribute(node);

        public override SyntaxNode? VisitIdentifierName(IdentifierNameSyntax node) =>
            node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is not null
            && node.Parent is not NameEqualsSyntax and not NameColonSyntax and not ArgumentSyntax
            && !(node.Parent is MemberAccessExpressionSyntax access && access.Name == node)
            && model.GetSymbolInfo(node).Symbol is INamedTypeSymbol or IFieldSymbol { IsConst: true }
            && model.GetSymbolInfo(node).Symbol is { } symbol
                ? FullName(symbol)
                : node;
    }

    /// <summary>Writes numbers in attributes as constants that are generated in another project.</summary>
    private sealed class OtherNumbers : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitLiteralExpression(LiteralExpressionSyntax node) =>
            node.Token.Value is int and >= 1 and <= LargestNumber && node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is not null
                ? SyntaxFactory.ParseExpression($"global::Other.N{node.Token.Value}.InputSize")
                : node;
    }
}
