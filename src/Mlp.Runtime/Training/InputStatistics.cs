namespace Mlp;

/// <summary>Learns what a standardising network subtracts from each input column and multiplies it by.</summary>
internal static class InputStatistics
{
    /// <summary>Replaces the network's statistics by mean and reciprocal population standard deviation of each column.</summary>
    /// <param name="network">A network that standardises.</param>
    /// <param name="data">The training data, at least one row.</param>
    /// <remarks>
    /// Sums run over the rows in order, in double. They are taken of differences from the first row, so that a constant column has a
    /// deviation of exactly 0; such a column, and one whose deviation is too small to have a reciprocal, is centred and not scaled.
    /// </remarks>
    /// <exception cref="NonFiniteLossException">An input is not finite; the network is unchanged.</exception>
    public static void Learn(NetworkState network, Dataset data)
    {
        ReadOnlySpan<float> inputs = data.Inputs;
        if (!Finiteness.AllFinite(inputs))
        {
            throw NonFiniteDiagnosis.OfDataset(data, Finiteness.IndexOfNonFinite(inputs));
        }

        int columns = data.InputSize;
        double[] means = new double[columns];
        for (int start = 0; start < inputs.Length; start += columns)
        {
            for (int column = 0; column < columns; column++)
            {
                means[column] += (double)inputs[start + column] - inputs[column];
            }
        }

        for (int column = 0; column < columns; column++)
        {
            means[column] = inputs[column] + (means[column] / data.Count);
        }

        double[] squares = new double[columns];
        for (int start = 0; start < inputs.Length; start += columns)
        {
            for (int column = 0; column < columns; column++)
            {
                double difference = inputs[start + column] - means[column];
                squares[column] += difference * difference;
            }
        }

        for (int column = 0; column < columns; column++)
        {
            float scale = (float)(1 / Math.Sqrt(squares[column] / data.Count));
            network.InputMeans[column] = (float)means[column];
            network.InputScales[column] = float.IsFinite(scale) ? scale : 1;
        }
    }
}
