namespace Mlp;

/// <summary>
/// Draws a layer's initial weights, and its biases where they are to be drawn: weight [i, o] is made from the random numbers of seed, layer and
/// i·outputs + o, bias o from those of seed, layer and o.
/// </summary>
internal static class WeightInitializer
{
    // Keras has the same defaults.
    private const float DefaultDeviation = 0.05f;
    private const float DefaultGain = 1;
    private const float DefaultValue = 0;

    /// <summary>Fills in a layer's weights and biases. Padding stays as it is, and so do biases that are not drawn.</summary>
    /// <param name="store">The network's store.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="number">The layer's number from 0, a key of its random numbers.</param>
    /// <param name="seed">The network's seed.</param>
    /// <exception cref="NotSupportedException">The initializer is none that can be drawn, such as <see cref="Initializer.Auto"/>.</exception>
    public static void Fill(Span<float> store, DenseLayout layer, int number, int seed)
    {
        Weights weights = new(store, layer);
        RandomStream random = new(seed, RandomPurpose.Weights, number);
        double inputs = layer.Inputs;
        double both = inputs + layer.Outputs;
        switch (layer.Initializer)
        {
            case Initializer.HeUniform:
                FillUniform(weights, random, Math.Sqrt(6 / inputs));
                break;
            case Initializer.HeNormal:
                FillNormal(weights, random, Math.Sqrt(2 / inputs));
                break;
            case Initializer.GlorotUniform:
                FillUniform(weights, random, ScaleOr(DefaultGain) * Math.Sqrt(6 / both));
                break;
            case Initializer.GlorotNormal:
                FillNormal(weights, random, Math.Sqrt(2 / both));
                break;
            case Initializer.LeCunUniform:
                FillUniform(weights, random, Math.Sqrt(3 / inputs));
                break;
            case Initializer.LeCunNormal:
                FillNormal(weights, random, Math.Sqrt(1 / inputs));
                break;
            case Initializer.TruncatedNormal:
                FillTruncatedNormal(weights, seed, number, ScaleOr(DefaultDeviation));
                break;
            case Initializer.Orthogonal:
                FillOrthogonal(weights, random, ScaleOr(DefaultGain));
                break;
            case Initializer.Zeros:
                FillConstant(weights, 0);
                break;
            case Initializer.Ones:
                FillConstant(weights, 1);
                break;
            case Initializer.Constant:
                FillConstant(weights, ScaleOr(DefaultValue));
                break;
            default:
                throw new NotSupportedException($"{nameof(WeightInitializer)} does not know {layer.Initializer}.");
        }

        if (layer is { HasBias: true, DrawsBiases: true })
        {
            RandomStream biases = new(seed, RandomPurpose.Biases, number);
            double limit = ScaleOr(DefaultGain) * Math.Sqrt(6 / both);
            for (int o = 0; o < layer.Outputs; o++)
            {
                store[layer.BiasesOffset + o] = (float)(limit * ((2 * biases.Double((ulong)o)) - 1));
            }
        }

        float ScaleOr(float unlessSaid) => float.IsNaN(layer.InitializerScale) ? unlessSaid : layer.InitializerScale;
    }

    /// <summary>Fills in what an ensemble's members multiply the inputs by: random signs, ±1. That of member m and input i is made from m·inputs + i.</summary>
    /// <param name="store">The network's store.</param>
    /// <param name="ensemble">The ensemble.</param>
    /// <param name="inputs">Number of inputs.</param>
    /// <param name="seed">The network's seed.</param>
    public static void FillSigns(Span<float> store, EnsembleLayout ensemble, int inputs, int seed)
    {
        RandomStream random = new(seed, RandomPurpose.MemberScales);
        for (int member = 0; member < ensemble.Members; member++)
        {
            for (int input = 0; input < inputs; input++)
            {
                bool isPositive = (random.UInt32((ulong)((member * inputs) + input)) & 1) == 0;
                store[ensemble.ScalesOffset + (member * ensemble.ScalesStride) + input] = isPositive ? 1 : -1;
            }
        }
    }

    /// <summary>Fills in a table of embeddings from a normal distribution of deviation 1/√length: value i of row r is made from r·length + i.</summary>
    /// <param name="store">The network's store.</param>
    /// <param name="table">The table.</param>
    /// <param name="number">The table's number from 0, a key of its random numbers.</param>
    /// <param name="seed">The network's seed.</param>
    public static void FillTable(Span<float> store, EmbeddingLayout table, int number, int seed)
    {
        RandomStream random = new(seed, RandomPurpose.Embeddings, number);
        double deviation = 1 / Math.Sqrt(table.Length);
        for (int row = 0; row < table.Rows; row++)
        {
            for (int i = 0; i < table.Length; i++)
            {
                store[table.Offset + (row * table.Stride) + i] = (float)(deviation * random.Normal((ulong)(((long)row * table.Length) + i)));
            }
        }
    }

    private static void FillUniform(Weights weights, RandomStream random, double limit)
    {
        for (int index = 0; index < weights.Count; index++)
        {
            weights[index] = (float)(limit * ((2 * random.Double((ulong)index)) - 1));
        }
    }

    private static void FillNormal(Weights weights, RandomStream random, double deviation)
    {
        for (int index = 0; index < weights.Count; index++)
        {
            weights[index] = (float)(deviation * random.Normal((ulong)index));
        }
    }

    /// <summary>Every attempt at a weight has a stream of its own, so that no weight depends on how often others were drawn.</summary>
    private static void FillTruncatedNormal(Weights weights, int seed, int number, double deviation)
    {
        for (int index = 0; index < weights.Count; index++)
        {
            double normal;
            long attempt = 0;
            do
            {
                normal = new RandomStream(seed, RandomPurpose.Weights, number, attempt++).Normal((ulong)index);
            }
            while (Math.Abs(normal) > 2);

            weights[index] = (float)(deviation * normal);
        }
    }

    /// <summary>Orthonormal columns where there are no fewer inputs than outputs, else orthonormal rows.</summary>
    private static void FillOrthogonal(Weights weights, RandomStream random, double gain)
    {
        int inputs = weights.Inputs;
        int outputs = weights.Outputs;
        OrthonormalBasis basis = new(Math.Min(inputs, outputs), Math.Max(inputs, outputs));
        for (int index = 0; index < weights.Count; index++)
        {
            Element(index) = random.Normal((ulong)index);
        }

        basis.Orthonormalize();
        for (int index = 0; index < weights.Count; index++)
        {
            weights[index] = (float)(gain * Element(index));
        }

        ref double Element(int index)
        {
            (int input, int output) = Math.DivRem(index, outputs);
            return ref inputs < outputs ? ref basis[input, output] : ref basis[output, input];
        }
    }

    private static void FillConstant(Weights weights, float value)
    {
        for (int index = 0; index < weights.Count; index++)
        {
            weights[index] = value;
        }
    }

    /// <summary>A layer's weights in the order [inputs × outputs], wherever the store has them.</summary>
    private readonly ref struct Weights(Span<float> store, DenseLayout layer)
    {
        private readonly Span<float> _store = store;

        public int Inputs => layer.Inputs;

        public int Outputs => layer.Outputs;

        public int Count => layer.Inputs * layer.Outputs;

        public float this[int index]
        {
            set
            {
                (int input, int output) = Math.DivRem(index, layer.Outputs);
                _store[layer.WeightsOffset + (input * layer.InputStride) + (output * layer.OutputStride)] = value;
            }
        }
    }
}
