namespace Mlp;

/// <summary>The rate drops by a factor at equal intervals: <c>f^⌊t / every⌋</c>.</summary>
public sealed class StepDecay : Schedule
{
    /// <summary>Describes a stair.</summary>
    /// <param name="every">Length of a stair, above 0.</param>
    /// <param name="factor">f, above 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public StepDecay(Duration every, double factor = 0.5)
    {
        Every = Duration.Positive(every);
        DecayFactor = Rates.UpToOne(Rates.Positive(factor), nameof(factor));
    }

    /// <summary>Length of a stair.</summary>
    public Duration Every { get; }

    /// <summary>Height of a stair relative to the one before.</summary>
    public double DecayFactor { get; }

    private protected override bool SpansRun => Every.IsShare;

    /// <inheritdoc/>
    public override string ToString() => Text($"StepDecay({Every}, {DecayFactor})");

    /// <inheritdoc/>
    protected override double Factor(SchedulePoint point) => Rates.Power(DecayFactor, (long)(point.Step / Every.InSteps(point)));
}
