using System.Text.Json;
using Generator.Tests.Infrastructure;
using Mlp.Runtime.Tests;
using Mlp.Runtime.Tests.Optimizers;
using Xunit.Abstractions;

namespace Generator.Tests;

/// <summary>Generated networks against reference vectors that another framework computed in double.</summary>
public class GoldenTests(ITestOutputHelper output)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [SharedFact]
    public void OutputsLossesAndGradients_AgreeWithTheReference()
    {
        GradientCase[] cases = [.. Read<GradientFile>("gradients.json").Cases.Where(static golden => golden.IsKnown)];
        Assert.True(cases.Length >= 43);
        TestNetwork[] networks = [.. cases.Select(static (golden, index) => golden.ToNetwork($"Golden{index}"))];
        IReadOnlyList<Type> types = CompiledNetwork.Compile(networks);
        Closeness.Report report = new();
        for (int i = 0; i < cases.Length; i++)
        {
            Compare(cases[i], networks[i], new CompiledNetwork(types[i]), report);
        }

        output.WriteLine($"{cases.Length} cases; largest error {report.Worst:g3} of the tensor's largest value: {report.WorstName}");
        report.AssertAllClose();
    }

    [SharedFact]
    public void Interpreter_AgreesWithTheReference()
    {
        foreach (GradientCase golden in Read<GradientFile>("gradients.json").Cases.Where(static golden => golden.IsKnown))
        {
            TestNetwork network = golden.ToNetwork(golden.Name);
            Interpreter interpreter = new(network, Ordered(golden.Weights, golden.Biases));
            double[] inputs = Flat(golden.Inputs);
            double[] targets = Flat(golden.Targets);
            AssertClose(golden.Name, golden.LossValue, interpreter.Loss(inputs, targets));
            Assert.All(Flat(golden.Outputs).Zip(interpreter.Predict(inputs)), pair => AssertClose(golden.Name, pair.First, pair.Second));
            double[] expected = Ordered(golden.WeightGradients, golden.BiasGradients);
            Assert.All(expected.Zip(interpreter.Gradients(inputs, targets)), pair => AssertClose(golden.Name, pair.First, pair.Second));
        }

        static void AssertClose(string name, double expected, double actual) =>
            Assert.True(Math.Abs(expected - actual) <= 1e-11 * Math.Max(1, Math.Abs(expected)), $"{name}: {expected} and {actual}");
    }

    [SharedFact]
    public void TrainingSteps_FollowTheReferenceOptimizers()
    {
        OptimizerFile file = Read<OptimizerFile>("optimizers.json");
        TestNetwork network = file.ToNetwork("Golden");
        Type type = CompiledNetwork.Compile([network])[0];
        float[] inputs = Floats(Flat(file.Inputs));
        float[] targets = Floats(Flat(file.Targets));
        Closeness.Report report = new();
        Assert.Equal(ReferenceOptimizers.Count, file.Cases.Length);
        foreach (OptimizerCase golden in file.Cases)
        {
            Optimizer optimizer = ReferenceOptimizers.Of(golden.Optimizer, golden.Hyperparameters);
            CompiledNetwork net = new(type);
            net.LoadParameters(Floats(Ordered(file.Weights, file.Biases)));
            for (int step = 1; step < golden.Losses.Length; step++)
            {
                float loss = net.TrainStep(inputs, targets, optimizer);
                report.Add($"{golden.Name}: loss before step {step}", Math.Abs(loss - golden.Losses[step - 1]), 2e-6);
                foreach (Snapshot snapshot in golden.Snapshots.Where(snapshot => snapshot.Step == step))
                {
                    report.Add(
                        $"{golden.Name}: parameters after step {step}",
                        Closeness.AbsoluteError(net.Parameters, Ordered(snapshot.Weights, snapshot.Biases)),
                        2e-6);
                }
            }

            float last = net.ComputeGradients(inputs, targets, new float[net.ParameterCount]);
            report.Add($"{golden.Name}: last loss", Math.Abs(last - golden.Losses[^1]), 2e-6);
        }

        output.WriteLine($"{file.Cases.Length} optimizers; largest absolute error {report.Worst:g3}: {report.WorstName}");
        report.AssertAllClose();
    }

    private static void Compare(GradientCase golden, TestNetwork network, CompiledNetwork net, Closeness.Report report)
    {
        net.LoadParameters(Floats(Ordered(golden.Weights, golden.Biases)));
        float[] inputs = Floats(Flat(golden.Inputs));
        double[] expectedOutputs = Flat(golden.Outputs);
        float[] outputs = [.. Enumerable.Repeat(float.NaN, expectedOutputs.Length)];
        net.Predict(inputs, outputs);
        report.Compare($"{golden.Name}: outputs", outputs, expectedOutputs);

        float[] gradients = [.. Enumerable.Repeat(float.NaN, network.ParameterCount)];
        float loss = net.ComputeGradients(inputs, Floats(Flat(golden.Targets)), gradients);
        report.Compare($"{golden.Name}: loss", [loss], [golden.LossValue]);
        double[] expectedGradients = Ordered(golden.WeightGradients, golden.BiasGradients);
        foreach ((string name, Range range) in network.Tensors())
        {
            report.Compare($"{golden.Name}: gradient of the {name}", gradients[range], expectedGradients[range]);
        }
    }

    private static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(SharedFiles.PathOf("golden", file)), Json)!;

    private static double[] Flat(double[][] rows) => [.. rows.SelectMany(static row => row)];

    private static double[] Ordered(double[][][] weights, double[][] biases) =>
        [.. weights.Zip(biases, static (weights, biases) => weights.SelectMany(static row => row).Concat(biases)).SelectMany(static layer => layer)];

    private static float[] Floats(double[] values) => [.. values.Select(static value => (float)value)];

    private sealed record GoldenLayer(int Units, string Activation, bool Bias)
    {
        public Activation? Known => Enum.TryParse(Activation, ignoreCase: true, out Activation activation) ? activation : null;

        public TestLayer ToLayer() => new(Units, Known!.Value, Bias);
    }

    private sealed record GradientFile(GradientCase[] Cases);

    private sealed record GradientCase(
        string Name,
        int InputSize,
        GoldenLayer[] Layers,
        string Loss,
        double? LabelSmoothing,
        double[]? ClassWeights,
        double[][] Inputs,
        double[][] Targets,
        double[][][] Weights,
        double[][] Biases,
        double[][] Outputs,
        double LossValue,
        double[][][] WeightGradients,
        double[][] BiasGradients)
    {
        /// <summary>Whether the declarations can say it.</summary>
        public bool IsKnown => Layers.All(static layer => layer.Known is not null) && LossOf(Loss) is not null && LabelSmoothing is null && ClassWeights is null;

        public TestNetwork ToNetwork(string name) => new(name, InputSize, [.. Layers.Select(static layer => layer.ToLayer())], LossOf(Loss));
    }

    private sealed record OptimizerFile(
        int InputSize, GoldenLayer[] Layers, string Loss, double[][] Inputs, double[][] Targets, double[][][] Weights, double[][] Biases, OptimizerCase[] Cases)
    {
        public TestNetwork ToNetwork(string name) => new(name, InputSize, [.. Layers.Select(static layer => layer.ToLayer())], LossOf(Loss));
    }

    private sealed record OptimizerCase(string Name, string Optimizer, JsonElement Hyperparameters, double[] Losses, Snapshot[] Snapshots);

    private sealed record Snapshot(int Step, double[][][] Weights, double[][] Biases);

    private static LossFunction? LossOf(string name) =>
        Enum.TryParse(name.Replace("_", ""), ignoreCase: true, out LossFunction loss) ? loss : null;
}
