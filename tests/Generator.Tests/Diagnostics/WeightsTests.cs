using System.Reflection;
using System.Text;
using Generator.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Generator.Tests.Diagnostics;

/// <summary>A file of weights that does not fit is reported where the class names it, and nowhere else.</summary>
public class WeightsTests
{
    private const string Small = "[Input(2), Dense(3, Relu), Dense(1, Sigmoid), Loss(BCE)]";

    private const string ForeignHeader = """
        {"Layer1.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},"Layer1.bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36]},
        "Layer2.weight":{"dtype":"F32","shape":[1,3],"data_offsets":[36,48]},"Layer2.bias":{"dtype":"F32","shape":[1],"data_offsets":[48,52]}}
        """;

    private static readonly byte[] SmallFile = FileOf(Small);

    private static readonly Dictionary<string, (string Id, string Attributes, WeightsReport[] Items, string Message)> Mistakes = new()
    {
        ["no item"] = ("MLP0070", Small, [], "is no MlpWeights item of the project, which has none"),
        ["another item"] = ("MLP0070", Small, [Sound("b", SmallFile), Sound("a", SmallFile)], "which has 'a', 'b'"),
        ["other case"] = ("MLP0070", Small, [Sound("Net.safetensors", SmallFile)], "which has 'Net.safetensors'"),
        ["two alike"] = ("MLP0071", Small, [WeightsText.ReportOf("net.safetensors", SmallFile, count: 2)], "has 2 MlpWeights items called 'net.safetensors'"),
        ["missing"] = ("MLP0072", Small, [new("net.safetensors", 1, WeightsVerdict.Unreadable, "no such file", "")], "cannot be read: no such file"),
        ["empty"] = ("MLP0072", Small, [Sound("net.safetensors", [])], "this one ends after 0"),
        ["another format"] = ("MLP0072", Small, [Sound("net.safetensors", Encoding.UTF8.GetBytes("PK this is an archive of something"))], "it is no safetensors file"),
        ["no JSON"] = ("MLP0072", Small, [Sound("net.safetensors", WeightsText.Foreign("{\"a\":", 0))], "not valid JSON"),
        ["cut short"] = ("MLP0072", Small, [Sound("net.safetensors", SmallFile[..^3])], "it ends inside tensor 'Layer2.bias', after 1 of 4 bytes"),
        ["too long"] = ("MLP0072", Small, [Sound("net.safetensors", [.. SmallFile, 0])], "more bytes than the header's tensors take"),
        ["not finite"] = ("MLP0072", Small, [Sound("net.safetensors", [.. WeightsText.Foreign(ForeignHeader, 48), 0, 0, 0xc0, 0x7f])], "element 0 of tensor 'Layer2.bias' is NaN"),
        ["newer format"] = ("MLP0072", Small, [Sound("net.safetensors", WeightsText.WithHeader(SmallFile, static header => header.Replace("\"format\":\"2\"", "\"format\":\"3\"")))], "of a newer version"),
        ["damaged"] = ("MLP0073", Small, [Sound("net.safetensors", Damaged(SmallFile))], "the SHA-256 of its metadata and tensors is not its 'sha256'"),
        ["foreign, missing tensor"] = ("MLP0074", Small, [Sound("net.safetensors", WeightsText.Foreign(ForeignHeader.Replace("Layer2.bias", "head.bias"), 52))], "missing: Layer2.bias; unknown: head.bias"),
        ["foreign, other shape"] = ("MLP0075", Small, [Sound("net.safetensors", WeightsText.Foreign(ForeignHeader.Replace("[3,2]", "[2,3]"), 52))], "'Layer1.weight' of 'net.safetensors' has shape [2, 3], and 'Net' needs [3, 2]"),
        ["foreign, other type"] = ("MLP0075", Small, [Sound("net.safetensors", WeightsText.Foreign(ForeignHeader.Replace("\"F32\",\"shape\":[3]", "\"I32\",\"shape\":[3]"), 52))], "is of type I32"),
        ["other width"] = ("MLP0076", "[Input(2), Dense(4, Relu), Dense(1, Sigmoid), Loss(BCE)]", [Sound("net.safetensors", SmallFile)], "Dense(3, Relu)"),
        ["other activation"] = ("MLP0076", "[Input(2), Dense(3, Tanh), Dense(1, Sigmoid), Loss(BCE)]", [Sound("net.safetensors", SmallFile)], "Dense(3, Tanh)"),
        ["other name"] = ("MLP0076", "[Input(2), Dense(3, Relu, Name = \"Hidden\"), Dense(1, Sigmoid), Loss(BCE)]", [Sound("net.safetensors", SmallFile)], "Name = \"Hidden\""),
        ["statistics of inputs"] = ("MLP0077", Small, [Sound("net.safetensors", FileOf(Small.Replace("Input(2)", "Input(2, Standardize = true)"), learned: true))], "holds statistics of inputs, and network 'Net' does not standardise inputs"),
        ["foreign statistics"] = ("MLP0077", Small, [Sound("net.safetensors", WeightsText.Foreign("{\"__metadata__\":{\"input_means\":\"0 0\"}," + ForeignHeader[1..], 52))], "holds statistics of inputs"),
        ["standardised elsewhere"] = ("MLP0077", Small, [Sound("net.safetensors", FileOf(Small.Replace("Input(2)", "Input(2, Standardize = true)")))], "is of a network that standardises inputs"),
        ["no statistics"] = ("MLP0077", Small.Replace("Input(2)", "Input(2, Standardize = true)"), [Sound("net.safetensors", SmallFile)], "has no statistics of inputs"),
        ["statistics not learned"] = ("MLP0077", Small.Replace("Input(2)", "Input(2, Standardize = true)"), [Sound("net.safetensors", FileOf(Small.Replace("Input(2)", "Input(2, Standardize = true)")))], "call LearnInputStatistics"),
        ["foreign, too few statistics"] = ("MLP0077", Small.Replace("Input(2)", "Input(2, Standardize = true)"), [Sound("net.safetensors", WeightsText.Foreign("{\"__metadata__\":{\"input_means\":\"0\",\"input_scales\":\"1 1\"}," + ForeignHeader[1..], 52))], "no 'input_means' of 2 finite numbers"),
        ["statistics of targets"] = ("MLP0077", "[Input(2), Dense(1), Loss(MSE)]", [Sound("net.safetensors", FileOf("[Input(2), Dense(1), Loss(MSE, StandardizeTargets = true)]", learned: true))], "holds statistics of targets"),
    };

    /// <summary>Whether a diagnostic is about a file of weights.</summary>
    public static bool IsOfWeights(string id) => id.StartsWith("MLP007", StringComparison.Ordinal);

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Mistake_IsReported_OnTheName(string name)
    {
        (string id, string attributes, WeightsReport[] items, string message) = Mistakes[name];
        MarkedSource source = MarkedSource.Parse($"{attributes}\n[Weights({{|{id}:\"net.safetensors\"|}})]\npublic partial class Net;");

        GeneratorRun run = Run(source.Text, items);

        Assert.Equal(source.Expected, run.Reported.Select(MarkedSource.Describe));
        Assert.Contains(message, Assert.Single(run.Reported).GetMessage(), StringComparison.Ordinal);
        run.AssertClean(id);
    }

    [Fact]
    public void EveryDiagnosticOfWeights_HasAMistake() => Assert.Equal(
        Descriptors.All.Select(static rule => rule.Id).Where(IsOfWeights),
        Mistakes.Values.Select(static mistake => mistake.Id).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("\"models/net.safetensors\"", "models/net.safetensors")]
    [InlineData("@\"models\\net.safetensors\"", "models/net.safetensors")]
    [InlineData("name: Files.Net", "net.safetensors")]
    public void SoundWeights_GiveTrained(string argument, string item)
    {
        GeneratorRun run = Run(
            $$"""
            {{Small}} [Weights({{argument}})] public partial class Net;
            internal static class Files { public const string Net = "net.safetensors"; }
            public static class Use { public static float Predict() => Net.Trained.Predict([0.5f, 1]); }
            """,
            Sound("other", []), Sound(item, SmallFile));

        run.AssertClean();
        Assert.Contains($"Assembly, \"{item}\")", run.Files["Net.g.cs"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{SMALL} [Weights(\"net.safetensors\")] public partial class Net { public static int {|MLP0028:Trained|} => 1; }")]
    [InlineData("{SMALL} [Weights(\"net.safetensors\")] public partial class Net { private sealed class {|MLP0028:EmbeddedWeights|}; }")]
    [InlineData("[Input(2), Dense(3, Name = {|MLP0025:\"Trained\"|}), Dense(1)] public partial class Net;")]
    [InlineData("[{|MLP0010:Weights(\"net.safetensors\")|}] public partial class Net;")]
    [InlineData("{SMALL} public partial class Net; [{|MLP0014:Weights(\"net.safetensors\")|}] public partial class Net;")]
    [InlineData("[Input(2), Dense({|MLP0015:0|}), Weights(\"nothing\")] public partial class Net;")]
    [InlineData("{SMALL} public partial class Net { public static int Trained => 1; }")]
    public void OtherMistakes_AreReportedAsEver(string marked)
    {
        MarkedSource source = MarkedSource.Parse(marked.Replace("{SMALL}", Small));

        Assert.Equal(source.Expected, Run(source.Text, Sound("net.safetensors", SmallFile)).Reported.Select(MarkedSource.Describe));
    }

    /// <summary>A second attribute is an error of the compiler's own; the first counts.</summary>
    [Fact]
    public void SecondWeights_AreTheCompilersToReport()
    {
        GeneratorRun run = Run($"{Small} [Weights(\"net.safetensors\"), Weights(\"net.safetensors\")] public partial class Net;", Sound("net.safetensors", SmallFile));

        Assert.Empty(run.Reported);
        Assert.Contains(run.CompilerDiagnostics, static diagnostic => diagnostic.Id == "CS0579");
    }

    /// <summary>Whatever network meets whatever file: the build refuses what <c>Load</c> does, and nothing else.</summary>
    [Fact]
    public void TheBuild_AcceptsWhatLoadDoes()
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([Gallery.Source]);
        Assembly assembly = GeneratorHarness.Run(compilation).Load();
        (string Name, NetworkModel Model, NetworkState State, byte[] File, WeightsReport Report)[] networks =
        [
            .. Gallery.Networks.Select(network =>
            {
                string name = $"Gallery.{network.ClassName}";
                NetworkState state = new(LayoutOf(assembly.GetType(name, throwOnError: true)!), 3);
                Learn(state);
                byte[] file = WeightsText.FileOf(state);
                NetworkModel model = NetworkParser.Parse(compilation.GetTypeByMetadataName(name)!, CancellationToken.None).Model! with { Weights = "it" };
                return (name, model, state, file, Sound("it", file));
            }),
        ];
        int accepted = 0;
        foreach ((string name, NetworkModel model, NetworkState state, _, _) in networks)
        {
            foreach (var other in networks)
            {
                string? refusal = Refusal(() => NetworkFile.Load(state.Layout, new MemoryStream(other.File)));
                string[] problems = [.. WeightsCheck.Check(model, Location.None, new([other.Report])).Select(static problem => problem.Text)];
                bool isUnfitted = state.Layout.Record is not null && state.Fitted is null;
                Assert.True(isUnfitted || (refusal is null) == (problems.Length == 0), $"{name} and the file of {other.Name}: {refusal ?? "loads"}, but {string.Join(" ", problems)}");
                accepted += problems.Length == 0 ? 1 : 0;
            }

            Assert.Equal(state.Layout.Architecture, WeightsArchitecture.Of(model));
        }

        Assert.True(accepted >= Gallery.Networks.Count(static network => !network.Attributes.Contains("Input<", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[Numeric] public float A { get; set; }", null)]
    [InlineData("[Numeric(Clip = 2.5)] public float A { get; set; }", "Clip is 0 in the file, and 2.5 here")]
    [InlineData("[Numeric(Scale = Scale.Robust)] public float A { get; set; }", "Scale is Standard in the file, and Robust here")]
    [InlineData("[Numeric] public float B { get; set; }", "property B is a column of this record, and none of the file's")]
    public void RecordsOfAFile_AreCompared(string property, string? difference)
    {
        const string Header = """
            {"__metadata__":{"format":"2","producer":"mlpgen","seed":"0","architecture":"Input(4) Dense(1, Sigmoid)","encoder":"ENCODER"},
            "Layer1.weight":{"dtype":"F32","shape":[1,4],"data_offsets":[0,16]},"Layer1.bias":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}
            """;
        const string Encoder = """
            [{"name":"A","declared":{"Role":"Input","Kind":"Number","Inputs":"1","Scale":"Standard","Log":"False","Missing":"Refuse","Indicator":"False","Bins":"0","Clip":"0"}},
            {"name":"Kind","declared":{"Role":"Input","Kind":"Member","Inputs":"3","Capacity":"0","Embedding":"0"},"members":["Two","One","Three"]},
            {"name":"Target","declared":{"Role":"Target","Kind":"Number"}}]
            """;
        string header = Header.Replace("ENCODER", Encoder.Replace("\"", "\\\"").ReplaceLineEndings(""));

        GeneratorRun run = Run(
            $$"""
            [Input<Row>, Dense(1, Sigmoid), Loss(BCE), Weights("net.safetensors")] public partial class Net;
            public enum Kind { One, Two, Three }
            public sealed class Row { {{property}} [Category] public Kind Kind { get; set; } [Target] public bool Target { get; set; } }
            """,
            new WeightsReport("net.safetensors", 1, WeightsVerdict.Sound, "", header));

        Assert.Equal(difference is null ? [] : ["MLP0076"], run.Reported.Select(static diagnostic => diagnostic.Id));
        Assert.All(run.Reported, diagnostic => Assert.Contains(difference!, diagnostic.GetMessage(), StringComparison.Ordinal));
    }

    [Fact]
    public void RecordsThatWereNotFitted_AreRefused()
    {
        const string Record = "public sealed class Row { [Numeric] public float A { get; set; } [Target] public float Target { get; set; } }";
        byte[] file = WeightsText.FileOf(new NetworkState(LayoutOf(GeneratorHarness.Run($"[Input<Row>, Dense(1), Loss(MSE)] public partial class Net; {Record}").Load().GetType("Net")!), 1));

        Diagnostic diagnostic = Assert.Single(Run($"[Input<Row>, Dense(1), Loss(MSE), Weights(\"net.safetensors\")] public partial class Net; {Record}", Sound("net.safetensors", file)).Reported);

        Assert.Equal("MLP0077", diagnostic.Id);
        Assert.Contains("to which no records were fitted", diagnostic.GetMessage(), StringComparison.Ordinal);
    }

    /// <summary>What a file holds is nothing to what is written, so that new weights write nothing anew.</summary>
    [Fact]
    public void AnotherFile_ReportsAnew_AndWritesNothing()
    {
        CSharpCompilation compilation = GeneratorHarness.CreateCompilation([$"{Small} [Weights(\"net.safetensors\")] public partial class Net;"]);
        WeightsText sound = new(Sound("net.safetensors", SmallFile));
        GeneratorDriver driver = GeneratorHarness.CreateDriver(files: [sound]).RunGenerators(compilation);
        Assert.Empty(driver.GetRunResult().Diagnostics);

        driver = driver.ReplaceAdditionalText(sound, new WeightsText(Sound("net.safetensors", Damaged(SmallFile)))).RunGenerators(compilation);

        Assert.Equal("MLP0073", Assert.Single(driver.GetRunResult().Diagnostics).Id);
        Assert.All(
            Assert.Single(driver.GetRunResult().Results).TrackedSteps[TrackingNames.Model].SelectMany(static step => step.Outputs),
            static output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    private static GeneratorRun Run(string source, params WeightsReport[] items) => GeneratorHarness.Run(
        GeneratorHarness.CreateCompilation([source]), files: [.. items.Select(static report => new WeightsText(report))]);

    private static WeightsReport Sound(string name, byte[] file) => WeightsText.ReportOf(name, file);

    private static byte[] Damaged(byte[] file) => [.. file[..^1], (byte)(file[^1] ^ 1)];

    private static byte[] FileOf(string attributes, bool learned = false)
    {
        NetworkState network = new(LayoutOf(GeneratorHarness.Run($"{attributes} public partial class Net;").Load().GetType("Net")!), 1);
        if (learned)
        {
            Learn(network);
        }

        return WeightsText.FileOf(network);
    }

    private static void Learn(NetworkState network) => network.Standardization.IsLearned = true;

    private static NetworkLayout LayoutOf(Type network) =>
        (NetworkLayout)network.GetNestedType("Kernels", BindingFlags.NonPublic)!.GetField("Layout")!.GetValue(null)!;

    private static string? Refusal(Action load)
    {
        try
        {
            load();
            return null;
        }
        catch (InvalidDataException error)
        {
            return error.Message;
        }
    }
}
