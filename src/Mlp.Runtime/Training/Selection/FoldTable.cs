using System.Globalization;

namespace Mlp;

/// <summary>
/// What the networks of a cross-validation came to: a row a fold, and mean and deviation of every metric. <c>ToString</c> is a table for reading.
/// </summary>
public sealed class FoldTable
{
    /// <param name="metrics">The metrics that every fold has.</param>
    /// <param name="folds">The folds, in their order.</param>
    internal FoldTable(IReadOnlyList<Metric> metrics, IReadOnlyList<FoldResult> folds)
    {
        Metrics = metrics;
        Folds = folds;
    }

    /// <summary>The metrics: loss, accuracy where there are classes, and those that were asked for.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>The folds in their order, over all repeats.</summary>
    public IReadOnlyList<FoldResult> Folds { get; }

    /// <summary>Mean and standard deviation of a metric over the folds.</summary>
    /// <param name="metric">The metric, or one that equals it.</param>
    /// <returns>
    /// The mean, and the deviation over n − 1. Both are NaN where the metric is undefined in a fold, such as the area under the ROC curve of test rows of one
    /// class, and the deviation also where there is one fold.
    /// </returns>
    /// <exception cref="KeyNotFoundException">The metric was not computed.</exception>
    public (double Mean, double Deviation) this[Metric metric]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(metric);
            if (!Metrics.Contains(metric))
            {
                throw new KeyNotFoundException($"{metric} was not computed; there is {string.Join(", ", Metrics)}. TrainingOptions.Metrics says what is.");
            }

            double sum = 0;
            foreach (FoldResult fold in Folds)
            {
                sum += Value(fold);
            }

            double mean = sum / Folds.Count;
            double squares = 0;
            foreach (FoldResult fold in Folds)
            {
                double difference = Value(fold) - mean;
                squares += difference * difference;
            }

            return (mean, Folds.Count > 1 ? Math.Sqrt(squares / (Folds.Count - 1)) : double.NaN);

            double Value(FoldResult fold) => fold.Metrics[metric] ?? double.NaN;
        }
    }

    /// <summary>The table, a line a fold, and mean and deviation below.</summary>
    public override string ToString()
    {
        TextTable table = new(["fold", "train", "test", "epochs", .. Metrics.Select(static metric => metric.Name)]);
        NumberColumn[] columns = [.. Metrics.Select(metric => new NumberColumn(Folds.Select(fold => fold.Metrics[metric])))];
        foreach (FoldResult fold in Folds)
        {
            table.Add(
            [
                Count(fold.Number), Count(fold.TrainRows), Count(fold.TestRows), Count(fold.History.Epochs.Count),
                .. Metrics.Zip(columns, (metric, column) => column.Text(fold.Metrics[metric])),
            ]);
        }

        table.Add();
        table.Add(["mean", "", "", "", .. Metrics.Zip(columns, (metric, column) => column.Text(this[metric].Mean))]);
        table.Add(["deviation", "", "", "", .. Metrics.Zip(columns, (metric, column) => column.Text(this[metric].Deviation))]);
        return table.ToString();

        static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
    }
}
