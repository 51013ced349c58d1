using System.Xml.Linq;

namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Names of any kind, and numbers for reading.</summary>
public class PictureTextTests
{
    [Theory]
    [InlineData("<script>alert('&')</script>", "<script>alert('&')</script>")]
    [InlineData("\"quoted\"", "\"quoted\"")]
    [InlineData("one\r\n two\tthree\u2028", "one   two three ")]
    [InlineData("nul\0bell\a delete\u007F next\u0085", "nul\uFFFDbell\uFFFD delete\uFFFD next ")]
    [InlineData("reversed \u202Etxt\u2066", "reversed \uFFFDtxt\uFFFD")]
    [InlineData("whole \uD83D\uDE00, joined \u200D", "whole \uD83D\uDE00, joined \u200D")]
    [InlineData("none \uFFFE\uFFFF", "none \uFFFD\uFFFD")]
    [InlineData("]]>", "]]>")]
    public void AnyText_IsContentAndAttribute(string text, string read)
    {
        string escaped = PictureText.Escape(text);
        Assert.DoesNotContain('<', escaped);
        Assert.Equal(read, XElement.Parse($"<a b=\"{escaped}\">{escaped}</a>", System.Xml.Linq.LoadOptions.PreserveWhitespace).Value);
        Assert.Equal(read, (string?)XElement.Parse($"<a b='{escaped}'/>").Attribute("b"));
    }

    [Fact]
    public void HalfAPair_IsReplaced() => Assert.Equal("half \uFFFD pair", PictureText.Escape("half \uD83D pair"));

    [Fact]
    public void RandomText_IsContent()
    {
        Random random = new(1);
        for (int trial = 0; trial < 2000; trial++)
        {
            string text = new([.. Enumerable.Range(0, 20).Select(_ => (char)random.Next(random.Next(2) == 0 ? 0x100 : 0x10000))]);
            Assert.Equal(text.EnumerateRunes().Count(), XElement.Parse($"<a>{PictureText.Escape(text)}</a>", System.Xml.Linq.LoadOptions.PreserveWhitespace).Value.EnumerateRunes().Count());
        }
    }

    [Fact]
    public void Names_AreSeen()
    {
        Assert.Equal("(no name)", PictureText.Name(""));
        Assert.Equal("(no name)", PictureText.Name(" \t"));
        Assert.Equal(["0", "1", "2"], PictureText.Names(null, 3));
        Assert.Equal(["a", "(no name)"], PictureText.Names(["a", ""], 2));
    }

    [Fact]
    public void LongText_EndsWithAnEllipsis_AtAWholeCharacter()
    {
        Assert.Equal("short", PictureText.Shorten("short", 100, 12));
        string shortened = PictureText.Shorten(new string('n', 300), 100, 12);
        Assert.EndsWith("n…", shortened);
        Assert.InRange(PictureText.Width(shortened, 12), 80, 105);
        string faces = PictureText.Shorten(string.Concat(Enumerable.Repeat("\uD83D\uDE00", 50)), 100, 12);
        Assert.False(char.IsHighSurrogate(faces[^2]));
        Assert.Equal("…", PictureText.Shorten("name", 5, 12));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(-1.5, "−1.5")]
    [InlineData(0.98765, "0.9877")]
    [InlineData(0.0123456, "0.01235")]
    [InlineData(0.000123456, "0.0001235")]
    [InlineData(0.0000123456, "1.235e−5")]
    [InlineData(123456.7, "123457")]
    [InlineData(1234567, "1.235e6")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void Numbers_HaveFourDigits(double value, string text) => Assert.Equal(text, PictureText.Number(value));

    [Fact]
    public void Counts_HaveTheirNoun()
    {
        Assert.Equal("1 row", PictureText.Counted(1, "row"));
        Assert.Equal("0 rows", PictureText.Counted(0, "row"));
        Assert.Equal("60,000 rows", PictureText.Counted(60_000, "row"));
        Assert.Equal("2 classes", PictureText.Counted(2, "class", "classes"));
    }
}
