namespace Mlp;

/// <summary>The rate stays as it is for the first part of the run, and falls along half a cosine to 0 in the rest.</summary>
/// <remarks><c>(1 + cos(π·(t − s·T) / (T − s·T))) / 2</c> from step s·T of T on. fastai's <c>fit_flat_cos</c> has this form.</remarks>
public sealed class FlatCosine : Schedule
{
    /// <summary>Describes a flat start and a cosine.</summary>
    /// <param name="flatShare">s, the share of the run in which the rate stays, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public FlatCosine(double flatShare = 0.7) => FlatShare = Rates.UpToOne(flatShare);

    /// <summary>The share of the run in which the rate stays.</summary>
    public double FlatShare { get; }

    /// <inheritdoc/>
    public override string ToString() => Text($"FlatCosine({FlatShare})");

    /// <inheritdoc/>
    protected override double Factor(SchedulePoint point)
    {
        double flat = FlatShare * point.TotalSteps;
        double step = Math.Min(point.Step, point.TotalSteps);
        return step <= flat ? 1 : CosineDecay.HalfCosine((step - flat) / (point.TotalSteps - flat));
    }
}
