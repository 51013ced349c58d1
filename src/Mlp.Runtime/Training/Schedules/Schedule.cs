namespace Mlp;

/// <summary>How the learning rate changes in a run: a factor of the optimizer's own rate, from the number of the step alone.</summary>
/// <remarks>
/// A schedule is a value: it may serve many networks and runs at once. <see cref="TrainingOptions.Schedule"/> applies it to <c>Train</c>, step by step
/// from the run's first; loops of <c>TrainStep</c> set <c>LearningRateFactor</c> of the network to <see cref="FactorAt"/>. Factors have the same bits on every
/// machine, and computing one allocates nothing. Schedules of one's own derive from it, or begin with <see cref="From"/>.
/// </remarks>
public abstract class Schedule
{
    /// <summary>
    /// How long the factor grows from 0 to 1 in equal steps before the schedule proper begins: (t + 1) / n in step t of n, fractions of a step rounded up.
    /// Default: not at all. The schedule counts its steps, and the run's, from the end of the warm-up. Goyal et al. (2017).
    /// </summary>
    public Duration WarmUp { get; init; }

    /// <summary>The factor of the learning rate in a step, warm-up included.</summary>
    /// <param name="point">The step.</param>
    /// <returns>Finite and at least 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative, or the run or the epoch has none.</exception>
    /// <exception cref="InvalidOperationException">The schedule's own factor is negative or not finite.</exception>
    public double FactorAt(SchedulePoint point)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(point.Step);
        ArgumentOutOfRangeException.ThrowIfLessThan(point.TotalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(point.StepsPerEpoch, 1);
        long warmUp = StepsOfWarmUp(point);
        if (point.Step < warmUp)
        {
            return (point.Step + 1) / (double)warmUp;
        }

        double factor = Factor(point with { Step = point.Step - warmUp, TotalSteps = Math.Max(point.TotalSteps - warmUp, 1) });
        return factor >= 0 && double.IsFinite(factor) ? factor : throw new InvalidOperationException(FormattableString.Invariant(
            $"{this} has the factor {factor} in step {point.Step}, counted from 0; a factor of the learning rate must be finite and at least 0."));
    }

    /// <summary>A schedule of one's own.</summary>
    /// <param name="factor">The factor of a step behind the warm-up, finite and at least 0: of the step alone, as it is asked for any step and again.</param>
    /// <param name="warmUp">The <see cref="WarmUp"/> before it. Default: none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="factor"/> is null.</exception>
    public static Schedule From(Func<SchedulePoint, double> factor, Duration warmUp = default)
    {
        ArgumentNullException.ThrowIfNull(factor);
        return new CustomSchedule(factor) { WarmUp = warmUp };
    }

    /// <summary>The schedule as text, by which a resumed run tells whether it is the same. Those with parameters of their own name them there.</summary>
    public override string ToString() => Text($"{GetType().Name}");

    /// <summary>The factor of a step behind the warm-up.</summary>
    /// <param name="point">The step, of which step and run are counted from the end of the warm-up.</param>
    /// <returns>Finite and at least 0.</returns>
    protected abstract double Factor(SchedulePoint point);

    /// <summary>Whether the factors of a run's steps depend on how many there are.</summary>
    internal bool DependsOnRunLength => WarmUp.IsShare || SpansRun;

    /// <summary>The same of the schedule proper. Of one that is not known, they may.</summary>
    private protected virtual bool SpansRun => true;

    /// <summary>Whole steps of the warm-up.</summary>
    internal long StepsOfWarmUp(SchedulePoint run) => (long)Math.Ceiling(WarmUp.InSteps(run));

    /// <summary>The schedule as it is written, with its warm-up behind it.</summary>
    private protected string Text(FormattableString declaration) =>
        $"{FormattableString.Invariant(declaration)}{(WarmUp.IsZero ? "" : $" {{ WarmUp = {WarmUp} }}")}";
}

/// <summary>A schedule that a function gives.</summary>
internal sealed class CustomSchedule(Func<SchedulePoint, double> factor) : Schedule
{
    /// <inheritdoc/>
    public override string ToString() => Text($"Schedule.From");

    /// <inheritdoc/>
    protected override double Factor(SchedulePoint point) => factor(point);
}
