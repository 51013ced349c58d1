namespace Mlp.Compare;

/// <summary>What one worker did in one work, turn by turn.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Worker">Who did it.</param>
/// <param name="Version">Its library and version.</param>
/// <param name="Threads">With how many threads.</param>
/// <param name="Iterations">Iterations of each turn.</param>
/// <param name="Seconds">Wall-clock time of an iteration, for every turn.</param>
/// <param name="Peaks">The FMA peak of as many cores beside every turn, in operations a second: the mean of right before and right after.</param>
/// <param name="AllocatedBytes">Managed memory that an iteration allocated: the median of the turns, as the runtime itself sometimes allocates a little.</param>
internal sealed record Measurement(
    Work Work, string Worker, string Version, int Threads, long Iterations, double[] Seconds, double[] Peaks, double AllocatedBytes)
{
    public double MedianSeconds { get; } = Statistics.Median(Seconds);

    public double[] Fractions { get; } = [.. Seconds.Zip(Peaks, (seconds, peak) => Work.FlopsPerIteration / seconds / peak)];

    public double Fraction => Statistics.Median(Fractions);

    public double Rate => Work.UnitsPerIteration / MedianSeconds;

    /// <summary>How many times as fast as the other: the median of the ratios of turns side by side, each relative to its own peak.</summary>
    public double RatioTo(Measurement other) => Statistics.Median([.. Fractions.Zip(other.Fractions, (mine, others) => mine / others)]);
}

internal static class Statistics
{
    public static double Median(double[] values) => Quantile(values, 0.5);

    public static double Quantile(double[] values, double fraction)
    {
        double[] ordered = [.. values.Order()];
        double position = fraction * (ordered.Length - 1);
        int below = (int)position;
        double above = ordered[Math.Min(below + 1, ordered.Length - 1)];
        return ordered[below] + (position - below) * (above - ordered[below]);
    }
}
