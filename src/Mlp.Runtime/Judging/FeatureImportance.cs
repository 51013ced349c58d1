using System.Collections;

namespace Mlp;

/// <summary>How much a network depends on each of its input columns: a row a column, in their order.</summary>
public sealed class FeatureImportance : IReadOnlyList<ColumnImportance>
{
    private readonly ColumnImportance[] _columns;

    private FeatureImportance(Metric metric, double baseline, ColumnImportance[] columns)
    {
        Metric = metric;
        Baseline = baseline;
        _columns = columns;
    }

    /// <summary>What importance is measured by.</summary>
    public Metric Metric { get; }

    /// <summary>The metric of the data as they are.</summary>
    public double Baseline { get; }

    /// <summary>Number of input columns.</summary>
    public int Count => _columns.Length;

    /// <summary>A column's importance.</summary>
    /// <param name="index">Index of the column, from 0.</param>
    public ColumnImportance this[int index] => _columns[index];

    /// <summary>
    /// Permutation importance (Breiman, 2001; Fisher, Rudin and Dominici, 2019): brings the values of one column into a random order, again and again, and
    /// takes the mean of how much worse the metric gets. It says what this network uses, not what could be learned: columns that say the same share their
    /// importance.
    /// </summary>
    /// <typeparam name="TNet">The network's class.</typeparam>
    /// <param name="net">The network. It is not changed; it may be used meanwhile, but not trained.</param>
    /// <param name="data">Rows on which it was not trained. They count by their weights, where they have any. Their inputs are copied once.</param>
    /// <param name="metric">What to measure: <see cref="Metric.RocAuc"/>, <see cref="Metric.R2"/> or any other.</param>
    /// <param name="repeats">How often each column is reordered, at least 1. Default: 5.</param>
    /// <param name="seed">Decides the orders.</param>
    /// <returns>A row a column. Positive importance is worse without the column's order, whichever direction the metric has.</returns>
    /// <exception cref="ArgumentException">The data or the metric do not fit the network, or the metric is undefined on the data.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="repeats"/> is less than 1.</exception>
    public static FeatureImportance Permutation<TNet>(TNet net, Dataset data, Metric metric, int repeats = 5, int seed = 0)
        where TNet : class, INetwork<TNet>
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        Evaluator.CheckMetrics(net.State, [metric], nameof(metric));
        LossFunction loss = DataFit.Check(net.State, data, "The data set", nameof(data));
        float[] inputs = data.Values.Inputs.ToArray();
        Evaluator evaluator = new(net, loss, WithInputs(data, inputs), inDataUnits: true, [metric]);
        double baseline = Measure();
        ColumnImportance[] columns = new ColumnImportance[data.InputSize];
        int[] order = new int[data.Count];
        double[] losses = new double[repeats];
        IReadOnlyList<string>? names = net.State.InputNames ?? data.InputNames;
        for (int column = 0; column < columns.Length; column++)
        {
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                RowOrder.Shuffle(order, new RandomStream(seed, RandomPurpose.Importance, repeat, column));
                Reorder(column, order);
                double change = Measure() - baseline;
                losses[repeat] = metric.HigherIsBetter ? -change : change;
            }

            RowOrder.Identity(order);
            Reorder(column, order);
            columns[column] = new ColumnImportance(column, names?[column] ?? TextTable.Weight(column), CanonicalSum.Sum(losses) / repeats, DeviationOf(losses));
        }

        GC.KeepAlive(data);
        return new FeatureImportance(metric, baseline, columns);

        double Measure() => evaluator.Run().Metrics[metric]
            ?? throw new ArgumentException($"The metric {metric} is undefined on these data.", nameof(data));

        void Reorder(int column, ReadOnlySpan<int> rows)
        {
            ReadOnlySpan<float> values = data.Values.Inputs;
            for (int row = 0; row < rows.Length; row++)
            {
                inputs[(row * data.InputSize) + column] = values[(rows[row] * data.InputSize) + column];
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerator<ColumnImportance> GetEnumerator() => _columns.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A table for reading, the most important columns first.</summary>
    public override string ToString()
    {
        TextTable table = new("column", "importance", "deviation");
        foreach (ColumnImportance column in _columns.OrderByDescending(static column => column.Mean))
        {
            table.Add(TextTable.Name(column.Name), TextTable.Number(column.Mean), TextTable.Number(column.Deviation));
        }

        return $"{table}\n{Metric} of the data as they are: {TextTable.Number(Baseline)}\n";
    }

    /// <summary>The same rows with other inputs, without names.</summary>
    private static Dataset WithInputs(Dataset data, float[] inputs)
    {
        Dataset rows = data.ClassCount > 0
            ? Dataset.FromLabels(inputs, data.Values.Labels.ToArray(), data.InputSize, data.ClassCount)
            : Dataset.FromTargets(inputs, data.Values.Targets.ToArray(), data.InputSize, data.TargetSize);
        return data.Values.Weights.IsEmpty ? rows : rows.WithWeights(data.Values.Weights.ToArray());
    }

    private static double DeviationOf(double[] values)
    {
        if (values.Length == 1)
        {
            return 0;
        }

        double mean = CanonicalSum.Sum(values) / values.Length;
        double squares = 0;
        foreach (double value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return Math.Sqrt(squares / (values.Length - 1));
    }
}
