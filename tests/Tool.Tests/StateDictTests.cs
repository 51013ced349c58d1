namespace Tool.Tests;

/// <summary>The tensors of other programs become a network by maps.</summary>
public class StateDictTests
{
    private static readonly string[] Maps =
        ["--map", "body.0=Layer1", "--map", "body.1=Layer1.norm", "--map", "body.3=Hidden", "--map", "body.4=Hidden.norm", "--map", "body.5=Hidden.prelu", "--map", "head=Layer3"];

    [Fact]
    public void MappedTensors_AreTheLayers()
    {
        using TestFolder folder = new();
        ImportedClass net = folder.Import(Tensors(folder), [.. Maps, "--activations", "relu, PRelu,Softmax"]);
        Assert.Equal(
            ["[Input(3)]", "[Dense(4, Relu, Normalization = Normalization.Batch)]", "[Dense(4, PRelu, Name = \"Hidden\", Normalization = Normalization.Layer)]", "[Dense(2, Softmax, Bias = false)]", "[Loss(CrossEntropy)]"],
            net.Attributes);

        // The same by hand, with weights [outputs, inputs].
        float[] x = [0.5f, -1, 2];
        double[] hidden = Product(x.Select(static value => (double)value), "body.0.weight", "body.0.bias");
        for (int o = 0; o < 4; o++)
        {
            hidden[o] = Math.Max(0, ((hidden[o] - Value("body.1.running_mean", o)) / Math.Sqrt(Value("body.1.running_var", o) + 1e-5) * Value("body.1.weight", o)) + Value("body.1.bias", o));
        }

        hidden = Product(hidden, "body.3.weight", "body.3.bias");
        double mean = hidden.Average(), deviation = Math.Sqrt(hidden.Average(value => (value - mean) * (value - mean)) + 1e-5);
        for (int o = 0; o < 4; o++)
        {
            double z = ((hidden[o] - mean) / deviation * Value("body.4.weight", o)) + Value("body.4.bias", o);
            hidden[o] = z > 0 ? z : z * Value("body.5.weight", 0);
        }

        double[] scores = [.. Product(hidden, "head.weight", null).Select(Math.Exp)];
        float[] predicted = net.Predict(x);
        Assert.Equal(scores[0] / scores.Sum(), predicted[0], 1e-5);
        Assert.Equal(scores[1] / scores.Sum(), predicted[1], 1e-5);
    }

    [Fact]
    public void LeftOutTensors_AreNotMissed()
    {
        using TestFolder folder = new();
        Assert.Equal(["[Input(3)]", "[Dense(4)]", "[Loss(MSE)]"], folder.Import(
            Tensors(folder), "--map", "body.0=Layer1", "--map", "body.1=-", "--map", "body.3=-", "--map", "body.4=-", "--map", "body.5=-", "--map", "head=-").Attributes);
    }

    [Theory]
    [InlineData("", "no --map names a layer; the file holds 'body.0.bias', 'body.0.weight'")]
    [InlineData("body.0=Layer1", "no part of the mapped layers: 'body.1.bias', 'body.1.running_mean'")]
    [InlineData("body.0=Layer1 tail=Layer2", "no tensor's name begins with 'tail.', which --map names")]
    [InlineData("body.0=Layer1 body.1=Layer2", "Layer2.weight has shape [4]; the weights of a dense layer are [outputs, inputs]")]
    [InlineData("body.3=Layer1 body.0=Layer2", "Layer2 has 3 inputs, and Layer1 before it 4 outputs: give the maps in the order of the layers")]
    [InlineData("body.0=Layer1 body.3=Layer1", "two tensors are mapped to Layer1.weight")]
    [InlineData("body.0=Layer1 head=Layer1.norm", "Layer1.norm.weight has shape [2, 4]; the layer needs [4]")]
    public void MapsThatDoNotFit_AreRefused(string maps, string message)
    {
        using TestFolder folder = new();
        (int code, _, string error) = TestFolder.Run(
            ["import", Tensors(folder), "--output", folder.PathOf(""), .. maps.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(static map => (string[])["--map", map])]);
        Assert.Equal(1, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("tensors.safetensors: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Relu,Linear", "--activations names 2, and the maps 3 layers (Layer1, Hidden, Layer3)")]
    [InlineData("Relu,Relu,Linear", "Hidden has the slope of a PRelu, and --activations says Relu")]
    [InlineData("Swoosh,PRelu,Linear", "'Swoosh' is no activation; there are Linear, Relu,")]
    [InlineData("PRelu,PRelu,Linear", "Layer1 is a PRelu without its slope")]
    public void ActivationsThatDoNotFit_AreRefused(string activations, string message)
    {
        using TestFolder folder = new();
        (int code, _, string error) = TestFolder.Run(["import", Tensors(folder), "--output", folder.PathOf(""), .. Maps, "--activations", activations]);
        Assert.Equal(1, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_ListsTheTensors()
    {
        using TestFolder folder = new();
        (int code, string output, string error) = TestFolder.Run("inspect", Tensors(folder));
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"(?m)^head\.weight +F32 +2 × 4 +8\r?$", output);
        (code, _, error) = TestFolder.Run("predict", folder.PathOf("tensors.safetensors"), "--csv", "rows.csv");
        Assert.Equal(1, code);
        Assert.Contains("holds tensors and no network", error, StringComparison.Ordinal);
    }

    private static readonly (string Name, int[] Shape)[] Entries =
    [
        ("body.0.weight", [4, 3]), ("body.0.bias", [4]),
        ("body.1.weight", [4]), ("body.1.bias", [4]), ("body.1.running_mean", [4]), ("body.1.running_var", [4]),
        ("body.3.weight", [4, 4]), ("body.3.bias", [4]), ("body.4.weight", [4]), ("body.4.bias", [4]), ("body.5.weight", [1]),
        ("head.weight", [2, 4]),
    ];

    private static float Value(string name, int at) => 0.3f + (0.1f * ((at * 7 % 5) + (Array.FindIndex(Entries, entry => entry.Name == name) % 3))) - (name.EndsWith("bias", StringComparison.Ordinal) ? 0.6f : 0);

    private static double[] Product(IEnumerable<double> inputs, string weights, string? biases)
    {
        double[] row = [.. inputs];
        int outputs = Entries.Single(entry => entry.Name == weights).Shape[0];
        return [.. Enumerable.Range(0, outputs).Select(o => (biases is null ? 0 : Value(biases, o)) + row.Select((x, i) => x * Value(weights, (o * row.Length) + i)).Sum())];
    }

    private static string Tensors(TestFolder folder)
    {
        List<TensorData> tensors = [.. Entries.Select(static entry => new FloatTensor(
            entry.Name, entry.Shape, [.. Enumerable.Range(0, entry.Shape.Aggregate(1, static (product, size) => product * size)).Select(at => Value(entry.Name, at))]))];
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, SafetensorsWriter.Header([], tensors), tensors);
        return folder.Write("tensors.safetensors", stream.ToArray());
    }
}
