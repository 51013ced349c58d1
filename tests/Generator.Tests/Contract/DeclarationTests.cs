using System.Globalization;
using System.Reflection;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Generator.Tests.Contract;

/// <summary>Everything that may be declared compiles without a diagnostic at the highest warning level, documentation included, and runs.</summary>
public class DeclarationTests
{
    private const string Net = "[Input(2)] [Dense(3, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]";

    /// <summary>A source text and the metadata name of the network in it.</summary>
    public static TheoryData<string, string> OddDeclarations => new()
    {
        { $"{Net} public partial class GlobalNet;", "GlobalNet" },
        { $"{Net} partial class InternalNet;", "InternalNet" },
        { $"{Net} public sealed partial class SealedNet;", "SealedNet" },
        { $"{Net} public partial class @class;", "class" },
        { $"namespace @namespace.@event; {Net} public partial class @int;", "namespace.event.int" },
        { $"public static partial class Outer {{ internal partial struct @struct {{ {Net} private partial class Inner; }} }}", "Outer+struct+Inner" },
        { $"namespace A {{ public partial record Outer {{ public partial interface IInner {{ {Net} public partial class Net; }} }} }}", "A.Outer+IInner+Net" },
        { $"public partial class Outer<T> {{ }} namespace My.System {{ {Net} public partial class Net; }}", "My.System.Net" },
        { $"namespace My {{ public class System; public class Mlp; public class Span; public class ReadOnlySpan; {Net} public partial class Net; }}", "My.Net" },
        { $"namespace My.Mlp {{ {Net} public partial class Net; }}", "My.Mlp.Net" },
        { $"public class Single; public class Math; public class NetworkState; public class Optimizer; {Net} public partial class Net;", "Net" },
        { $"namespace One {{ {Net} public partial class Net; }} namespace Two {{ {Net} public partial class Net; }}", "Two.Net" },
        { "[Input(1)] [Dense(1)] [Loss(MSE)] public partial class Smallest;", "Smallest" },
        { "[Input(1)] [Dense(1, Linear, Bias = false)] [Loss(MSE)] public partial class OneWeight;", "OneWeight" },
        { "[Input(1)] [Dense(1)] public partial class SmallestPrediction;", "SmallestPrediction" },
        { "[Input(300)] [Dense(1, Sigmoid)] [Loss(BCE)] public partial class ManyToOne;", "ManyToOne" },
        { "[Input(1)] [Dense(300, Relu)] [Dense(1)] [Loss(MSE)] public partial class OneToMany;", "OneToMany" },
        { $"[Input(9)] {string.Concat(Enumerable.Range(1, 11).Select(static i => $"[Dense({i * 3}, Tanh)] "))}[Dense(2, Softmax)] [Loss(CrossEntropy)] public partial class Deep;", "Deep" },
        { "[Input(2)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(2, Tanh)] [Dense(1)] [Loss(MSE)] public partial class Thin;", "Thin" },
        { "[Input(2)] [Dense(3, Relu, Name = \"class\")] [Dense(1, Name = \"Привет\")] [Loss(MSE)] public partial class Named;", "Named" },
        { "[Input(2)] [Dense(300, Relu, Name = \"value\")] [Dense(1, Name = \"inputs\")] [Loss(MSE)] public partial class NamedLikeParameters;", "NamedLikeParameters" },
        { $"/// <summary>A user's own words.</summary>\n{Net} public partial class Documented {{ private readonly int _own = 1; public int Own() => _own; }}", "Documented" },
        { $"/// <summary>A user's own base.</summary>\npublic class Base {{ public int Common => 1; }} {Net} public partial class Derived : Base;", "Derived" },
        { "using Layer = Mlp.DenseAttribute;\n[Mlp.Input(2), Layer(3, Activation.Relu), global::Mlp.DenseAttribute(1), Mlp.LossAttribute(LossFunction.MSE)] public partial class OneList;", "OneList" },
        { "using SizeAttribute = Mlp.InputAttribute;\nnamespace My { using Layer = DenseAttribute; namespace Own { using Again = Layer; [Size(2), Again(3), Layer(1), @LossAttribute(LossFunction.MSE)] public partial class ByAliases; } }", "My.Own.ByAliases" },
        { "[Input(Sizes.In)] [Dense(Sizes.Out + 1, Relu)] [Dense(Sizes.Out)] [Loss(MSE)] public partial class Constants; public static class Sizes { public const int In = 4, Out = 2; }", "Constants" },
    };

    [Theory]
    [MemberData(nameof(OddDeclarations))]
    public void OddButLegalDeclarations_CompileCleanAndRun(string source, string name)
    {
        foreach (OptimizationLevel optimization in (OptimizationLevel[])[OptimizationLevel.Debug, OptimizationLevel.Release])
        {
            Run(GeneratorHarness.Run(source, optimization).Load().GetType(name, throwOnError: true)!);
        }
    }

    [Theory]
    [InlineData(OptimizationLevel.Debug, false)]
    [InlineData(OptimizationLevel.Release, false)]
    [InlineData(OptimizationLevel.Debug, true)]
    [InlineData(OptimizationLevel.Release, true)]
    public void Gallery_CompilesCleanAndGivesTheSameBits(OptimizationLevel optimization, bool checkOverflow)
    {
        Assembly expected = GeneratorHarness.Run(Gallery.Source).Load();
        Assembly actual = GeneratorHarness.Run(Gallery.Source, optimization, checkOverflow).Load();
        foreach (GalleryNetwork network in Gallery.Networks)
        {
            Assert.Equal(Run(expected.GetType("Gallery." + network.ClassName)!), Run(actual.GetType("Gallery." + network.ClassName)!));
        }
    }

    [Fact]
    public void EveryCombinationOfActivationAndLoss_CompilesClean()
    {
        List<TestNetwork> networks = [];
        foreach (Activation hidden in Enum.GetValues<Activation>().Where(static activation => activation != Activation.Softmax))
        {
            foreach ((LossFunction? loss, Activation last) in Outputs())
            {
                foreach (int size in (int[])[2, 40])
                {
                    networks.Add(new TestNetwork($"Net{networks.Count}", size, [new(size, hidden, Dropout: size == 2 ? 0 : 0.1), new(2, last, Bias: size == 2)], loss));
                }
            }
        }

        foreach (Type type in CompiledNetwork.Compile(networks))
        {
            Run(type);
        }

        static IEnumerable<(LossFunction?, Activation)> Outputs() =>
        [
            .. Enum.GetValues<Activation>().SelectMany(static last => ((LossFunction?, Activation)[])[(null, last), (LossFunction.MSE, last)])
                .Where(static pair => pair.Item2 != Activation.Softmax || pair.Item1 is null),
            (LossFunction.BCE, Activation.Sigmoid),
            (LossFunction.CrossEntropy, Activation.Softmax),
        ];
    }

    /// <summary>Nullable analysis is off in generated files: the compiler would spend time on it and report nothing.</summary>
    [Fact]
    public void GeneratedFiles_AreNotAnalysedForNull()
    {
        GeneratorRun run = GeneratorHarness.Run("[Input(40), Dense(50, Relu), Dense(1), Loss(MSE)] public partial class Net;");
        Assert.Equal(3, run.GeneratedTrees.Length);
        Assert.All(run.GeneratedTrees, static tree =>
        {
            NullableDirectiveTriviaSyntax first = tree.GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<NullableDirectiveTriviaSyntax>().First();
            Assert.True(first.SettingToken.IsKind(SyntaxKind.DisableKeyword), tree.FilePath);
            Assert.False(first.TargetToken.IsKind(SyntaxKind.AnnotationsKeyword), tree.FilePath);
        });
    }

    [Fact]
    public void GeneratedText_DoesNotDependOnTheCulture()
    {
        IReadOnlyDictionary<string, string> expected = GeneratorHarness.Run(Gallery.Source).Files;
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "−";
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.NumberFormat.NumberGroupSeparator = ".";
        odd.NumberFormat.PositiveInfinitySymbol = "∞";
        try
        {
            CultureInfo.CurrentCulture = odd;
            Assert.Equal("−1,5", (-1.5).ToString());
            IReadOnlyDictionary<string, string> actual = GeneratorHarness.Run(Gallery.Source).Files;
            Assert.Equal(expected.Keys, actual.Keys);
            Assert.All(expected.Keys, file => Assert.Equal(expected[file], actual[file]));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void GeneratedText_DoesNotDependOnLineEnds() =>
        Assert.Equal(GeneratorHarness.Run(Gallery.Source).Files, GeneratorHarness.Run(Gallery.Source.Replace("\n", "\r\n")).AssertClean().Files);

    [Fact]
    public void GeneratedText_DoesNotDependOnTheRun() =>
        Assert.Equal(GeneratorHarness.Run(Gallery.Source).Files, GeneratorHarness.Run(Gallery.Source).Files);

    /// <summary>Predicts and, where there is a loss, trains: everything must stay finite.</summary>
    private static float[] Run(Type type)
    {
        CompiledNetwork net = new(type, seed: 1);
        const int Rows = 11;
        int outputSize = net.Constant("OutputSize");
        RandomNetworks random = new(1);
        float[] inputs = net.Instance is INetwork { State.Layout: { } layout } && layout.ExpandedSize > layout.InputSize
            ? random.Inputs(layout, Rows)
            : random.Uniform(Rows * net.Constant("InputSize"), 1);
        float[] outputs = [.. Enumerable.Repeat(float.NaN, Rows * outputSize)];
        if (net.Instance is INetwork)
        {
            float[] targets = new float[outputs.Length];
            for (int row = 0; row < Rows; row++)
            {
                targets[(row * outputSize) + (row % outputSize)] = 1;
            }

            Assert.True(float.IsFinite(net.TrainStep(inputs, targets, new Adam())));
            Assert.True(float.IsFinite(net.TrainStep(inputs, targets, new Sgd(0.01f, momentum: 0.9f))));
            Assert.True(float.IsFinite(net.ComputeGradients(inputs, targets, new float[net.ParameterCount])));
        }

        net.Predict(inputs, outputs);
        Assert.All(outputs, static output => Assert.True(float.IsFinite(output)));
        return [.. net.Parameters, .. outputs];
    }
}
