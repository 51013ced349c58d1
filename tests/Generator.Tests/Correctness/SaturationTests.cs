using Generator.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Generator.Tests.Correctness;

/// <summary>Pre-activations far out and around 0, for every activation and loss: finite and right wherever the true value is.</summary>
public class SaturationTests(ITestOutputHelper output)
{
    // Squares of exponentials stay finite up to here, exponentials up to twice that.
    private const float LargestSquaredExponent = 40;
    private const int ManyRows = 3000;
    private const double Ulp = 1.0 / (1 << 23);

    private static readonly Lazy<Dictionary<string, Type>> Compiled = new(Compile);

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
        TestNetwork network = HiddenNetwork(activation, units);
        float[] parameters = new float[network.ParameterCount];
        parameters.AsSpan(0, units).Fill(1);
        if (activation == Activation.PRelu)
        {
            parameters[units] = 0.25f;
        }

        parameters.AsSpan(^(units + 1)..^1).Fill(1f / units);
        Check(network, parameters, activation == Activation.Exp ? LargestSquaredExponent : float.MaxValue, static row => [row == 0 ? 0.3f : -0.6f]);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Losses_AreFiniteAndRight(LossFunction loss, Activation activation, int units)
    {
        TestNetwork network = OutputNetwork(loss, activation, units);
        float[] parameters = [.. Enumerable.Range(0, units).Select(static o => o % 2 == 0 ? 1f : -1f), .. new float[units]];
        Check(network, parameters, activation == Activation.Exp ? 2 * LargestSquaredExponent : float.MaxValue, Targets);

        float[] Targets(int row) => [.. Enumerable.Range(0, units).Select(o => loss switch
        {
            LossFunction.Hinge => (o + row) % 3 == 0 ? 1f : -1,
            LossFunction.CrossEntropy => o == row ? 1f : 0,
            LossFunction.Poisson => (o + row) % 3,
            LossFunction.BCE => (o + row) % 2,
            _ => (o + row) % 2 == 0 ? 0.3f : -0.6f,
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
                TrainingPass.Run((INetwork)net.Instance, inputs, targets, new Sgd(0), outputs),
                0, (interpreter.Loss(RandomNetworks.Doubles(inputs), RandomNetworks.Doubles(targets)) * 1.5) + 0.1);
            Assert.All(outputs, static output => Assert.True(float.IsFinite(output)));
            net.Predict(inputs, outputs);
            Assert.All(outputs, static output => Assert.True(float.IsFinite(output)));
            Assert.All(net.State.RunningVariances(0).ToArray(), static variance => Assert.True(variance >= 0));
        }
    }

    /// <summary>Weights of 1 and no biases make the input itself the pre-activation of every hidden unit.</summary>
    private static TestNetwork HiddenNetwork(Activation activation, int units) =>
        new($"Hidden{activation}{units}", 1, [new(units, activation, Bias: false), new(1)], LossFunction.MSE) { InputGradients = true };

    /// <summary>Outputs of x, −x, x, …: softmax sees both ends at once.</summary>
    private static TestNetwork OutputNetwork(LossFunction loss, Activation activation, int units) =>
        new($"Output{loss}{activation}{units}", 1, [new(units, activation)], loss) { InputGradients = true };

    private static Dictionary<string, Type> Compile() => CompiledNetwork.Compile(
    [
        .. Hidden.Select(row => HiddenNetwork((Activation)row[0], (int)row[1])),
        .. Outputs.Select(row => OutputNetwork((LossFunction)row[0], (Activation)row[1], (int)row[2])),
    ]).ToDictionary(static type => type.Name);

    /// <summary>Each extreme as a row of its own with two targets, as a large batch of equal rows, and all of them as a batch.</summary>
    private void Check(TestNetwork network, float[] parameters, float largest, Func<int, float[]> targetsOf)
    {
        CompiledNetwork net = new(Compiled.Value[network.Name]);
        net.LoadParameters(parameters);
        Interpreter interpreter = new(network, RandomNetworks.Doubles(parameters));
        Closeness.Report report = new();
        float[] extremes = [.. Extremes.Where(x => Math.Abs(x) <= largest)];
        foreach (float x in extremes)
        {
            Compare($"{x}", [x], targetsOf(0));
            Compare($"{x}", [x], targetsOf(1));
            Compare($"{ManyRows} rows of {x}", [x], targetsOf(0), ManyRows);
        }

        Compare("all", extremes, [.. extremes.SelectMany((_, row) => targetsOf(row % 2))]);
        output.WriteLine($"largest error {report.Worst:g3}: {report.WorstName}");
        report.AssertAllClose();

        // A batch of equal rows has their outputs, loss and gradients, and each row its share of the derivative with respect to the input.
        void Compare(string name, float[] inputs, float[] targets, int copies = 1)
        {
            double[] doubleInputs = RandomNetworks.Doubles(inputs);
            double[] doubleTargets = RandomNetworks.Doubles(targets);
            float[] batch = [.. Enumerable.Repeat(inputs, copies).SelectMany(static row => row)];
            float[] batchTargets = [.. Enumerable.Repeat(targets, copies).SelectMany(static row => row)];
            float[] outputs = NaNs(batchTargets.Length);
            float[] gradients = NaNs(network.ParameterCount);
            float[] inputGradients = NaNs(batch.Length);
            net.Predict(batch, outputs);
            report.Compare($"{name}: outputs", outputs.AsSpan(^targets.Length..), interpreter.Predict(doubleInputs));
            report.Compare($"{name}: loss", [net.ComputeGradients(batch, batchTargets, gradients)], [interpreter.Loss(doubleInputs, doubleTargets)]);
            net.InputGradients(batch, batchTargets, inputGradients);

            // Derivatives come from rounded outputs, like 1 − h² near h = 1, and those that nearly cancel out keep the error of their terms: two ulps
            // of 1, or of the output layer's deltas, times the inputs for weights. A sum of n equal terms may round the same way each time: up to n
            // halves of an ulp.
            double[] expected = interpreter.Gradients(doubleInputs, doubleTargets);
            double deltas = Math.Max(1, expected[^network.OutputSize..].Sum(Math.Abs)) * Math.Max(1, doubleInputs.Max(Math.Abs));
            foreach (Tensor tensor in network.Tensors())
            {
                Add($"gradient of the {tensor}", gradients[tensor.Range], expected[tensor.Range], batch.Length);
            }

            double[] share = [.. interpreter.InputGradients(doubleInputs, doubleTargets).Select(slope => slope / copies)];
            Add("gradients of inputs", inputGradients[^inputs.Length..], share, 1);

            void Add(string what, float[] actual, double[] expected, int terms)
            {
                double size = Math.Max(0.01, expected.Max(Math.Abs));
                report.Add(
                    $"{name}: {what}", Closeness.RelativeError(actual, expected), Closeness.Tolerance + (terms * Ulp / 2) + (2 * Ulp * deltas / size));
            }
        }
    }

    private static float[] NaNs(int count) => [.. Enumerable.Repeat(float.NaN, count)];
}
