extern alias generator;

using System.Text;
using BenchmarkDotNet.Attributes;
using generator::Mlp.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mlp.Generator.Benchmarks;

/// <summary>
/// What the generator adds to a build and to an editor: writing a network of so many layers from nothing, after an edit of the network, and after an
/// edit of another file, which regenerates nothing.
/// </summary>
[MemoryDiagnoser]
public class GeneratorBenchmarks
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    private CSharpCompilation _compilation = null!;
    private CSharpCompilation _edited = null!;
    private CSharpCompilation _editedElsewhere = null!;
    private GeneratorDriver _warm = null!;

    [Params(2, 12)]
    public int Layers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        SyntaxTree network = Parse(Network(lastUnits: 3));
        SyntaxTree other = Parse("class Other { int _field; }");
        _compilation = CSharpCompilation.Create("Networks", [network, other], EditorLatency.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        _edited = _compilation.ReplaceSyntaxTree(network, Parse(Network(lastUnits: 4)));
        _editedElsewhere = _compilation.ReplaceSyntaxTree(other, Parse("class Other { long _field; }"));
        _warm = Fresh().RunGenerators(_compilation);
        if (_warm.GetRunResult().GeneratedTrees.Length == 0)
            throw new InvalidOperationException("The generator wrote nothing.");
    }

    [Benchmark(Baseline = true, Description = "from nothing")]
    public GeneratorDriver FromNothing() => Fresh().RunGenerators(_compilation);

    [Benchmark(Description = "after an edit of the network")]
    public GeneratorDriver AfterAnEdit() => _warm.RunGenerators(_edited);

    [Benchmark(Description = "after an edit elsewhere")]
    public GeneratorDriver AfterAnEditElsewhere() => _warm.RunGenerators(_editedElsewhere);

    private static GeneratorDriver Fresh() => CSharpGeneratorDriver.Create([new MlpGenerator().AsSourceGenerator()], parseOptions: Options);

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, Options);

    private string Network(int lastUnits)
    {
        StringBuilder source = new("using Mlp;\n[Input(64)]\n");
        for (int layer = 1; layer < Layers; layer++)
            source.AppendLine($"[Dense({256 - (8 * layer)}, Activation.Relu)]");
        return source.AppendLine($"[Dense({lastUnits}, Activation.Softmax)]\n[Loss(LossFunction.CrossEntropy)]\npublic partial class Net;").ToString();
    }
}
