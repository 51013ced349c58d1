namespace Mlp;

/// <summary>How far predictions are from their targets, over the predictions, and how often.</summary>
internal static class ResidualsPicture
{
    private const int Rows = 0;
    private const int MostOutputs = 6;
    private const int Bars = 20;
    private const double Height = 220;
    private const double HistogramWidth = 90;

    /// <summary>Draws a panel for each output.</summary>
    /// <param name="outputs">A name for each output, and its rows.</param>
    /// <param name="title">The picture's title.</param>
    public static SvgPicture Draw(IReadOnlyList<(string Name, IReadOnlyList<Residual> Rows)> outputs, string title)
    {
        SvgPicture picture = new(title) { Description = Description(outputs) };
        new Legend().Mark("rows", Rows).Square("how many have that error", $"fill edge {PictureStyle.Colour(Rows)} {PictureStyle.Opacity(0.6)}").Draw(picture);
        double left = SvgPicture.Margin + Plot.LabelWidth;
        double width = SvgPicture.Width - SvgPicture.Margin - left - HistogramWidth - 12;
        for (int index = 0; index < Math.Min(outputs.Count, MostOutputs); index++)
        {
            DrawOutput(picture, outputs.Count > 1 ? $"output {outputs[index].Name}: " : "", outputs[index].Rows, left, width);
        }

        picture.Bottom += 14;
        picture.Text(left + (width / 2), picture.Bottom, "prediction", "strong middle");
        if (outputs.Count > MostOutputs)
        {
            picture.Note($"The first {PictureText.Count(MostOutputs)} of {PictureText.Counted(outputs.Count, "output")}.");
        }

        return picture;
    }

    private static void DrawOutput(SvgPicture picture, string name, IReadOnlyList<Residual> rows, double left, double width)
    {
        Residual[] shown = [.. rows.Where(static row => float.IsFinite(row.Prediction) && double.IsFinite(row.Error))];
        double top = picture.Bottom + 25;
        picture.Text(left, top - 7, PictureText.Shorten($"{name}prediction − target", width, SvgPicture.FontSize), "strong");
        Axis errors = Axis.Linear(shown.Select(static row => row.Error), 5, fromZero: true);
        Plot plot = new(picture, new(left, top, width, Height), Axis.Linear(shown.Select(static row => (double)row.Prediction), 7), errors);
        picture.Line(plot.Area.Left, plot.Y(0), plot.Area.Right, plot.Y(0), "guide");
        IReadOnlyList<(double X, double Y, int Series)> points = Marks.Thinned([.. shown.Select(row => (plot.X(row.Prediction), plot.Y(row.Error), Rows))]);
        Marks.Draw(picture, [.. points.Select(static point => (point.X, point.Y))], Rows, Marks.Size(points.Count));
        plot.Frame();

        DrawHistogram(picture, new(plot.Area.Right + 12, top, HistogramWidth, Height), shown.Select(row => plot.Y(row.Error)));
        picture.Bottom = plot.Area.Bottom + 20;
    }

    /// <summary>Bars beside the rows, on the same vertical axis.</summary>
    private static void DrawHistogram(SvgPicture picture, Area area, IEnumerable<double> places)
    {
        int[] counts = new int[Bars];
        foreach (double place in places)
        {
            counts[Math.Clamp((int)((place - area.Top) / area.Height * Bars), 0, Bars - 1)]++;
        }

        PathData bars = new();
        double step = area.Height / Bars;
        for (int bar = 0; bar < Bars; bar++)
        {
            double length = counts[bar] == 0 ? 0 : Math.Max(1, (area.Width - 4) * counts[bar] / counts.Max());
            double top = area.Top + (bar * step);
            if (length > 0)
            {
                double right = area.Left + length, bottom = top + step - 0.5;
                bars.Move(area.Left, top + 0.5).Line(right, top + 0.5).Line(right, bottom).Line(area.Left, bottom).Close();
            }
        }

        picture.Path(bars, $"fill edge {PictureStyle.Colour(Rows)} {PictureStyle.Opacity(0.6)}");
        picture.Line(area.Left, area.Top, area.Left, area.Bottom, "frame");
    }

    private static string Description(IReadOnlyList<(string Name, IReadOnlyList<Residual> Rows)> outputs)
    {
        IEnumerable<string> parts = outputs.Take(MostOutputs).Select(output =>
        {
            double[] errors = [.. output.Rows.Select(static row => row.Error).Where(double.IsFinite).Order()];
            string name = outputs.Count > 1 ? $"Output {output.Name}: " : "";
            return errors.Length == 0
                ? $"{name}no rows"
                : $"{name}{PictureText.Counted(output.Rows.Count, "row")}, errors from {PictureText.Number(errors[0])} to {PictureText.Number(errors[^1])},"
                    + $" median {PictureText.Number(errors[errors.Length / 2])}";
        });
        return $"Prediction minus target (up) over prediction (across). {string.Join("; ", parts)}.";
    }
}
