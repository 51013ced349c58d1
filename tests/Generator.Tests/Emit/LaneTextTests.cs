extern alias generator;

using System.Globalization;
using System.Text.RegularExpressions;
using generator::Mlp.Generator.Emit.StraightLine;
using static Generator.Tests.Planning.Plans;

namespace Generator.Tests.Emit;

public partial class LaneTextTests
{
    [Theory]
    [InlineData(1, "p0")]
    [InlineData(2, "p0 + p1")]
    [InlineData(3, "(p0 + p2) + p1")]
    [InlineData(4, "(p0 + p2) + (p1 + p3)")]
    [InlineData(5, "((p0 + p4) + p2) + (p1 + p3)")]
    [InlineData(6, "((p0 + p4) + p2) + ((p1 + p5) + p3)")]
    [InlineData(7, "((p0 + p4) + (p2 + p6)) + ((p1 + p5) + p3)")]
    [InlineData(8, "((p0 + p4) + (p2 + p6)) + ((p1 + p5) + (p3 + p7))")]
    public void Fold_HasTheCanonicalOrder_WithoutEmptyPartials(int count, string expected) =>
        Assert.Equal(expected, LaneText.Fold(Terms("p", count)));

    [Fact]
    public void Fold_KeepsTheBracketsOfItsTerms()
    {
        Assert.Equal("a * (b + c)", LaneText.Fold(["a * (b + c)"]));
        Assert.Equal("(a * b) + (c * d)", LaneText.Fold(["(a * b)", "(c * d)"]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(8, 8)]
    [InlineData(9, 8)]
    [InlineData(18, 8)]
    public void SumsOfANarrowLayer_TakeInputIIntoPartialIModEight(int inputs, int partials)
    {
        string[] lines = [.. KernelWriter.Of(Plan(inputs, 1)).Forward.Split('\n').Select(static line => line.Trim())];
        for (int partial = 0; partial < 8; partial++)
        {
            Match[] terms = [.. lines.Select(static line => Term().Match(line)).Where(match => match.Success && Number(match, "partial") == partial)];
            Assert.Equal(Enumerable.Range(0, inputs).Where(i => i % 8 == partial), terms.Select(static term => Number(term, "index")));

            // Where the input lies is as much part of the term as its weight.
            Assert.All(terms, static term => Assert.Equal(8 * Number(term, "index"), term.Groups["place"].Success ? Number(term, "place") : 0));
            Assert.Equal(
                terms.Select((_, i) => i > 0 ? $"p{partial}" : partial > 0 ? "V.Zero" : "V.Broadcast(ref parameters, B1)"),
                terms.Select(static term => term.Groups["begin"].Value));
        }

        Assert.Contains($"V z1 = {LaneText.Fold(Terms("p", partials))};", lines);
    }

    [Fact]
    public void NeuronZero_HasNoOffset()
    {
        Assert.Equal("W1", LaneText.Plus("W1", 0));
        Assert.Equal("W1 + 5", LaneText.Plus("W1", 5));
        Assert.Equal("H1", new LaneTile(null, 0, 4).Index("H1", 8, 0));
        Assert.Equal("H1 + 24", new LaneTile(null, 2, 4).Index("H1", 8, 1));
        Assert.Equal("H1 + (8 * o)", new LaneTile("o", 0, 4).Index("H1", 8, 0));
        Assert.Equal("B1 + o + 3", new LaneTile("o", 0, 4).Index("B1", 1, 3));
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(7, "7")]
    [InlineData(12, "12")]
    [InlineData(13, "7 6")]
    [InlineData(16, "8*")]
    [InlineData(25, "9* 7")]
    [InlineData(62, "11* 7")]
    [InlineData(64, "8*")]
    public void Tiles_CoverEveryNeuron_InALoopAndARest(int neurons, string expected)
    {
        List<string> tiles = [];
        int covered = 0;
        SourceWriter w = new();
        LaneText.Tiles(w, "o", neurons, 12, tile =>
        {
            tiles.Add(string.Create(CultureInfo.InvariantCulture, $"{tile.Count}{(tile.Variable is null ? "" : "*")}"));
            covered = tile.Variable is null ? tile.First + tile.Count : neurons / tile.Count * tile.Count;
        });

        Assert.Equal(neurons, covered);
        Assert.Equal(expected, string.Join(' ', tiles));
    }

    private static string[] Terms(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}{i}"))];

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(V )?p(?<partial>\d) = V\.AddProduct\((?<begin>.+), V\.Load\(ref values, X( \+ (?<place>\d+))?\), ref w, (?<index>\d+)\);$")]
    private static partial Regex Term();
}
