using Mlp.Tool;

namespace Tool.Tests;

/// <summary>Networks of ours: what they save is imported and predicted by the tool as they predict themselves.</summary>
public class RoundTripTests
{
    private const int Rows = 40;

    private const string Networks = """
        using Mlp;

        [Input(4, Standardize = true)]
        [Dense(8, Relu)]
        [Dropout(0.1)]
        [Dense(3, Softmax)]
        [Loss(CrossEntropy)]
        public partial class Classes;

        [Input(4)]
        [Dense(6, Tanh)]
        [Dense(6, LeakyRelu, Alpha = 0.2)]
        [Dense(6, PRelu, Bias = false)]
        [Dense(6, Elu)]
        [Dense(6, Selu, Name = "Middle")]
        [Dense(6, Gelu)]
        [Dense(6, GeluTanh)]
        [Dense(6, Silu)]
        [Dense(6, Mish)]
        [Dense(6, Softplus)]
        [Dense(6, Softsign)]
        [Dense(6, HardSigmoid)]
        [Dense(6, HardSwish)]
        [Dense(6, Activation.Exp)]
        [Dense(3, Sigmoid)]
        [Loss(MSE)]
        public partial class Everything;

        [Input(4, Standardize = true)]
        [Dense(10, Silu, Normalization = Normalization.Batch)]
        [Dense(10, Relu, Normalization = Normalization.Layer, NormalizationEpsilon = 1e-3, Residual = true)]
        [Dense(10, Residual = true)]
        [Dense(3)]
        [Loss(Huber, StandardizeTargets = true)]
        public partial class Normalized;

        [Input(4)]
        [Dense(7, Step)]
        [Dense(7, Activation.Sign)]
        [Dense(3)]
        [Loss(MSE)]
        public partial class Perceptron;
        """;

    private const string Others = """
        using Mlp;

        [Input(4, Standardize = true)]
        [Dense(6, Tanh)]
        [Dense(3, Softmax)]
        [Loss(CrossEntropy)]
        [Ensemble(3)]
        public partial class Together;

        public sealed record Trip
        {
            [Numeric] public double Distance { get; init; }
            [Category(Capacity = 5, Embedding = 2)] public string? Port { get; init; }
            [Numeric] public bool Fast { get; init; }
            [Category(Capacity = 4, Embedding = 3)] public string? Ship { get; init; }
            [Target] public float Price { get; init; }
        }

        [Input<Trip>]
        [Dense(6, Tanh)]
        [Dense(1)]
        [Loss(MSE, StandardizeTargets = true)]
        public partial class TripNet;

        public static class Made
        {
            public static TripNet Trained()
            {
                TripNet net = new(seed: 2);
                net.Train(
                    System.Linq.Enumerable.Range(0, 60).Select(i => new Trip { Distance = i * 3, Port = $"P{i % 4}", Fast = i % 2 == 0, Ship = $"S{i % 3}", Price = i + (i % 4 * 20) }).ToArray(),
                    new TrainingOptions { Epochs = 3 });
                return net;
            }
        }
        """;

    [Theory]
    [InlineData("Classes")]
    [InlineData("Everything")]
    [InlineData("Normalized")]
    [InlineData("Perceptron")]
    public void SavedAsOnnx_AndImported_PredictsTheSame(string name)
    {
        object net = Trained(Networks, name);
        using TestFolder folder = new();
        string model = folder.PathOf("model.onnx");
        Call(net, "SaveOnnx", model);
        float[] expected = Predictions(net);
        ImportedClass imported = folder.Import(model);
        imported.AssertPredicts(Inputs(), expected);
        AssertInterprets(model, expected);
        Assert.Equal(["a", "b", "c", "d"], ((INetwork)imported.Instance).State.InputNames);
    }

    [Theory]
    [InlineData("Classes")]
    [InlineData("Everything")]
    [InlineData("Normalized")]
    [InlineData("Perceptron")]
    [InlineData("Together")]
    public void Saved_PredictsTheSame_WithoutItsClass(string name)
    {
        object net = Trained(name == "Together" ? Others : Networks, name);
        using TestFolder folder = new();
        Call(net, "Save", folder.PathOf("net.safetensors"));
        AssertInterprets(folder.PathOf("net.safetensors"), Predictions(net));
        (int code, string output, string error) = TestFolder.Run("inspect", folder.PathOf("net.safetensors"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(((INetwork)net).State.Layout.Architecture, output, StringComparison.Ordinal);
    }

    [Fact]
    public void NetworkOverRecords_TakesEncodedRows()
    {
        INetwork net = (INetwork)ClassCompiler.Load(Others).GetType("Made")!.GetMethod("Trained")!.Invoke(null, null)!;
        using TestFolder folder = new();
        string file = folder.PathOf("net.safetensors");
        Call(net, "Save", file);
        Assert.Equal(["Distance", "Port", "Fast", "Ship"], net.State.InputNames);
        (int code, string output, string error) = TestFolder.Run("predict", file, "--csv", folder.Write("rows.csv", "Ship,Fast,Port,Distance\n2,1,4,0.5\n0,0,1,-1\n"));
        Assert.Equal((0, ""), (code, error));
        float[] expected = new float[2];
        net.GetType().GetMethod("Predict", [typeof(ReadOnlySpan<float>), typeof(Span<float>)])!
            .CreateDelegate<Predictor>(net)([0.5f, 4, 1, 2, -1, 1, 0, 0], expected);
        float[] predicted = [.. output.Split('\n')[1..3].Select(static line => float.Parse(line, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(expected[0], predicted[0], 1e-5f * MathF.Abs(expected[0]));
        Assert.Equal(expected[1], predicted[1], 1e-5f * MathF.Abs(expected[1]));

        (code, _, error) = TestFolder.Run("predict", file, "--csv", folder.Write("rows.csv", "Ship,Fast,Port,Distance\n2,1,4,0.5\n0,0,5,-1\n"));
        Assert.Equal(1, code);
        Assert.Contains("row 2: input 1 is 5, and must be the number of a row of Port: 0 to 4", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Together")]
    [InlineData("TripNet")]
    public void EnsemblesAndTables_KeepTheirSafetensors(string name)
    {
        object net = name == "TripNet" ? ClassCompiler.Load(Others).GetType("Made")!.GetMethod("Trained")!.Invoke(null, null)! : Trained(Others, name);
        using TestFolder folder = new();
        Call(net, "SaveOnnx", folder.PathOf("model.onnx"));
        (int code, string output, string error) = TestFolder.Run("import", folder.PathOf("model.onnx"), "--output", folder.PathOf(""));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("model.onnx: ", error, StringComparison.Ordinal);
        Assert.EndsWith(". Of MlpGen's own files, ensembles and networks with embeddings do not come back from ONNX: keep the file that Save writes.", error.TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.PathOf(""), "*.cs"));
    }

    private delegate void Predictor(ReadOnlySpan<float> inputs, Span<float> outputs);

    private static object Trained(string source, string name)
    {
        object net = Activator.CreateInstance(ClassCompiler.Load(source).GetType(name)!, 1)!;
        Random random = new(5);
        float[] targets = [.. Enumerable.Range(0, 3 * Rows).Select(_ => (float)random.NextDouble())];
        Dataset data = name is "Classes" or "Together"
            ? Dataset.FromLabels(Inputs(), [.. Enumerable.Range(0, Rows).Select(static row => row % 3)], 4, 3).WithNames(["a", "b", "c", "d"], ["x", "y", "z"])
            : Dataset.FromTargets(Inputs(), targets, 4, 3).WithNames(["a", "b", "c", "d"], null);
        net.GetType().GetMethod("Train", [typeof(Dataset), typeof(TrainingOptions), typeof(CancellationToken)])!
            .Invoke(net, [data, new TrainingOptions { Epochs = 2, Optimizer = new Sgd(0.01f) }, CancellationToken.None]);
        return net;
    }

    private static void Call(object net, string member, string path) => net.GetType().GetMethod(member, [typeof(string)])!.Invoke(net, [path]);

    private static float[] Inputs()
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, 4 * Rows).Select(at => (float)((random.NextDouble() * 4) - 2 + (at % 4 * 10)))];
    }

    private static float[] Predictions(object net)
    {
        float[] outputs = new float[3 * Rows];
        net.GetType().GetMethod("Predict", [typeof(ReadOnlySpan<float>), typeof(Span<float>)])!.CreateDelegate<Predictor>(net)(Inputs(), outputs);
        return outputs;
    }

    private static void AssertInterprets(string path, float[] expected)
    {
        Interpreter interpreter = new(NetworkStates.Open(path));
        float[] inputs = Inputs();
        float largest = expected.Max(Math.Abs);
        for (int row = 0; row < Rows; row++)
        {
            double[] outputs = interpreter.Predict(inputs.AsSpan(row * 4, 4));
            for (int at = 0; at < 3; at++)
            {
                Assert.Equal(expected[(row * 3) + at], outputs[at], 1e-5 * largest);
            }
        }
    }
}
