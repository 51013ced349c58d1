namespace Mlp;

/// <summary>Evaluates a network on one data set, again and again in the same buffers.</summary>
internal sealed class Evaluator
{
    /// <summary>
    /// Rows predicted at a time: enough to keep the kernels busy, few enough to stay in the cache. Results do not depend on it.
    /// </summary>
    private const int BatchSize = 512;

    private readonly INetwork _network;
    private readonly LossFunction _loss;
    private readonly Dataset _data;
    private readonly Metric[] _metrics;
    private readonly DataLoader _loader;
    private readonly float[] _computedLosses;
    private readonly double[] _losses;
    private readonly float[] _outputs;
    private readonly float[] _scaledTargets = [];
    private readonly bool _inDataUnits;
    private readonly bool _keepsOutputs;
    private readonly int _outputSize;
    private double _threshold;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="data">Data that fits the network.</param>
    /// <param name="inDataUnits">Of a network that standardises targets: whether losses are in the data's units, or in those of training.</param>
    /// <param name="metrics">What else to compute; they fit the network. None by default.</param>
    /// <param name="keepsOutputs">Whether <see cref="Predictions"/> will be asked for.</param>
    public Evaluator(INetwork network, LossFunction loss, Dataset data, bool inDataUnits, IReadOnlyList<Metric>? metrics = null, bool keepsOutputs = false)
    {
        _network = network;
        _inDataUnits = inDataUnits;
        _loss = loss;
        _data = data;
        _metrics = [.. metrics ?? []];
        _keepsOutputs = keepsOutputs || _metrics.Length > 0;
        _outputSize = network.State.Layout.OutputSize;
        _loader = new DataLoader(data, BatchSize, shuffle: false, targetSize: _outputSize, loss: loss);
        _computedLosses = new float[Math.Min(BatchSize, data.Count)];
        _losses = new double[_computedLosses.Length];
        _outputs = new float[_keepsOutputs ? OutputsToKeep(data.Count, _outputSize) : _losses.Length * _outputSize];
        if (network.State.Layout.StandardizeTargets)
        {
            _scaledTargets = new float[_losses.Length * _outputSize];
        }
    }

    /// <summary>Checks that metrics can be computed for a network.</summary>
    /// <param name="network">The network, which has a loss.</param>
    /// <param name="metrics">The metrics.</param>
    /// <param name="argument">Name of the argument that they came in.</param>
    /// <exception cref="ArgumentException">One of them cannot.</exception>
    public static void CheckMetrics(NetworkState network, IEnumerable<Metric> metrics, string argument)
    {
        foreach (Metric metric in metrics)
        {
            if (network.Layout.Loss is LossFunction loss && metric.WhyUnfit(loss, network.Layout.OutputSize) is string why)
            {
                throw new ArgumentException($"The metric {metric} {why}.", argument);
            }
        }
    }

    /// <summary>Evaluates the network as it is now. Losses, right answers and weights are summed in double, row by row.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public Evaluation Run(CancellationToken cancellationToken = default)
    {
        int answersPerRow = AccuracyCounter.AnswersPerRow(_loss, _outputSize);
        ReadOnlySpan<float> classWeights = _network.State.Layout.ClassWeights;
        _threshold = _network.State.Threshold;
        double lossSum = 0;
        double lossWeights = 0;
        double hits = 0;
        double rows = 0;
        foreach (Batch batch in _loader.Epoch(0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<double> losses = _losses.AsSpan(0, batch.Count);
            Span<float> outputs = _outputs.AsSpan(_keepsOutputs ? batch.Index * BatchSize * _outputSize : 0, batch.Count * _outputSize);
            ComputeLosses(batch, outputs, losses);
            for (int row = 0; row < batch.Count; row++)
            {
                double weight = batch.Weights.IsEmpty ? 1 : batch.Weights[row];
                rows += weight;

                // A row of weight 0 is left out, even if its loss is not finite.
                if (weight > 0)
                {
                    lossSum += weight * losses[row];
                    lossWeights += weight * WeightOfClasses(batch, row, classWeights);
                }
            }

            if (answersPerRow > 0)
            {
                AccuracyCounter.AddHits(ref hits, _loss, outputs, batch.Targets, batch.Weights, _outputSize, _threshold);
            }
        }

        Evaluation evaluation = new(lossSum / lossWeights, answersPerRow > 0 ? hits / (rows * answersPerRow) : null);
        if (_keepsOutputs && !_inDataUnits && _scaledTargets.Length > 0)
        {
            _network.State.Standardization.ToDataUnits(_outputs);
        }

        return _metrics.Length > 0 ? evaluation with { Metrics = MetricsOf(evaluation) } : evaluation;
    }

    /// <summary>The outputs of the last run, in the data's units, beside what they should have been, for as long as the data are alive.</summary>
    /// <param name="evaluation">What the run returned.</param>
    public Predictions Predictions(Evaluation evaluation) => new(_loss, _outputs, _data)
    {
        Threshold = _threshold,
        MeanLoss = evaluation.Loss,
        Accuracy = evaluation.Accuracy,
    };

    private static int OutputsToKeep(int rows, int outputSize)
    {
        long outputs = (long)rows * outputSize;
        return outputs <= Array.MaxLength
            ? (int)outputs
            : throw new ArgumentException($"The {rows} × {outputSize} outputs are more than an array holds; judge fewer rows at a time.", "data");
    }

    private MetricValues MetricsOf(Evaluation evaluation)
    {
        Predictions predictions = Predictions(evaluation);
        double?[] values = new double?[_metrics.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _metrics[i].Compute(predictions);
        }

        GC.KeepAlive(_data);
        return new MetricValues(_metrics, values);
    }

    private void ComputeLosses(Batch batch, Span<float> outputs, Span<double> losses)
    {
        Span<float> computed = _computedLosses.AsSpan(0, batch.Count);
        if (_scaledTargets.Length == 0)
        {
            _network.ComputeLosses(batch.Inputs, batch.Targets, outputs, computed);
        }
        else
        {
            Span<float> targets = _scaledTargets.AsSpan(0, batch.Targets.Length);
            _network.State.Standardization.ScaleTargets(batch.Targets, targets);
            _network.ComputeLosses(batch.Inputs, targets, outputs, computed);
            if (_inDataUnits)
            {
                _network.State.Standardization.ToDataUnits(outputs);
                RegressionLoss.OfRows(_loss, _network.State.Layout.LossSettings.Delta, outputs, batch.Targets, losses);
                return;
            }
        }

        for (int row = 0; row < losses.Length; row++)
        {
            losses[row] = computed[row];
        }
    }

    private static float WeightOfClasses(Batch batch, int row, ReadOnlySpan<float> classWeights) => classWeights.IsEmpty
        ? 1
        : RowWeights.OfClasses(batch.Targets.Slice(row * classWeights.Length, classWeights.Length), classWeights);
}
