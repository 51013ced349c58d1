namespace Mlp.Runtime.Tests.Records;

public class NumberStatisticsTests
{
    private static readonly RecordColumn Standard = new() { Name = "X", Kind = ColumnKind.Number };

    [Fact]
    public void MeanAndDeviation_AreThoseOfThePopulation_PartByPart()
    {
        NumberFit fit = NumberStatistics.Fit(Standard, new Numbers([2, 4], [], [4, 4, 5], [5, 7, 9]));
        Assert.Equal((0, 5, 2), (fit.Fill, fit.Center, fit.Spread));
    }

    [Fact]
    public void Timestamps_KeepTheirSeconds()
    {
        double[] seconds = [.. Enumerable.Range(0, 100_000).Select(i => 1.7e9 + (i % 60))];
        NumberFit fit = NumberStatistics.Fit(Standard, new Numbers(seconds));
        Assert.Equal(1.7e9 + seconds.Average(value => value - 1.7e9), fit.Center, 1e-6);
        Assert.Equal(Math.Sqrt(seconds.Average(value => Math.Pow(value - fit.Center, 2))), fit.Spread, 1e-6);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1e30)]
    [InlineData(-5e-324)]
    public void AColumnThatNeverVaries_IsCentredAndNotScaled(double value)
    {
        double[] values = [.. Enumerable.Repeat(value, 1001)];
        foreach (Scale scale in (Scale[])[Scale.Standard, Scale.MinMax, Scale.Robust])
        {
            NumberFit fit = NumberStatistics.Fit(new RecordColumn { Name = "X", Kind = ColumnKind.Number, Scale = scale }, new Numbers(values));
            Assert.Equal((value, 1), (fit.Center, fit.Spread));
        }
    }

    [Fact]
    public void Quantiles_LieBetweenTheirNeighbours()
    {
        NumberFit fit = NumberStatistics.Fit(
            new RecordColumn { Name = "X", Kind = ColumnKind.Number, Missing = Missing.Median, Bins = 4 }, new Numbers([9, 1], [3, 2]));
        Assert.Equal(2.5, fit.Fill);
        Assert.Equal([1, 1.75, 2.5, 4.5, 9], fit.Edges);
        fit = NumberStatistics.Fit(new RecordColumn { Name = "X", Kind = ColumnKind.Number, Scale = Scale.Robust }, new Numbers([9, 1], [3, 2]));
        Assert.Equal((2.5, 2.75), (fit.Center, fit.Spread));
    }

    [Fact]
    public void WhatIsFilled_IsRaw_AndWhatIsScaled_ALogarithm()
    {
        foreach (Scale scale in (Scale[])[Scale.Standard, Scale.MinMax, Scale.Robust])
        {
            RecordColumn column = new() { Name = "X", Kind = ColumnKind.Number, Scale = scale, Log = true, Missing = Missing.Mean };
            double[] values = [-3, 0, 1, 50];
            NumberFit fit = NumberStatistics.Fit(column, new Numbers(values));
            NumberFit ofLogs = NumberStatistics.Fit(
                new RecordColumn { Name = "X", Kind = ColumnKind.Number, Scale = scale }, new Numbers([.. values.Select(value => Math.Sign(value) * Math.Log(1 + Math.Abs(value)))]));
            Assert.Equal(12, fit.Fill);
            Assert.Equal(ofLogs.Center, fit.Center, 1e-12);
            Assert.Equal(ofLogs.Spread, fit.Spread, 1e-12);
        }
    }

    private sealed class Numbers(params double[][] parts) : NumberSource
    {
        public override int Count => parts.Sum(static part => part.Length);

        public override ReadOnlySpan<double> Part(int part) => parts[part];

        public override int Parts => parts.Length;
    }
}
