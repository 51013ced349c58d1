using Generator.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Generator.Tests;

/// <summary>Pre-activations far out and around 0, for every activation and loss: finite and right wherever the true value is.</summary>
public class SaturationTests(ITestOutputHelper output)
{
    private const float LargestExponent = 80;
    private const int ManyRows = 3000;

    private static readonly float[] Extremes =
    [
        0, -0f, 1e-40f, -1e-40f, float.Epsilon, -float.Epsilon, 1e-30f, -1e-30f, 1e-8f, -1e-8f, 1e-4f, -1e-4f,
        2.5f, -2.5f, 9, -9, 20, -20, 50, -50, 80, -80, 89, -89, 104, -104, 200, -200,
    ];

    /// <summary>Every activation, in a layer that is computed as straight-line code and in one that is too wide for it.</summary>
    public static TheoryData<Activation, int> Hidden
    {
        get
        {
            TheoryData<Activation, int> data = [];
            foreach (Activation activation in Enum.GetValues<Activation>().Where(static activation => activation != Activation.Softmax))
            {
                data.Add(activation, 2);
                data.Add(activation, 70);
            }

            return data;
        }
    }

    /// <summary>Every loss with every activation that it is made for.</summary>
    public static TheoryData<LossFunction, Activation, int> Outputs
    {
        get
        {
            TheoryData<LossFunction, Activation, int> data = [];
            foreach (LossFunction loss in Enum.GetValues<LossFunction>())
            {
                Activation[] activations = loss switch
                {
                    LossFunction.BCE => [Activation.Sigmoid],
                    LossFunction.CrossEntropy => [Activation.Softmax],
                    LossFunction.Poisson => [Activation.Exp, Activation.Softplus],
                    _ => [Activation.Linear, Activation.Tanh],
                };
                foreach (Activation activation in activations)
                {
                    data.Add(loss, activation, 3);
                    data.Add(loss, activation, 70);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Hidden))]
    public void HiddenLayers_AreFiniteAndRight(Activation activation, int units)
    {
        // Weights of 1 and no biases: the pre-activations are the input itself, in every unit.
        TestNetwork network = new("Net", 1, [new(units, activation, Bias: false), new(1)], LossFunction.MSE) { InputGradients = true };
        float[] parameters = new float[network.ParameterCount];
        parameters.AsSpan(0, units).Fill(1);
        if (activation == Activation.PRelu)
        {
            parameters[units] = 0.25f;
        }

        parameters.AsSpan(^(units + 1)..^1).Fill(1f / units);
        Check(network, parameters, static (_, row) => [row % 2]);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Losses_AreFiniteAndRight(LossFunction loss, Activation activation, int units)
    {
        // Outputs x, −x, x, …: softmax sees both ends at once.
        TestNetwork network = new("Net", 1, [new(units, activation)], loss) { InputGradients = true };
        float[] parameters = [.. Enumerable.Range(0, units).Select(static o => o % 2 == 0 ? 1f : -1f), .. new float[units]];
        Check(network, parameters, Targets);

        float[] Targets(TestNetwork network, int row) => [.. Enumerable.Range(0, units).Select(o => loss switch
        {
            LossFunction.Hinge => (o + row) % 3 == 0 ? 1f : -1,
            LossFunction.CrossEntropy => o == row % units ? 1f : 0,
            LossFunction.Poisson => (o + row) % 3,
            _ => (o + row) % 2,
        })];
    }

    [Theory]
    [InlineData(Normalization.Layer, 2, 6)]
    [InlineData(Normalization.Layer, 3, 6)]
    [InlineData(Normalization.Layer, 70, 6)]
    [InlineData(Normalization.Batch, 5, 1)]
    [InlineData(Normalization.Batch, 5, 2)]
    [InlineData(Normalization.Batch, 5, 3)]
    [InlineData(Normalization.Batch, 70, 1)]
    [InlineData(Normalization.Batch, 70, 3)]
    public void NormalizingFewOrEqualValues_StaysFinite(Normalization normalization, int units, int rows)
    {
        TestNetwork network = new("Net", 2, [new(units, Activation.Tanh) { Normalization = normalization }, new(2)], LossFunction.MSE);
        CompiledNetwork net = new(CompiledNetwork.Compile([network])[0], seed: 1);
        foreach (float[] inputs in (float[][])[new RandomNetworks(1).Uniform(rows * 2, 1), new float[rows * 2], [.. Enumerable.Repeat(1e4f, rows * 2)]])
        {
            float[] targets = new float[rows * 2];
            float[] outputs = new float[rows * 2];
            float[] gradients = new float[network.ParameterCount];
            Interpreter interpreter = new(network, RandomNetworks.Doubles(net.Parameters));
            Assert.True(float.IsFinite(net.ComputeGradients(inputs, targets, gradients)));
            Assert.All(gradients, static gradient => Assert.True(float.IsFinite(gradient)));
            Assert.InRange(
                net.State.TrainStep((INetwork)net.Instance, inputs, targets, new Sgd(0), outputs),
                0, (interpreter.Loss(RandomNetworks.Doubles(inputs), RandomNetworks.Doubles(targets)) * 1.5) + 0.1);
            Assert.All(outputs, static output => Assert.True(float.IsFinite(output)));
            net.Predict(inputs, outputs);
            Assert.All(outputs, static output => Assert.True(float.IsFinite(output)));
            Assert.All(net.State.RunningVariances(0).ToArray(), static variance => Assert.True(variance >= 0));
        }
    }

    /// <summary>Each extreme as a row of its own, all of them as a batch, and each as a large batch of equal rows.</summary>
    private void Check(TestNetwork network, float[] parameters, Func<TestNetwork, int, float[]> targetsOf)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile([network])[0]);
        net.LoadParameters(parameters);
        Interpreter interpreter = new(network, RandomNetworks.Doubles(parameters));
        Closeness.Report report = new();

        // Where the outputs are exponentials, larger ones are infinite.
        float[] extremes = [.. Extremes.Where(x => Math.Abs(x) <= LargestExponent || network.Layers.All(static layer => layer.Activation != Activation.Exp))];
        foreach (int row in Enumerable.Range(0, 2 * extremes.Length))
        {
            float x = extremes[row / 2];
            float[] target = targetsOf(network, row % 2);
            Compare($"{x}", [x], target);
            if (row % 2 == 0)
            {
                Compare($"{ManyRows} rows of {x}", [.. Enumerable.Repeat(x, ManyRows)], [.. Enumerable.Repeat(target, ManyRows).SelectMany(static row => row)]);
            }
        }

        Compare("all", extremes, [.. extremes.SelectMany((_, row) => targetsOf(network, row))]);
        output.WriteLine($"largest error {report.Worst:g3}: {report.WorstName}");
        report.AssertAllClose();

        void Compare(string name, float[] inputs, float[] targets)
        {
            double[] doubleInputs = RandomNetworks.Doubles(inputs);
            double[] doubleTargets = RandomNetworks.Doubles(targets);
            float[] outputs = [.. Enumerable.Repeat(float.NaN, targets.Length)];
            float[] gradients = [.. Enumerable.Repeat(float.NaN, network.ParameterCount)];
            float[] inputGradients = [.. Enumerable.Repeat(float.NaN, inputs.Length)];
            net.Predict(inputs, outputs);
            report.Compare($"{name}: outputs", outputs, interpreter.Predict(doubleInputs));
            report.Compare($"{name}: loss", [net.ComputeGradients(inputs, targets, gradients)], [interpreter.Loss(doubleInputs, doubleTargets)]);
            net.InputGradients(inputs, targets, inputGradients);
            report.Compare($"{name}: gradients of inputs", inputGradients, interpreter.InputGradients(doubleInputs, doubleTargets));

            // A sum of n equal terms may round the same way each time: up to n halves of an ulp.
            double slack = inputs.Length * Math.Pow(2, -24);
            double[] expected = interpreter.Gradients(doubleInputs, doubleTargets);
            foreach (Tensor tensor in network.Tensors())
            {
                report.Add($"{name}: gradient of the {tensor}", Closeness.RelativeError(gradients[tensor.Range], expected[tensor.Range]), Closeness.Tolerance + slack);
            }
        }
    }
}
