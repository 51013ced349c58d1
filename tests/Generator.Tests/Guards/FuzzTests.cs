using Generator.Tests.Diagnostics;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Guards;

/// <summary>
/// Sources as they are while they are typed, and sources that are damaged: generator and analyzers throw nothing, and what is generated without a mistake of ours
/// compiles where the user's own text does.
/// </summary>
public class FuzzTests
{
    private const int Mutations = 400;
    private const int Seed = 20261127;

    public static TheoryData<string> Typed =>
    [
        .. Gallery.Read.Select(static network => $"{network.Attributes}\npublic partial class {network.Name}Net;\n"),
        File.ReadAllText(Repository.PathOf("samples", "Digits", "DigitsNet.cs")),
        File.ReadAllText(Repository.PathOf("samples", "Server", "Reading.cs")),
        "var net = new Net(1);\nnet.TrainStep([1, 2], [1], new Adam(1e-3f));\n_ = net.Predict([0.5f, 1]);\n[Input(2)] [Dense(4, Relu)] [Dense(1)] [Loss(MSE)] partial class Net;\n",
    ];

    [Theory]
    [MemberData(nameof(Typed))]
    public void Typing_NeverThrows(string source)
    {
        for (int length = 0; length <= source.Length; length++)
        {
            Run(source[..length]);
        }
    }

    [Fact]
    public void DamagedSources_NeverThrow_AndWhatIsGeneratedCompiles()
    {
        string[] sources =
        [
            .. Gallery.Networks.Where(static network => !network.Attributes.Contains('<', StringComparison.Ordinal)).Select(static network => $"{network.Attributes} public partial class Net;"),
            .. Mistakes.All.Select(static mistake => MarkedSource.Parse(mistake.Source).Text),
        ];
        foreach (string damaged in DamagedSources.Of(sources, Mutations, Seed))
        {
            (CSharpCompilation compilation, bool hasMistakes) = Run(damaged);
            if (hasMistakes)
            {
                continue;
            }

            ILookup<bool, Diagnostic> errors = compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .ToLookup(diagnostic => diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
            Assert.True(errors[false].Any() || !errors[true].Any(), $"{damaged}\n{string.Join("\n", errors[true])}");
        }
    }

    /// <summary>Generates and analyses; an exception of either fails.</summary>
    private static (CSharpCompilation Compilation, bool HasMistakes) Run(string source)
    {
        GeneratorRun run = GeneratorHarness.Run(source);
        GeneratorHarness.Advise(run.Compilation);
        return (run.Compilation, run.Reported.Any(static diagnostic => diagnostic.Id.StartsWith("MLP", StringComparison.Ordinal)));
    }
}
