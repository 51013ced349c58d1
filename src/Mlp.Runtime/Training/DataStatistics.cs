namespace Mlp;

/// <summary>Learns the statistics by which a network standardises its inputs and its targets.</summary>
internal static class DataStatistics
{
    /// <summary>Replaces the network's statistics by mean and population standard deviation of each column that it standardises.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The training data, at least one row whose weight is above 0.</param>
    /// <param name="inTraining">Whether a run does it, for messages.</param>
    /// <exception cref="NonFiniteLossException">A value of these columns is not finite; the network is unchanged.</exception>
    public static void Learn(NetworkState network, Dataset data, bool inTraining)
    {
        NetworkLayout layout = network.Layout;
        Check(layout.Standardize, "input", data.Values.Inputs, data.InputSize, inTraining);
        Check(layout.StandardizeTargets, "target", data.Values.Targets, data.TargetSize, inTraining);
        if (layout.Standardize)
        {
            double[] deviations = MeansAndDeviations(data.Values.Inputs, data.InputSize, data.Values.Weights, network.InputMeans);
            for (int column = 0; column < deviations.Length; column++)
            {
                // A deviation too small to have a reciprocal counts as 0.
                float scale = (float)(1 / deviations[column]);
                network.InputScales[column] = float.IsFinite(scale) ? scale : 1;
            }
        }

        if (layout.StandardizeTargets)
        {
            double[] deviations = MeansAndDeviations(data.Values.Targets, data.TargetSize, data.Values.Weights, network.Standardization.TargetMeans);
            for (int column = 0; column < deviations.Length; column++)
            {
                float scale = (float)deviations[column];
                network.Standardization.TargetScales[column] = float.IsNormal(scale) ? scale : 1;
            }
        }

        network.Standardization.IsLearned = true;
    }

    /// <summary>Mean and population standard deviation of each column, weighted where rows have weights.</summary>
    /// <param name="values">rows × columns, finite.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="weights">One a row, one of them above 0; empty where all count alike.</param>
    /// <param name="means">Receives a mean for each column.</param>
    /// <returns>A deviation for each column.</returns>
    /// <remarks>
    /// Sums run over the rows in order, in double. They are taken of differences from the first row that counts, so that a constant column has a
    /// deviation of exactly 0.
    /// </remarks>
    private static double[] MeansAndDeviations(ReadOnlySpan<float> values, int columns, ReadOnlySpan<float> weights, Span<float> means)
    {
        int rows = values.Length / columns;
        int firstRow = weights.IsEmpty ? 0 : weights.IndexOfAnyExcept(0f);
        ReadOnlySpan<float> first = values.Slice(firstRow * columns, columns);
        double total = RowWeights.Sum(weights, rows);
        double[] centres = new double[columns];
        for (int row = firstRow; row < rows; row++)
        {
            double weight = weights.IsEmpty ? 1 : weights[row];
            for (int column = 0; column < columns; column++)
            {
                centres[column] += weight * ((double)values[(row * columns) + column] - first[column]);
            }
        }

        for (int column = 0; column < columns; column++)
        {
            centres[column] = first[column] + (centres[column] / total);
        }

        double[] squares = new double[columns];
        for (int row = firstRow; row < rows; row++)
        {
            double weight = weights.IsEmpty ? 1 : weights[row];
            for (int column = 0; column < columns; column++)
            {
                double difference = values[(row * columns) + column] - centres[column];
                squares[column] += weight * (difference * difference);
            }
        }

        for (int column = 0; column < columns; column++)
        {
            means[column] = (float)centres[column];
            squares[column] = Math.Sqrt(squares[column] / total);
        }

        return squares;
    }

    private static void Check(bool standardizes, string what, ReadOnlySpan<float> values, int columns, bool inTraining)
    {
        if (standardizes && !Finiteness.AllFinite(values))
        {
            throw NonFiniteDiagnosis.OfDataset(what, values, columns, inTraining);
        }
    }
}
