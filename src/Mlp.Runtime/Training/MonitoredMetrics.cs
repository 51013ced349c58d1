namespace Mlp;

/// <summary>What validation computes of a run, beside loss and accuracy.</summary>
internal static class MonitoredMetrics
{
    /// <summary>The metrics that the options name, and those that early stopping and the schedule watch.</summary>
    public static IReadOnlyList<Metric> Of(TrainingOptions options)
    {
        if (options.Validation is null)
        {
            return options.Metrics;
        }

        List<Metric> metrics = [.. options.Metrics];
        Add(options.EarlyStopping?.Monitor);
        Add((options.Schedule as ReduceOnPlateau)?.Monitor);
        return metrics;

        void Add(Metric? metric)
        {
            if (metric is not null && metric != Metric.Loss && metric != Metric.Accuracy && !metrics.Contains(metric))
            {
                metrics.Add(metric);
            }
        }
    }
}
