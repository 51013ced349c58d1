namespace Mlp;

/// <summary>The rate falls over the whole run to a minimum: <c>m + (1 − m)·(1 − t / T)^p</c> in step t of T; in a straight line where p is 1.</summary>
public sealed class PolynomialDecay : Schedule
{
    /// <summary>Describes polynomial decay.</summary>
    /// <param name="power">p, finite and above 0.</param>
    /// <param name="minimum">m, a share of the rate, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public PolynomialDecay(double power = 1, double minimum = 0)
    {
        Power = Rates.Positive(power);
        Minimum = Rates.UpToOne(minimum);
    }

    /// <summary>The exponent, p.</summary>
    public double Power { get; }

    /// <summary>What the rate falls to, as a share of it, m.</summary>
    public double Minimum { get; }

    /// <inheritdoc/>
    public override string ToString() => Text($"PolynomialDecay({Power}, {Minimum})");

    /// <inheritdoc/>
    protected override double Factor(SchedulePoint point)
    {
        double left = Math.Max(point.TotalSteps - point.Step, 0) / (double)point.TotalSteps;
        return Minimum + ((1 - Minimum) * ScalarMath.Pow(left, Power));
    }
}
