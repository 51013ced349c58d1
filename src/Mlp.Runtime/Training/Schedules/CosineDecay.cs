namespace Mlp;

/// <summary>
/// The rate falls along half a cosine to a minimum, <c>m + (1 − m)·(1 + cos(π·t / T)) / 2</c>, over the whole run or again and again.
/// </summary>
/// <remarks>Loshchilov and Hutter (2017), whose warm restarts <see cref="Restart"/> asks for.</remarks>
public sealed class CosineDecay : Schedule
{
    /// <summary>Describes cosine decay.</summary>
    /// <param name="minimum">m, a share of the rate, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public CosineDecay(double minimum = 0) => Minimum = Rates.UpToOne(minimum);

    /// <summary>What the rate falls to, as a share of it, m.</summary>
    public double Minimum { get; }

    /// <summary>Length of the first cycle, above 0, behind which the rate starts high again; null, the default, for one cycle over the whole run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is 0.</exception>
    public Duration? Restart
    {
        get;
        init => field = value is Duration length ? Duration.Positive(length, nameof(Restart)) : null;
    }

    /// <summary>How many times longer each cycle is than the last, finite and at least 1. Default: 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or not finite.</exception>
    public double RestartFactor
    {
        get;
        init => field = value >= 1 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RestartFactor), value, "RestartFactor must be finite and at least 1.");
    } = 1;

    private protected override bool SpansRun => Restart?.IsShare != false;

    /// <inheritdoc/>
    public override string ToString() => Restart is null ? Text($"CosineDecay({Minimum})") : Text($"CosineDecay({Minimum}, {Restart}, {RestartFactor})");

    /// <inheritdoc/>
    protected override double Factor(SchedulePoint point)
    {
        double share = Restart is Duration first ? ShareOfCycle(point.Step, first.InSteps(point)) : Math.Min(point.Step / (double)point.TotalSteps, 1);
        return Minimum + ((1 - Minimum) * HalfCosine(share));
    }

    /// <summary>Half a cosine from 1 to 0, as its argument goes from 0 to 1.</summary>
    internal static double HalfCosine(double share) => (1 + ScalarMath.Cos(Math.PI * share)) / 2;

    /// <summary>How much of its cycle is over before a step.</summary>
    private double ShareOfCycle(double step, double length)
    {
        if (RestartFactor == 1)
        {
            double cycles = step / length;
            return cycles - Math.Floor(cycles);
        }

        while (step >= length)
        {
            step -= length;
            length *= RestartFactor;
        }

        return step / length;
    }
}
