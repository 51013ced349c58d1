using System.Text;
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

    /// <summary>What mutations put in: half attributes, huge numbers, names in other scripts, keywords, braces.</summary>
    private static readonly string[] Inserted =
    [
        "[", "]", "(", ")", "{", "}", ",", "\"", "'", "<", ">", "=", ";", "int.MaxValue", "99999999999999999999", "-1", "0", "1e400", "double.NaN", "null", "default",
        "typeof(int)", "nameof(Net)", "Größe", "名前", "@class", "é́", "partial", "static", "record", "file", "abstract", "<T>", " : object", "[Input(2)]", "[Dense(",
        "[Loss(MSE)]", "[Dropout(0.5)]", "Name = \"Weights\"", "Standardise = true", "\"relu\"", "ReLU", "/*", "//", "\n#if X\n", "\n#pragma warning disable\n", "\\u0041",
    ];

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
        Random random = new(20261127);
        for (int mutation = 0; mutation < Mutations; mutation++)
        {
            string damaged = Damage(sources[random.Next(sources.Length)], random);
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

    /// <summary>Cuts, repeats, swaps or inserts, one to three times.</summary>
    private static string Damage(string source, Random random)
    {
        StringBuilder text = new(source);
        for (int times = random.Next(1, 4); times > 0 && text.Length > 4; times--)
        {
            int at = random.Next(text.Length);
            int length = Math.Min(random.Next(1, 12), text.Length - at);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, text.ToString(at, length));
                    break;
                case 2:
                    (text[at], text[at + length - 1]) = (text[at + length - 1], text[at]);
                    break;
                default:
                    text.Insert(at, Inserted[random.Next(Inserted.Length)]);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Generates and analyses; an exception of either fails.</summary>
    private static (CSharpCompilation Compilation, bool HasMistakes) Run(string source)
    {
        GeneratorRun run = GeneratorHarness.Run(source);
        GeneratorHarness.Advise(run.Compilation);
        return (run.Compilation, run.Reported.Any(static diagnostic => diagnostic.Id.StartsWith("MLP", StringComparison.Ordinal)));
    }
}
