using System.Globalization;
using System.Text.RegularExpressions;

namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Whether colours can be seen and told apart, on light and on dark paper, by the contrast of WCAG 2.2 and its relative luminance.</summary>
public class StyleTests
{
    private static readonly string[] Modes = PictureStyle.Sheet.Split("@media(prefers-color-scheme:dark)");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void SeriesStandOutFromPaperAndWell(int mode)
    {
        for (int series = 0; series < PictureStyle.Colours; series++)
        {
            string colour = Value(mode, PictureStyle.Colour(series), "color");
            Assert.True(Contrast(colour, Value(mode, "paper", "fill")) >= 3, $"{colour}");
            Assert.True(Contrast(colour, Value(mode, "well", "fill")) >= 3, $"{colour}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TextIsReadable_AlsoOnTheFullestColour(int mode)
    {
        string paper = Value(mode, "paper", "fill"), well = Value(mode, "well", "fill"), text = Rule(mode, @"\.mlp text\{fill:(#\w+)\}");
        Assert.True(Contrast(text, paper) >= 7);
        Assert.True(Contrast(Value(mode, "muted", "fill"), paper) >= 4.5);
        double fullest = double.Parse(Rule(0, @"\.o10\{fill-opacity:([.\d]+)\}"), CultureInfo.InvariantCulture);
        foreach (int series in (int[])[0, 1])
        {
            string mixed = Mixed(well, Value(mode, PictureStyle.Colour(series), "color"), fullest);
            Assert.True(Contrast(text, mixed) >= 4.5, $"{mixed}: {Contrast(text, mixed)}");
        }
    }

    [Fact]
    public void SeriesDifferInColourDashAndShape()
    {
        Assert.Equal(40, Enumerable.Range(0, 40).Select(PictureStyle.Line).Distinct().Count());
        for (int mode = 0; mode < 2; mode++)
        {
            Assert.Equal(PictureStyle.Colours, Enumerable.Range(0, PictureStyle.Colours).Select(series => Value(mode, PictureStyle.Colour(series), "color")).Distinct().Count());
        }
    }

    /// <summary>With two kinds of cones instead of three, after Viénot, Brettel and Mollon (1999), in linear light.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TheFirstFourSeries_DifferForTheColourBlind(int mode)
    {
        double[][] protan = [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]];
        double[][] deutan = [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]];
        foreach (double[][] vision in (double[][][])[protan, deutan])
        {
            for (int first = 0; first < 4; first++)
            {
                for (int second = 0; second < first; second++)
                {
                    double distance = Distance(Seen(Value(mode, PictureStyle.Colour(first), "color"), vision), Seen(Value(mode, PictureStyle.Colour(second), "color"), vision));
                    Assert.True(distance > 0.1, $"{first} and {second}: {distance}");
                }
            }
        }
    }

    private static double[] Seen(string colour, double[][] vision)
    {
        double[] light = Linear(colour);
        return [.. vision.Select(row => Math.Pow(Math.Clamp((row[0] * light[0]) + (row[1] * light[1]) + (row[2] * light[2]), 0, 1), 1 / 2.2))];
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum());

    private static string Value(int mode, string name, string property) => Rule(mode, $@"\.mlp \.{name}\{{{property}:(#\w+)\}}");

    private static string Rule(int mode, string pattern)
    {
        Match match = Regex.Match(Modes[mode], pattern);
        Assert.True(match.Success, pattern);
        return match.Groups[1].Value;
    }

    private static double Contrast(string a, string b)
    {
        double[] luminances = [Luminance(a), Luminance(b)];
        return (luminances.Max() + 0.05) / (luminances.Min() + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] light = Linear(colour);
        return (0.2126 * light[0]) + (0.7152 * light[1]) + (0.0722 * light[2]);
    }

    private static double[] Linear(string colour) => [.. Parts(colour).Select(static part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];

    private static string Mixed(string ground, string colour, double share) =>
        "#" + string.Concat(Parts(ground).Zip(Parts(colour), (g, c) => ((int)Math.Round(255 * ((g * (1 - share)) + (c * share)))).ToString("x2", CultureInfo.InvariantCulture)));

    private static double[] Parts(string colour)
    {
        string digits = colour.Length == 4 ? string.Concat(colour.Skip(1).Select(static digit => $"{digit}{digit}")) : colour[1..];
        return [.. digits.Chunk(2).Select(static pair => Convert.ToInt32(new string(pair), 16) / 255.0)];
    }
}
