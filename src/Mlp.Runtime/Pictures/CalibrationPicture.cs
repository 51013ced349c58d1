namespace Mlp;

/// <summary>How often answers of each confidence are right.</summary>
internal static class CalibrationPicture
{
    private const int Answers = 0;
    private const double Side = 400;
    private const double HistogramHeight = 70;

    /// <summary>Draws bins of confidence.</summary>
    /// <param name="bins">Bins from 0 to 1; empty ones are left out.</param>
    /// <param name="error">The expected calibration error.</param>
    /// <param name="title">The picture's title.</param>
    public static SvgPicture Draw(IReadOnlyList<CalibrationBin> bins, double error, string title)
    {
        CalibrationBin[] filled = [.. bins.Where(static bin => bin.Weight > 0)];
        SvgPicture picture = new(title) { Description = Description(filled, error) };
        new Legend()
            .Line($"answers, calibration error {PictureText.Number(error)}", PictureStyle.Line(Answers))
            .Line("as right as confident", "guide")
            .Draw(picture);

        double left = (SvgPicture.Width - Side) / 2;
        picture.Text(left, picture.Bottom + 18, "share of right answers", "strong");
        Axis axis = Axis.Linear([0, 1], 5);
        Plot plot = new(picture, new(left, picture.Bottom + 25, Side, Side), axis, axis, labelsX: false);
        picture.Line(plot.X(0), plot.Y(0), plot.X(1), plot.Y(1), "guide");
        plot.Curve([.. filled.Select(static bin => bin.Confidence)], [.. filled.Select(static bin => bin.Accuracy)], PictureStyle.Line(Answers));
        IEnumerable<CalibrationBin> shown = filled.Where(bin => plot.Shows(bin.Confidence, bin.Accuracy));
        Marks.Draw(picture, [.. shown.Select(bin => (plot.X(bin.Confidence), plot.Y(bin.Accuracy)))], Answers, 8);
        plot.Frame();

        picture.Bottom = plot.Area.Bottom + 8;
        picture.Text(left, picture.Bottom + 18, "rows", "strong");
        Axis weights = Axis.Linear(filled.Select(static bin => bin.Weight), 2, fromZero: true);
        Plot histogram = new(picture, new(left, picture.Bottom + 25, Side, HistogramHeight), axis, weights);
        PathData bars = new();
        foreach (CalibrationBin bin in filled)
        {
            (double from, double to, double top) = (histogram.X(bin.Lower) + 1, histogram.X(bin.Upper) - 1, histogram.Y(bin.Weight));
            bars.Move(from, histogram.Area.Bottom).Line(from, top).Line(to, top).Line(to, histogram.Area.Bottom).Close();
        }

        picture.Path(bars, $"fill edge {PictureStyle.Colour(Answers)} {PictureStyle.Opacity(0.6)}");
        histogram.Frame();
        picture.Bottom = histogram.Area.Bottom + 36;
        picture.Text(plot.Area.Middle, picture.Bottom, "confidence: the probability of the answer", "strong middle");
        return picture;
    }

    private static string Description(CalibrationBin[] bins, double error)
    {
        IEnumerable<string> parts = bins.Select(static bin =>
            $"{PictureText.Number(bin.Confidence)}: {PictureText.Percent(bin.Accuracy)} of {PictureText.Counted((long)Math.Round(bin.Weight), "row")}");
        return $"The share of right answers by their confidence. Expected calibration error {PictureText.Number(error)}. {string.Join("; ", parts)}.";
    }
}
