using Generator.Tests.Infrastructure;
using Xunit.Abstractions;

namespace Generator.Tests;

/// <summary>Generated networks of random architectures against the interpreter. MLPGEN_RANDOM_NETWORKS says how many, MLPGEN_RANDOM_SEED which.</summary>
public class RandomNetworkTests(ITestOutputHelper output)
{
    private static readonly int Count = Setting("MLPGEN_RANDOM_NETWORKS", 100);
    private static readonly int Seed = Setting("MLPGEN_RANDOM_SEED", 1);
    private static readonly Lazy<IReadOnlyList<Sample>> Samples = new(Draw);

    [Fact]
    public void Predictions_AgreeWithTheInterpreter()
    {
        Closeness.Report report = new();
        foreach (Sample sample in Samples.Value)
        {
            float[] outputs = PredictRows(sample);
            report.Compare(sample.Network.ToString(), outputs, sample.Interpreter.Predict(RandomNetworks.Doubles(sample.Inputs)));
        }

        Finish(report);
    }

    [Fact]
    public void OneRow_PredictsTheBitsOfManyRows()
    {
        foreach (Sample sample in Samples.Value)
        {
            int inputSize = sample.Network.InputSize;
            int outputSize = sample.Network.OutputSize;
            float[] outputs = PredictRows(sample);
            for (int row = 0; row < sample.Rows; row++)
            {
                ReadOnlySpan<float> input = sample.Inputs.AsSpan(row * inputSize, inputSize);
                ReadOnlySpan<float> expected = outputs.AsSpan(row * outputSize, outputSize);
                float[] single = [.. Enumerable.Repeat(float.NaN, outputSize)];
                sample.Net.Predict(input, single);
                AssertSameBits(expected, single, sample.Network);
                AssertSameBits(expected, outputSize == 1 ? [sample.Net.PredictValue(input)] : sample.Net.PredictVector(input), sample.Network);
            }
        }
    }

    [Fact]
    public void AnyPartOfABatch_PredictsTheBitsOfTheWhole()
    {
        foreach (Sample sample in Samples.Value)
        {
            float[] outputs = PredictRows(sample);
            for (int rows = 0; rows <= sample.Rows; rows += 1 + (rows / 4))
            {
                float[] part = [.. Enumerable.Repeat(float.NaN, rows * sample.Network.OutputSize)];
                sample.Net.Predict(sample.Inputs.AsSpan(0, rows * sample.Network.InputSize), part);
                AssertSameBits(outputs.AsSpan(0, part.Length), part, sample.Network);
            }
        }
    }

    [Fact]
    public void PredictClass_IsTheLargestOrTheLikelierOutput()
    {
        foreach (Sample sample in Samples.Value.Where(static sample =>
            sample.Network.Loss == LossFunction.CrossEntropy || (sample.Network.Loss == LossFunction.BCE && sample.Network.OutputSize == 1)))
        {
            float[] outputs = PredictRows(sample);
            float[][] predictions = [.. outputs.Chunk(sample.Network.OutputSize)];
            for (int row = 0; row < sample.Rows; row++)
            {
                int expected = predictions[row].Length == 1
                    ? predictions[row][0] >= 0.5f ? 1 : 0
                    : Array.IndexOf(predictions[row], predictions[row].Max());
                Assert.Equal(expected, sample.Net.PredictClass(sample.Inputs.AsSpan(row * sample.Network.InputSize, sample.Network.InputSize)));
            }
        }
    }

    [Fact]
    public void LossesAndGradients_AgreeWithTheInterpreter()
    {
        Closeness.Report report = new();
        foreach (Sample sample in Samples.Value)
        {
            double[] inputs = RandomNetworks.Doubles(sample.Inputs);
            double[] targets = RandomNetworks.Doubles(sample.Targets);
            float[] gradients = [.. Enumerable.Repeat(float.NaN, sample.Network.ParameterCount)];
            float loss = sample.Net.ComputeGradients(sample.Inputs, sample.Targets, gradients);
            report.Compare($"loss of {sample.Network}", [loss], [sample.Interpreter.Loss(inputs, targets)]);
            double[] expected = sample.Interpreter.Gradients(inputs, targets);
            foreach ((string name, Range range) in sample.Network.Tensors())
            {
                report.Compare($"{name}, {sample.Rows} rows, {sample.Network}", gradients[range], expected[range]);
            }
        }

        Finish(report);
    }

    [Fact]
    public void InterpretersGradients_AgreeWithCentralDifferences()
    {
        Closeness.Report report = new();
        foreach (Sample sample in Samples.Value)
        {
            Random random = new(Seed);
            double[] inputs = RandomNetworks.Doubles(sample.Inputs[..(Math.Min(sample.Rows, 5) * sample.Network.InputSize)]);
            double[] targets = RandomNetworks.Doubles(sample.Targets[..(Math.Min(sample.Rows, 5) * sample.Network.OutputSize)]);
            double[] gradients = sample.Interpreter.Gradients(inputs, targets);
            double largest = gradients.Max(Math.Abs);
            for (int i = 0; i < 25; i++)
            {
                int parameter = random.Next(gradients.Length);
                double difference = sample.Interpreter.CentralDifference(inputs, targets, parameter);
                report.Add($"parameter {parameter} of {sample.Network}", Math.Abs(difference - gradients[parameter]) / Math.Max(1, largest), 1e-7);
            }
        }

        Finish(report);
    }

    [Fact]
    public void ATrainingStep_IsItsGradientsAppliedBitForBit()
    {
        Optimizer[] optimizers =
        [
            new Sgd(0.05f), new Sgd(0.05f, momentum: 0.9f), new Sgd(0.05f, momentum: 0.9f, nesterov: true, weightDecay: 0.01f),
            new Adam(0.01f), new Adam(0.01f, weightDecay: 0.01f), new Adam(0.01f, amsGrad: true), new AdamW(0.01f), new NAdam(0.01f),
            new RAdam(0.01f), new RmsProp(), new RmsProp(momentum: 0.9f, weightDecay: 0.01f), new RmsProp(momentum: 0.9f, centered: true),
            new Adagrad(), new Adadelta(weightDecay: 0.01f), new Lion(0.001f, weightDecay: 0.01f),
        ];
        foreach (Sample sample in Samples.Value)
        {
            // Each optimizer starts its own state; two networks of the same class take the two ways.
            Optimizer optimizer = optimizers[sample.Number % optimizers.Length];
            CompiledNetwork fused = sample.NewNet();
            CompiledNetwork unfused = sample.NewNet();
            float[] gradients = new float[sample.Network.ParameterCount];
            for (int rows = sample.Rows; rows > 0; rows /= 2)
            {
                ReadOnlySpan<float> inputs = sample.Inputs.AsSpan(0, rows * sample.Network.InputSize);
                ReadOnlySpan<float> targets = sample.Targets.AsSpan(0, rows * sample.Network.OutputSize);
                float expected = unfused.ComputeGradients(inputs, targets, gradients);
                unfused.ApplyGradients(gradients, optimizer);
                float actual = fused.TrainStep(inputs, targets, optimizer);
                AssertSameBits([expected], [actual], sample.Network);
                AssertSameBits(unfused.Parameters, fused.Parameters, sample.Network);
            }
        }
    }

    [Fact]
    public void Gradients_ChangeNothing()
    {
        foreach (Sample sample in Samples.Value)
        {
            CompiledNetwork net = sample.NewNet();
            net.ComputeGradients(sample.Inputs, sample.Targets, new float[sample.Network.ParameterCount]);
            AssertSameBits(sample.Parameters, net.Parameters, sample.Network);
        }
    }

    [Fact]
    public void LossesOfRows_AreThoseOfTheirGradients_AndOutputsThoseOfPredict()
    {
        foreach (Sample sample in Samples.Value)
        {
            float[] outputs = [.. Enumerable.Repeat(float.NaN, sample.Targets.Length)];
            float[] losses = [.. Enumerable.Repeat(float.NaN, sample.Rows)];
            ((INetwork)sample.Net.Instance).ComputeLosses(sample.Inputs, sample.Targets, outputs, losses);
            AssertSameBits(PredictRows(sample), outputs, sample.Network);

            float[] gradients = new float[sample.Network.ParameterCount];
            for (int row = 0; row < sample.Rows; row++)
            {
                float loss = sample.Net.ComputeGradients(
                    sample.Inputs.AsSpan(row * sample.Network.InputSize, sample.Network.InputSize),
                    sample.Targets.AsSpan(row * sample.Network.OutputSize, sample.Network.OutputSize),
                    gradients);
                AssertSameBits([losses[row]], [loss], sample.Network);
            }
        }
    }

    private static float[] PredictRows(Sample sample)
    {
        float[] outputs = [.. Enumerable.Repeat(float.NaN, sample.Rows * sample.Network.OutputSize)];
        sample.Net.Predict(sample.Inputs, outputs);
        return outputs;
    }

    private static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, TestNetwork network)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]),
                $"Value {i} is {actual[i]:g9} instead of {expected[i]:g9}: {network}");
        }
    }

    private static IReadOnlyList<Sample> Draw()
    {
        RandomNetworks random = new(Seed);
        TestNetwork[] networks = [.. Enumerable.Range(0, Count).Select(number => random.Network($"Random{number}"))];
        return [.. CompiledNetwork.Compile(networks).Select((type, number) => new Sample(number, networks[number], type, random))];
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : fallback;

    private void Finish(Closeness.Report report)
    {
        output.WriteLine($"{Count} networks, seed {Seed}; largest error {report.Worst:g3}: {report.WorstName}");
        report.AssertAllClose();
    }

    /// <summary>One random network with parameters and a batch.</summary>
    private sealed class Sample
    {
        private readonly Type _type;
        private readonly float[] _means;
        private readonly float[] _scales;

        public Sample(int number, TestNetwork network, Type type, RandomNetworks random)
        {
            _type = type;
            Number = number;
            Network = network;
            Parameters = random.Parameters(network);
            _means = random.Uniform(network.Standardize ? network.InputSize : 0, 0.5);
            _scales = [.. random.Uniform(_means.Length, 0.5).Select(static value => 1 + value)];
            Interpreter = network.Standardize
                ? new Interpreter(network, RandomNetworks.Doubles(Parameters), RandomNetworks.Doubles(_means), RandomNetworks.Doubles(_scales))
                : new Interpreter(network, RandomNetworks.Doubles(Parameters));
            Rows = random.Rows();
            Inputs = random.Inputs(network, Interpreter, Rows);
            Targets = random.Targets(network, Rows);
            Net = NewNet();
        }

        public int Number { get; }

        public TestNetwork Network { get; }

        public float[] Parameters { get; }

        public Interpreter Interpreter { get; }

        public int Rows { get; }

        public float[] Inputs { get; }

        public float[] Targets { get; }

        public CompiledNetwork Net { get; }

        public CompiledNetwork NewNet()
        {
            CompiledNetwork net = new(_type);
            net.LoadParameters(Parameters);
            if (Network.Standardize)
            {
                _means.CopyTo(net.State.InputMeans);
                _scales.CopyTo(net.State.InputScales);
            }

            return net;
        }
    }
}
