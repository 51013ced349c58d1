namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Areas where a function is at least a threshold.</summary>
public class ContoursTests
{
    private const int Nodes = 81;
    private static readonly Area Square = new(10, 20, 400, 400);

    [Fact]
    public void ACircle_HasItsArea() => Assert.Equal(Math.PI * 150 * 150, AreaWhere(static (x, y) => (150 * 150) - (x * x) - (y * y)), 200.0);

    [Fact]
    public void ARing_HasAHole() => Assert.Equal(Math.PI * ((150 * 150) - (80 * 80)), AreaWhere(static (x, y) => 35 - Math.Abs(Math.Sqrt((x * x) + (y * y)) - 115)), 250.0);

    [Fact]
    public void AHalf_EndsAtTheEdge()
    {
        Assert.Equal(80_000, AreaWhere(static (x, y) => x), 1.0);
        Assert.Equal(60_000, AreaWhere(static (x, y) => y - 50), 1.0);
        Assert.Equal("M210 20h200v400h-200z", Sorted(Path(static (x, y) => x, 0)));
    }

    [Fact]
    public void Everything_IsTheSquare_AndNothingIsEmpty()
    {
        Assert.Equal(160_000, AreaWhere(static (x, y) => 1), 1.0);
        Assert.True(Path(static (x, y) => -1, 0).IsEmpty);
        Assert.True(Path(static (x, y) => double.NaN, 0).IsEmpty);
        Assert.Equal(80_000, AreaWhere(static (x, y) => x < 0 ? double.NaN : 1), 1100.0);
    }

    /// <summary>Where two diagonal corners of a cell are in, both of its pieces are bounded.</summary>
    [Fact]
    public void ACheckerboard_IsBoundedEverywhere()
    {
        PathData path = new();
        Contours.Append(path, Square, 5, 5, static (column, row) => (column + row) % 2 == 0 ? 1 : -1, 0);
        Assert.InRange(Polygons(path).Sum(static polygon => Math.Abs(SignedArea(polygon))), 40_000, 120_000);
    }

    [Fact]
    public void RandomFields_SplitTheSquare_BetweenAThresholdAndItsNegative()
    {
        Random random = new(1);
        for (int trial = 0; trial < 50; trial++)
        {
            double[] field = [.. Enumerable.Range(0, 49).Select(_ => random.NextDouble() - 0.5)];
            PathData above = new(), below = new();
            Contours.Append(above, Square, 7, 7, (column, row) => field[(row * 7) + column], 0);
            Contours.Append(below, Square, 7, 7, (column, row) => -field[(row * 7) + column], 0);

            // The sign of an area tells polygons from holes. Saddles are cut the same way from both sides, so some area between pieces belongs to neither.
            double sum = -Polygons(above).Sum(SignedArea) - Polygons(below).Sum(SignedArea);
            Assert.InRange(sum, 120_000, 160_400);
        }
    }

    private static double AreaWhere(Func<double, double, double> function) => -Polygons(Path(function, 0)).Sum(SignedArea);

    private static PathData Path(Func<double, double, double> function, double threshold)
    {
        PathData path = new();
        Contours.Append(path, Square, Nodes, Nodes, (column, row) => function((column * 5) - 200, (row * 5) - 200), threshold);
        return path;
    }

    /// <summary>The same polygon may begin at any of its corners.</summary>
    private static string Sorted(PathData path)
    {
        (double X, double Y)[] polygon = Assert.Single(Polygons(path));
        (double left, double top) = (polygon.Min(static corner => corner.X), polygon.Min(static corner => corner.Y));
        (double right, double bottom) = (polygon.Max(static corner => corner.X), polygon.Max(static corner => corner.Y));
        Assert.All(polygon, corner => Assert.True(corner.X == left || corner.X == right || corner.Y == top || corner.Y == bottom));
        return new PathData().Move(left, top).Line(right, top).Line(right, bottom).Line(left, bottom).Close().ToString();
    }

    /// <summary>By the shoelace formula; areas that are filled lie to the left of their boundaries, so theirs are negative.</summary>
    private static double SignedArea((double X, double Y)[] polygon) =>
        polygon.Select((corner, i) => (corner.X * polygon[(i + 1) % polygon.Length].Y) - (polygon[(i + 1) % polygon.Length].X * corner.Y)).Sum() / 2;

    private static (double X, double Y)[][] Polygons(PathData path)
    {
        Assert.True(path.IsEmpty || path.ToString().EndsWith('z'));
        return Drawn.Parts(path.ToString());
    }
}
