using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Guards;

/// <summary>
/// Names of users never change the meaning of generated text: each identifier in it is given to every kind of thing that C# can name and that is in
/// scope there.
/// </summary>
public class NamesInScopeTests
{
    private const string Space = "User.App";

    private const string Quiet = "\n#pragma warning disable\n";

    private const string Small =
        "[global::Mlp.Input(3, Standardize = true, Gradients = true), global::Mlp.Dropout(0.1), global::Mlp.Dense(4, global::Mlp.Activation.Gelu), "
        + "global::Mlp.Dense(3, global::Mlp.Activation.Softmax), global::Mlp.Loss(global::Mlp.LossFunction.CrossEntropy)]";

    private const string Wide =
        "[global::Mlp.Input(20, Gradients = true), global::Mlp.Dense(40, global::Mlp.Activation.Relu, Normalization = global::Mlp.Normalization.Batch), "
        + "global::Mlp.Dropout(0.1), global::Mlp.GaussianNoise(0.1), global::Mlp.Dense(50, global::Mlp.Activation.PRelu), global::Mlp.Dense(50, global::Mlp.Activation.Tanh, Residual = true, "
        + "Normalization = global::Mlp.Normalization.Layer), global::Mlp.Dense(1, global::Mlp.Activation.Sigmoid), global::Mlp.Loss(global::Mlp.LossFunction.BCE)]";

    private const string Classes =
        "[global::Mlp.Input(40), global::Mlp.Dense(40, global::Mlp.Activation.Tanh), global::Mlp.Dense(9, global::Mlp.Activation.Softmax), "
        + "global::Mlp.Loss(global::Mlp.LossFunction.CrossEntropy, LabelSmoothing = 0.1)]";

    private static readonly string[] Networks = [nameof(Small), nameof(Wide), nameof(Classes)];

    private static readonly Lazy<GeneratorRun> Plain = new(static () => GeneratorHarness.Run(InNamespace(Declare())).AssertClean());

    private static readonly Lazy<float[]> PlainResults = new(static () => Results(Plain.Value.Load(), Space + "."));

    /// <summary>All identifiers of the generated files, contextual keywords included.</summary>
    private static readonly Lazy<ImmutableArray<string>> Identifiers = new(static () =>
    [
        .. Plain.Value.GeneratedTrees
            .SelectMany(static tree => tree.GetRoot().DescendantTokens())
            .Where(static token => token.IsKind(SyntaxKind.IdentifierToken) || SyntaxFacts.IsContextualKeyword(token.Kind()))
            .Select(static token => token.ValueText)
            .Concat(["_", "var", "nameof", "nint", "dynamic", "notnull", "unmanaged", "field", "value", "scoped", "record", "MlpTiles"])
            .Where(static name => name.Length > 0)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ]);

    /// <summary>Names with which the project itself, without any network, would have no meaning.</summary>
    private static readonly string[] Roots = ["System", nameof(Mlp), "User"];

    /// <summary>For each kind of thing, the files of a project that has one of each of the names.</summary>
    private static readonly Dictionary<string, Func<IReadOnlyList<string>, string[]>> Kinds = new()
    {
        ["types of the namespace"] = static names => [InNamespace(Declare() + Each(names, "public class @{0};"))],
        ["generic types of the namespace"] = static names => [InNamespace(Declare() + Each(names, "public class @{0}<TAny>;"))],
        ["types of a namespace around"] = static names => [InNamespace(Declare()), $"{Quiet} namespace User {{ {Each(names.Except(["App"]), "public class @{0};")} }}"],
        ["types of no namespace"] = static names => [InNamespace(Declare()), Quiet + Each(names.Except(Roots), "public class @{0};")],
        ["types of no namespace beside networks of none"] = static names => [Quiet + Declare() + Each(names.Except(Roots), "public class @{0};")],
        ["namespaces inside"] = static names => [InNamespace(Declare()), Quiet + Each(names, $"namespace {Space}.@{{0}} {{{{ class Inner; }}}}")],
        ["namespaces of the first level"] = static names => [InNamespace(Declare()), Quiet + Each(names, "namespace @{0} {{ class Inner; }}")],
        ["namespaces beside networks of none"] = static names => [Quiet + Declare() + Each(names, "namespace @{0} {{ class Inner; }}")],
        ["nested types"] = static names => [InNamespace(Declare(Each(names, "public class @{0};")))],
        ["fields"] = static names => [InNamespace(Declare(Each(names, "private int @{0};")))],
        ["constants"] = static names => [InNamespace(Declare(Each(names, "public const int @{0} = 7;")))],
        ["properties"] = static names => [InNamespace(Declare(Each(names, "public string @{0} => \"\";")))],
        ["methods"] = static names => [InNamespace(Declare(Each(names, "public static int @{0}(object o) => 1;")))],
        ["generic methods"] = static names => [InNamespace(Declare(Each(names, "public static int @{0}<T>(T value) => 1;")))],
        ["inherited types"] = static names => [InNamespace(Declare(baseList: " : Base") + $"public class Base {{ {Each(names, "protected class @{0};")} }}")],
        ["inherited fields"] = static names => [InNamespace(Declare(baseList: " : Base") + $"public class Base {{ {Each(names, "protected int @{0};")} }}")],
        ["inherited properties"] = static names => [InNamespace(Declare(baseList: " : Base") + $"public class Base {{ {Each(names, "public int @{0} {{ get; set; }}")} }}")],
        ["inherited methods"] = static names => [InNamespace(Declare(baseList: " : Base") + $"public class Base {{ {Each(names, "public static int @{0}(object o) => 1;")} }}")],
        ["types of a type around"] = static names => [InNamespace($"public partial class Outer {{ {Declare()} {Each(names, "public class @{0};")} }}")],
        ["methods of a type around"] = static names => [InNamespace($"public partial class Outer {{ {Declare()} {Each(names, "public static int @{0}(object o) => 1;")} }}")],
        ["aliases of the file"] = static names => [Each(names, "using @{0} = System.Text.StringBuilder;") + InNamespace(Declare())],
        ["global aliases of a type"] = static names => [InNamespace(Declare()), Quiet + Each(names, "global using @{0} = System.Text.StringBuilder;")],
        ["global aliases of a type beside networks of no namespace"] = static names => [Quiet + Declare(), Quiet + Each(names, "global using @{0} = System.Text.StringBuilder;")],
        ["global aliases of a namespace"] = static names => [InNamespace(Declare()), Quiet + Each(names, "global using @{0} = System.Text;")],
        ["global aliases of a namespace beside networks of none"] = static names => [Quiet + Declare(), Quiet + Each(names, "global using @{0} = System.Text;")],
        ["types imported everywhere"] = static names => [InNamespace(Declare()), $"global using Lib; {Quiet} namespace Lib {{ {Each(names, "public class @{0};")} }}"],
        ["methods imported everywhere"] = static names =>
            [Quiet + Declare(), $"global using static Lib.Names; {Quiet} namespace Lib {{ public static class Names {{ {Each(names, "public static int @{0}(object o) => 1;")} }} }}"],
        ["types imported from a class everywhere"] = static names =>
            [Quiet + Declare(), $"global using static Lib.Names; {Quiet} namespace Lib {{ public static class Names {{ {Each(names, "public class @{0};")} }} }}"],
        ["extension methods"] = static names =>
            [InNamespace(Declare() + $"public static class Extensions {{ {Each(names, "public static int @{0}<T>(this T value, int i = 0, int j = 0) => 1;")} }}")],
    };

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(KindNames))]
    public void NoNameHidesWhatGeneratedTextMeans(string kind)
    {
        // Members that collide with generated ones have diagnostics of their own, and so have the few types that cannot be avoided.
        string[] refused = [.. GeneratedMembers(), .. Networks, .. CanHideNativeInteger(kind) ? ["nuint"] : (string[])[]];
        GeneratorRun run = Run(kind, [.. Identifiers.Value.Except(refused)]);

        Assert.Empty(run.Reported);
        AssertCompiles(run);
        Assert.Equal(PlainResults.Value, Results(run.Load(Allowed(run)), Prefix(run)));
    }

    /// <summary>Names that cannot be used have a diagnostic of ours, and the compiler reports nothing in generated files.</summary>
    [Theory]
    [MemberData(nameof(KindNames))]
    public void NameThatCannotBeHad_IsOurErrorOrNone(string kind)
    {
        GeneratorRun run = Run(kind, [.. GeneratedMembers().Append("nuint").Except(Networks)]);

        Assert.All(run.Reported, static diagnostic => Assert.StartsWith("MLP", diagnostic.Id));
        AssertCompiles(run);
    }

    /// <summary>Members that the user writes a second time are our errors alone, whichever generated ones they are.</summary>
    [Theory]
    [InlineData("[Input(2), Dense(3, Relu), Dense(3)]")]
    [InlineData("[Input(2, Standardize = true, Gradients = true), Dense(3, Relu), Dense(3), Loss(MSE, StandardizeTargets = true)]")]
    [InlineData("[Input(2, Standardize = true, Gradients = true), Dense(3, Relu), Dense(3, Softmax), Loss(CrossEntropy)]")]
    public void GeneratedMembersWrittenAgain_AreOurErrors(string attributes)
    {
        ISymbol[] members =
        [
            .. GeneratorHarness.Run($"{attributes} public partial class Net;").AssertClean().Compilation.GetTypeByMetadataName("Net")!.GetMembers()
                .Where(static member => member.CanBeReferencedByName || member is IMethodSymbol { MethodKind: MethodKind.Constructor }),
        ];
        Assert.True(members.Length > 20);

        GeneratorRun run = GeneratorHarness.Run($"{Quiet}{attributes} public partial class Net {{ {string.Join("\n", members.Select(Again))} }}");

        Assert.All(run.Reported, static diagnostic => Assert.Equal("MLP0028", diagnostic.Id));
        Assert.Equal(members.Length, run.Reported.Length);
        Assert.DoesNotContain(run.CompilerDiagnostics, diagnostic => run.GeneratedTrees.Contains(diagnostic.Location.SourceTree!));

        static string Again(ISymbol member) => member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => $"private Net({Parameters(constructor)}) : this('a') {{ }}",
            IMethodSymbol method => $"private {(method.IsStatic ? "static " : "")}int {method.Name}({Parameters(method)}) => throw null!;",
            _ => $"private int {member.Name};",
        };

        static string Parameters(IMethodSymbol method) => string.Join(", ", method.Parameters.Select(static parameter => parameter.ToDisplayString(
            SymbolDisplayFormat.FullyQualifiedFormat.WithParameterOptions(
                SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeModifiers))));
    }

    /// <summary>A layer may have any name that is not reserved with a diagnostic.</summary>
    [Fact]
    public void LayersMayHaveTheNames()
    {
        string[] free = [.. Identifiers.Value.Where(static name => MemberNames.WhyReserved(name, "Net") is null && CSharpName.IsIdentifier(name) && !name.StartsWith("Layer"))];
        Assert.True(free.Length > 100);

        GeneratorHarness.Run(string.Concat(free.Chunk(60).Select(static (names, index) =>
            $"[Input({(index % 2 == 0 ? 2 : 4000)})] {Each(names, "[Dense(1, Name = \"{0}\")] ")} [Loss(MSE)] public partial class Net{index};\n"))).AssertClean();
    }

    /// <summary>Warnings that are suppressed or reported at the user's declaration are not repeated in generated files.</summary>
    [Theory]
    [InlineData("#pragma warning disable CS8981\n[Input(2), Dense(1), Loss(MSE)] public partial class net; public partial class outer { [Input(64), Dense(90), Loss(MSE)] public partial class inner; }")]
    [InlineData("[Input(2), Dense(1), Loss(MSE)] public partial class @net;")]
    [InlineData("[System.Obsolete(\"old\")] [Input(2, Gradients = true), Dense(1), Loss(MSE)] public partial class Net;")]
    [InlineData("[System.Obsolete(\"old\", true)] public partial class Outer { [Input(64), Dense(90), Loss(MSE)] public partial class Net; }")]
    [InlineData("[System.Diagnostics.CodeAnalysis.Experimental(\"X1\")] [Input(2), Dense(1), Loss(MSE)] public partial class Net;")]
    [InlineData("#pragma warning disable CS0659, CS0660, CS0661\n[Input(2), Dense(1), Loss(MSE)] public partial class Net { public override bool Equals(object? o) => true; }")]
    [InlineData("[assembly: System.CLSCompliant(true)] [Input(3, Gradients = true), Dense(4), Dense(3, Softmax), Loss(CrossEntropy)] public partial class Net;")]
    [InlineData("[assembly: System.CLSCompliant(true)] [Input(64, Gradients = true), Dense(90), Dense(1, Sigmoid), Loss(BCE)] public partial class Net; [Input(2), Dense(1)] public partial class Predicting;")]
    [InlineData("[assembly: System.CLSCompliant(false)] [Input(64, Gradients = true), Dense(90), Dense(1, Sigmoid), Loss(BCE)] public partial class Net;")]
    public void GeneratedFiles_RepeatNoWarning(string source) => GeneratorHarness.Run(source).AssertClean();

    /// <summary>No alias that the file does not use, though a name contains it.</summary>
    [Fact]
    public void Aliases_StandWhereTheyAreUsed() =>
        Assert.All(GeneratorHarness.Run("[Input(2), Dense(1)] public partial class MlpTilesInterop;").Files.Values, static text =>
            Assert.All(
                text.Split('\n').Where(static line => line.TrimStart().StartsWith("using ", StringComparison.Ordinal)),
                line => Assert.Contains(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] + "::", text)));

    private static GeneratorRun Run(string kind, IReadOnlyList<string> names) => GeneratorHarness.Run(GeneratorHarness.CreateCompilation(Kinds[kind](names)));

    /// <summary>Users' own files may have warnings, which are switched off where they can be; generated files have none.</summary>
    private static void AssertCompiles(GeneratorRun run) => run.AssertClean(Allowed(run));

    private static string[] Allowed(GeneratorRun run) =>
    [
        .. run.Reported.Select(static diagnostic => diagnostic.Id),
        .. run.CompilerDiagnostics
            .Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error && !run.GeneratedTrees.Contains(diagnostic.Location.SourceTree!))
            .Select(static diagnostic => diagnostic.Id),
    ];

    private static IEnumerable<string> GeneratedMembers() => Plain.Value.Compilation.GetTypeByMetadataName($"{Space}.{nameof(Small)}")!.GetMembers()
        .Concat(Plain.Value.Compilation.GetTypeByMetadataName($"{Space}.{nameof(Wide)}")!.GetMembers())
        .Select(static member => member.Name)
        .Where(static name => SyntaxFacts.IsValidIdentifier(name) && name is not ['g' or 's', 'e', 't', '_', ..])
        .Concat(["Layer1", "Layer2", "Layer3", "Layer4"])
        .Distinct();

    private static bool CanHideNativeInteger(string kind) =>
        kind.Contains("types") ? !kind.Contains("generic") : kind.Contains("namespaces") || (kind.Contains("aliases") && kind.Contains("global"));

    private static string InNamespace(string code) => $"{Quiet} namespace {Space} {{ {code} }}";

    private static string Declare(string members = "", string baseList = "") =>
        $"{Small} public partial class Small{baseList} {{ {members} }} {Wide} public partial class Wide{baseList} {{ {members} }} {Classes} public partial class Classes{baseList} {{ {members} }} ";

    private static string Each(IEnumerable<string> names, string format) =>
        string.Join("\n", names.Select(name => string.Format(CultureInfo.InvariantCulture, format, name))) + "\n";

    private static string Prefix(GeneratorRun run) => new[] { $"{Space}.Outer+", Space + ".", "" }
        .First(prefix => run.Compilation.GetTypeByMetadataName(prefix + nameof(Small)) is not null);

    /// <summary>All that the networks compute, in training and after it.</summary>
    private static float[] Results(Assembly assembly, string prefix)
    {
        List<float> results = [];
        foreach (string name in Networks)
        {
            CompiledNetwork net = new(assembly.GetType(prefix + name, throwOnError: true)!, seed: 3);
            const int Rows = 19;
            int inputSize = net.Constant("InputSize");
            int outputSize = net.Constant("OutputSize");
            float[] inputs = new RandomNetworks(1).Uniform(Rows * inputSize, 1);
            float[] targets = new float[Rows * outputSize];
            for (int row = 0; row < Rows; row++)
            {
                targets[(row * outputSize) + (row % outputSize)] = row % 2 == 0 || outputSize > 1 ? 1 : 0;
            }

            results.Add(net.TrainStep(inputs, targets, new Adam()));
            results.Add(net.TrainStep(inputs, targets, new Adam()));
            float[] gradients = new float[net.ParameterCount];
            results.Add(net.ComputeGradients(inputs, targets, gradients));
            results.AddRange(gradients);
            if (name != nameof(Classes))
            {
                float[] inputGradients = new float[inputs.Length];
                results.Add(net.InputGradients(inputs, targets, inputGradients));
                results.AddRange(inputGradients);
            }

            float[] outputs = new float[targets.Length];
            net.Predict(inputs, outputs);
            results.AddRange(outputs);
            results.Add(net.PredictClass(inputs.AsSpan(0, inputSize)));
            results.AddRange(outputSize == 1 ? [net.PredictValue(inputs.AsSpan(0, inputSize))] : net.PredictVector(inputs.AsSpan(0, inputSize)));
            results.AddRange(net.Parameters);
        }

        return [.. results];
    }
}
