using System.Reflection;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Generator.Tests.Documentation;

/// <summary>The programs of some pages run as they stand, in a folder that holds the tables which they read.</summary>
[Collection(nameof(WorkingDirectory))]
public class GuideTests
{
    /// <summary>A type of each assembly of other runtimes that examples use.</summary>
    private static readonly Type[] OtherRuntimes = [typeof(InferenceSession), typeof(MLContext), typeof(IDataView), typeof(ColumnNameAttribute), typeof(OnnxCatalog)];

    public static TheoryData<string, int> Examples
    {
        get
        {
            TheoryData<string, int> examples = [];
            foreach (string page in (string[])["docs/guide.md", "docs/interop.md", "docs/generated-code.md"])
            {
                for (int number = 0; number < ReadmeTests.Blocks(page, "example").Count(); number++)
                {
                    examples.Add(page, number);
                }
            }

            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_Runs(string page, int number)
    {
        string example = ReadmeTests.Blocks(page, "example").ElementAt(number);
        string networks = $"using Mlp;\n{ReadmeTests.Blocks(page, "networks").Single()}";
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([example, ReadmeTests.ConsoleUsings, networks])
            .AddReferences(OtherRuntimes.Select(static type => MetadataReference.CreateFromFile(type.Assembly.Location)));
        MethodInfo main = GeneratorHarness.Run(compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication))).Load().EntryPoint!;

        string folder = Directory.CreateTempSubdirectory("mlpgen-guide-").FullName;
        string before = Directory.GetCurrentDirectory();
        TextWriter console = Console.Out;
        using StringWriter output = new();
        try
        {
            foreach (string table in Directory.GetFiles(Repository.PathOf("samples", "Tabular"), "*.csv"))
            {
                File.Copy(table, Path.Combine(folder, Path.GetFileName(table)));
            }

            Directory.SetCurrentDirectory(folder);
            Console.SetOut(output);
            main.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [Array.Empty<string>()], culture: null);
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }

        // What an example says of a line's output stands behind it as a comment.
        Assert.NotEmpty(output.ToString());
        Assert.All(Expected(example), line => Assert.Contains(line, output.ToString().ReplaceLineEndings("\n").Split('\n')));
    }

    private static IEnumerable<string> Expected(string example) =>
        from line in example.Split('\n')
        where line.StartsWith("Console.WriteLine(", StringComparison.Ordinal) && line.Contains("); // ", StringComparison.Ordinal)
        select line[(line.IndexOf("); // ", StringComparison.Ordinal) + 6)..].Trim();
}

/// <summary>Tests that change the process's working directory or its console: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(WorkingDirectory), DisableParallelization = true)]
public sealed class WorkingDirectory;
