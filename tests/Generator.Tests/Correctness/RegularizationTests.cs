using Generator.Tests.Infrastructure;

namespace Generator.Tests.Correctness;

/// <summary>Penalties, clipping, largest norms and accumulation on the stores that the generator lays out.</summary>
public class RegularizationTests
{
    private const int Rows = 24;
    private const double Rate = 0.2;

    [Fact]
    public void AccumulatedBatchesOfWeightedRowsAndClasses_MakeTheStepsOfTheJoinedBatch()
    {
        Type type = CompiledNetwork.Compile(
            "[Input(2)] [Dense(6, Tanh)] [Dense(3, Softmax)] [Loss(CrossEntropy, ClassWeights = new[] { 0.5, 1.0, 3.0 })] public partial class Net;", "Net");
        RandomNetworks random = new(4);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(static row => row * 7 % 3)];
        Dataset data = Dataset.FromLabels(random.Uniform(Rows * 2, 1), labels, 2, 3)
            .WithWeights([.. Enumerable.Range(0, Rows).Select(static row => row / 4 % 3 * 0.5f)]);
        TrainingOptions joined = new() { Epochs = 3, BatchSize = 12, Shuffle = false, Optimizer = new Sgd(0.5f, momentum: 0.9f) };

        (float[] expected, double expectedLoss) = Train(joined);
        (float[] parameters, double loss) = Train(joined with { BatchSize = 4, AccumulationSteps = 3 });
        Assert.Equal(0, Closeness.AbsoluteError(parameters, RandomNetworks.Doubles(expected)), 2e-6);
        Assert.Equal(expectedLoss, loss, 2e-6);

        (float[] Parameters, double Loss) Train(TrainingOptions options)
        {
            CompiledNetwork net = new(type, seed: 5);
            TrainingHistory history = net.Bind<Func<Dataset, TrainingOptions, CancellationToken, TrainingHistory>>("Train")(data, options, default);
            return (net.Parameters, history.Epochs[^1].Loss);
        }
    }

    [Theory]
    [InlineData("[Input(3)] [Dense(5, Tanh)] [Dense(2)] [Loss(MSE)] public partial class Net;")]
    [InlineData("[Input(19)] [Dense(40, Tanh)] [Dense(5, Sigmoid, Bias = false)] [Dense(33)] [Dense(2)] [Loss(MSE)] public partial class Net;")]
    public void Training_FollowsTheFormulas(string source)
    {
        CompiledNetwork net = new(CompiledNetwork.Compile(source, "Net"), seed: 2);
        CompiledNetwork reference = new(net.Type, seed: 2);
        RandomNetworks random = new(3);
        float[] inputs = random.Uniform(Rows * net.Constant("InputSize"), 1);
        float[] targets = random.Uniform(Rows * net.Constant("OutputSize"), 1);
        TrainingOptions options = new()
        {
            Epochs = 5,
            BatchSize = 7,
            AccumulationSteps = 4,
            Shuffle = false,
            Optimizer = new Sgd((float)Rate),
            L1 = 0.003f,
            L2 = 0.02f,
            ClipValue = 0.1f,
            ClipNorm = 0.3f,
            MaxNorm = 1,
        };

        net.Bind<Func<Dataset, TrainingOptions, CancellationToken, TrainingHistory>>("Train")(
            Dataset.FromTargets(inputs, targets, net.Constant("InputSize"), net.Constant("OutputSize")), options, CancellationToken.None);

        Reached reached = new();
        for (int step = 0; step < options.Epochs; step++)
        {
            float[] gradients = new float[net.ParameterCount];
            reference.ComputeGradients(inputs, targets, gradients);
            double[] parameters = Step(reference, RandomNetworks.Doubles(gradients), options, reached);
            reference.LoadParameters([.. parameters.Select(static value => (float)value)]);
        }

        Assert.True(reached is { Value: true, Norm: true, Length: true }, $"{reached} limits were reached.");
        Assert.Equal(0, Closeness.AbsoluteError(net.Parameters, RandomNetworks.Doubles(reference.Parameters)), 2e-6);
    }

    /// <summary>The parameters after a step in double precision.</summary>
    private static double[] Step(CompiledNetwork net, double[] gradients, TrainingOptions options, Reached reached)
    {
        double[] parameters = RandomNetworks.Doubles(net.Parameters);
        int start = 0;
        foreach (DenseLayout layer in net.State.Layout.Layers)
        {
            for (int i = start; i < start + (layer.Inputs * layer.Outputs); i++)
            {
                gradients[i] += (options.L2 * parameters[i]) + (options.L1 * Math.Sign(parameters[i]));
            }

            start += layer.ParameterCount;
        }

        reached.Value |= gradients.Any(value => Math.Abs(value) > options.ClipValue);
        gradients = [.. gradients.Select(value => Math.Clamp(value, -options.ClipValue, options.ClipValue))];
        double norm = Math.Sqrt(gradients.Sum(static value => value * value));
        reached.Norm |= norm > options.ClipNorm;
        parameters = [.. parameters.Zip(gradients, (p, g) => p - (Rate * g * Math.Min(1, options.ClipNorm / norm)))];
        start = 0;
        foreach (DenseLayout layer in net.State.Layout.Layers)
        {
            for (int o = 0; o < layer.Outputs; o++)
            {
                int[] column = [.. Enumerable.Range(0, layer.Inputs).Select(i => start + (i * layer.Outputs) + o)];
                double length = Math.Sqrt(column.Sum(i => parameters[i] * parameters[i]));
                reached.Length |= length > options.MaxNorm;
                foreach (int i in column)
                {
                    parameters[i] *= Math.Min(1, options.MaxNorm / length);
                }
            }

            start += layer.ParameterCount;
        }

        return parameters;
    }

    /// <summary>Which limits were reached at all.</summary>
    private sealed record Reached
    {
        public bool Value { get; set; }

        public bool Norm { get; set; }

        public bool Length { get; set; }
    }
}
