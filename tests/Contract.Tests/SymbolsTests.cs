using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text;

namespace Contract.Tests;

[Input(2)]
[Dense(3, Tanh)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class SteppedNet;

/// <summary>
/// What a debugger needs lies in the symbols: the generated files and the runtime's sources themselves, places to stop in every kernel, and locals that are
/// named as in the mathematics. Read from the symbols of this very build.
/// </summary>
public sealed class SymbolsTests
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Theory]
    [InlineData("SteppedNet.g.cs", "public float TrainStep(")]
    [InlineData("SteppedNet.Forward.g.cs", "V z2 = ")]
    [InlineData("SteppedNet.Backward.g.cs", "// δ1 = (δ2·W2ᵀ) ⊙ (1 − h1²)")]
    public void GeneratedFiles_AreEmbedded(string file, string text) =>
        Read(typeof(SteppedNet), symbols => Assert.Contains(text, Sources(symbols).Single(source => source.Key.EndsWith($"Contract.Tests.{file}", StringComparison.Ordinal)).Value));

    [Theory]
    [InlineData("Numerics/Tiles.Products.cs", "public static void MultiplyNarrow<TEpilogue>(")]
    [InlineData("Numerics/Tiles.Gradients.cs", "public static void SumGradients<V, TSink>(")]
    [InlineData("Optimizers/AdamRule.cs", "V root = ")]
    [InlineData("Passes/LaneTraining.cs", "Differentiate<V>(")]
    public void SourcesOfTheRuntime_AreEmbedded(string file, string text) =>
        Read(typeof(InputAttribute), symbols => Assert.Contains(text, Sources(symbols).Single(source => source.Key.Replace('\\', '/').EndsWith($"/{file}", StringComparison.Ordinal)).Value));

    [Theory]
    [InlineData("Forward1", "Forward", "z1")]
    [InlineData("Forward2", "Forward", "z2")]
    [InlineData("PredictRow", "Forward", "x_0 p1_0 z1_0 h1_0 p2_0 z2_0 y_0")]
    [InlineData("Gradient2", "Backward", "h1_0 h1_2 d2_0 dW2_0_0 dW2_2_0 db2_0")]
    [InlineData("FirstGradient", "Backward", "x_0 x_1 d2_0 d1_0 d1_2 dW1_0_0 dW1_1_2 db1_2")]
    public void Kernels_AreSteppedThrough_WithTheirLettersInScope(string kernel, string file, string letters) => Read(typeof(SteppedNet), symbols =>
    {
        Type kernels = typeof(SteppedNet).GetNestedType("Kernels", System.Reflection.BindingFlags.NonPublic)!;
        MethodDefinitionHandle method = (MethodDefinitionHandle)MetadataTokens.EntityHandle(kernels.GetMethod(
            kernel, System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)!.MetadataToken);
        MethodDebugInformation information = symbols.GetMethodDebugInformation(method);
        string document = symbols.GetString(symbols.GetDocument(information.Document).Name);
        Assert.EndsWith($"SteppedNet.{file}.g.cs", document, StringComparison.Ordinal);

        // A place to stop at each statement: at least one for each letter, all in the lines of the kernel.
        string[] wanted = letters.Split(' ');
        SequencePoint[] points = [.. information.GetSequencePoints().Where(static point => !point.IsHidden)];
        string[] lines = Sources(symbols)[document].Split('\n');
        Assert.True(points.Select(static point => point.StartLine).Distinct().Count() >= wanted.Length, $"{points.Length} places to stop");
        Assert.All(points, point => Assert.NotEqual("", lines[point.StartLine - 1][(point.StartColumn - 1)..].Trim()));

        string[] locals =
        [
            .. symbols.GetLocalScopes(method)
                .SelectMany(scope => symbols.GetLocalScope(scope).GetLocalVariables())
                .Select(local => symbols.GetString(symbols.GetLocalVariable(local).Name)),
        ];
        Assert.All(wanted, letter => Assert.Contains(letter, locals));
    });

    /// <summary>Nothing hides the code from a debugger: attributes that do are neither on the class nor on its kernels.</summary>
    [Fact]
    public void NothingIsHiddenFromADebugger() => Assert.All(
        [typeof(SteppedNet), .. typeof(SteppedNet).GetNestedTypes(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public)],
        static type => Assert.All(
            type.GetMembers(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
                .Append(type),
            static member => Assert.DoesNotContain(
                member.CustomAttributes, static attribute => attribute.AttributeType.Name is "DebuggerStepThroughAttribute" or "DebuggerNonUserCodeAttribute" or "DebuggerHiddenAttribute")));

    private static void Read(Type type, Action<MetadataReader> check)
    {
        using FileStream file = File.OpenRead(Path.ChangeExtension(type.Assembly.Location, ".pdb"));
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(file);
        check(provider.GetMetadataReader());
    }

    /// <summary>The sources in the symbols, by the names of their documents.</summary>
    private static Dictionary<string, string> Sources(MetadataReader symbols)
    {
        Dictionary<string, string> sources = [];
        foreach (DocumentHandle document in symbols.Documents)
        {
            foreach (CustomDebugInformation information in symbols.GetCustomDebugInformation(document).Select(symbols.GetCustomDebugInformation))
            {
                if (symbols.GetGuid(information.Kind) == EmbeddedSource)
                {
                    sources.Add(symbols.GetString(symbols.GetDocument(document).Name), Text(symbols.GetBlobContent(information.Value)));
                }
            }
        }

        return sources;
    }

    /// <summary>A length, which is 0 for a text as it is and else that of a compressed one, then the text.</summary>
    private static string Text(ImmutableArray<byte> blob)
    {
        using MemoryStream content = new([.. blob[sizeof(int)..]]);
        using Stream text = BitConverter.ToInt32(blob.AsSpan()[..sizeof(int)]) == 0 ? content : new DeflateStream(content, CompressionMode.Decompress);
        using StreamReader reader = new(text, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
