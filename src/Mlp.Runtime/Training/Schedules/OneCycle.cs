namespace Mlp;

/// <summary>
/// The rate rises to the optimizer's own in the first part of the run, and falls far below where it began in the rest: along half cosines, or in straight
/// lines.
/// </summary>
/// <remarks>
/// From 1 / div to 1 over step 0 to <c>peak = w·T − 1</c> of T, then to 1 / (div·finalDiv) over those up to the last, T − 1. A cosine leads from a to b
/// by <c>b + (a − b)·(1 + cos(π·p)) / 2</c>, a line by <c>a + (b − a)·p</c>, where p goes from 0 to 1. Smith and Topin (2018), in the form of fastai and
/// PyTorch. Choose the optimizer's rate as the largest that trains well; a warm-up besides is not needed.
/// </remarks>
public sealed class OneCycle : Schedule
{
    /// <summary>Describes one cycle.</summary>
    /// <param name="warmShare">w, the share of the run in which the rate rises, from 0 to 1.</param>
    /// <param name="div">How many times smaller the first rate is than the largest, finite and at least 1.</param>
    /// <param name="finalDiv">How many times smaller the last rate is than the first, finite and at least 1.</param>
    /// <param name="linear">Whether straight lines take the place of cosines.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public OneCycle(double warmShare = 0.3, double div = 25, double finalDiv = 1e4, bool linear = false)
    {
        WarmShare = Rates.UpToOne(warmShare);
        Div = Rates.AtLeastOne(div);
        FinalDiv = Rates.AtLeastOne(finalDiv);
        Linear = linear;
    }

    /// <summary>The share of the run in which the rate rises.</summary>
    public double WarmShare { get; }

    /// <summary>How many times smaller the first rate is than the largest.</summary>
    public double Div { get; }

    /// <summary>How many times smaller the last rate is than the first.</summary>
    public double FinalDiv { get; }

    /// <summary>Whether straight lines take the place of cosines.</summary>
    public bool Linear { get; }

    /// <inheritdoc/>
    public override string ToString() => Text($"OneCycle({WarmShare}, {Div}, {FinalDiv}, {Linear})");

    /// <inheritdoc/>
    protected override double Factor(SchedulePoint point)
    {
        double last = point.TotalSteps - 1;
        double peak = (WarmShare * point.TotalSteps) - 1;
        double step = Math.Min(point.Step, last);
        return step < peak ? Between(1 / Div, 1, step / peak)
            : step > peak ? Between(1, 1 / Div / FinalDiv, (step - peak) / (last - peak))
            : 1;
    }

    private double Between(double from, double to, double share) =>
        Linear ? from + ((to - from) * share) : to + ((from - to) * CosineDecay.HalfCosine(share));
}
