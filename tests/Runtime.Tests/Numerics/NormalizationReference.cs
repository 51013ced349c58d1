namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Normalization of one group of values, a row's or a unit's, in plain double precision.</summary>
internal static class NormalizationReference
{
    public static (double Mean, double Variance) Statistics(double[] values, double[]? weights = null)
    {
        weights ??= [.. Enumerable.Repeat(1.0, values.Length)];
        double mean = values.Zip(weights, (value, weight) => weight * value).Sum() / weights.Sum();
        return (mean, values.Zip(weights, (value, weight) => weight * (value - mean) * (value - mean)).Sum() / weights.Sum());
    }

    public static double[] Forward(double[] values, double epsilon, double[]? weights = null)
    {
        (double mean, double variance) = Statistics(values, weights);
        return [.. values.Select(value => (value - mean) / Math.Sqrt(variance + epsilon))];
    }

    /// <summary>The derivative of <c>Σ d·n</c> with respect to each value, from central differences.</summary>
    public static double[] Backward(double[] values, double[] deltas, double epsilon, double[]? weights = null)
    {
        const double Step = 1e-5;
        double[] results = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double[] moved = [.. values];
            moved[i] = values[i] + Step;
            double above = Forward(moved, epsilon, weights).Zip(deltas, (n, d) => n * d).Sum();
            moved[i] = values[i] - Step;
            results[i] = (above - Forward(moved, epsilon, weights).Zip(deltas, (n, d) => n * d).Sum()) / (2 * Step);
        }

        return results;
    }

    /// <summary>The single-precision sum that the documentation promises: eight partial sums by number mod 8, then the fold.</summary>
    public static float Sum(IEnumerable<float> terms)
    {
        float[] partials = new float[8];
        int i = 0;
        foreach (float term in terms)
        {
            partials[i++ % 8] += term;
        }

        return CanonicalSum.Fold(Vec256.Load(in partials[0]));
    }

    /// <summary>The same of squares or products, each added with one rounding.</summary>
    public static float SumOfProducts(IEnumerable<(float A, float B)> terms)
    {
        float[] partials = new float[8];
        int i = 0;
        foreach ((float a, float b) in terms)
        {
            partials[i % 8] = MathF.FusedMultiplyAdd(a, b, partials[i % 8]);
            i++;
        }

        return CanonicalSum.Fold(Vec256.Load(in partials[0]));
    }
}
