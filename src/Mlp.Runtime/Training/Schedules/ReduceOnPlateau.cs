namespace Mlp;

/// <summary>The rate drops by a factor whenever epochs in a row bring nothing better.</summary>
/// <remarks>
/// After every epoch, in this order: an epoch that is not better by more than <c>threshold·|best|</c> is a bad one; in a cooldown it is not counted; behind
/// more than <c>patience</c> bad ones in a row the factor becomes <c>max(factor·f, minimum)</c>, and a cooldown begins. Epochs that end in the warm-up are
/// not looked at. PyTorch's <c>ReduceLROnPlateau</c> has these rules. What it has seen belongs to the run, so the object may serve many at once; of the
/// schedule alone, <see cref="Schedule.FactorAt"/> knows no more than the warm-up.
/// </remarks>
public sealed class ReduceOnPlateau : Schedule
{
    /// <summary>Describes when the rate drops, and how far.</summary>
    /// <param name="factor">f, above 0 and below 1.</param>
    /// <param name="patience">Bad epochs in a row that are endured, at least 0.</param>
    /// <param name="threshold">By what share of its magnitude the best value must be exceeded, finite and at least 0.</param>
    /// <param name="cooldown">Epochs behind a drop that are not counted, at least 0.</param>
    /// <param name="minimum">What the factor stops at, a share of the rate from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public ReduceOnPlateau(double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double minimum = 0)
    {
        DropFactor = Rates.BelowOne(Rates.Positive(factor), nameof(factor));
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        Patience = patience;
        Threshold = Rates.NotNegative(threshold);
        ArgumentOutOfRangeException.ThrowIfNegative(cooldown);
        Cooldown = cooldown;
        Minimum = Rates.UpToOne(minimum);
    }

    /// <summary>What the rate is multiplied by when it drops.</summary>
    public double DropFactor { get; }

    /// <summary>Bad epochs in a row that are endured.</summary>
    public int Patience { get; }

    /// <summary>By what share of its magnitude the best value must be exceeded.</summary>
    public double Threshold { get; }

    /// <summary>Epochs behind a drop that are not counted.</summary>
    public int Cooldown { get; }

    /// <summary>What the factor stops at, as a share of the rate.</summary>
    public double Minimum { get; }

    /// <summary>
    /// What is watched after every epoch: a metric of the validation data, or without such data the loss or the accuracy of training. Default:
    /// <see cref="Metric.Loss"/>. Where it is undefined on the validation data, as the AUC of rows of one class is, the run ends with an
    /// <see cref="InvalidOperationException"/> after the epoch.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Metric Monitor
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Monitor));
    } = Metric.Loss;

    private protected override bool SpansRun => false;

    /// <inheritdoc/>
    public override string ToString() => Text($"ReduceOnPlateau({DropFactor}, {Patience}, {Threshold}, {Cooldown}, {Minimum}, {Monitor.Name})");

    /// <inheritdoc/>
    protected override double Factor(SchedulePoint point) => 1;
}
