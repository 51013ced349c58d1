namespace Contract.Tests;

/// <summary>Data sets and what tests ask of networks.</summary>
internal static class Sets
{
    /// <summary>Rows of numbers in [−1, 1), and smooth functions of them.</summary>
    public static Dataset Smooth(int rows, int inputs, int targets = 1, int seed = 1)
    {
        Random random = new(seed);
        float[] x = [.. Enumerable.Range(0, rows * inputs).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] y = new float[rows * targets];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = MathF.Sin(3 * x[i / targets * inputs]) + (0.3f * x[(i / targets * inputs) + inputs - 1] * (i % targets));
        }

        return Dataset.FromTargets(x, y, inputs, targets);
    }

    public static float[] Parameters<TNet>(TNet network) where TNet : class, INetwork<TNet>
    {
        // A file holds all there is of a network, in one form for every class.
        using MemoryStream stream = new();
        network.Save(stream);
        return [.. stream.ToArray().Select(static value => (float)value)];
    }

    public static float[] Predictions<TNet>(TNet network, Dataset data) where TNet : class, INetwork<TNet>
    {
        float[] outputs = new float[data.Count * TNet.OutputSize];
        network.Predict(data.Inputs, outputs);
        return outputs;
    }

    /// <summary>Share of the variance of all targets that predictions explain.</summary>
    public static double R2<TNet>(TNet network, Dataset data) where TNet : class, INetwork<TNet>
    {
        float[] predictions = Predictions(network, data);
        float[] targets = data.Targets.ToArray();
        double mean = targets.Average(static target => (double)target);
        return 1 - (targets.Zip(predictions, static (t, y) => ((double)t - y) * ((double)t - y)).Sum()
            / targets.Sum(target => (target - mean) * (target - mean)));
    }
}
