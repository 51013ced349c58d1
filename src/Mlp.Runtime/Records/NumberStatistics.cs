namespace Mlp.CompilerServices;

/// <summary>What is fitted to a column of numbers.</summary>
/// <remarks>
/// All in double precision: means as the first value plus the mean difference from it, in compensated sums (Neumaier 1974), so that columns that never vary are
/// exactly that and timestamps keep their seconds; deviations of the population around it; quantiles interpolated linearly between the sorted values (Hyndman
/// and Fan 1996, definition 7).
/// <para>
/// Of a column without values nothing is known, so nothing of it is let in: its spread and edges are as far away as a number can be, and whatever comes later
/// is scaled to 0.
/// </para>
/// </remarks>
internal static class NumberStatistics
{
    /// <summary>Fits a column.</summary>
    /// <param name="column">How it is declared.</param>
    /// <param name="values">Its numbers that are not missing, all finite.</param>
    public static NumberFit Fit(RecordColumn column, NumberSource values)
    {
        if (values.Count == 0)
        {
            double[] farthest = new double[column.Bins > 0 ? column.Bins + 1 : 0];
            Array.Fill(farthest, double.MaxValue);
            return new NumberFit(0, 0, double.MaxValue, farthest);
        }

        using NativeArray<double>? sorted = NeedsOrder(column) ? Sorted(values) : null;
        double fill = column.Missing switch
        {
            Missing.Mean => Mean(values, isLog: false),
            Missing.Median => Quantile(sorted!.Span, 0.5),
            _ => 0,
        };
        if (column.Log && sorted is not null)
        {
            foreach (ref double value in sorted.Span)
            {
                value = Encode.SignedLog(value);
            }
        }

        if (column.Bins > 0)
        {
            double[] edges = new double[column.Bins + 1];
            for (int edge = 0; edge < edges.Length; edge++)
            {
                edges[edge] = Quantile(sorted!.Span, (double)edge / column.Bins);
            }

            return new NumberFit(fill, 0, 1, edges);
        }

        (double center, double spread) = column.Scale switch
        {
            Scale.Standard => MeanAndDeviation(values, column.Log),
            Scale.MinMax => LeastAndRange(values, column.Log),
            Scale.Robust => (Quantile(sorted!.Span, 0.5), Quantile(sorted.Span, 0.75) - Quantile(sorted.Span, 0.25)),
            _ => (0, 1),
        };
        return new NumberFit(fill, center, spread == 0 ? 1 : spread, []);
    }

    private static bool NeedsOrder(RecordColumn column) => column.Missing == Missing.Median || column.Bins > 0 || column.Scale == Scale.Robust;

    private static NativeArray<double> Sorted(NumberSource values)
    {
        NativeArray<double> sorted = new(values.Count);
        int count = 0;
        for (int part = 0; part < values.Parts; part++)
        {
            ReadOnlySpan<double> numbers = values.Part(part);
            numbers.CopyTo(sorted.Span[count..]);
            count += numbers.Length;
        }

        sorted.Span.Sort();
        return sorted;
    }

    private static double Mean(NumberSource values, bool isLog)
    {
        double? first = null;
        CompensatedSum differences = default;
        for (int part = 0; part < values.Parts; part++)
        {
            foreach (double number in values.Part(part))
            {
                double value = isLog ? Encode.SignedLog(number) : number;
                first ??= value;
                differences.Add(value - first.Value);
            }
        }

        return first!.Value + (differences.Total / values.Count);
    }

    private static (double Mean, double Deviation) MeanAndDeviation(NumberSource values, bool isLog)
    {
        double mean = Mean(values, isLog);
        CompensatedSum squares = default;
        for (int part = 0; part < values.Parts; part++)
        {
            foreach (double number in values.Part(part))
            {
                double difference = (isLog ? Encode.SignedLog(number) : number) - mean;
                squares.Add(difference * difference);
            }
        }

        return (mean, Math.Sqrt(squares.Total / values.Count));
    }

    private static (double Least, double Range) LeastAndRange(NumberSource values, bool isLog)
    {
        double least = double.PositiveInfinity;
        double greatest = double.NegativeInfinity;
        for (int part = 0; part < values.Parts; part++)
        {
            foreach (double value in values.Part(part))
            {
                least = Math.Min(least, value);
                greatest = Math.Max(greatest, value);
            }
        }

        // The logarithm keeps the order.
        return isLog ? (Encode.SignedLog(least), Encode.SignedLog(greatest) - Encode.SignedLog(least)) : (least, greatest - least);
    }

    /// <summary>A quantile of sorted values: between the two that are nearest to its place, linearly.</summary>
    private static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
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
