using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Pipeline;

/// <summary>Work grows linearly with the declaration. Measured in memory, because time depends on the machine.</summary>
public class GrowthTests
{
    /// <summary>Twice as much of it costs twice the memory, and a little more for lists that double; a square would be four times.</summary>
    private const double MostForTwice = 2.5;

    public static TheoryData<string> Declarations => [.. Sources.Keys];

    private static readonly Dictionary<string, Func<int, string>> Sources = new()
    {
        ["class weights"] = static n =>
            $"[Input(2), Dense({n}, Softmax), Loss(CrossEntropy, ClassWeights = new double[] {{ {Repeat(n, "1.5", ", ")} }})] public partial class Net;",
        ["wrong class weights"] = static n =>
            $"[Input(2), Dense({n}, Softmax), Loss(CrossEntropy, ClassWeights = new double[] {{ {Repeat(n, "-1.5", ", ")} }})] public partial class Net;",
        ["constant class weights"] = static n =>
            $"[Input(2), Dense({n}, Softmax), Loss(CrossEntropy, ClassWeights = new double[] {{ {Repeat(n, "Half", ", ")} }})] "
            + "public partial class Net { private const double Half = 0.5; }",
        ["class weights without a value"] = static n =>
            $"[Input(2), Dense({n}, Softmax), Loss(CrossEntropy, ClassWeights = new double[] {{ {Repeat(n, "0.5", ", ")}, Net.InputSize }})] public partial class Net;",
        ["noise"] = static n => $"[Input(2), {Repeat(n, "Dropout(0.5)", ", ")}, Dense(1), Loss(MSE)] public partial class Net;",
        ["layers"] = static n => $"[Input(2), {Repeat(n, "Dense(0, Relu)", ", ")}] public partial class Net;",
        ["layers of one name"] = static n => $"[Input(2), {Repeat(n, "Dense(1, Name = \"A\")", ", ")}] public partial class Net;",
        ["declarations"] = static n => $"[Input(2), Dense(0)] public partial class Net;\n{Repeat(n, "[Dense(1)] public partial class Net;", "\n")}",
        ["members"] = static n =>
            $"[Input(2), Dense(1)] public partial class Net {{ {string.Concat(Enumerable.Range(0, n).Select(static i => $"public int Predict(int a{i}, P{i} b) => 1; "))} }}",
    };

    [Theory]
    [MemberData(nameof(Declarations))]
    public void Memory_GrowsWithTheDeclaration(string name)
    {
        const int Size = 1000;
        Measure(Sources[name](Size));

        long once = Measure(Sources[name](Size));
        long twice = Measure(Sources[name](2 * Size));

        Assert.True(twice < MostForTwice * once, $"{once} bytes, then {twice}");
    }

    /// <summary>Reads the declaration alone, which the compiler has bound before.</summary>
    private static long Measure(string source)
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([source]);
        INamedTypeSymbol type = compilation.GetTypeByMetadataName("Net")!;
        type.GetAttributes();
        type.GetMembers();
        long before = GC.GetAllocatedBytesForCurrentThread();
        NetworkParser.Parse(type, default);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Repeat(int count, string text, string separator) => string.Join(separator, Enumerable.Repeat(text, count));
}
