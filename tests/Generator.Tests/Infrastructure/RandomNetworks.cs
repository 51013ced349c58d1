namespace Generator.Tests.Infrastructure;

/// <summary>Draws architectures, parameters and data, the same for the same seed.</summary>
internal sealed class RandomNetworks(int seed)
{
    // Around the vector widths and their multiples, and some that are multiples of nothing.
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 23, 24, 25, 31, 32, 33, 40, 47, 48, 49, 63, 64, 65, 70];
    private static readonly Activation[] HiddenActivations = [Activation.Linear, Activation.Relu, Activation.Sigmoid, Activation.Tanh];

    private readonly Random _random = new(seed);

    /// <summary>A network with a loss and without dropout. A third are so small that the straight-line strategy takes them.</summary>
    public TestNetwork Network(string name)
    {
        int largest = _random.Next(3) == 0 ? 9 : 70;
        int[] sizes = [.. Sizes.Where(size => size <= largest)];
        LossFunction loss = Pick([LossFunction.MSE, LossFunction.BCE, LossFunction.CrossEntropy]);
        List<TestLayer> layers = [];
        for (int hidden = _random.Next(5); hidden > 0; hidden--)
        {
            layers.Add(new TestLayer(Pick(sizes), Pick(HiddenActivations), Bias: _random.Next(4) > 0));
        }

        Activation last = loss switch
        {
            LossFunction.BCE => Activation.Sigmoid,
            LossFunction.CrossEntropy => Activation.Softmax,
            _ => Pick(HiddenActivations),
        };
        int outputs = Math.Max(Pick(sizes), loss == LossFunction.CrossEntropy ? 2 : 1);
        layers.Add(new TestLayer(outputs, last, Bias: _random.Next(4) > 0));
        return new TestNetwork(name, Pick(sizes), layers, loss, Standardize: _random.Next(5) == 0);
    }

    /// <summary>Parameters of a size that keeps outputs of deep networks alive.</summary>
    public float[] Parameters(TestNetwork network)
    {
        List<float> parameters = [];
        for (int layer = 0; layer < network.Layers.Count; layer++)
        {
            (int inputs, int count) = network.Size(layer);
            double limit = Math.Sqrt(5.0 / inputs);
            int weights = inputs * network.Layers[layer].Units;
            parameters.AddRange(Enumerable.Range(0, count).Select(i => Uniform(i < weights ? limit : 0.3)));
        }

        return [.. parameters];
    }

    public float[] Uniform(int count, double limit) => [.. Enumerable.Range(0, count).Select(_ => Uniform(limit))];

    public int Rows() => _random.Next(3) == 0 ? _random.Next(1, 10) : _random.Next(1, 71);

    /// <summary>Rows whose pre-activations keep their distance from ReLU's kink, where float and double could take different sides.</summary>
    public float[] Inputs(TestNetwork network, Interpreter interpreter, int rows)
    {
        List<float> inputs = [];
        while (inputs.Count < rows * network.InputSize)
        {
            float[] row = Uniform(network.InputSize, 1.5);
            if (interpreter.DistanceToKink(Doubles(row)) > 1e-4)
            {
                inputs.AddRange(row);
            }
        }

        return [.. inputs];
    }

    /// <summary>Targets that fit the loss: values, probabilities, one-hot or soft rows.</summary>
    public float[] Targets(TestNetwork network, int rows) =>
        [.. Enumerable.Range(0, rows).SelectMany(_ => network.Loss == LossFunction.CrossEntropy ? Distribution(network.OutputSize) : Values(network))];

    public static double[] Doubles(float[] values) => [.. values.Select(static value => (double)value)];

    private IEnumerable<float> Values(TestNetwork network) => Enumerable.Range(0, network.OutputSize)
        .Select(_ => network.Loss == LossFunction.BCE ? (_random.Next(4) == 0 ? _random.NextSingle() : _random.Next(2)) : Uniform(2));

    private float[] Distribution(int classes)
    {
        float[] row = new float[classes];
        int label = _random.Next(classes);
        row[label] = 1;
        if (_random.Next(3) == 0)
        {
            // Halves and quarters: their sum is exactly 1.
            row[label] = 0.5f;
            row[(label + 1) % classes] += 0.25f;
            row[(label + 2) % classes] += 0.25f;
        }

        return row;
    }

    private float Uniform(double limit) => (float)(limit * ((2 * _random.NextDouble()) - 1));

    private T Pick<T>(T[] items) => items[_random.Next(items.Length)];
}
