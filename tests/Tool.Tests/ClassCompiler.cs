// The enums of the declarations are compiled into generator and runtime alike, so one of the two needs another root.
extern alias generator;

using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using generator::Mlp.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Tool.Tests;

/// <summary>Compiles declarations as a project that references the package does.</summary>
internal static class ClassCompiler
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Linq;
        global using Mlp;
        global using static Mlp.Activation;
        global using static Mlp.LossFunction;
        """;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Append(typeof(InputAttribute).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Compiles a file and loads it; fails on any warning or error.</summary>
    /// <param name="source">The file.</param>
    public static Assembly Load(string source)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Networks",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, Options), CSharpSyntaxTree.ParseText(source, Options)],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new MlpGenerator().AsSourceGenerator()], parseOptions: Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out ImmutableArray<Diagnostic> reported);
        Diagnostic[] problems = [.. reported.Concat(generated.GetDiagnostics()).Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
        Assert.True(problems.Length == 0, string.Join("\n", problems.AsEnumerable()));
        using MemoryStream image = new();
        Assert.True(generated.Emit(image).Success);
        image.Position = 0;
        return new AssemblyLoadContext("Networks", isCollectible: true).LoadFromStream(image);
    }
}
