namespace Mlp.Runtime.Tests.Numerics;

public class CanonicalSumTests
{
    [Fact]
    public void Fold_AddsInTheStatedOrder()
    {
        RandomStream random = new(1, RandomPurpose.Data);
        for (ulong i = 0; i < 10_000; i++)
        {
            float[] p = Values(random, i * 8, 8);
            Assert.Equal(Fold(p), CanonicalSum.Fold(Vec256.Load(in p[0])));
        }
    }

    [Fact]
    public void Sum_IsEightPartialSumsAndTheFold()
    {
        RandomStream random = new(2, RandomPurpose.Data);
        for (int count = 0; count < 100; count++)
        {
            float[] values = Values(random, (ulong)count * 100, count);
            float[] partials = new float[8];
            double[] wide = new double[8];
            for (int i = 0; i < count; i++)
            {
                partials[i % 8] += values[i];
                wide[i % 8] += values[i];
            }

            double sum = ((wide[0] + wide[4]) + (wide[2] + wide[6])) + ((wide[1] + wide[5]) + (wide[3] + wide[7]));
            Assert.Equal(Fold(partials), CanonicalSum.Sum(values));
            Assert.Equal(sum, CanonicalSum.Sum(values.Select(value => (double)value).ToArray()));
            Assert.Equal(sum / count, CanonicalSum.Mean(values));
            Assert.Equal(CanonicalSum.Sum(values.Select(value => (double)value * value).ToArray()), CanonicalSum.OfSquares(values));
        }
    }

    /// <summary>Sums of doubles show their order where sizes are very different: beside 10³⁰ the 1 would be lost.</summary>
    [Fact]
    public void Mean_AddsTheLastRowsToTheirOwnPartialSums() =>
        Assert.Equal(1.0 / 11, CanonicalSum.Mean([.. new float[8], 1e30f, 1, -1e30f]));

    [Fact]
    public void Sum_OfNothing_IsZero_AndItsMeanIsNaN()
    {
        Assert.Equal(0f, CanonicalSum.Sum(ReadOnlySpan<float>.Empty));
        Assert.Equal(0.0, CanonicalSum.Sum(ReadOnlySpan<double>.Empty));
        Assert.True(double.IsNaN(CanonicalSum.Mean([])));
        Assert.Equal(0.0, CanonicalSum.OfSquares([]));
    }

    [Fact]
    public void SumOfSquares_NeitherOverflowsNorUnderflows()
    {
        Assert.Equal(100 * (double)float.MaxValue * float.MaxValue, CanonicalSum.OfSquares([.. Enumerable.Repeat(float.MaxValue, 100)]), 1e64);
        Assert.Equal((double)float.Epsilon * float.Epsilon, CanonicalSum.OfSquares([0, float.Epsilon]));
        Assert.True(double.IsNaN(CanonicalSum.OfSquares([.. new float[9], float.NaN])));
    }

    private static float Fold(float[] p) => ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]));

    private static float[] Values(RandomStream random, ulong index, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (float)Math.Exp(20 * random.Double(index + (ulong)i)) - 1e5f)];
}
