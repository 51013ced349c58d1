extern alias generator;

using System.Globalization;
using System.Text.RegularExpressions;
using generator::Mlp.Generator.Emit.StraightLine;

namespace Generator.Tests.Emit;

public partial class LaneCodeTests
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
        Assert.Equal(expected, LaneCode.Fold(Terms("p", count)));

    [Fact]
    public void Fold_KeepsTheBracketsOfItsTerms()
    {
        Assert.Equal("a * (b + c)", LaneCode.Fold(["a * (b + c)"]));
        Assert.Equal("(a * b) + (c * d)", LaneCode.Fold(["(a * b)", "(c * d)"]));
    }

    [Fact]
    public void Sum_OfUpToEightTerms_IsTheirFold()
    {
        SourceWriter w = new();
        LaneCode.Sum(w, LaneCode.V, "total", Terms("t", 3));

        Assert.Equal("Mlp::Vec256 total = (t0 + t2) + t1;\n", w.ToString());
    }

    [Fact]
    public void Sum_OfMoreTerms_TakesTermIIntoPartialIModEight()
    {
        SourceWriter w = new();
        LaneCode.Sum(w, LaneCode.V, "total", Terms("t", 18));

        string[] lines = w.ToString().TrimEnd('\n').Split('\n');
        for (int partial = 0; partial < 8; partial++)
        {
            string local = string.Create(CultureInfo.InvariantCulture, $"total{partial}");
            IEnumerable<int> terms = lines
                .Where(line => line.StartsWith($"Mlp::Vec256 {local} = ", StringComparison.Ordinal) || line.StartsWith($"{local} += ", StringComparison.Ordinal))
                .Select(static line => int.Parse(Term().Match(line).Groups["index"].Value, CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(0, 18).Where(i => i % 8 == partial), terms);
        }

        Assert.Equal(
            "Mlp::Vec256 total = ((total0 + total4) + (total2 + total6)) + ((total1 + total5) + (total3 + total7));",
            lines[^1]);
    }

    [Fact]
    public void Sum_OfNineTerms_NamesOnlyThePartialWithTwo()
    {
        SourceWriter w = new();
        LaneCode.Sum(w, LaneCode.V, "total", Terms("t", 9));

        Assert.Equal(
            "Mlp::Vec256 total0 = t0;\ntotal0 += t8;\nMlp::Vec256 total = ((total0 + t4) + (t2 + t6)) + ((t1 + t5) + (t3 + t7));\n",
            w.ToString());
    }

    [Fact]
    public void NeuronZero_HasNoOffset()
    {
        Assert.Equal("Mlp::Vec256.Load(ref h)", LaneCode.Load("h", 0));
        Assert.Equal("Mlp::Vec256.Load(ref h, 24)", LaneCode.Load("h", 3));
        Assert.Equal("Mlp::Vec256.Store(z, ref h);", LaneCode.Store("z", "h", 0));
        Assert.Equal("Mlp::Vec256.Store(z, ref h, 24);", LaneCode.Store("z", "h", 3));
        Assert.Equal("W1", LaneCode.At("W1", 0));
        Assert.Equal("W1 + 5", LaneCode.At("W1", 5));
    }

    private static string[] Terms(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}{i}"))];

    [GeneratedRegex(@"= t(?<index>\d+);$")]
    private static partial Regex Term();
}
