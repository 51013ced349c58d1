namespace Mlp.Runtime.Tests.Encoders;

public class QuotedTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("größe, \\ 'x' 数 😀")]
    public void PlainText_StaysAsItIs(string text) => Assert.Equal(text, QuotedText.Of(text));

    [Theory]
    [InlineData("a\0b", "a\\u0000b")]
    [InlineData("a\r\n\tb", "a\\u000D\\u000A\\u0009b")]
    [InlineData("\u001b[2J", "\\u001B[2J")]
    [InlineData("\u0085\u2028\u2029", "\\u0085\\u2028\\u2029")]
    [InlineData("\u202Eabc\u2066\u200B\uFEFF", "\\u202Eabc\\u2066\\u200B\\uFEFF")]
    [InlineData("\U000E0001x", "\\uDB40\\uDC01x")]
    public void WhatBreaksOrDisguisesAMessage_IsEscaped(string text, string quoted) => Assert.Equal(quoted, QuotedText.Of(text));

    [Fact]
    public void HalvesOfSurrogatePairs_AreEscaped() => Assert.Equal("a\\uD83Db\\uDE00", QuotedText.Of("a\uD83Db\uDE00"));

    [Fact]
    public void LongText_IsCut()
    {
        string longest = new('a', 200);
        Assert.Equal(longest, QuotedText.Of(longest));
        Assert.Equal(longest[..199] + "…", QuotedText.Of(longest + "a"));
        Assert.Equal(longest[..199] + "…", QuotedText.Of(longest + "\n"));
        Assert.Equal(longest[..199] + "…", QuotedText.Of(new string('a', 100_000_000)));
    }

    [Fact]
    public void Cuts_SplitNeitherPairsNorEscapes()
    {
        string start = new('a', 198);
        Assert.Equal(start + "😀", QuotedText.Of(start + "😀"));
        Assert.Equal(start + "…", QuotedText.Of(start + "😀b"));
        Assert.Equal(start + "…", QuotedText.Of(start + "\0"));
        Assert.Equal(string.Concat(Enumerable.Repeat("\\u0000", 33)) + "…", QuotedText.Of(new string('\0', 50)));
    }
}
