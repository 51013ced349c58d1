using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Generator.Tests.Infrastructure;

/// <summary>A console program with generated networks in a folder of its own, to be run under settings that only a new process takes.</summary>
internal sealed class ChildProgram : IDisposable
{
    /// <summary>More threads than processors, for programs that ask for them: no user can.</summary>
    private const string WorkerThreads = """
        static class WorkerThreads
        {
            public static int Limit
            {
                set => System.Linq.Enumerable.Single(typeof(Dataset).Assembly.GetTypes(), static type => type.Name == "WorkerPool")
                    .GetProperty(nameof(Limit), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.SetValue(null, value);
            }
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlpgen-");
    private int _runs;

    /// <summary>Compiles the program, with the runtime that the tests use or, in Debug, one compiled without optimisation from its sources.</summary>
    /// <param name="source">Networks and top-level statements, which may set <c>WorkerThreads.Limit</c>.</param>
    /// <param name="optimization">Of networks, program and runtime.</param>
    public ChildProgram(string source, OptimizationLevel optimization = OptimizationLevel.Release)
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([source, WorkerThreads], optimization);
        compilation = compilation.WithAssemblyName("Child").WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication));
        Emit(GeneratorHarness.Run(compilation).AssertClean().Compilation, "Child.dll");
        Emit(CompileRuntime(compilation.References, optimization), "Mlp.Runtime.dll");
    }

    /// <summary>Starts the program, for the test to end it.</summary>
    /// <param name="arguments">What its <c>args</c> are.</param>
    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = StartInfo();
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs the program to its end; fails if it fails.</summary>
    /// <param name="environment">Environment variables.</param>
    /// <param name="options">Runtime options, those that projects set as <c>RuntimeHostConfigurationOption</c>.</param>
    /// <returns>What it wrote.</returns>
    public string Run(IEnumerable<KeyValuePair<string, string>> environment, params KeyValuePair<string, string>[] options)
    {
        ProcessStartInfo start = StartInfo(options);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return ReadToEnd(start);
    }

    private static string ReadToEnd(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The program did not end within {Patience}.");
        }

        Assert.True(process.ExitCode == 0, $"Exit code {process.ExitCode}: {errors.Result}");
        return output.Result;
    }

    /// <summary>Runs the program to its end after a shell command that prepares its surroundings, in namespaces of users and mounts of its own; fails if it fails.</summary>
    /// <param name="command">The command; <c>$0</c> is the program's folder.</param>
    /// <returns>What the program wrote.</returns>
    public string RunAfter(string command)
    {
        ProcessStartInfo program = StartInfo();
        ProcessStartInfo start = new("unshare", ["-rm", "sh", "-c", $"{command} && exec \"$@\"", _folder.FullName, program.FileName, .. program.ArgumentList, _folder.FullName])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return ReadToEnd(start);
    }

    private ProcessStartInfo StartInfo(params KeyValuePair<string, string>[] options)
    {
        string configuration = Path.Combine(_folder.FullName, $"Run{++_runs}.runtimeconfig.json");
        File.WriteAllText(configuration, $$"""
            {
              "runtimeOptions": {
                "tfm": "net10.0",
                "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version}}" },
                "configProperties": { {{string.Join(", ", options.Select(static option => $"\"{option.Key}\": \"{option.Value}\""))}} }
              }
            }
            """);
        return new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", "--runtimeconfig", configuration, Path.Combine(_folder.FullName, "Child.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    /// <summary>Path of a file in the program's folder.</summary>
    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The runtime from its sources, so that the optimisation asked for does not depend on how the tests were built.</summary>
    private static CSharpCompilation CompileRuntime(IEnumerable<MetadataReference> references, OptimizationLevel optimization)
    {
        string common = $$"""
            global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
            global using System.Threading; global using System.Threading.Tasks; global using Mlp.CompilerServices;
            [assembly: System.Reflection.AssemblyVersion("{{typeof(InputAttribute).Assembly.GetName().Version}}")]
            """;
        string folder = Repository.PathOf("src", "Mlp.Runtime");
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));
        string runtime = typeof(InputAttribute).Assembly.Location;
        ImmutableArray<string> packages = [Path.Combine(AppContext.BaseDirectory, "CsvHelper.dll")];
        return CSharpCompilation.Create(
            "Mlp.Runtime",
            files.Select(static path => GeneratorHarness.ParseFile(File.ReadAllText(path), path)).Append(GeneratorHarness.ParseFile(common, "Common.cs")),
            references.Where(reference => reference.Display != runtime).Concat(packages.Select(static path => MetadataReference.CreateFromFile(path))),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: optimization, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    private void Emit(CSharpCompilation compilation, string file)
    {
        EmitResult result = compilation.Emit(PathOf(file));
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
    }
}
