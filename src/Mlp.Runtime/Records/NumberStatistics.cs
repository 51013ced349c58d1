namespace Mlp.CompilerServices;

/// <summary>What is fitted to a column of numbers.</summary>
internal static class NumberStatistics
{
    /// <summary>Fits a column.</summary>
    /// <param name="column">How it is declared.</param>
    /// <param name="values">The numbers that are not missing, all finite, at least one unless <see cref="NeedsValues"/> is false; overwritten.</param>
    /// <remarks>
    /// All in double precision: means as the first value plus the mean difference from it, in compensated sums (Neumaier 1974), so that columns that never vary are
    /// exactly that and timestamps keep their seconds; deviations of the population around it; quantiles interpolated linearly between the sorted values.
    /// </remarks>
    public static NumberFit Fit(RecordColumn column, Span<double> values)
    {
        if (!NeedsValues(column))
        {
            return new NumberFit(0, 0, 1, []);
        }

        if (column.Missing == Missing.Median || column.Bins > 0 || column.Scale == Scale.Robust)
        {
            values.Sort();
        }

        double fill = column.Missing switch
        {
            Missing.Mean => Mean(values),
            Missing.Median => Quantile(values, 0.5),
            _ => 0,
        };
        if (column.Log)
        {
            foreach (ref double value in values)
            {
                value = Encode.SignedLog(value);
            }
        }

        if (column.Bins > 0)
        {
            double[] edges = new double[column.Bins + 1];
            for (int edge = 0; edge < edges.Length; edge++)
            {
                edges[edge] = Quantile(values, (double)edge / column.Bins);
            }

            return new NumberFit(fill, 0, 1, edges);
        }

        (double center, double spread) = column.Scale switch
        {
            Scale.Standard => MeanAndDeviation(values),
            Scale.MinMax => LeastAndRange(values),
            Scale.Robust => (Quantile(values, 0.5), Quantile(values, 0.75) - Quantile(values, 0.25)),
            _ => (0, 1),
        };
        return new NumberFit(fill, center, spread > 0 ? spread : 1, []);
    }

    /// <summary>Whether something is learned of a column, so that it needs values.</summary>
    public static bool NeedsValues(RecordColumn column) =>
        column.Missing is Missing.Mean or Missing.Median || column.Bins > 0 || column.Scale != Scale.None;

    private static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<double> values)
    {
        double mean = Mean(values);
        CompensatedSum squares = default;
        foreach (double value in values)
        {
            double difference = value - mean;
            squares.Add(difference * difference);
        }

        return (mean, Math.Sqrt(squares.Total / values.Length));
    }

    private static (double Least, double Range) LeastAndRange(ReadOnlySpan<double> values)
    {
        double least = double.PositiveInfinity;
        double greatest = double.NegativeInfinity;
        foreach (double value in values)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }

        return (least, greatest - least);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double first = values[0];
        CompensatedSum differences = default;
        foreach (double value in values)
        {
            differences.Add(value - first);
        }

        return first + (differences.Total / values.Length);
    }

    /// <summary>A quantile of sorted values: between the two that are nearest to its place, linearly. Hyndman and Fan (1996), definition 7.</summary>
    private static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = Math.Min((int)place, sorted.Length - 1);
        int above = Math.Min(below + 1, sorted.Length - 1);
        double part = place - below;
        double difference = sorted[above] - sorted[below];
        return part < 0.5 ? sorted[below] + (part * difference) : sorted[above] - ((1 - part) * difference);
    }

    /// <summary>A sum with a second number for what rounding loses.</summary>
    private struct CompensatedSum
    {
        private double _sum;
        private double _lost;

        /// <summary>The sum.</summary>
        public readonly double Total => _sum + _lost;

        /// <summary>Adds a number.</summary>
        public void Add(double value)
        {
            double sum = _sum + value;
            _lost += Math.Abs(_sum) >= Math.Abs(value) ? (_sum - sum) + value : (value - sum) + _sum;
            _sum = sum;
        }
    }
}
