namespace Mlp;

/// <summary>
/// Regularisation of a step: adds penalties to stored gradients, clips these, and after the update limits the weights' norms. Reported losses
/// contain no penalties. Allocates nothing in a step.
/// </summary>
internal sealed class GradientAdjustment
{
    private readonly NetworkState _network;
    private readonly float _l1;
    private readonly float _l2;
    private readonly float _clipValue;
    private readonly float _clipNorm;
    private readonly float _maxNorm;
    private readonly double[] _layerSquares;
    private readonly double[] _unitSquares;

    private GradientAdjustment(NetworkState network, TrainingOptions options)
    {
        ReadOnlySpan<DenseLayout> layers = network.Layout.Layers;
        _network = network;
        _l1 = options.L1;
        _l2 = options.L2;
        _clipValue = options.ClipValue;
        _clipNorm = options.ClipNorm;
        _maxNorm = options.MaxNorm;
        _layerSquares = new double[layers.Length];
        _unitSquares = new double[_maxNorm > 0 ? layers.ToArray().Max(static layer => layer.Outputs) : 0];
    }

    /// <summary>What the layers' own penalties and the options ask for; null where that is nothing.</summary>
    public static GradientAdjustment? For(NetworkState network, TrainingOptions options) =>
        network.Layout.HasPenalties || options.L1 > 0 || options.L2 > 0 || options.ClipValue > 0 || options.ClipNorm > 0 || options.MaxNorm > 0
            ? new GradientAdjustment(network, options)
            : null;

    /// <summary>Before the update: adds the penalties' gradients, clips by value, then by norm.</summary>
    /// <param name="store">The parameters.</param>
    /// <param name="gradients">Their gradients, laid out likewise.</param>
    /// <param name="place">Where in a run the step is.</param>
    /// <exception cref="NonFiniteLossException">The norm that is to be clipped is not finite.</exception>
    public void BeforeUpdate(ReadOnlySpan<float> store, Span<float> gradients, TrainingPlace place)
    {
        Penalties.Add(_network, store, gradients, _l1, _l2);
        if (_clipValue > 0)
        {
            ClipEach(gradients, _clipValue);
        }

        if (_clipNorm > 0)
        {
            double norm = Norm(gradients, place);
            if (norm > _clipNorm)
            {
                Scale(gradients, (float)(_clipNorm / norm));
            }
        }
    }

    /// <summary>After the update: scales the incoming weights of every unit down to the largest norm.</summary>
    public void AfterUpdate(Span<float> store)
    {
        if (_maxNorm > 0)
        {
            for (int layer = 0; layer < _network.Layout.Layers.Length; layer++)
            {
                if (_network.Trains(layer))
                {
                    LimitUnits(_network.Layout.Layers[layer], store);
                }
            }
        }
    }

    private static void ClipEach(Span<float> gradients, float limit)
    {
        Vec256 most = Vec256.Create(limit);
        Vec256 least = Vec256.Create(-limit);
        for (int i = 0; i < gradients.Length; i += Vec256.Count)
        {
            // NaN stays: comparisons with it are false.
            Vec256 gradient = Vec256.Load(ref gradients[i]);
            gradient = Vec256.Select(Vec256.GreaterThan(gradient, most), most, gradient);
            Vec256.Store(Vec256.Select(Vec256.LessThan(gradient, least), least, gradient), ref gradients[i]);
        }
    }

    private static void Scale(Span<float> gradients, float factor)
    {
        Vec256 scale = Vec256.Create(factor);
        for (int i = 0; i < gradients.Length; i += Vec256.Count)
        {
            Vec256.Store(scale * Vec256.Load(ref gradients[i]), ref gradients[i]);
        }
    }

    /// <summary>The Euclidean norm of all gradients: squares are summed layer by layer, from a layer's first parameter to that of the next.</summary>
    private double Norm(ReadOnlySpan<float> gradients, TrainingPlace place)
    {
        ReadOnlySpan<DenseLayout> layers = _network.Layout.Layers;
        for (int layer = 0; layer < layers.Length; layer++)
        {
            int end = layer + 1 < layers.Length ? layers[layer + 1].WeightsOffset : gradients.Length;
            double squares = CanonicalSum.OfSquares(gradients[_network.Layout.StartOf(layer)..end]);
            _layerSquares[layer] = double.IsFinite(squares) ? squares : throw NonFiniteDiagnosis.OfGradients(layers[layer], place);
        }

        return Math.Sqrt(CanonicalSum.Sum(_layerSquares));
    }

    private void LimitUnits(DenseLayout layer, Span<float> store)
    {
        Span<float> weights = store.Slice(layer.WeightsOffset, layer.WeightsLength);
        Span<double> squares = _unitSquares.AsSpan(0, layer.Outputs);
        squares.Clear();
        for (int i = 0; i < layer.Inputs; i++)
        {
            for (int o = 0; o < squares.Length; o++)
            {
                double weight = weights[(i * layer.InputStride) + (o * layer.OutputStride)];
                squares[o] += weight * weight;
            }
        }

        for (int o = 0; o < squares.Length; o++)
        {
            double norm = Math.Sqrt(squares[o]);
            if (norm > _maxNorm)
            {
                float factor = (float)(_maxNorm / norm);
                for (int i = 0; i < layer.Inputs; i++)
                {
                    weights[(i * layer.InputStride) + (o * layer.OutputStride)] *= factor;
                }
            }
        }
    }
}
