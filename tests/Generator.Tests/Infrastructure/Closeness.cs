namespace Generator.Tests.Infrastructure;

/// <summary>Compares float tensors with references in double.</summary>
internal static class Closeness
{
    /// <summary>Tolerance of float32 for a tensor whose largest magnitude is M: 2e-5·max(0.01, M).</summary>
    public const double Tolerance = 2e-5;

    /// <summary>The largest difference as a share of <c>max(0.01, M)</c>; infinite where a value is NaN or lengths differ.</summary>
    /// <param name="actual">The values to judge.</param>
    /// <param name="expected">What they should be.</param>
    /// <param name="scale">Takes the place of M where it is larger.</param>
    public static double RelativeError(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, double scale = 0)
    {
        double largest = Math.Max(0.01, scale);
        foreach (double value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return AbsoluteError(actual, expected) / largest;
    }

    /// <summary>The largest difference; infinite where a value is NaN or lengths differ.</summary>
    public static double AbsoluteError(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
        {
            return double.PositiveInfinity;
        }

        double error = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double difference = Math.Abs(actual[i] - expected[i]);
            error = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(error, difference);
        }

        return error;
    }

    /// <summary>Collects comparisons, so that a test reports all failures and the margins of the rest.</summary>
    internal sealed class Report
    {
        private readonly List<string> _failures = [];

        public double Worst { get; private set; }

        public string WorstName { get; private set; } = "";

        public void Compare(string name, ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, double scale = 0) =>
            Add(name, RelativeError(actual, expected, scale), Tolerance);

        /// <summary>The same for results that rounding alone may move further; the sensitivity is computed only where it decides.</summary>
        public void Compare(string name, ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, Func<double> movement)
        {
            double error = RelativeError(actual, expected);
            if (error <= Tolerance)
            {
                Add(name, error, Tolerance);
                return;
            }

            double moved = movement();
            Add($"{name}, which roundings alone move by {moved:g3}", error, Math.Max(Tolerance, 2 * moved));
        }

        /// <summary>Compares results in double: 1e-12·max(1, M).</summary>
        public void CompareDoubles(string name, double[] actual, double[] expected)
        {
            Assert.Equal(expected.Length, actual.Length);
            double largest = expected.Select(Math.Abs).Append(1).Max();
            Add(name, expected.Zip(actual, static (a, b) => Math.Abs(a - b)).Append(0).Max() / largest, 1e-12);
        }

        public void Add(string name, double error, double tolerance)
        {
            if (error >= Worst)
            {
                (Worst, WorstName) = (error, name);
            }

            if (!(error <= tolerance))
            {
                _failures.Add($"{name}: error {error:g3}, tolerance {tolerance:g3}");
            }
        }

        public void AssertAllClose() =>
            Assert.True(_failures.Count == 0, $"{_failures.Count} comparisons failed:\n{string.Join("\n", _failures.Take(20))}");
    }
}
