namespace Mlp.Runtime.Tests.Encoders;

public class EncodeTests
{
    [Fact]
    public void SignedLog_IsOdd_AndAsExactAsADouble()
    {
        foreach (double x in (double[])[0, 5e-324, 1e-300, 1e-20, 1e-9, 0.1, 0.5, 1, Math.E - 1, 7, 1e6, 1e15, 1e200, double.MaxValue])
        {
            // ln(1 + x) as 2·atanh(x / (2 + x)) where x is small.
            double expected = x < 0.5 ? LogOfOnePlus(x) : Math.Log(x) + LogOfOnePlus(1 / x);
            Assert.True(Math.Abs(Encode.SignedLog(x) - expected) <= 4 * Math.BitIncrement(expected) - (4 * expected), $"{x}: {Encode.SignedLog(x):R}, and not {expected:R}.");
            Assert.Equal(-Encode.SignedLog(x), Encode.SignedLog(-x));
        }

        Assert.True(double.IsNaN(Encode.SignedLog(double.NaN)));

        static double LogOfOnePlus(double x)
        {
            double s = x / (2 + x);
            double sum = 0;
            for (int odd = 61; odd >= 1; odd -= 2)
            {
                sum = (sum * s * s) + (1.0 / odd);
            }

            return 2 * s * sum;
        }
    }

    [Theory]
    [InlineData(-9, 0, 0, 0)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0.5, 0.25, 0, 0)]
    [InlineData(1.999, 0.9995, 0, 0)]
    [InlineData(2, 1, 1, 0)] // The bin from 2 to 2 is a step.
    [InlineData(4, 1, 1, 0.5)]
    [InlineData(6, 1, 1, 1)]
    [InlineData(9, 1, 1, 1)]
    public void PiecewiseLinear_GrowsFromBinToBin(double x, float first, float second, float third)
    {
        float[] inputs = [7, 7, 7, 7];
        Encode.PiecewiseLinear(x, [0, 2, 2, 6], ref inputs[0]);
        Assert.Equal([first, second, third, 7], inputs);
    }

    [Fact]
    public void OneHot_WritesItsSlotsAlone()
    {
        float[] inputs = [7, 7, 7, 7];
        Encode.OneHot(1, 3, ref inputs[0]);
        Assert.Equal([0, 1, 0, 7], inputs);
        Encode.OneHot(RecordReading.NoMember, 3, ref inputs[0]);
        Assert.Equal([0, 0, 0, 7], inputs);
    }

    [Fact]
    public void Cycles_AreThoseOfTheCalendar()
    {
        for (DateTime time = new(1999, 12, 20, 3, 25, 45, 500); time.Year < 2002; time = time.AddHours(31))
        {
            int monday = ((int)time.DayOfWeek + 6) % 7;
            AssertPhase(time.TimeOfDay.TotalDays, Encode.Hour, time.Ticks);
            AssertPhase(monday / 7.0, Encode.DayOfWeek, time.Ticks);
            AssertPhase((time.DayOfYear - 1) / 365.25, Encode.DayOfYear, time.Ticks);
        }

        foreach (Cycle cycle in (Cycle[])[Encode.Hour, Encode.DayOfWeek, Encode.DayOfYear])
        {
            float[] inputs = [7, 7, 7];
            cycle(RecordReading.NoInstant, ref inputs[0]);
            Assert.Equal([0, 0, 7], inputs);
        }

        static void AssertPhase(double phase, Cycle cycle, long ticks)
        {
            float[] inputs = new float[2];
            cycle(ticks, ref inputs[0]);
            Assert.Equal(Math.Sin(2 * Math.PI * phase), inputs[0], 1e-6);
            Assert.Equal(Math.Cos(2 * Math.PI * phase), inputs[1], 1e-6);
        }
    }

    private delegate void Cycle(long ticks, ref float first);
}
