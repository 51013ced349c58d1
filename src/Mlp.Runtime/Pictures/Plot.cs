namespace Mlp;

/// <summary>A rectangle with two axes, and what is drawn between them.</summary>
internal sealed class Plot
{
    /// <summary>What a plot needs to the left of its frame for the labels of its ticks.</summary>
    public const double LabelWidth = 54;

    /// <summary>Lines of more points are reduced to what each column of this width shows.</summary>
    private const double ColumnWidth = 1;

    private const int MostWholePoints = 1000;

    private readonly SvgPicture _picture;
    private readonly Axis _x;
    private readonly Axis _y;

    /// <summary>Draws grid, frame and labels of ticks.</summary>
    /// <param name="picture">Where to draw.</param>
    /// <param name="area">The frame.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="labelsX">Whether the ticks below the frame have labels, which take 18 units.</param>
    /// <param name="labelsY">Whether the ticks left of the frame have labels, which take <see cref="LabelWidth"/>.</param>
    public Plot(SvgPicture picture, Area area, Axis x, Axis y, bool labelsX = true, bool labelsY = true)
    {
        (_picture, Area, _x, _y) = (picture, area, x, y);
        PathData grid = new();
        double end = double.NegativeInfinity;
        foreach ((double value, string label) in x.Ticks)
        {
            grid.Move(X(value), area.Top).Line(X(value), area.Bottom);
            double half = PictureText.Width(label, SvgPicture.SmallSize) / 2;
            if (labelsX && X(value) - half >= end)
            {
                picture.Text(Math.Min(X(value), SvgPicture.Width - half - 2), area.Bottom + 16, label, "small muted middle");
                end = X(value) + half + 6;
            }
        }

        foreach ((double value, string label) in y.Ticks)
        {
            grid.Move(area.Left, Y(value)).Line(area.Right, Y(value));
            if (labelsY)
            {
                picture.Text(area.Left - 6, Y(value) + 4, label, "small muted end");
            }
        }

        picture.Path(grid, "grid");
    }

    /// <summary>The frame.</summary>
    public Area Area { get; }

    /// <summary>The horizontal place of a value.</summary>
    public double X(double value) => Area.Left + (_x.Share(value) * Area.Width);

    /// <summary>The vertical place of a value.</summary>
    public double Y(double value) => Area.Bottom - (_y.Share(value) * Area.Height);

    /// <summary>Draws the frame, over whatever is in it.</summary>
    public void Frame() => _picture.Rectangle(Area, "frame");

    /// <summary>Whether a point lies in the frame.</summary>
    public bool Shows(double x, double y) => _x.Shows(x) && _y.Shows(y);

    /// <summary>
    /// Draws a line through points with ascending x. It has gaps where a point lies outside; a point between two gaps is a dot. Of long lines, each
    /// column keeps its first, lowest, highest and last point.
    /// </summary>
    public void Curve(ReadOnlySpan<double> x, ReadOnlySpan<double> y, string classes)
    {
        PathData line = new();
        PathData dots = new();
        List<(double X, double Y)> part = [];
        for (int i = 0; i <= x.Length; i++)
        {
            if (i < x.Length && Shows(x[i], y[i]))
            {
                part.Add((X(x[i]), Y(y[i])));
                continue;
            }

            if (part.Count == 1)
            {
                dots.Dot(part[0].X, part[0].Y);
            }
            else if (part.Count > 1)
            {
                Append(line, part.Count > MostWholePoints ? Reduced(part) : part);
            }

            part.Clear();
        }

        _picture.Path(line, classes);
        _picture.Path(dots, classes, "stroke-linecap=\"round\" style=\"stroke-width:5;stroke-dasharray:none\"");
    }

    private static void Append(PathData line, List<(double X, double Y)> points)
    {
        line.Move(points[0].X, points[0].Y);
        foreach ((double x, double y) in points)
        {
            line.Line(x, y);
        }
    }

    private static List<(double X, double Y)> Reduced(List<(double X, double Y)> points)
    {
        List<(double X, double Y)> reduced = [];
        for (int begin = 0, end; begin < points.Count; begin = end)
        {
            double column = Math.Floor(points[begin].X / ColumnWidth);
            (int lowest, int highest) = (begin, begin);
            for (end = begin; end < points.Count && Math.Floor(points[end].X / ColumnWidth) == column; end++)
            {
                lowest = points[end].Y < points[lowest].Y ? end : lowest;
                highest = points[end].Y > points[highest].Y ? end : highest;
            }

            foreach (int index in ((int[])[begin, lowest, highest, end - 1]).Distinct().Order())
            {
                reduced.Add(points[index]);
            }
        }

        return reduced;
    }
}
