namespace Mlp;

/// <summary>The rate falls by the same share in every equal time: <c>e^(−k·t)</c>, step by step.</summary>
public sealed class ExponentialDecay : Schedule
{
    /// <summary>Describes exponential decay.</summary>
    /// <param name="rate">k, finite and at least 0.</param>
    /// <param name="per">The unit of t, above 0; null for an epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public ExponentialDecay(double rate, Duration? per = null)
    {
        Rate = Rates.NotNegative(rate);
        Per = Duration.Positive(per ?? Duration.Epochs(1), nameof(per));
    }

    /// <summary>How fast the rate falls, k.</summary>
    public double Rate { get; }

    /// <summary>The unit of time.</summary>
    public Duration Per { get; }

    private protected override bool SpansRun => Per.IsShare;

    /// <inheritdoc/>
    public override string ToString() => Text($"ExponentialDecay({Rate}, {Per})");

    /// <inheritdoc/>
    protected override double Factor(SchedulePoint point) => ScalarMath.Exp(-Rate * (point.Step / Per.InSteps(point)));
}
