namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Ranges and ticks of axes.</summary>
public class AxisTests
{
    [Theory]
    [InlineData(0, 1, 5, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(0.13, 0.87, 5, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(-3, 7, 5, "−4 −2 0 2 4 6 8")]
    [InlineData(0, 0.3, 3, "0 0.1 0.2 0.3")]
    [InlineData(1234, 98765, 5, "0 20,000 40,000 60,000 80,000 100,000")]
    [InlineData(2.5e-7, 9e-7, 4, "2e−7 4e−7 6e−7 8e−7 1e−6")]
    [InlineData(0, 3e9, 3, "0 1e9 2e9 3e9")]
    [InlineData(1, 1, 4, "0.9 0.95 1 1.05 1.1")]
    [InlineData(0, 0, 2, "−0.5 0 0.5")]
    [InlineData(1e9, 1e9 + 1e-4, 2, "9e8 1e9 1.1e9")]
    public void TicksAre_OneTwoOrFiveTimesAPowerOfTen(double low, double high, int ticks, string labels) =>
        Assert.Equal(labels, string.Join(' ', Axis.Linear([low, high], ticks).Ticks.Select(static tick => tick.Label)));

    [Theory]
    [InlineData(0.011, 0.9, "0.01 0.02 0.05 0.1 0.2 0.5 1")]
    [InlineData(0.001, 1, "0.001 0.01 0.1 1")]
    [InlineData(0.3, 0.3, "0.2 0.5")]
    [InlineData(0.006, 30, "0.01 0.1 1 10")]
    [InlineData(1e-12, 0.5, "1e−12 1e−10 1e−8 1e−6 0.0001 0.01")]
    public void LogarithmicTicks_ArePowersOfTen_OrDenser(double low, double high, string labels) =>
        Assert.Equal(labels, string.Join(' ', Axis.Logarithmic([low, high]).Ticks.Select(static tick => tick.Label)));

    [Theory]
    [InlineData(1, 10, "1 2 3 4 5 6 7 8 9 10")]
    [InlineData(1, 100, "10 20 30 40 50 60 70 80 90 100")]
    [InlineData(1, 1, "1")]
    [InlineData(7, 9, "7 8 9")]
    public void WholeNumbers_HaveTicksOfWholeNumbers(long low, long high, string labels)
    {
        Axis axis = Axis.Whole(low, high, 12);
        Assert.Equal(labels, string.Join(' ', axis.Ticks.Select(static tick => tick.Label)));
        Assert.Equal(low == high ? 0.5 : 0, axis.Share(low));
    }

    [Fact]
    public void AnyValues_HaveAnAxisThatShowsThem()
    {
        Random random = new(1);
        for (int trial = 0; trial < 5000; trial++)
        {
            double[] values = [.. Enumerable.Range(0, random.Next(4)).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)))];
            Check(Axis.Linear(values, random.Next(1, 10)), values.Where(double.IsFinite));
            Check(Axis.Linear(values, random.Next(1, 10), fromZero: true), values.Where(double.IsFinite));
            Check(Axis.Linear(values, random.Next(1, 10), exact: true), values.Where(double.IsFinite));
            Check(Axis.Logarithmic(values), values.Where(static value => value > 1e-200 && double.IsFinite(value)));
            double center = random.NextDouble();
            double[] close = [center, center + (random.NextDouble() * Math.Pow(10, -random.Next(20)))];
            Check(Axis.Linear(close, 5), close);
        }

        static void Check(Axis axis, IEnumerable<double> values)
        {
            Assert.InRange(axis.Ticks.Count, 0, 25);
            Assert.Equal(axis.Ticks.Select(static tick => tick.Label).Distinct(), axis.Ticks.Select(static tick => tick.Label));
            Assert.All(values.Where(static value => Math.Abs(value) <= 1e200), value => Assert.True(axis.Shows(value), $"{value}"));
            Assert.All(axis.Ticks, tick => Assert.InRange(axis.Share(tick.Value), -1e-9, 1 + 1e-9));
        }
    }

    [Fact]
    public void WhatIsNotFinite_IsNotShown()
    {
        Axis axis = Axis.Linear([double.NaN, 1, double.PositiveInfinity, 2], 5);
        Assert.Equal((0, 1), (axis.Share(1), axis.Share(2)));
        Assert.False(axis.Shows(double.NaN));
        Assert.False(axis.Shows(double.PositiveInfinity));
        Assert.False(axis.Shows(2.1));
        Assert.False(Axis.Logarithmic([1, 10]).Shows(0));
        Assert.Equal(0.5, Axis.Logarithmic([1, 100]).Share(10), 12);
    }
}
