using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>A length of training in a unit of its own: steps, epochs, or a share of the run. The default is no length at all.</summary>
public readonly record struct Duration
{
    private readonly double _amount;
    private readonly Unit _unit;

    private Duration(double amount, Unit unit) => (_amount, _unit) = (amount, unit);

    private enum Unit
    {
        Steps,
        Epochs,
        Share,
    }

    /// <summary>So many steps of the optimizer.</summary>
    /// <param name="count">At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Duration Steps(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new Duration(count, Unit.Steps);
    }

    /// <summary>So many times through the data.</summary>
    /// <param name="count">Finite and at least 0; need not be whole.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or not finite.</exception>
    public static Duration Epochs(double count) => new(Rates.NotNegative(count), Unit.Epochs);

    /// <summary>A share of all steps of the run.</summary>
    /// <param name="ofRun">From 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of range.</exception>
    public static Duration Share(double ofRun) => new(Rates.UpToOne(ofRun), Unit.Share);

    /// <summary>Whether it is none, in any unit.</summary>
    internal bool IsZero => _amount == 0;

    /// <summary>Whether it is a share, which a longer run makes longer.</summary>
    internal bool IsShare => _unit == Unit.Share;

    /// <summary>The length in steps. It is whole where only rounding keeps it from being so: 0.29 of 100 steps are 29.</summary>
    /// <param name="run">Any point of the run.</param>
    internal double InSteps(SchedulePoint run)
    {
        double steps = _unit switch
        {
            Unit.Steps => _amount,
            Unit.Epochs => _amount * run.StepsPerEpoch,
            _ => _amount * run.TotalSteps,
        };
        double whole = Math.Round(steps);
        return Math.Abs(steps - whole) <= 1e-9 * whole ? whole : steps;
    }

    /// <summary>Whether one of the periods of this length, which follow each other from the run's start, ends with a step. The length is above 0.</summary>
    /// <param name="step">The step.</param>
    internal bool EndsWith(SchedulePoint step)
    {
        double length = InSteps(step);
        return Math.Floor((step.Step + 1) / length) > Math.Floor(step.Step / length);
    }

    /// <summary>Checks that a duration is none of 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is.</exception>
    internal static Duration Positive(Duration value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value._amount > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be longer than 0.");

    /// <summary>The duration as it is written: <c>Epochs(1.5)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{_unit}({_amount})");
}
