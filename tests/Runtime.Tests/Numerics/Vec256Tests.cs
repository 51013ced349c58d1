namespace Mlp.Runtime.Tests.Numerics;

public class Vec256Tests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Gather_And_Scatter_WalkAColumn(int stride)
    {
        float[] source = [.. Enumerable.Range(1, (7 * stride) + 1)];
        Vec256 column = Vec256.Gather(in source[0], (nuint)stride);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => source[i * stride]), Lanes(column));

        float[] destination = new float[source.Length];
        Vec256.Scatter(column, ref destination[0], (nuint)stride);
        Assert.Equal(source.Select((value, i) => i % stride == 0 ? value : 0), destination);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void GatherFirst_And_ScatterFirst_TouchTheFirstRowsOnly(int stride)
    {
        for (int count = 1; count <= 8; count++)
        {
            float[] source = [.. Enumerable.Range(1, 30)];
            Vec256 column = Vec256.GatherFirst(in source[0], (nuint)stride, count);
            Assert.Equal(Enumerable.Range(0, 8).Select(i => source[Math.Min(i, count - 1) * stride]), Lanes(column));

            float[] destination = new float[source.Length];
            Vec256.ScatterFirst(column, ref destination[0], (nuint)stride, count);
            Assert.Equal(source.Select((value, i) => i % stride == 0 && i / stride < count ? value : 0), destination);
        }
    }

    private static float[] Lanes(Vec256 vector)
    {
        float[] lanes = new float[8];
        Vec256.Store(vector, ref lanes[0]);
        return lanes;
    }
}
