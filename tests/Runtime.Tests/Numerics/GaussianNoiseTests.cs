using System.Runtime.InteropServices;

namespace Mlp.Runtime.Tests.Numerics;

public class GaussianNoiseTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 7)]
    [InlineData(3, 100)]
    public void Fill_IsStandardNormal(int seed, int units)
    {
        const int Count = 400_000;
        float[] noise = Fill(Count / units, units, units, seed, 2, 3, 1f);
        double mean = noise.Average(x => (double)x);
        double variance = noise.Average(x => (x - mean) * (x - mean));
        double skewness = noise.Average(x => Math.Pow(x - mean, 3));
        double kurtosis = noise.Average(x => Math.Pow(x - mean, 4));

        // Five standard errors each.
        double error = 5 / Math.Sqrt(noise.Length);
        Assert.InRange(mean, -error, error);
        Assert.InRange(variance, 1 - (error * Math.Sqrt(2)), 1 + (error * Math.Sqrt(2)));
        Assert.InRange(skewness, -error * Math.Sqrt(15), error * Math.Sqrt(15));
        Assert.InRange(kurtosis, 3 - (error * Math.Sqrt(96)), 3 + (error * Math.Sqrt(96)));

        // The chance of more than 2/√n between the distribution functions is 0.0007 (Kolmogorov and Smirnov).
        Array.Sort(noise);
        double distance = 0;
        for (int i = 0; i < noise.Length; i++)
        {
            double expected = ReferenceMath.NormalDistribution(noise[i]);
            distance = Math.Max(distance, Math.Max(expected - ((double)i / noise.Length), ((double)(i + 1) / noise.Length) - expected));
        }

        Assert.InRange(distance, 0, 2 / Math.Sqrt(noise.Length));
    }

    [Fact]
    public void Fill_HasTails()
    {
        const int Count = 4_000_000;
        float[] noise = Fill(Count / 1000, 1000, 1000, 5, 0, 0, 1f);
        foreach (double limit in (double[])[2, 3, 4, 4.5])
        {
            double expected = 2 * Count * ReferenceMath.NormalDistribution(-limit);
            Assert.InRange(noise.Count(x => Math.Abs(x) > limit), expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        }

        Assert.InRange(noise.Max(Math.Abs), 4.9f, 6.7f);
    }

    [Fact]
    public void Fill_IsUncorrelated_BetweenNeighbours_AndWithinPairs()
    {
        const int Count = 400_000;
        float[] noise = Fill(1, Count, Count, 9, 1, 1, 1f);
        foreach (int lag in (int[])[1, 2, 4, 8, 16])
        {
            double sum = 0;
            double sumOfSquares = 0;
            for (int i = lag; i < Count; i++)
            {
                sum += noise[i] * (double)noise[i - lag];
                sumOfSquares += ((noise[i] * (double)noise[i]) - 1) * ((noise[i - lag] * (double)noise[i - lag]) - 1);
            }

            Assert.InRange(sum / Math.Sqrt(Count), -5, 5);
            Assert.InRange(sumOfSquares / (2 * Math.Sqrt(Count)), -5, 5);
        }
    }

    [Fact]
    public void Fill_IsBoxAndMullersMethod_InDoublePrecision()
    {
        float[] noise = Fill(1, 16_000, 16_000, 4, 7, 11, 2f);
        RandomStream stream = new(4, RandomPurpose.Noise, 7, 11);
        for (int i = 0; i < noise.Length; i++)
        {
            int lane = i % 8;
            int group = i / 16 * 16;
            double u = ((stream.UInt32((ulong)(group + lane)) >> 1) + 0.5) / (1L << 31);
            double angle = 2 * Math.PI * stream.UInt32((ulong)(group + 8 + lane)) / (1L << 32);
            double expected = 2 * Math.Sqrt(-2 * Math.Log(u)) * (i % 16 < 8 ? Math.Cos(angle) : Math.Sin(angle));

            // The probability is rounded to single precision, which counts where it is near 1 and the radius near 0.
            Assert.Equal(expected, noise[i], 2e-6 + (2e-7 / Math.Max(1e-3, -Math.Log(u))));
        }
    }

    [Fact]
    public void Fill_DependsOnTheIndexAlone_NotOnTheStrideOrTheBatch()
    {
        float[] dense = Fill(11, 13, 13, 1, 2, 3, 0.4f);
        float[] padded = Fill(11, 13, 24, 1, 2, 3, 0.4f);
        for (int m = 0; m < 11; m++)
        {
            Assert.Equal(dense.AsSpan(m * 13, 13), padded.AsSpan(m * 24, 13));
            Assert.Equal(new float[24 - 13], padded.AsSpan((m * 24) + 13, 24 - 13));
        }

        // The same index, m·units + o, has the same number; a smaller batch is a part of a larger one.
        Assert.Equal(dense, Fill(1, 11 * 13, 11 * 13, 1, 2, 3, 0.4f));
        Assert.Equal(dense, Fill(11 * 13, 1, 1, 1, 2, 3, 0.4f));
        Assert.Equal(dense[..(4 * 13)], Fill(4, 13, 13, 1, 2, 3, 0.4f));
    }

    [Fact]
    public void Fill_DependsOnSeedLayerAndStep()
    {
        float[] noise = Fill(8, 32, 32, 1, 2, 3, 0.5f);
        Assert.Equal(noise, Fill(8, 32, 32, 1, 2, 3, 0.5f));
        Assert.NotEqual(noise, Fill(8, 32, 32, 2, 2, 3, 0.5f));
        Assert.NotEqual(noise, Fill(8, 32, 32, 1, 3, 3, 0.5f));
        Assert.NotEqual(noise, Fill(8, 32, 32, 1, 2, 4, 0.5f));
    }

    [Fact]
    public void Fill_SharesNoWordsWithDropout()
    {
        RandomStream noise = new(1, RandomPurpose.Noise, 2, 3);
        RandomStream dropout = new(1, RandomPurpose.Dropout, 2, 3);
        int equal = 0;
        for (ulong i = 0; i < 100_000; i++)
        {
            equal += noise.UInt32(i) == dropout.UInt32(i) ? 1 : 0;
        }

        Assert.InRange(equal, 0, 2);
    }

    [Fact]
    public void Fill_IsOff_BeforeTheFirstStep_AndWithoutDeviation()
    {
        Assert.All(Fill(9, 5, 8, 1, 2, -1, 0.5f), x => Assert.Equal(0f, x));
        Assert.All(Fill(9, 5, 8, 1, 2, 3, 0f), x => Assert.Equal(0f, x));
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Fill_RefusesDeviationsOutOfRange(float deviation) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Fill(1, 1, 1, 1, 2, 3, deviation));

    [Fact]
    public void Fill_GivesTheStoredBits() => Assert.Equal(
        "6092b378471d9f22",
        StoredBitsTests.Hash(MemoryMarshal.AsBytes(Fill(40, 333, 333, 42, 1, 1L << 33, 0.1f).AsSpan())));

    [Fact]
    public void Add_AddsInPlaceToo()
    {
        float[] values = [1, 2, 3, 4, 5, 6, 7, 8];
        float[] noise = [0.5f, -0.5f, 0.25f, 0, 1, 1, 1, -8];
        GaussianNoise.Add(in values[0], in noise[0], ref values[0], 8);
        Assert.Equal([1.5f, 1.5f, 3.25f, 4, 6, 7, 8, 0], values);
    }

    private static float[] Fill(int rows, int units, int stride, int seed, int layer, long step, float deviation)
    {
        float[] noise = new float[rows * stride];
        Array.Fill(noise, float.NaN);
        GaussianNoise.Fill(ref noise[0], start: 0, (nuint)rows, (nuint)units, (nuint)stride, seed, layer, step, deviation);
        return noise;
    }
}
