namespace Mlp;

/// <summary>What validation computes of a run.</summary>
internal static class MonitoredMetrics
{
    /// <summary>The metrics beside loss and accuracy: those that the options name, and behind them those that early stopping and the schedule watch.</summary>
    public static IReadOnlyList<Metric> Of(TrainingOptions options) => options.Validation is null
        ? options.Metrics
        : [.. options.Metrics.Union(Watched(options).Where(static metric => metric != Metric.Loss && metric != Metric.Accuracy))];

    /// <summary>Checks that all of them can be computed for a network.</summary>
    /// <param name="network">The network, which has a loss.</param>
    /// <param name="options">How to train.</param>
    /// <param name="argument">Name of the argument that the options came in.</param>
    /// <exception cref="ArgumentException">One of them cannot, or there is no validation to compute metrics of.</exception>
    public static void Check(NetworkState network, TrainingOptions options, string argument)
    {
        if (options.Validation is null && options.Metrics.Count > 0)
        {
            throw new ArgumentException(
                $"{nameof(TrainingOptions.Metrics)} are computed on {nameof(TrainingOptions.Validation)} data, of which there are none.", argument);
        }

        Evaluator.CheckMetrics(network, options.Metrics.Concat(Watched(options)), argument);
    }

    /// <summary>Refuses to go on where what is watched is undefined on the validation data: no epoch would ever be better than another.</summary>
    /// <param name="options">How to train.</param>
    /// <param name="values">What validation computed.</param>
    /// <exception cref="InvalidOperationException">It is.</exception>
    public static void CheckDefined(TrainingOptions options, MetricValues values)
    {
        foreach (Metric metric in Watched(options).Where(metric => values.TryGetValue(metric, out double? value) && value is null))
        {
            throw new InvalidOperationException(
                $"{metric.Name} is undefined on the validation data, so {nameof(EarlyStopping)} and {nameof(ReduceOnPlateau)} cannot compare epochs by it; "
                + "the AUC needs rows of both classes, R² more than one row. Take other rows for validation, or watch another metric.");
        }
    }

    private static IEnumerable<Metric> Watched(TrainingOptions options) =>
        ((Metric?[])[options.EarlyStopping?.Monitor, (options.Schedule as ReduceOnPlateau)?.Monitor]).OfType<Metric>();
}
