using System.Text.RegularExpressions;
using Generator.Tests.Infrastructure;

namespace Mlp.Runtime.Tests.Architecture;

/// <summary>The folders of the runtime are layers: each uses those before it alone.</summary>
public partial class LayersTests
{
    private static readonly string[] Layers =
    [
        "Declarations", "Numerics", "Encoding", "Networks", "Passes", "Optimizers", "Files", "Data", "Metrics", "Serialization", "Onnx", "Records", "Training", "Judging",
        "Pictures", "Members",
    ];

    private static readonly string Sources = Repository.PathOf("src", "Mlp.Runtime");

    private static readonly Dictionary<string, string> FolderOfType = ReadFolders();

    [Fact]
    public void EachFolder_UsesThoseBeforeItAlone() => Assert.Empty(Violations(Layers));

    [Fact]
    public void TheOrder_NamesEveryFolderWithSources() =>
        Assert.Equal(Layers.Order(), FolderOfType.Values.Distinct().Order());

    [Theory]
    [InlineData("Networks/NetworkState uses Numerics/AlignedBuffer")] // A field.
    [InlineData("Networks/IGradientSource uses Numerics/IGradientSink")] // A constraint of a method.
    [InlineData("Optimizers/Sgd uses Networks/OptimizerState")] // A parameter.
    [InlineData("Passes/IRowTrainingKernels uses Numerics/IVector`1")] // A generic constraint.
    [InlineData("Training/TrainingRun uses Metrics/AccuracyCounter")] // A call.
    [InlineData("Training/Evaluator uses Data/Batch")] // A local.
    [InlineData("Training/TrainingRun uses Passes/NonFiniteLossException")] // A catch.
    [InlineData("Training/INetwork`1 uses Networks/INetwork")] // An interface.
    public void InTheReverseOrder_EachKindOfReferenceIsFound(string violation) =>
        Assert.Contains(violation, Violations([.. Layers.Reverse()]));

    /// <summary>References of the assembly from a folder to one that comes after it.</summary>
    private static IEnumerable<string> Violations(string[] order) =>
        from reference in TypeReferences.Of(typeof(NetworkState).Assembly)
        where !IsOfTheCompiler(reference.From) && !IsOfTheCompiler(reference.To)
        let @from = FolderOfType[reference.From]
        let to = FolderOfType[reference.To]
        where Array.IndexOf(order, @from) < Array.IndexOf(order, to)
        orderby @from, to, reference
        select $"{@from}/{reference.From} uses {to}/{reference.To}";

    private static bool IsOfTheCompiler(string type) => type.Contains('<');

    /// <summary>The folder of each top-level type, by the type's name with arity, as its sources declare it.</summary>
    private static Dictionary<string, string> ReadFolders()
    {
        Dictionary<string, string> folders = [];
        foreach (string folder in Directory.GetDirectories(Sources).Where(static folder => Path.GetFileName(folder) is not ("bin" or "obj")))
        {
            foreach (string file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
            {
                foreach (Match declaration in Declaration().Matches(File.ReadAllText(file)))
                {
                    string parameters = declaration.Groups["parameters"].Value;
                    string name = declaration.Groups["name"].Value + (parameters.Length == 0 ? "" : $"`{parameters.Split(',').Length}");
                    string other = folders.GetValueOrDefault(name, Path.GetFileName(folder));
                    Assert.True(other == Path.GetFileName(folder), $"{name} is declared in {other} and in {file}.");
                    folders[name] = other;
                }
            }
        }

        return folders;
    }

    /// <summary>The declaration of a top-level type: in files with file-scoped namespaces it begins its line.</summary>
    [GeneratedRegex(
        @"^(?:(?:public|internal|static|sealed|abstract|readonly|ref|partial|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+class|\s+struct)?)\s+(?<name>\w+)(?:<(?<parameters>[^>]+)>)?",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
