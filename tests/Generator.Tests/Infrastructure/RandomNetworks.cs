namespace Generator.Tests.Infrastructure;

/// <summary>Draws architectures, parameters and data, the same for the same seed.</summary>
internal sealed class RandomNetworks(int seed)
{
    // Around the vector widths and their multiples, and some that are multiples of none.
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 23, 24, 25, 31, 32, 33, 40, 47, 48, 49, 63, 64, 65, 70];
    private static readonly Activation[] HiddenActivations = [.. Enum.GetValues<Activation>().Where(static activation => activation != Activation.Softmax)];
    private static readonly LossFunction[] Losses = Enum.GetValues<LossFunction>();

    private readonly Random _random = new(seed);

    /// <summary>A network with a loss, of anything that can be declared. A third are so small that the straight-line strategy takes them.</summary>
    public TestNetwork Network(string name)
    {
        int largest = Chance(3) ? 9 : 70;
        int[] sizes = [.. Sizes.Where(size => size <= largest)];
        LossFunction loss = Pick(Losses);
        int inputSize = Pick(sizes);
        bool isStandardised = Chance(5);
        TestTable[] tables = !isStandardised && Chance(6) ? Tables(inputSize) : [];
        List<TestLayer> layers = [];
        int inputs = inputSize + tables.Sum(static table => table.Length - 1);
        for (int hidden = _random.Next(5); hidden > 0; hidden--)
        {
            layers.Add(Layer(inputs, sizes, Pick(HiddenActivations), mayBeResidual: true));
            inputs = layers[^1].Units;
        }

        layers.Add(OutputLayer(inputs, sizes, loss));
        return new TestNetwork(name, inputSize, Thinned(layers), loss, isStandardised)
        {
            Tables = tables,
            InputGradients = Chance(2),
            Members = Chance(6) ? Pick([2, 3, 5]) : 1,
            InputDropout = Chance(10) ? 0.2 : 0,
            InputNoise = Chance(10) ? 0.1 : 0,
            Delta = loss == LossFunction.Huber && Chance(2) ? 0.5 : 1,
            LabelSmoothing = loss is LossFunction.BCE or LossFunction.CrossEntropy && Chance(3) ? 0.1 : 0,
            ClassWeights = loss == LossFunction.CrossEntropy && Chance(3) ? [.. Enumerable.Range(0, layers[^1].Units).Select(_ => _random.Next(1, 12) / 4.0)] : null,
            PositiveWeight = loss == LossFunction.BCE && Chance(3) ? 2.5 : 1,
        };
    }

    /// <summary>Parameters of a size that keeps outputs of deep networks alive.</summary>
    public float[] Parameters(TestNetwork network)
    {
        float[] parameters = new float[network.ParameterCount];
        foreach (Tensor tensor in network.Tensors())
        {
            // Exponentials grow out of bounds with weights that the others need to stay alive.
            double size = network.AllLayers[tensor.Layer].Activation == Activation.Exp ? 0.4 : 1;
            (double center, double limit) = tensor.Kind switch
            {
                TensorKind.Scales or TensorKind.Tables => (0, 1.5),
                TensorKind.Weights => (0, size * Math.Sqrt(5.0 / network.Inputs(tensor.Layer))),
                TensorKind.Gains => (size, size / 2),
                TensorKind.Slope => (0.2, 0.3),
                _ => (0, 0.3),
            };
            foreach (ref float parameter in parameters.AsSpan(tensor.Range))
            {
                parameter = (float)center + Uniform(limit);
            }
        }

        return parameters;
    }

    /// <summary>Inputs: numbers up to 1.5, and numbers of rows of tables.</summary>
    public float[] Inputs(TestNetwork network, int rows)
    {
        float[] inputs = Uniform(rows * network.InputSize, 1.5);
        foreach (TestTable table in network.Tables)
        {
            for (int at = table.Slot; at < inputs.Length; at += network.InputSize)
            {
                inputs[at] = _random.Next(table.Rows);
            }
        }

        return inputs;
    }

    /// <summary>The same for a compiled network.</summary>
    public float[] Inputs(NetworkLayout layout, int rows)
    {
        float[] inputs = Uniform(rows * layout.InputSize, 1.5);
        foreach (EmbeddingLayout table in layout.Embeddings)
        {
            for (int at = table.Slot; at < inputs.Length; at += layout.InputSize)
            {
                inputs[at] = _random.Next(table.Rows);
            }
        }

        return inputs;
    }

    public float[] Uniform(int count, double limit) => [.. Enumerable.Range(0, count).Select(_ => Uniform(limit))];

    /// <summary>Mostly any number up to 70, often a small one; batch normalization loses its digits on fewer than four rows.</summary>
    public int Rows(TestNetwork network) => Math.Max(Chance(3) ? _random.Next(1, 10) : _random.Next(1, 71), network.HasBatchNormalization ? 4 : 1);

    /// <summary>Sample weights, for every third batch.</summary>
    public float[]? Weights(int rows) => Chance(3) ? [.. Enumerable.Range(0, rows).Select(_ => 1.05f + Uniform(1))] : null;

    /// <summary>Targets that fit the loss: values, signs, counts, probabilities, one-hot or soft rows.</summary>
    public float[] Targets(TestNetwork network, int rows) =>
        [.. Enumerable.Range(0, rows).SelectMany(_ => network.Loss == LossFunction.CrossEntropy ? Distribution(network.OutputSize) : Values(network))];

    public static double[] Doubles(float[] values) => [.. values.Select(static value => (double)value)];

    private TestTable[] Tables(int inputSize)
    {
        int[] slots = [.. Enumerable.Range(0, inputSize)];
        _random.Shuffle(slots);
        return [.. slots.Take(_random.Next(1, 4)).Order().Select(slot => new TestTable(slot, Pick([2, 3, 9, 40]), Pick([1, 2, 3, 7, 8, 9, 17])))];
    }

    private TestLayer OutputLayer(int inputs, int[] sizes, LossFunction loss) => loss switch
    {
        LossFunction.BCE => Layer(inputs, sizes, Activation.Sigmoid, mayBeResidual: false),
        LossFunction.CrossEntropy => Layer(inputs, [.. sizes.Where(static size => size > 1)], Activation.Softmax, mayBeResidual: false),
        LossFunction.Poisson => Layer(inputs, sizes, Pick([Activation.Exp, Activation.Softplus]), mayBeResidual: false),
        _ when Chance(10) => Layer(inputs, [.. sizes.Where(static size => size > 1)], Activation.Softmax, mayBeResidual: false),
        _ => Layer(inputs, sizes, Chance(2) ? Activation.Linear : Pick(HiddenActivations), mayBeResidual: true),
    };

    private TestLayer Layer(int inputs, int[] sizes, Activation activation, bool mayBeResidual)
    {
        bool isResidual = mayBeResidual && Chance(5);
        int units = isResidual ? inputs : Pick(sizes);

        // Normalizing two or three units leaves little more than ±1, and one input at most its sign: derivatives with respect to what was
        // lost are rounding errors.
        Normalization normalization = inputs < 4 ? Normalization.None
            : Chance(6) && units >= 4 ? Normalization.Layer
            : Chance(7) ? Normalization.Batch
            : Normalization.None;
        return new TestLayer(units, activation, Bias: !Chance(4))
        {
            Residual = isResidual,
            Normalization = normalization,
            Epsilon = normalization != Normalization.None && Chance(3) ? 0.01 : 1e-5,
            Momentum = normalization == Normalization.Batch && Chance(2) ? 0.25 : 0.1,
            Alpha = activation is Activation.LeakyRelu or Activation.Elu && Chance(2) ? Pick([0.1, 0.3, 1.5]) : null,
            L1 = Chance(10) ? 0.01 : 0,
            L2 = Chance(10) ? 0.01 : 0,
        };
    }

    /// <summary>Dropout and noise behind hidden layers; they act in training steps alone.</summary>
    private List<TestLayer> Thinned(List<TestLayer> layers) =>
        [.. layers.SkipLast(1).Select(layer => layer with { Dropout = Chance(8) ? 0.25 : 0, Noise = Chance(8) ? 0.1 : 0 }), layers[^1]];

    private IEnumerable<float> Values(TestNetwork network) => Enumerable.Range(0, network.OutputSize).Select(_ => network.Loss switch
    {
        LossFunction.BCE => Chance(4) ? _random.NextSingle() : _random.Next(2),
        LossFunction.Poisson => _random.Next(5),
        LossFunction.Hinge => Chance(2) ? 1 : -1,
        _ => Uniform(2),
    });

    private float[] Distribution(int classes)
    {
        float[] row = new float[classes];
        int label = _random.Next(classes);
        row[label] = 1;
        if (Chance(3))
        {
            // Halves and quarters: their sum is exactly 1.
            row[label] = 0.5f;
            row[(label + 1) % classes] += 0.25f;
            row[(label + 2) % classes] += 0.25f;
        }

        return row;
    }

    private float Uniform(double limit) => (float)(limit * ((2 * _random.NextDouble()) - 1));

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(T[] items) => items[_random.Next(items.Length)];
}
