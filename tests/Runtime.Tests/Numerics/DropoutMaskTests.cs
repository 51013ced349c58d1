namespace Mlp.Runtime.Tests.Numerics;

public class DropoutMaskTests
{
    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Fill_KeepsTheRate_AndTheMean(float rate)
    {
        float[] mask = Fill(400, 250, 250, 1, 2, 3, rate);
        float scale = 1f / (1f - rate);
        Assert.All(mask, factor => Assert.True(factor == 0f || factor == scale));
        Assert.InRange(mask.Count(factor => factor == 0f) / (double)mask.Length, rate - 0.006, rate + 0.006);
    }

    [Fact]
    public void Fill_WithRateZero_KeepsAll() => Assert.All(Fill(9, 5, 5, 1, 2, 3, 0f), factor => Assert.Equal(1f, factor));

    [Fact]
    public void Fill_DependsOnTheIndexAlone_NotOnTheStride()
    {
        float[] dense = Fill(11, 13, 13, 1, 2, 3, 0.4f);
        float[] padded = Fill(11, 13, 24, 1, 2, 3, 0.4f);
        for (int m = 0; m < 11; m++)
        {
            Assert.Equal(dense.AsSpan(m * 13, 13), padded.AsSpan(m * 24, 13));
            Assert.Equal(new float[24 - 13], padded.AsSpan((m * 24) + 13, 24 - 13));
        }

        // The same index, m·units + o, gives the same factor.
        Assert.Equal(dense, Fill(1, 11 * 13, 11 * 13, 1, 2, 3, 0.4f));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(37)]
    [InlineData(300)]
    public void Fill_ReadsOneWordAUnit(int units)
    {
        const float Rate = 0.25f;
        const uint Threshold = 1u << 30;
        RandomStream stream = new(-5, RandomPurpose.Dropout, 2, 1L << 33);
        float[] mask = Fill(5, units, units, -5, 2, 1L << 33, Rate);
        for (int i = 0; i < mask.Length; i++)
        {
            Assert.Equal(stream.UInt32((ulong)i) < Threshold ? 0f : 1f / (1f - Rate), mask[i]);
        }
    }

    [Fact]
    public void Fill_DependsOnSeedLayerAndStep()
    {
        float[] mask = Fill(8, 32, 32, 1, 2, 3, 0.5f);
        Assert.Equal(mask, Fill(8, 32, 32, 1, 2, 3, 0.5f));
        Assert.NotEqual(mask, Fill(8, 32, 32, 2, 2, 3, 0.5f));
        Assert.NotEqual(mask, Fill(8, 32, 32, 1, 3, 3, 0.5f));
        Assert.NotEqual(mask, Fill(8, 32, 32, 1, 2, 4, 0.5f));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    public void Fill_RefusesRatesOutOfRange(float rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Fill(1, 1, 1, 1, 2, 3, rate));

    private static float[] Fill(int rows, int units, int stride, int seed, int layer, long step, float rate)
    {
        float[] mask = new float[rows * stride];
        Array.Fill(mask, float.NaN);
        DropoutMask.Fill(ref mask[0], start: 0, (nuint)rows, (nuint)units, (nuint)stride, seed, layer, step, rate);
        return mask;
    }
}
