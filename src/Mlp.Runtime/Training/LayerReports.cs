namespace Mlp;

/// <summary>Measures layers at some steps of a run. Steps that it measures keep their bits, as stored gradients have those of fused updates.</summary>
internal sealed class LayerReports : IRunPart
{
    /// <summary>Rows that dead units are looked for with.</summary>
    private const int MostRows = 256;

    private readonly NetworkState _network;
    private readonly Dataset _data;
    private readonly Duration _every;
    private readonly SchedulePoint _run;
    private readonly float[] _before;
    private readonly double[] _weightNorms;
    private readonly double[] _gradientNorms;
    private readonly double[] _updateRatios;
    private bool _isMeasured;

    /// <summary>Allocates all that steps need.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">What it is trained on.</param>
    /// <param name="every">From one report to the next.</param>
    /// <param name="run">Any point of the run.</param>
    /// <param name="gradients">Where all steps of the run store their gradients; null where they store none.</param>
    public LayerReports(NetworkState network, Dataset data, Duration every, SchedulePoint run, StoredGradients? gradients)
    {
        Gradients = gradients ?? new StoredGradients(network);
        _network = network;
        _data = data;
        _every = every;
        _run = run;
        _before = new float[network.Layout.StoreSize];
        _weightNorms = new double[network.Layout.Layers.Length];
        _gradientNorms = new double[_weightNorms.Length];
        _updateRatios = new double[_weightNorms.Length];
    }

    /// <inheritdoc/>
    public string Name => "layers";

    /// <summary>Where a step that is measured stores its gradients.</summary>
    public StoredGradients Gradients { get; }

    /// <summary>Whether a step is to be measured.</summary>
    /// <param name="step">The step of the run, from 0.</param>
    public bool Measures(long step) => _every.EndsWith(_run with { Step = step });

    /// <summary>Before the update: measures the gradients, and keeps the parameters.</summary>
    public void BeforeUpdate()
    {
        _network.Store.CopyTo(_before);
        for (int layer = 0; layer < _gradientNorms.Length; layer++)
        {
            _gradientNorms[layer] = _network.Trains(layer) ? NormOf(Gradients.Span, layer) : 0;
        }
    }

    /// <summary>After the update: measures the weights and their change.</summary>
    public void AfterUpdate()
    {
        for (int layer = 0; layer < _weightNorms.Length; layer++)
        {
            double before = NormOf(_before, layer);
            Span<float> change = WeightsOf(_before, layer);
            ReadOnlySpan<float> weights = WeightsOf(_network.Store, layer);
            for (int i = 0; i < change.Length; i++)
            {
                change[i] = weights[i] - change[i];
            }

            _weightNorms[layer] = NormOf(_network.Store, layer);
            _updateRatios[layer] = NormOf(_before, layer) / before;
        }

        _isMeasured = true;
    }

    /// <summary>The last report of the epoch that ends, with its dead units; empty where none was due.</summary>
    public IReadOnlyList<LayerStatistics> Take()
    {
        if (!_isMeasured)
        {
            return ValueList<LayerStatistics>.Empty;
        }

        _isMeasured = false;
        int[] dead = DeadUnits();
        LayerStatistics[] layers = new LayerStatistics[_weightNorms.Length];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            DenseLayout layout = _network.Layout.Layers[layer];
            layers[layer] = new(layout.Member is int member ? $"{layout.Name}.{member}" : layout.Name, _weightNorms[layer], _gradientNorms[layer], _updateRatios[layer], dead[layer]);
        }

        return new ValueList<LayerStatistics>(layers);
    }

    /// <inheritdoc/>
    public void Save(PartState state)
    {
        state.Set("measured", _isMeasured ? 1 : 0);
        for (int layer = 0; layer < _weightNorms.Length; layer++)
        {
            state.Set($"weights{layer}", _weightNorms[layer]);
            state.Set($"gradients{layer}", _gradientNorms[layer]);
            state.Set($"updates{layer}", _updateRatios[layer]);
        }
    }

    /// <inheritdoc/>
    public void Restore(PartState state)
    {
        _isMeasured = state.Number("measured") != 0;
        for (int layer = 0; layer < _weightNorms.Length; layer++)
        {
            _weightNorms[layer] = state.Number($"weights{layer}");
            _gradientNorms[layer] = state.Number($"gradients{layer}");
            _updateRatios[layer] = state.Number($"updates{layer}");
        }
    }

    /// <summary>Of each layer with ReLU, the units whose pre-activations are at most 0 in all rows.</summary>
    private int[] DeadUnits()
    {
        ReadOnlySpan<DenseLayout> layers = _network.Layout.Layers;
        int[] dead = new int[layers.Length];
        int last = -1;
        for (int layer = 0; layer < layers.Length; layer++)
        {
            last = layers[layer].Activation == Activation.Relu ? layer : last;
        }

        float[] values = last < 0 ? [] : PlainForward.Inputs(_network, SomeInputs());
        for (int layer = 0; layer <= last; layer++)
        {
            float[] entering = PlainForward.Entering(_network, layers[layer], values);
            float[] preActivations = PlainForward.PreActivations(_network, layers[layer], entering);
            if (layers[layer].Activation == Activation.Relu)
            {
                dead[layer] = CountDead(preActivations, layers[layer].Outputs);
            }

            // The last layers of an ensemble all see what the shared ones made.
            values = layer < _network.Layout.DeclaredLayers - 1 ? PlainForward.Outputs(_network, layers[layer], preActivations, entering) : values;
        }

        return dead;
    }

    private float[] SomeInputs()
    {
        int[] rows = new int[Math.Min(MostRows, _data.Count)];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = (int)((long)i * _data.Count / rows.Length);
        }

        return RowOrder.Gathered(_data.Values.Inputs, _data.InputSize, rows);
    }

    private static int CountDead(float[] preActivations, int units)
    {
        int dead = 0;
        for (int unit = 0; unit < units; unit++)
        {
            bool isDead = true;
            for (int i = unit; i < preActivations.Length && isDead; i += units)
            {
                isDead = preActivations[i] <= 0;
            }

            dead += isDead ? 1 : 0;
        }

        return dead;
    }

    private double NormOf(Span<float> store, int layer) => Math.Sqrt(CanonicalSum.OfSquares(WeightsOf(store, layer)));

    private Span<float> WeightsOf(Span<float> store, int layer) =>
        store.Slice(_network.Layout.Layers[layer].WeightsOffset, _network.Layout.Layers[layer].WeightsLength);
}
