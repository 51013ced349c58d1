namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Numbers and paths.</summary>
public class PathDataTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.04, "0")]
    [InlineData(-0.06, "-0.1")]
    [InlineData(0.25, "0.2")]
    [InlineData(0.35, "0.4")]
    [InlineData(12, "12")]
    [InlineData(-1234.56, "-1234.6")]
    public void Numbers_HaveOneDecimalAtMost(double value, string text) => Assert.Equal(text, SvgNumber.Of(value));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e12)]
    public void ACoordinateThatIsNowhere_IsRefused(double value) => Assert.Throws<ArgumentOutOfRangeException>(() => SvgNumber.Of(value));

    [Fact]
    public void Steps_AreDifferencesOfRoundedPoints()
    {
        PathData path = new PathData().Move(1, 2).Line(4, 2).Line(4, 1.5).Line(3, 3).Line(3, 3).Close().Move(0, 0).Dot(5, 5);
        Assert.Equal("M1 2h3v-0.5l-1 1.5zm-1-2m5 5h0", path.ToString());

        // A thousand thirds are 333.3, not a thousand times 0.3.
        PathData thirds = new PathData().Move(0, 0);
        for (int i = 1; i <= 1000; i++)
        {
            thirds.Line(i / 3.0, 0);
        }

        Assert.Equal(3333, thirds.ToString().Split('h').Skip(1).Sum(static step => (int)Math.Round(10 * double.Parse(step, System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Theory]
    [MemberData(nameof(OddCulture.All), MemberType = typeof(OddCulture))]
    public void Text_DoesNotFollowTheCulture(string decimalSeparator, string negativeSign)
    {
        using OddCulture culture = new(decimalSeparator, negativeSign);
        Assert.Equal("M-1.5 2l-3.5 0.5", new PathData().Move(-1.5, 2).Line(-5, 2.5).ToString());
        Assert.Equal("−1.235", PictureText.Number(-1.2346));
        Assert.Equal("12,345", PictureText.Count(12345));
        Assert.Equal("12.3 %", PictureText.Percent(0.1234));
        Assert.Equal(["−0.5", "0", "0.5"], Axis.Linear([-0.5, 0.5], 2).Ticks.Select(static tick => tick.Label));
        Assert.Equal(["10,000", "20,000"], Axis.Linear([10_000, 20_000], 1).Ticks.Select(static tick => tick.Label));
    }
}
