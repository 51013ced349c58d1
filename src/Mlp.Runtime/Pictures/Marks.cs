namespace Mlp;

/// <summary>Points as marks: each series has a colour and a shape.</summary>
internal static class Marks
{
    private const int Shapes = 6;

    /// <summary>Of more points in one picture, those that cover each other are left out.</summary>
    private const int MostPoints = 2500;

    private static readonly (double X, double Y)[] Triangle = [(0, -0.62), (0.6, 0.45), (-0.6, 0.45)];
    private static readonly (double X, double Y)[] Diamond = [(0, -0.65), (0.65, 0), (0, 0.65), (-0.65, 0)];
    private static readonly (double X, double Y)[] Point = [(0, 0.62), (0.6, -0.45), (-0.6, -0.45)];
    private static readonly (double X, double Y)[] Hourglass = [(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)];

    /// <summary>Draws points of one series.</summary>
    /// <param name="picture">Where to draw.</param>
    /// <param name="points">Places in the picture.</param>
    /// <param name="series">Number of the series, which decides on colour and shape.</param>
    /// <param name="size">Width of a mark.</param>
    public static void Draw(SvgPicture picture, IReadOnlyList<(double X, double Y)> points, int series, double size)
    {
        PathData path = new();
        int shape = series % Shapes;
        foreach ((double x, double y) in points)
        {
            _ = shape switch
            {
                0 or 1 => path.Dot(x, y),
                2 => path.Polygon(x, y, size, Triangle),
                3 => path.Polygon(x, y, size, Diamond),
                4 => path.Polygon(x, y, size, Point),
                _ => path.Polygon(x, y, size, Hourglass),
            };
        }

        string stroke = shape switch
        {
            0 => $"stroke-linecap=\"round\" stroke-width=\"{SvgNumber.Of(size)}\"",
            1 => $"stroke-linecap=\"square\" stroke-width=\"{SvgNumber.Of(0.85 * size)}\"",
            _ => "stroke-width=\"0.3\"",
        };
        picture.Path(path, $"mark {PictureStyle.Colour(series)}", stroke);
    }

    /// <summary>A size at which that many marks can be told apart.</summary>
    public static double Size(int count) => count switch { <= 60 => 7, <= 250 => 5.5, <= 1000 => 3.5, _ => 2.5 };

    /// <summary>
    /// At most 2,500 of the points, evenly thinned where they lie closest: the plane is divided into squares, as small as possible, and the first point of
    /// each square and series stays. Points that lie alone all stay.
    /// </summary>
    public static IReadOnlyList<(double X, double Y, int Series)> Thinned(IReadOnlyList<(double X, double Y, int Series)> points)
    {
        for (double square = 1; points.Count > MostPoints; square *= 1.25)
        {
            HashSet<(double, double, int)> taken = [];
            points = [.. points.Where(point => taken.Add((Math.Floor(point.X / square), Math.Floor(point.Y / square), point.Series)))];
        }

        return points;
    }
}
