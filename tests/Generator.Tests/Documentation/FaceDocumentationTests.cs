using System.Text.RegularExpressions;
using System.Xml.Linq;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Generator.Tests.Documentation;

/// <summary>Hovering over a generated member shows what it does: its own text, or the runtime's to which it refers.</summary>
public partial class FaceDocumentationTests
{
    private const string Networks = """
        [Input(2)] [Dense(3, PRelu)] [Dense(1, Sigmoid)] [Loss(BCE)] public partial class Binary;
        [Input(5, Gradients = true)] [Dense(8, Tanh, Name = "Hidden", Bias = false)] [Dense(3, Softmax)] [Loss(CrossEntropy)] public partial class Classes;
        [Input(5, Standardize = true)] [Dense(70, Relu, Normalization = Normalization.Batch)] [Dense(3)] [Loss(MSE, StandardizeTargets = true)] public partial class Regression;
        [Input(5)] [Dense(1, Tanh)] [Loss(Hinge)] public partial class Margin;
        [Input(5)] [Dense(2, Sigmoid)] [Loss(BCE)] public partial class Tags;
        [Input(5)] [Ensemble(4)] [Dense(8, Relu)] [Dense(2)] [Loss(MSE)] public partial class Members;
        [Input(5)] [Dense(3)] [Weights("predict.safetensors")] public partial class PredictOnly;
        [Input<Word>] [Dense(1)] [Loss(MSE)] public partial class Words;
        public sealed class Word
        {
            /// <summary>A text.</summary>
            [Category(Capacity = 20, Embedding = 3)] public string Text { get; set; } = "";

            /// <summary>A number.</summary>
            [Target] public float Tone { get; set; }
        }
        namespace Space { [Input(5)] [Dense(3)] [Loss(MSE)] public partial class Inside; }
        """;

    /// <summary>A class in whose face all members throw.</summary>
    private const string Faulty = "[Input(2, Gradients = true)] [Dense(3, Relu)] [Dense(1, Relu)] [Loss(BCE)] public partial class Faulty;";

    /// <summary>The runtime with the documentation that the package ships beside it.</summary>
    private static readonly MetadataReference Runtime = MetadataReference.CreateFromFile(
        typeof(InputAttribute).Assembly.Location,
        documentation: new DocumentationFile(Path.ChangeExtension(typeof(InputAttribute).Assembly.Location, ".xml")));

    private static readonly Lazy<GeneratorRun> Sound = new(static () => Run(Networks).AssertClean());

    [Fact]
    public void EveryPublicMember_IsDocumented_WithItsParametersAndResult() => AssertDocumented(Sound.Value, least: 180);

    [Fact]
    public void MembersOfAFaultyDeclaration_AreDocumentedToo() => AssertDocumented(Run(Faulty).AssertClean("MLP0012"), least: 30);

    [Fact]
    public void DocumentationInTheRuntime_IsThatOfSomeGeneratedMember()
    {
        INamedTypeSymbol home = Sound.Value.Compilation.GetTypeByMetadataName("Mlp.CompilerServices.INetworkMembers")!;
        ISymbol[] used = [.. PublicMembers(Sound.Value).SelectMany(static member => Documentation(member))
            .Where(static element => element.Name == "inheritdoc")
            .Select(static element => Target(element, Sound.Value.Compilation))];
        Assert.Empty(home.GetMembers()
            .Where(static member => member is not IMethodSymbol { AssociatedSymbol: not null })
            .Except(used, SymbolEqualityComparer.Default));
    }

    /// <summary>Eight members: each goes through both layers, which are 5 × 8 and 8 × 2, and has 5 scales and the last layer's 18 parameters for itself.</summary>
    [Theory]
    [InlineData("Classes", "Input(5) → Hidden · Dense(8, Tanh, Bias = false) → Layer2 · Dense(3, Softmax) → Loss(CrossEntropy): 67 parameters; 64 multiply-adds and 268 bytes a prediction.")]
    [InlineData("Members", "Loss(MSE): 140 parameters; 224 multiply-adds and 560 bytes a prediction.")]
    public void Classes_ShowTheirLayers_AndWhatAPredictionCosts(string network, string shown) => Assert.Contains(
        shown, ShownText(Sound.Value.Compilation.GetTypeByMetadataName(network)!));

    [Theory]
    [InlineData("new Binary().Layer1", "Dense(3, PRelu, Alpha = 0.25): weights [2 × 3], biases [3], a slope; 6 multiply-adds, 40 bytes.")]
    [InlineData("new Binary().Layer1.Weights", "[2 × 3], readable at any time: [i, o] is from input i to output o.")]
    [InlineData("new Binary().Layer1.Biases", "[3], readable at any time: [o] is added to output o's sum.")]
    [InlineData("new Binary().Layer1.Slope", "One for all outputs, readable at any time: the slope of PRelu below 0.")]
    [InlineData("new Binary().Layer2.Weights", "[3 × 1],")]
    [InlineData("new Classes().Hidden.Weights", "[5 × 8],")]
    [InlineData("new Classes().Hidden.Biases", "[0], readable at any time: the layer has no biases.")]
    [InlineData("new Regression().Layer1.Gains", "[70], readable at any time: [o] multiplies output o's normalized sum.")]
    [InlineData("new Regression().Layer1.Shifts", "[70], readable at any time: [o] is added to that product.")]
    [InlineData("new Members().Layer1.Weights", "[5 × 8],")]
    [InlineData("new Members().Layer2", "Dense(2, Linear), for each of 4 members: weights [8 × 2], biases [2]; 64 multiply-adds, 288 bytes.")]
    [InlineData("new Members().Layer2[1].Weights", "[8 × 2],")]
    [InlineData("new Members().Layer2.Count", "4 members; readable at any time.")]
    [InlineData("new Members().MemberScales", "[4 × 5]: what each member multiplies the inputs by")]
    [InlineData("new Words().Text", "[20 × 3]: the embeddings of Text, 20 rows of 3 values.")]
    [InlineData("new Words().Layer1.Weights", "[3 × 1],")]
    public void Parameters_ShowTheirShapes(string expression, string shown)
    {
        CSharpCompilation compilation = Sound.Value.Compilation.AddSyntaxTrees(GeneratorHarness.ParseFile($"class Reader {{ object Read() => {expression}; }}", "Reader.cs"));
        SyntaxTree file = compilation.SyntaxTrees[^1];
        SyntaxNode last = file.GetRoot().DescendantNodes().OfType<ArrowExpressionClauseSyntax>().Single().Expression;
        Assert.Contains(shown, ShownText(compilation.GetSemanticModel(file).GetSymbolInfo(last).Symbol!));
    }

    /// <summary>Methods that take the layers of any network take these.</summary>
    [Fact]
    public void Layers_AreLayersOfAnyNetwork() => Run($$"""
        {{Networks}}
        static class Layers
        {
            static float First(DenseLayer layer) => layer.Weights[0, 0];
            static int Count(EnsembleLayer layers) => layers.Count;
            static float Read(Members net, Classes other) => First(net.Layer1) + Count(net.Layer2) + First(net.Layer2[0]) + First(other.Hidden);
            static DenseLayer[] All(Binary net) => [net.Layer1, net.Layer2];
        }
        """).AssertClean();

    private static GeneratorRun Run(string source)
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([source]);
        MetadataReference plain = compilation.References.Single(static reference => reference.Display == typeof(InputAttribute).Assembly.Location);
        const string Header = """
            {"Layer1.weight":{"dtype":"F32","shape":[3,5],"data_offsets":[0,60]},"Layer1.bias":{"dtype":"F32","shape":[3],"data_offsets":[60,72]}}
            """;
        WeightsText weights = new(WeightsText.ReportOf("predict.safetensors", WeightsText.Foreign(Header, 72)));
        return GeneratorHarness.Run(compilation.ReplaceReference(plain, Runtime), files: [weights]);
    }

    private static void AssertDocumented(GeneratorRun run, int least)
    {
        ISymbol[] members = [.. PublicMembers(run)];
        Assert.True(members.Length >= least, $"{members.Length} members");
        Assert.All(members, member =>
        {
            XElement[] shown = [.. Shown(member, run.Compilation)];
            Assert.True(shown.Any(static element => element.Name == "summary" && element.Value.Trim().Length > 0), $"{member}: no summary");
            if (member is IMethodSymbol method)
            {
                Assert.Equal(
                    method.Parameters.Select(static parameter => parameter.Name),
                    shown.Where(static element => element.Name == "param" && element.Value.Length > 0).Select(static element => element.Attribute("name")!.Value));
                Assert.True(method.ReturnsVoid == !shown.Any(static element => element.Name == "returns"), $"{member}: returns");
            }
        });
    }

    /// <summary>What users see of the networks: accessors belong to their properties.</summary>
    private static IEnumerable<ISymbol> PublicMembers(GeneratorRun run) => run.Compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type)
        .SelectMany(static type => ((INamedTypeSymbol)type).GetMembers())
        .Where(static member => !member.IsImplicitlyDeclared)
        .Where(static member => member is { DeclaredAccessibility: Accessibility.Public, ContainingType.DeclaredAccessibility: Accessibility.Public }
            and not IMethodSymbol { AssociatedSymbol: not null });

    /// <summary>The elements of a member's documentation, <c>inheritdoc</c> replaced as editors do.</summary>
    private static IEnumerable<XElement> Shown(ISymbol member, Compilation compilation)
    {
        foreach (XElement element in Documentation(member))
        {
            if (element.Name != "inheritdoc")
            {
                yield return element;
                continue;
            }

            ISymbol target = Target(element, compilation);
            foreach (XElement inherited in Documentation(target).Where(inherited => element.Attribute("path") is not XAttribute path || path.Value == $"/{inherited.Name}"))
            {
                yield return inherited;
            }
        }
    }

    private static ISymbol Target(XElement inheritdoc, Compilation compilation)
    {
        ISymbol? target = DocumentationCommentId.GetFirstSymbolForDeclarationId(inheritdoc.Attribute("cref")!.Value, compilation);
        Assert.True(target is not null, inheritdoc.ToString());
        return target;
    }

    private static string ShownText(ISymbol symbol) => Whitespace().Replace(string.Join(" ", Documentation(symbol).Select(static element => element.Value)), " ");

    private static IEnumerable<XElement> Documentation(ISymbol symbol)
    {
        string? text = symbol.GetDocumentationCommentXml(expandIncludes: true);
        Assert.False(string.IsNullOrEmpty(text), $"{symbol} has no documentation.");
        return XElement.Parse(text.StartsWith("<member", StringComparison.Ordinal) ? text : $"<member>{text}</member>").Elements();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();

    private sealed class DocumentationFile(string path) : DocumentationProvider
    {
        private readonly Dictionary<string, string> _members = XElement.Load(path).Descendants("member")
            .ToDictionary(static member => member.Attribute("name")!.Value, static member => member.ToString());

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => path.GetHashCode(StringComparison.Ordinal);

        protected override string GetDocumentationForSymbol(
            string documentationMemberID, System.Globalization.CultureInfo preferredCulture, CancellationToken cancellationToken = default) =>
            _members.GetValueOrDefault(documentationMemberID, "");
    }
}
