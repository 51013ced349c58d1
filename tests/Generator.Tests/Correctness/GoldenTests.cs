using System.Text.Json;
using Generator.Tests.Infrastructure;
using Mlp.Runtime.Tests;
using Mlp.Runtime.Tests.Optimizers;
using Xunit.Abstractions;

namespace Generator.Tests.Correctness;

/// <summary>Generated networks against reference vectors that another framework computed in double.</summary>
public class GoldenTests(ITestOutputHelper output)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [SharedFact]
    public void OutputsLossesAndGradients_AgreeWithTheReference() => CompareGenerated("gradients.json", 123);

    [SharedFact]
    public void NormalizedAndResidualLayersAndEmbeddings_AgreeWithTheReference() => CompareGenerated("layers.json", 20);

    [SharedFact]
    public void Interpreter_AgreesWithTheReference() => CompareInterpreter("gradients.json");

    [SharedFact]
    public void InterpretersNormalizedAndResidualLayersAndEmbeddings_AgreeWithTheReference() => CompareInterpreter("layers.json");

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
            net.LoadParameters(Floats(GoldenCase.Ordered(file.Weights, file.Biases)));
            for (int step = 1; step < golden.Losses.Length; step++)
            {
                float loss = net.TrainStep(inputs, targets, optimizer);
                report.Add($"{golden.Name}: loss before step {step}", Math.Abs(loss - golden.Losses[step - 1]), 2e-6);
                foreach (Snapshot snapshot in golden.Snapshots.Where(snapshot => snapshot.Step == step))
                {
                    report.Add(
                        $"{golden.Name}: parameters after step {step}",
                        Closeness.AbsoluteError(net.Parameters, GoldenCase.Ordered(snapshot.Weights, snapshot.Biases)),
                        2e-6);
                }
            }

            float last = net.ComputeGradients(inputs, targets, new float[net.ParameterCount]);
            report.Add($"{golden.Name}: last loss", Math.Abs(last - golden.Losses[^1]), 2e-6);
        }

        output.WriteLine($"{file.Cases.Length} optimizers; largest absolute error {report.Worst:g3}: {report.WorstName}");
        report.AssertAllClose();
    }

    private void CompareGenerated(string file, int count)
    {
        GoldenCase[] cases = GoldenCase.Read(file);
        Assert.Equal(count, cases.Length);
        TestNetwork[] networks = [.. cases.Select(static (golden, index) => golden.ToNetwork($"Golden{index}"))];
        IReadOnlyList<Type> types = CompiledNetwork.Compile(networks);
        Closeness.Report report = new();
        for (int i = 0; i < cases.Length; i++)
        {
            CompiledNetwork net = new(types[i]);
            net.LoadParameters(Floats(cases[i].Parameters));
            foreach (GoldenBatch batch in cases[i].Batches!)
            {
                Compare(cases[i].Name, networks[i], net, batch, report);
            }

            if (cases[i].Evaluation is GoldenBatch evaluation)
            {
                float[] outputs = Predict(net, evaluation);
                report.Compare($"{cases[i].Name}: outputs with running statistics", outputs, Flat(evaluation.Outputs));
                float[] losses = NaNs(evaluation.Inputs.Length);
                ((INetwork)net.Instance).ComputeLosses(Floats(evaluation.AllInputs), Floats(Flat(evaluation.Targets)), outputs, losses);
                report.Compare($"{cases[i].Name}: loss with running statistics", [losses.Average()], [evaluation.LossValue]);
            }
        }

        output.WriteLine($"{file}: {cases.Length} cases; largest error {report.Worst:g3} of the tensor's largest value: {report.WorstName}");
        report.AssertAllClose();
    }

    private void CompareInterpreter(string file)
    {
        Closeness.Report report = new();
        foreach (GoldenCase golden in GoldenCase.Read(file))
        {
            TestNetwork network = golden.ToNetwork(golden.Name);
            Interpreter interpreter = new(network, golden.Parameters);
            foreach (GoldenBatch batch in golden.Batches!)
            {
                double[] inputs = batch.AllInputs;
                double[] targets = Flat(batch.Targets);
                Compare("outputs", Flat(batch.Outputs), interpreter.Forward(inputs, Mode.Training)[^1].Outputs.SelectMany(static row => row));
                Compare("loss", [batch.LossValue], [interpreter.Loss(inputs, targets)]);
                Compare("gradients", batch.Gradients, interpreter.Gradients(inputs, targets));
                Compare("input gradients", batch.AllInputGradients, interpreter.InputGradients(inputs, targets));
                interpreter.UpdateRunningStatistics(inputs);
                foreach (int layer in network.NormalizedByBatch)
                {
                    Compare("running means", batch.RunningMeans![layer]!, interpreter.RunningMeans[layer]);
                    Compare("running variances", batch.RunningVariances![layer]!, interpreter.RunningVariances[layer]);
                }
            }

            if (golden.Evaluation is GoldenBatch evaluation)
            {
                double[] inputs = evaluation.AllInputs;
                Compare("outputs with running statistics", Flat(evaluation.Outputs), interpreter.Predict(inputs));
                Compare("loss with running statistics", [evaluation.LossValue], [interpreter.Loss(inputs, Flat(evaluation.Targets), mode: Mode.Evaluation)]);
            }

            void Compare(string name, double[] expected, IEnumerable<double> actual) =>
                report.CompareDoubles($"{golden.Name}: {name}", [.. actual], expected);
        }

        output.WriteLine($"{file}: largest error of the interpreter {report.Worst:g3}: {report.WorstName}");
        report.AssertAllClose();
    }

    private static void Compare(string name, TestNetwork network, CompiledNetwork net, GoldenBatch batch, Closeness.Report report)
    {
        float[] inputs = Floats(batch.AllInputs);
        float[] targets = Floats(Flat(batch.Targets));
        float[] gradients = NaNs(network.ParameterCount);
        float loss = net.ComputeGradients(inputs, targets, gradients);
        report.Compare($"{name}: loss", [loss], [batch.LossValue]);
        double[] expected = batch.Gradients;
        foreach (Tensor tensor in network.Tensors())
        {
            report.Compare($"{name}: gradient of the {tensor}", gradients[tensor.Range], expected[tensor.Range]);
        }

        float[] inputGradients = NaNs(inputs.Length);
        loss = net.InputGradients(inputs, targets, inputGradients);
        report.Compare($"{name}: loss beside the inputs' gradients", [loss], [batch.LossValue]);
        report.Compare($"{name}: gradient of the inputs", inputGradients, batch.AllInputGradients);
        if (!network.HasBatchNormalization)
        {
            report.Compare($"{name}: outputs", Predict(net, batch), Flat(batch.Outputs));
            return;
        }

        // Outputs with the batch's own statistics are those of a training step; at rate 0 it changes the running ones alone.
        float[] outputs = NaNs(targets.Length);
        TrainingPass.Run((INetwork)net.Instance, inputs, targets, new Sgd(0), outputs);
        report.Compare($"{name}: outputs of the training step", outputs, Flat(batch.Outputs));
        foreach (int layer in network.NormalizedByBatch)
        {
            report.Compare($"{name}: running means", net.State.RunningMeans(layer), batch.RunningMeans![layer]);
            report.Compare($"{name}: running variances", net.State.RunningVariances(layer), batch.RunningVariances![layer]);
        }
    }

    private static float[] Predict(CompiledNetwork net, GoldenBatch batch)
    {
        float[] outputs = NaNs(batch.Outputs.Sum(static row => row.Length));
        net.Predict(Floats(batch.AllInputs), outputs);
        return outputs;
    }

    private static float[] NaNs(int count) => [.. Enumerable.Repeat(float.NaN, count)];

    private static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(SharedFiles.PathOf("golden", file)), Json)!;

    private static double[] Flat(double[][] rows) => [.. rows.SelectMany(static row => row)];

    private static float[] Floats(double[] values) => [.. values.Select(static value => (float)value)];

    private sealed record OptimizerFile(
        int InputSize, GoldenLayer[] Layers, string Loss, double[][] Inputs, double[][] Targets, double[][][] Weights, double[][] Biases, OptimizerCase[] Cases)
    {
        public TestNetwork ToNetwork(string name) => new(name, InputSize, [.. Layers.Select(static layer => layer.ToLayer())], GoldenCase.LossOf(Loss));
    }

    private sealed record OptimizerCase(string Name, string Optimizer, JsonElement Hyperparameters, double[] Losses, Snapshot[] Snapshots);

    private sealed record Snapshot(int Step, double[][][] Weights, double[][] Biases);
}
