namespace Mlp;

/// <summary>What answers of yes cost at every threshold: ROC and precision-recall curves.</summary>
internal sealed class ThresholdPicture
{
    private const double Side = 440;
    private const int MostCurves = 10;
    private const int ThresholdMark = 3;

    private readonly bool _isRoc;
    private readonly SvgPicture _picture;
    private readonly IReadOnlyList<NamedCurve> _curves;

    private ThresholdPicture(IReadOnlyList<NamedCurve> curves, bool isRoc, string title)
    {
        _isRoc = isRoc;
        _curves = [.. curves.Where(IsDefined)];
        if (_curves.Count > MostCurves)
        {
            HashSet<NamedCurve> worst = [.. _curves.OrderBy(static curve => curve.Area ?? 0).Take(MostCurves)];
            _curves = [.. _curves.Where(worst.Contains)];
        }

        _picture = new(title) { Description = Description(curves) };
    }

    /// <summary>Draws ROC curves: the share of rows of yes that are found against the share of the others that are taken for them.</summary>
    /// <param name="curves">A curve for each class or output.</param>
    /// <param name="threshold">Where a threshold in use lies, if there is one.</param>
    /// <param name="title">The picture's title.</param>
    public static SvgPicture DrawRoc(IReadOnlyList<NamedCurve> curves, (double Threshold, double X, double Y)? threshold, string title) =>
        new ThresholdPicture(curves, isRoc: true, title).Draw(curves, threshold);

    /// <summary>Draws precision-recall curves.</summary>
    /// <inheritdoc cref="DrawRoc"/>
    public static SvgPicture DrawPrecisionRecall(IReadOnlyList<NamedCurve> curves, (double Threshold, double X, double Y)? threshold, string title) =>
        new ThresholdPicture(curves, isRoc: false, title).Draw(curves, threshold);

    private string AreaName => _isRoc ? "area" : "average precision";

    private SvgPicture Draw(IReadOnlyList<NamedCurve> all, (double Threshold, double X, double Y)? threshold)
    {
        Legend legend = new();
        for (int index = 0; index < _curves.Count; index++)
        {
            legend.Line($"{_curves[index].Name}, {AreaName} {PictureText.Number(_curves[index].Area ?? double.NaN)}", PictureStyle.Line(index));
        }

        if (_isRoc)
        {
            legend.Line("chance", "guide");
        }

        if (threshold is not null)
        {
            legend.Mark($"threshold {PictureText.Number(threshold.Value.Threshold)}", ThresholdMark);
        }

        legend.Draw(_picture);
        double left = (SvgPicture.Width - Side) / 2;
        _picture.Text(left, _picture.Bottom + 18, _isRoc ? "true positive rate" : "precision", "strong");
        Axis axis = Axis.Linear([0, 1], 5);
        Plot plot = new(_picture, new(left, _picture.Bottom + 25, Side, Side), axis, axis);
        if (_isRoc)
        {
            _picture.Line(plot.X(0), plot.Y(0), plot.X(1), plot.Y(1), "guide");
        }

        for (int index = 0; index < _curves.Count; index++)
        {
            DrawCurve(plot, _curves[index].Curve, PictureStyle.Line(index));
        }

        if (threshold is (_, double x, double y) && plot.Shows(x, y))
        {
            Marks.Draw(_picture, [(plot.X(x), plot.Y(y))], ThresholdMark, 11);
        }

        plot.Frame();
        _picture.Bottom = plot.Area.Bottom + 36;
        _picture.Text(plot.Area.Middle, _picture.Bottom, _isRoc ? "false positive rate" : "recall", "strong middle");
        if (_curves.Count < all.Count)
        {
            string[] undefined = [.. all.Where(curve => !IsDefined(curve)).Select(static curve => curve.Name)];
            _picture.Bottom += 6;
            _picture.Note(undefined.Length < all.Count - _curves.Count
                ? $"The {PictureText.Count(_curves.Count)} worst of {PictureText.Count(all.Count)}."
                : $"{PictureText.Counted(undefined.Length, "curve")} undefined, where all rows have the same answer: {string.Join(", ", undefined)}.");
        }

        return _picture;
    }

    private void DrawCurve(Plot plot, ThresholdCurve curve, string classes)
    {
        List<double> x = [], y = [];
        foreach (ThresholdPoint point in curve.Points)
        {
            double found = point.TruePositives / curve.Positives;
            if (_isRoc)
            {
                x.Add(point.FalsePositives / curve.Negatives);
                y.Add(found);
            }
            else if (point.TruePositives + point.FalsePositives > 0)
            {
                // The precision counts for all recalls since the last point: steps, whose area is the average precision.
                double precision = point.TruePositives / (point.TruePositives + point.FalsePositives);
                x.AddRange([x.Count == 0 ? 0 : x[^1], found]);
                y.AddRange([precision, precision]);
            }
        }

        plot.Curve([.. x], [.. y], classes);
    }

    private bool IsDefined(NamedCurve curve) => curve.Curve.Points.Count > 0 && curve.Curve.Positives > 0 && (!_isRoc || curve.Curve.Negatives > 0);

    private string Description(IReadOnlyList<NamedCurve> all)
    {
        string what = _isRoc ? "True positive rate (up) against false positive rate (across)" : "Precision (up) against recall (across)";
        string areas = string.Join("; ", _curves.Select(curve => $"{curve.Name}: {AreaName} {PictureText.Number(curve.Area ?? double.NaN)}"));
        return $"{what}, at every threshold, of {PictureText.Counted(all.Count, "curve")}. {areas}.";
    }
}

/// <summary>A curve of a class or an output, and the area below it.</summary>
internal sealed record NamedCurve(string Name, ThresholdCurve Curve, double? Area);
