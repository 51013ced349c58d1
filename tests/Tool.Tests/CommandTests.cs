namespace Tool.Tests;

/// <summary>What the user types and reads: options, exit codes, messages, files.</summary>
public class CommandTests
{
    [Theory]
    [InlineData("")]
    [InlineData("export model.onnx")]
    [InlineData("import")]
    [InlineData("import model.onnx --name 1Net")]
    [InlineData("import model.onnx --name a.b")]
    [InlineData("import model.onnx --name class")]
    [InlineData("import model.onnx --namespace My..App")]
    [InlineData("import model.onnx --map body.0=Layer1")]
    [InlineData("import model.onnx --activations Relu")]
    [InlineData("import net.safetensors --map body.0")]
    [InlineData("import net.safetensors --map body.0=1Layer")]
    [InlineData("predict net.safetensors")]
    [InlineData("inspect a b")]
    public void WrongCommandLine_IsUsage_OnTheErrorStream(string line)
    {
        (int code, string output, string error) = TestFolder.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("mlpgen: ", error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "import")]
    [InlineData("import --help", "--activations")]
    [InlineData("inspect --help", "ONNX")]
    [InlineData("predict --help", "--csv")]
    public void Help_NamesWhatThereIs(string line, string part)
    {
        (int code, string output, string error) = TestFolder.Run(line.Split(' '));
        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Contains(part, output, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFile_IsRefused_ByItsPath()
    {
        foreach (string command in (string[])["import", "inspect"])
        {
            (int code, _, string error) = TestFolder.Run(command, "nowhere.onnx");
            Assert.Equal(1, code);
            Assert.Contains("nowhere.onnx", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Import_WritesDeclarationAndWeights_AndReplacesThemByForceAlone()
    {
        using TestFolder folder = new();
        string model = folder.Write("model.onnx", Small());
        string output = folder.PathOf("networks");
        (int code, string text, string error) = TestFolder.Run("import", model, "--name", "CircleNet", "--namespace", "My.App", "-o", output);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Input(2) Dense(3, Tanh) Dense(1, Sigmoid), 13 parameters", text, StringComparison.Ordinal);
        Assert.Equal(
            """
            using Mlp;

            namespace My.App;

            /// <summary>Imported from model.onnx (test): <c>CircleNet.Load("CircleNet.safetensors")</c> has its weights.</summary>
            [Input(2)]
            [Dense(3, Tanh)]
            [Dense(1, Sigmoid)]
            [Loss(BCE)]
            public partial class CircleNet;

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(Path.Combine(output, "CircleNet.cs")));

        byte[] weights = File.ReadAllBytes(Path.Combine(output, "CircleNet.safetensors"));
        (code, _, error) = TestFolder.Run("import", model, "--name", "CircleNet", "-o", output);
        Assert.Equal(1, code);
        Assert.Contains("CircleNet.cs' exists, and nothing was written; --force replaces it", error, StringComparison.Ordinal);
        Assert.Contains("My.App", File.ReadAllText(Path.Combine(output, "CircleNet.cs")), StringComparison.Ordinal);
        Assert.Equal(0, TestFolder.Run("import", model, "--name", "CircleNet", "-o", output, "--force").Code);
        Assert.DoesNotContain("My.App", File.ReadAllText(Path.Combine(output, "CircleNet.cs")), StringComparison.Ordinal);
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(output, "CircleNet.safetensors")));
    }

    [Fact]
    public void NamesOfTheMetadata_AreTheNetworks_AndPredictedByName()
    {
        using TestFolder folder = new();
        string model = folder.Write("model.onnx", Small(static writer => writer
            .WithMetadata("mlpgen.input_names", "[\"x\",\"y, north\"]").WithMetadata("mlpgen.class_names", "[\"outside\",\"inside\"]")));
        dynamic net = folder.Import(model).Instance;
        Assert.Equal(["x", "y, north"], (IEnumerable<string>)net.InputNames);
        Assert.Equal(["outside", "inside"], (IEnumerable<string>)net.ClassNames);

        string csv = folder.Write("rows.csv", "place,\"y, north\",x\na,0.25,-1\nb,1e3,2\n");
        foreach (string file in (string[])[model, folder.PathOf("Net.safetensors")])
        {
            (int code, string output, string error) = TestFolder.Run("predict", file, "--csv", csv);
            Assert.Equal((0, ""), (code, error));
            float[] expected = new ImportedClass(folder.PathOf("Net.cs"), folder.PathOf("Net.safetensors")).Predict([-1, 0.25f, 2, 1e3f]);
            string[] lines = output.Split('\n');
            Assert.Equal("output,class", lines[0]);
            for (int row = 0; row < 2; row++)
            {
                string[] cells = lines[row + 1].Split(',');
                Assert.Equal(expected[row], float.Parse(cells[0], System.Globalization.CultureInfo.InvariantCulture), 1e-6f);
                Assert.Equal(expected[row] >= 0.5 ? "inside" : "outside", cells[1]);
            }
        }
    }

    [Fact]
    public void Predict_WritesAFile_OnceUnlessForced()
    {
        using TestFolder folder = new();
        string model = folder.Write("model.onnx", Small());
        string csv = folder.Write("rows.csv", "a,b\n1,2\n");
        string output = folder.PathOf("out.csv");
        Assert.Equal((0, "", ""), TestFolder.Run("predict", model, "--csv", csv, "-o", output));
        Assert.StartsWith("output\n0.", File.ReadAllText(output), StringComparison.Ordinal);
        (int code, _, string error) = TestFolder.Run("predict", model, "--csv", csv, "-o", output);
        Assert.Equal(1, code);
        Assert.Contains("out.csv' exists", error, StringComparison.Ordinal);
        Assert.Equal(0, TestFolder.Run("predict", model, "--csv", csv, "-o", output, "--force").Code);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,four\n", "line 3", "'b'")]
    [InlineData("a,b\n1\n", "line 2", "")]
    [InlineData("a,b,c\n1,2,3\n", "3 columns", "2 inputs")]
    public void RowsThatDoNotFit_AreRefused_ByTheirPlace(string csv, string place, string part)
    {
        using TestFolder folder = new();
        (int code, string output, string error) = TestFolder.Run("predict", folder.Write("model.onnx", Small()), "--csv", folder.Write("rows.csv", csv));
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains(place, error, StringComparison.Ordinal);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_ShowsNodesOfAModel_AndLayersAndDigestOfANetwork()
    {
        using TestFolder folder = new();
        string model = folder.Write("model.onnx", Small(static writer => writer.WithMetadata("mlpgen.input_names", "[\"x\",\"y\"]")));
        folder.Import(model);
        (int code, string output, string error) = TestFolder.Run("inspect", model);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("ai.onnx 17", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^x +input +float\[batch, 2\]\r?$", output);
        Assert.Matches(@"(?m)^node5 +Gemm +x, c1, c2 → v3\r?$".Replace("node5", "node3", StringComparison.Ordinal), output);

        string file = folder.PathOf("Net.safetensors");
        (code, output, error) = TestFolder.Run("inspect", file);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"(?m)^architecture +Input\(2\) Dense\(3, Tanh\) Dense\(1, Sigmoid\)\r?$", output);
        Assert.Matches(@"(?m)^sha256 +fits\r?$", output);
        Assert.Matches(@"(?m)^Layer1 +2 +3 +9 +Dense\(3, Tanh\)\r?$", output);
        Assert.Matches(@"(?m)^all +2 +1 +13\r?$", output);
        Assert.Matches(@"(?m)^Layer1\.weight +F32 +3 × 2 +6\r?$", output);
        Assert.Matches(@"(?m)^1 +y +– +–\r?$", output);

        byte[] damaged = File.ReadAllBytes(file);
        damaged[^2] ^= 4;
        (code, _, error) = TestFolder.Run("inspect", folder.Write("damaged.safetensors", damaged));
        Assert.Equal(1, code);
        Assert.Contains("damaged.safetensors: the file is damaged", error, StringComparison.Ordinal);
    }

    /// <summary>A model 2-3-1: tanh, then sigmoid.</summary>
    private static byte[] Small(Func<ModelWriter, ModelWriter>? change = null)
    {
        ModelWriter writer = new();
        string hidden = writer.Node("Tanh", writer.Node("Gemm", $"x {writer.Random(2, 3)} {writer.Random(3)}"));
        string output = writer.Node("Sigmoid", writer.Node("Gemm", $"{hidden} {writer.Random(3, 1)} {writer.Random(1)}"));
        return (change?.Invoke(writer) ?? writer).Model([2], output, 1);
    }
}
