namespace Mlp;

/// <summary>Formulas of metrics that judge numbers, for one output each.</summary>
internal static class RegressionFormulas
{
    /// <summary>A metric of one output.</summary>
    public delegate double? OfOutput(in Predictions predictions, int output);

    /// <summary>The mean of the outputs' own values; undefined where one of them is.</summary>
    public static double? Mean(in Predictions predictions, OfOutput formula)
    {
        double sum = 0;
        for (int output = 0; output < predictions.OutputSize; output++)
        {
            if (formula(predictions, output) is not double value)
            {
                return null;
            }

            sum += value;
        }

        return sum / predictions.OutputSize;
    }

    /// <summary>Mean absolute error.</summary>
    public static double? Mae(in Predictions predictions, int output) => WeightedMean(predictions, output, static (error, _) => Math.Abs(error));

    /// <summary>Root of the mean squared error.</summary>
    public static double? Rmse(in Predictions predictions, int output) => Math.Sqrt(WeightedMean(predictions, output, static (error, _) => error * error));

    /// <summary>Mean of |error| / |target|; undefined where a target is 0.</summary>
    public static double? Mape(in Predictions predictions, int output)
    {
        for (int row = 0; row < predictions.Count; row++)
        {
            if (predictions.Target(row, output) == 0 && predictions.Weight(row) > 0)
            {
                return null;
            }
        }

        return WeightedMean(predictions, output, static (error, target) => Math.Abs(error / target));
    }

    /// <summary>
    /// Share of the targets' variance that predictions explain: <c>1 − Σ (y − t)² / Σ (t − mean)²</c>. Of constant targets 1 where all predictions are right,
    /// else 0; undefined for less than two rows.
    /// </summary>
    public static double? R2(in Predictions predictions, int output)
    {
        double weights = 0, shift = 0, first = 0;
        int rows = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            if (weight > 0)
            {
                // Measured from the first, the mean of equal targets is exactly theirs.
                first = rows++ == 0 ? predictions.Target(row, output) : first;
                shift += weight * (predictions.Target(row, output) - first);
                weights += weight;
            }
        }

        if (rows < 2)
        {
            return null;
        }

        double mean = first + (shift / weights);
        double squares = WeightedMean(predictions, output, static (error, _) => error * error);
        double variance = WeightedMean(predictions, output, (_, target) => (target - mean) * (target - mean));
        return variance > 0 ? 1 - (squares / variance) : double.IsNaN(squares + variance) ? double.NaN : squares == 0 ? 1 : 0;
    }

    /// <summary>
    /// Median of the absolute errors: the least that half of the weight does not exceed, and where exactly half does not, the middle between it and the next.
    /// </summary>
    public static double? MedianAbsoluteError(in Predictions predictions, int output)
    {
        double total = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            if (weight > 0 && double.IsNaN(Error(predictions, row, output)))
            {
                return double.NaN;
            }

            total += weight;
        }

        // Doubles of at least 0 are ordered as their bits are, so halving intervals of bits finds the median without sorting, in 63 passes.
        long low = 0, high = BitConverter.DoubleToInt64Bits(double.PositiveInfinity);
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (WeightUpTo(predictions, output, BitConverter.Int64BitsToDouble(middle)) >= total / 2)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        double median = BitConverter.Int64BitsToDouble(low);
        return WeightUpTo(predictions, output, median) == total / 2 ? (median + LeastAbove(predictions, output, median)) / 2 : median;
    }

    /// <summary>The largest absolute error of all outputs.</summary>
    public static double MaximumError(in Predictions predictions)
    {
        double largest = 0;
        for (int output = 0; output < predictions.OutputSize; output++)
        {
            largest = Math.Max(largest, MaximumError(predictions, output));
        }

        return largest;
    }

    /// <summary>The largest absolute error of one output.</summary>
    public static double MaximumError(in Predictions predictions, int output)
    {
        double largest = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            if (predictions.Weight(row) > 0)
            {
                // Max keeps NaN.
                largest = Math.Max(largest, Math.Abs(Error(predictions, row, output)));
            }
        }

        return largest;
    }

    private static double Error(in Predictions predictions, int row, int output) =>
        (double)predictions.Scores[(row * predictions.OutputSize) + output] - predictions.Target(row, output);

    private static double WeightedMean(in Predictions predictions, int output, Func<double, double, double> ofErrorAndTarget)
    {
        double sum = 0, weights = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            double weight = predictions.Weight(row);
            if (weight > 0)
            {
                sum += weight * ofErrorAndTarget(Error(predictions, row, output), predictions.Target(row, output));
                weights += weight;
            }
        }

        return sum / weights;
    }

    private static double WeightUpTo(in Predictions predictions, int output, double limit)
    {
        double sum = 0;
        for (int row = 0; row < predictions.Count; row++)
        {
            sum += Math.Abs(Error(predictions, row, output)) <= limit ? predictions.Weight(row) : 0;
        }

        return sum;
    }

    private static double LeastAbove(in Predictions predictions, int output, double limit)
    {
        double least = double.PositiveInfinity;
        for (int row = 0; row < predictions.Count; row++)
        {
            double size = Math.Abs(Error(predictions, row, output));
            if (size > limit && size < least && predictions.Weight(row) > 0)
            {
                least = size;
            }
        }

        return least;
    }
}
