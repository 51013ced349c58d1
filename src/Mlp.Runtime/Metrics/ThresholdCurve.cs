namespace Mlp;

/// <summary>
/// How answers change with the threshold of a yes: what ROC and precision-recall curves are drawn from. The true positive rate, or recall, of a point is
/// <c>TruePositives / Positives</c>, its false positive rate <c>FalsePositives / Negatives</c>, its precision
/// <c>TruePositives / (TruePositives + FalsePositives)</c>.
/// </summary>
public sealed class ThresholdCurve
{
    /// <summary>Both rates together move less than this between neighbouring points that are left out.</summary>
    private const double Resolution = 1.0 / 512;

    private readonly List<ThresholdPoint> _points = [];
    private ThresholdPoint _last;
    private bool _isLastKept;

    internal ThresholdCurve()
    {
    }

    /// <summary>The weight of rows whose right answer is yes.</summary>
    public double Positives { get; private set; }

    /// <summary>The weight of rows whose right answer is no.</summary>
    public double Negatives { get; private set; }

    /// <summary>
    /// Points at distinct scores, from the highest threshold, where nothing is a yes, to the lowest, where everything is. Of many scores those are left out
    /// between which both rates together change by less than 1/512, so that there are a thousand points at most, however many rows.
    /// </summary>
    public IReadOnlyList<ThresholdPoint> Points => _points.AsReadOnly();

    /// <summary>Begins with the threshold above all scores.</summary>
    internal void Begin(double positives, double negatives)
    {
        Positives = positives;
        Negatives = negatives;
        Keep(new ThresholdPoint(double.PositiveInfinity, 0, 0));
    }

    /// <summary>Adds the counts of rows with at least this score.</summary>
    internal void Add(double score, double truePositives, double falsePositives)
    {
        ThresholdPoint point = new(score, truePositives, falsePositives);
        if (Distance(_points[^1], point) >= Resolution)
        {
            Keep(point);
        }
        else
        {
            _last = point;
            _isLastKept = false;
        }
    }

    /// <summary>Ends with the last score, at which everything is a yes.</summary>
    internal void End()
    {
        if (!_isLastKept)
        {
            Keep(_last);
        }
    }

    private void Keep(ThresholdPoint point)
    {
        _points.Add(point);
        _last = point;
        _isLastKept = true;
    }

    private double Distance(ThresholdPoint from, ThresholdPoint to) =>
        Rate(to.TruePositives - from.TruePositives, Positives) + Rate(to.FalsePositives - from.FalsePositives, Negatives);

    private static double Rate(double part, double whole) => whole > 0 ? part / whole : 0;
}
