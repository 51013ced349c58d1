using System.Xml.Linq;

namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Lines, marks and legends.</summary>
public class PlotTests
{
    [Fact]
    public void ALine_HasGapsWhereValuesAreMissing_AndDotsForLonelyPoints()
    {
        Drawn drawn = Draw([0, 1, 2, 3, 4, 5, 6], [0, 1, double.NaN, 1, double.PositiveInfinity, 0.5, 0.5]);
        Assert.Equal("M100 200l50-100m200 50h50", Line(drawn));
        Assert.Equal("M250 100h0", Assert.Single(drawn.WithClasses("line"), static path => path.Attribute("stroke-linecap") is not null).Attribute("d")!.Value);
    }

    [Fact]
    public void PointsOutsideTheAxes_AreLeftOut() => Assert.Equal("M150 100h50", Line(Draw([-1, 1, 2, 9], [1, 1, 1, 1])));

    [Fact]
    public void LongLines_KeepWhatEveryColumnShows()
    {
        double[] x = [.. Enumerable.Range(0, 100_000).Select(static i => i * 6 / 99_999.0)];
        double[] y = [.. Enumerable.Range(0, 100_000).Select(static i => i == 12_345 ? 1 : i == 77_777 ? 0 : 0.5 + (0.1 * Math.Sin(i)))];
        string line = Line(Draw(x, y));
        Assert.InRange(line.Length, 100, 20_000);

        (double X, double Y)[] points = Assert.Single(Drawn.Parts(line));
        Assert.Equal((100, 200), (Math.Round(points.Min(static point => point.Y)), Math.Round(points.Max(static point => point.Y))));
        Assert.Equal((100, 400), (Math.Round(points[0].X), Math.Round(points[^1].X)));
    }

    [Fact]
    public void CrowdedMarks_AreThinned_WhereTheyCoverEachOther()
    {
        Random random = new(1);
        List<(double X, double Y, int Series)> points = [.. Enumerable.Range(0, 50_000).Select(i => (100 + (10 * random.NextDouble()), 100 + (10 * random.NextDouble()), i % 2))];
        points.Add((500, 500, 0));
        IReadOnlyList<(double X, double Y, int Series)> thinned = Marks.Thinned(points);
        Assert.InRange(thinned.Count, 100, 2500);
        Assert.Contains((500, 500, 0), thinned);
        Assert.Equal([0, 1], thinned.Select(static point => point.Series).Distinct().Order());
        Assert.Same(thinned, Marks.Thinned(thinned));
    }

    [Fact]
    public void EverySeries_HasAMarkOfItsOwn()
    {
        SvgPicture picture = new("marks") { Description = "marks" };
        for (int series = 0; series < 24; series++)
        {
            Marks.Draw(picture, [(100, 100)], series, 8);
        }

        picture.Bottom = 200;
        Drawn drawn = Drawn.Check(picture.ToString());
        Assert.Equal(24, drawn.WithClasses("mark").Select(static mark => $"{mark.Attribute("class")} {mark.Attribute("d")} {mark.Attribute("stroke-linecap")}").Distinct().Count());
    }

    [Fact]
    public void Legends_TakeAsManyRowsAsTheyNeed()
    {
        SvgPicture picture = new("legend") { Description = "legend" };
        Legend legend = new();
        for (int i = 0; i < 30; i++)
        {
            legend.Mark(new string('m', i * 7 % 60), i).Line($"line {i}", PictureStyle.Line(i)).Square("square", "fill");
        }

        double before = picture.Bottom;
        legend.Draw(picture);
        Drawn.Check(picture.ToString());
        Assert.True(picture.Bottom > before + 200);
    }

    [Fact]
    public void PicturesInOnePage_HaveNamesOfTheirOwn_AndOneStyle()
    {
        SvgPicture first = new("first") { Description = "one" }, second = new("second") { Description = "one" };
        Drawn a = Drawn.Check(first.ToString()), b = Drawn.Check(second.ToString());
        Assert.Empty(a.Elements("title").Attributes("id").Select(static id => id.Value).Intersect(b.Elements("title").Attributes("id").Select(static id => id.Value)));
        Assert.Equal(a.Elements("style").Single().Value, b.Elements("style").Single().Value);
        Assert.Empty(Drawn.Check(first.WithoutStyle()).Elements("style"));
        Assert.Equal(a.Text, first.ToString());
    }

    /// <summary>A frame of 300 × 100 from (100, 100), x from 0 to 6, y from 0 to 1.</summary>
    private static Drawn Draw(double[] x, double[] y)
    {
        SvgPicture picture = new("plot") { Description = "plot" };
        Plot plot = new(picture, new Area(100, 100, 300, 100), Axis.Linear([0, 6], 6), Axis.Linear([0, 1], 2));
        plot.Curve(x, y, "line c0");
        picture.Bottom = 220;
        return Drawn.Check(picture.ToString());
    }

    private static string Line(Drawn drawn) =>
        drawn.WithClasses("line").Where(static path => path.Attribute("stroke-linecap") is null).Select(static path => path.Attribute("d")!.Value).Single();
}
