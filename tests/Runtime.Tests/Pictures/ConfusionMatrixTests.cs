namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Pictures of confusion matrices.</summary>
public class ConfusionMatrixTests
{
    private static readonly int[,] Iris = { { 50, 0, 0 }, { 0, 47, 3 }, { 0, 2, 48 } };

    [Fact]
    public void Cells_HaveCountsAndShares()
    {
        Drawn drawn = Draw(Iris, ["setosa", "versicolor", "virginica"]);
        Assert.Equal("150 rows of 3 classes; 145 right, which is 96.7 %. Most frequent mistakes: versicolor taken for virginica: 3; virginica taken for versicolor: 2.", drawn.Description);
        drawn.AssertShows(["50", "100.0 %", "47", "94.0 %", "3", "6.0 %", "truth", "predicted", "setosa"]);
        Assert.Equal(2, drawn.Texts.Count(static text => text == "virginica"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(1000)]
    public void AnyNumberOfClasses_IsReadable_AndSmall(int classes)
    {
        Random random = new(1);
        int[,] counts = new int[classes, classes];
        for (int i = 0; i < 20 * classes; i++)
        {
            int truth = random.Next(classes);
            counts[truth, random.Next(5) == 0 ? random.Next(classes) : truth] += classes < 20 ? random.Next(5000) : 1;
        }

        Drawn drawn = Draw(counts, [.. Enumerable.Range(0, classes).Select(static i => i % 7 == 3 ? $"a class with a name that is much too long {i}" : $"class {i}")]);
        Assert.InRange(drawn.Text.Length, 1000, 120_000);
    }

    [Fact]
    public void HostileNames_AreText()
    {
        Drawn drawn = Draw(Iris, ["</text><script>alert(1)</script>", "\" onload=\"x", "a\0b\u202Ec\r\n"]);
        Assert.Contains(drawn.Texts, static text => text.StartsWith("</text>", StringComparison.Ordinal));
        Assert.Contains("a\uFFFDb\uFFFDc  ", drawn.Texts);
    }

    [Fact]
    public void EmptyMatrices_AreDrawn()
    {
        Assert.Equal("0 rows of 2 classes; 0 right.", Draw(new int[2, 2], ["", " "]).Description);
        Draw(new[,] { { int.MaxValue, int.MaxValue }, { int.MaxValue, 0 } }, ["a", "b"]);
    }

    [Fact]
    public void WhatIsNoMatrix_IsRefused()
    {
        Assert.Equal("counts", Assert.Throws<ArgumentException>(() => Mlp.Pictures.ConfusionMatrix(new int[2, 3])).ParamName);
        Assert.Equal("counts", Assert.Throws<ArgumentException>(() => Mlp.Pictures.ConfusionMatrix(new int[0, 0])).ParamName);
        Assert.Equal("classNames", Assert.Throws<ArgumentException>(() => Mlp.Pictures.ConfusionMatrix(Iris, ["a", "b"])).ParamName);
        Assert.Equal("counts", Assert.Throws<ArgumentOutOfRangeException>(() => Mlp.Pictures.ConfusionMatrix(new[,] { { -1 } })).ParamName);
    }

    private static Drawn Draw(int[,] counts, string[] names) => Drawn.Check(Mlp.Pictures.ConfusionMatrix(counts, names));
}
