using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mlp.Runtime.Tests.Pictures;

/// <summary>A picture as a reader of the file sees it.</summary>
internal sealed partial class Drawn
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly XElement _root;

    private Drawn(string text) => (Text, _root) = (text, XElement.Parse(text));

    /// <summary>The file.</summary>
    public string Text { get; }

    public string Title => _root.Element(Svg + "title")!.Value;

    public string Description => _root.Element(Svg + "desc")!.Value;

    /// <summary>What is written in the picture, in order.</summary>
    public string[] Texts => [.. Elements("text").Select(static text => text.Value)];

    public double Height => Number(_root, "height");

    /// <summary>Reads a picture and checks what holds for all of them.</summary>
    public static Drawn Check(string text)
    {
        Drawn drawn = new(text);
        drawn.CheckFile();
        drawn.CheckAccess();
        drawn.CheckTexts();
        return drawn;
    }

    public IEnumerable<XElement> Elements(string name) => _root.Descendants(Svg + name);

    /// <summary>Elements with all of the classes.</summary>
    public IEnumerable<XElement> WithClasses(string classes) => _root.Descendants()
        .Where(element => classes.Split(' ').All(((string?)element.Attribute("class") ?? "").Split(' ').Contains));

    /// <summary>All of these are written in the picture.</summary>
    public void AssertShows(params IEnumerable<string> texts) => Assert.All(texts, text => Assert.Contains(text, Texts));

    private void CheckFile()
    {
        Assert.StartsWith("<svg ", Text);
        Assert.EndsWith("</svg>\n", Text);
        Assert.DoesNotContain('\r', Text);
        Assert.Equal(Svg + "svg", _root.Name);
        Assert.All(_root.DescendantsAndSelf().Attributes(), static attribute =>
        {
            Assert.DoesNotMatch("NaN|Infinity|∞|E[-+]", attribute.Name == "href" ? "" : attribute.Value);
            Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
            Assert.True(attribute.Name != "href" || attribute.Value.StartsWith('#') || attribute.Value.StartsWith("data:image/png;base64,", StringComparison.Ordinal));
            Assert.True(attribute.Name != "d" || PathData().IsMatch(attribute.Value), attribute.Value);
        });
        Assert.Empty(Elements("script"));
        Assert.Empty(Elements("foreignObject"));
    }

    /// <summary>Screen readers find a title and a description, by names that are there once.</summary>
    private void CheckAccess()
    {
        Assert.Equal("img", (string?)_root.Attribute("role"));
        string[] ids = [.. _root.Descendants().Attributes("id").Select(static id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        string[] labels = ((string)_root.Attribute("aria-labelledby")!).Split(' ');
        Assert.Equal(["title", "desc"], labels.Select(label => _root.Elements().Single(element => (string?)element.Attribute("id") == label).Name.LocalName));
        Assert.NotEqual("", Title.Trim());
        Assert.NotEqual("", Description.Trim());
        Assert.All(Elements("use"), use => Assert.Contains(((string)use.Attribute("href")!)[1..], ids));
    }

    /// <summary>No text covers another, and all of them lie in the picture.</summary>
    private void CheckTexts()
    {
        (double Left, double Right, double Top, double Bottom, string Text)[] boxes = [.. Elements("text").Select(Box)];
        foreach ((double left, double right, double top, double bottom, string text) in boxes)
        {
            Assert.True(left >= 0 && right <= SvgPicture.Width && top >= 0 && bottom <= Height, $"'{text}' leaves the picture: {left} to {right}, {top} to {bottom}.");
        }

        for (int i = 0; i < boxes.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                bool apart = boxes[i].Right <= boxes[j].Left || boxes[j].Right <= boxes[i].Left || boxes[i].Bottom <= boxes[j].Top || boxes[j].Bottom <= boxes[i].Top;
                Assert.True(apart, $"'{boxes[i].Text}' covers '{boxes[j].Text}'.");
            }
        }
    }

    private static (double Left, double Right, double Top, double Bottom, string Text) Box(XElement text)
    {
        string[] classes = ((string?)text.Attribute("class") ?? "").Split(' ');
        double size = classes.Contains("title") ? 16 : classes.Contains("tiny") ? 10 : classes.Contains("small") ? 12 : 13;
        double width = PictureText.Width(text.Value, size);
        double x = Number(text, "x");
        double left = classes.Contains("middle") ? x - (width / 2) : classes.Contains("end") ? x - width : x;
        double y = Number(text, "y");
        return (left, left + width, y - (0.75 * size), y + (0.2 * size), text.Value);
    }

    private static double Number(XElement element, string attribute) => double.Parse((string)element.Attribute(attribute)!, CultureInfo.InvariantCulture);

    /// <summary>The points of each part of a path.</summary>
    public static (double X, double Y)[][] Parts(string data)
    {
        List<List<(double X, double Y)>> parts = [];
        (double X, double Y) at = (0, 0);
        foreach (Match command in Command().Matches(data))
        {
            double[] numbers = [.. Figure().Matches(command.Value).Select(static number => double.Parse(number.Value, CultureInfo.InvariantCulture))];
            at = command.Value[0] switch
            {
                'M' => (numbers[0], numbers[1]),
                'm' or 'l' => (at.X + numbers[0], at.Y + numbers[1]),
                'h' => (at.X + numbers[0], at.Y),
                'v' => (at.X, at.Y + numbers[0]),
                _ => parts[^1][0],
            };
            if (command.Value[0] is 'M' or 'm')
            {
                parts.Add([]);
            }

            if (command.Value[0] != 'z')
            {
                parts[^1].Add(at);
            }
        }

        return [.. parts.Select(static part => part.ToArray())];
    }

    [GeneratedRegex("[a-zA-Z][^a-zA-Z]*")]
    private static partial Regex Command();

    [GeneratedRegex(@"-?\d+(\.\d)?")]
    private static partial Regex Figure();

    /// <summary>Commands with at most one decimal.</summary>
    [GeneratedRegex(@"^(?:[Mmlhvz](?:-?\d+(?:\.\d)?(?: ?-?\d+(?:\.\d)?)*)?)+$")]
    private static partial Regex PathData();
}
