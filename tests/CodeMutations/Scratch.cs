using System.Text.RegularExpressions;

namespace CodeMutations;

/// <summary>A copy of the repository beside it, in which sources are changed, built and tested; an instance has built tests of its own.</summary>
internal sealed partial class Scratch
{
    private const string Configuration = "Release";

    // Beside the repository, where tests find what they find from there.
    private static readonly string Root = Repository.Root + ".mutations";

    private static readonly string[] Skipped = [".git", "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    private static readonly string Generator = Path.Combine(Root, "src", "Mlp.Generator", "bin", Configuration, "netstandard2.0", "Mlp.Generator.dll");

    /// <summary>
    /// All that computes. Left out: stored texts, plans and pages, which any change of an emitter alters; guards, which take long or look at other
    /// things; diagnostics.
    /// </summary>
    private static readonly Dictionary<Suite, string> Everything = new()
    {
        [Suite.Runtime] = "FullyQualifiedName!~Pictures",
        [Suite.Contract] = "FullyQualifiedName!~Pictures",
        [Suite.Generator] = "FullyQualifiedName~Tests.Correctness|FullyQualifiedName~Tests.Bits|FullyQualifiedName~Tests.Contract"
            + "|FullyQualifiedName~BufferTests|FullyQualifiedName~StoreTests|FullyQualifiedName~ActivationFactsTests|FullyQualifiedName~ThreadsTests",
    };

    private static readonly Lazy<Compiler> OfRuntime = new(static () => new Compiler(Path.Combine(Root, "src", "Mlp.Runtime")));
    private static readonly Lazy<Compiler> OfGenerator = new(static () => new Compiler(Path.Combine(Root, "src", "Mlp.Generator")));
    private static readonly Lock Networks = new();

    private readonly int _number;
    private readonly Dictionary<string, byte[]> _sound = [];
    private CodeMutation? _mutation;
    private byte[] _mutated = [];

    /// <summary>Copies the built tests.</summary>
    /// <param name="number">Number of the instance.</param>
    public Scratch(int number)
    {
        _number = number;
        foreach (Suite suite in Enum.GetValues<Suite>())
        {
            Copy(new DirectoryInfo(Path.Combine(Root, "tests", $"{suite}.Tests", "bin", Configuration, "net10.0")), FolderOf(suite));
        }
    }

    /// <summary>Brings the copy up to date and builds it.</summary>
    public static void Prepare()
    {
        Copy(new DirectoryInfo(Repository.Root), Root);
        foreach (Suite suite in Enum.GetValues<Suite>())
        {
            Outcome build = Build(suite, withReferences: true);
            if (!build.Succeeded)
            {
                throw new InvalidOperationException($"The copy does not build:\n{build.Output}");
            }
        }
    }

    /// <summary>Runs tests; an error if there are none.</summary>
    /// <returns>The first test that failed, or what else went wrong; <see langword="null"/> where all passed.</returns>
    public string? FirstFailure(Suite suite, string? filter = null)
    {
        Outcome run = Outcome.Of(
            TimeSpan.FromMinutes(filter is null ? 60 : 20), Root, "test", Path.Combine(FolderOf(suite), $"{suite}.Tests.dll"),
            "--filter", filter ?? Everything[suite], "--", "xUnit.StopOnFail=true");
        if (run.Output.Contains("No test matches", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"No test of {suite}.Tests is {filter}.");
        }

        if (run.Succeeded)
        {
            return null;
        }

        Match failed = FailedTest().Match(run.Output);
        return failed.Success ? failed.Groups[1].Value : run.TimedOut ? "no end" : "a crash";
    }

    /// <summary>Compiles a mutation, and puts the assembly beside the tests of a project.</summary>
    /// <returns>Whether the tests still compile, whose networks a wrong generator writes.</returns>
    /// <exception cref="InvalidOperationException">The mutation does not compile.</exception>
    public bool Apply(CodeMutation mutation, Suite suite)
    {
        if (_mutation != mutation)
        {
            _mutated = (mutation.IsOfGenerator ? OfGenerator : OfRuntime).Value.Compile(mutation);
            _mutation = mutation;
        }

        if (mutation.IsOfGenerator && suite == Suite.Contract)
        {
            return WriteNetworks(_mutated);
        }

        // The runtime's tests do without the generator.
        string path = Path.Combine(FolderOf(suite), mutation.IsOfGenerator ? "Mlp.Generator.dll" : "Mlp.Runtime.dll");
        if (File.Exists(path))
        {
            Replace(path, _mutated);
        }

        return true;
    }

    /// <summary>Puts back the assemblies of sound code.</summary>
    public void Restore()
    {
        foreach ((string path, byte[] content) in _sound)
        {
            File.WriteAllBytes(path, content);
        }

        _sound.Clear();
    }

    /// <summary>Compiles the networks that users would declare with a generator.</summary>
    private bool WriteNetworks(byte[] generator)
    {
        lock (Networks)
        {
            byte[] sound = File.ReadAllBytes(Generator);
            try
            {
                File.WriteAllBytes(Generator, generator);
                bool compiles = Build(Suite.Contract, withReferences: false).Succeeded;
                string assembly = Path.Combine(Root, "tests", "Contract.Tests", "obj", Configuration, "net10.0", "Contract.Tests.dll");
                Replace(Path.Combine(FolderOf(Suite.Contract), "Contract.Tests.dll"), File.ReadAllBytes(assembly));
                return compiles;
            }
            finally
            {
                File.WriteAllBytes(Generator, sound);
            }
        }
    }

    private void Replace(string path, byte[] content)
    {
        if (!_sound.ContainsKey(path))
        {
            _sound[path] = File.ReadAllBytes(path);
        }

        File.WriteAllBytes(path, content);
    }

    private string FolderOf(Suite suite) => Path.Combine(Root, "tests", $"{suite}.Tests", "bin", $"mutated{_number}");

    private static Outcome Build(Suite suite, bool withReferences) => Outcome.Of(
        TimeSpan.FromMinutes(20), Root, "build", Path.Combine("tests", $"{suite}.Tests"), "-c", Configuration, "-p:RunAnalyzers=false",
        "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false", $"-p:BuildProjectReferences={withReferences}",
        withReferences ? "-nologo" : "--no-restore");

    /// <summary>Copies what differs, so that builds of the last time stay.</summary>
    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileInfo file in from.EnumerateFiles())
        {
            string copy = Path.Combine(to, file.Name);
            if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(File.ReadAllBytes(file.FullName)))
            {
                file.CopyTo(copy, overwrite: true);
            }
        }

        foreach (string copy in Directory.EnumerateFiles(to).Where(copy => !File.Exists(Path.Combine(from.FullName, Path.GetFileName(copy)))))
        {
            File.Delete(copy);
        }

        foreach (DirectoryInfo folder in from.EnumerateDirectories().Where(static folder => !Skipped.Contains(folder.Name)))
        {
            Copy(folder, Path.Combine(to, folder.Name));
        }
    }

    [GeneratedRegex(@"^\[xUnit\.net [0-9:.]+\]\s+(\S.*?)(?:\(.*)? \[FAIL\]", RegexOptions.Multiline)]
    private static partial Regex FailedTest();
}
