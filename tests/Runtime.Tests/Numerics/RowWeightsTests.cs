namespace Mlp.Runtime.Tests.Numerics;

public class RowWeightsTests
{
    [Fact]
    public void OfClasses_IsTheCanonicalSumOfProducts()
    {
        for (int columns = 1; columns <= 33; columns++)
        {
            Rows targets = Rows.Random(1, columns, columns, seed: 1);
            float[] row = [.. targets.Row(0).Select(target => (float)target)];
            float[] weights = [.. Enumerable.Range(0, columns).Select(c => 0.3f * c)];

            Assert.Equal(NormalizationReference.SumOfProducts(weights.Zip(row)), RowWeights.OfClasses(row, weights));
        }
    }

    [Fact]
    public void OfClasses_OfAnotherNumber_AreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>("classWeights", () => RowWeights.OfClasses([1, 0], [1, 2, 3]));

    [Fact]
    public void Scale_MultipliesEveryRow_AndClearsThoseOfWeightZero()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes())
        {
            Rows deltas = new(rows, units, stride, (m, o) => m == 0 ? double.NegativeInfinity : m - o);
            Rows before = deltas.Copy();
            float[] weights = [.. Enumerable.Range(0, rows).Select(m => 0.1f * m)];

            RowWeights.Scale(ref deltas.Origin, (nuint)rows, (nuint)stride, weights);

            deltas.AssertSame((m, o) => m == 0 ? 0 : before[m, o] * weights[m]);
        }
    }

    [Fact]
    public void ScaleLanes_MultipliesEveryLane_AndClearsThoseOfWeightZeroAndThoseBeyond()
    {
        float[] weights = [.. Enumerable.Range(0, 20).Select(m => m % 8 == 5 ? 0 : 0.1f * m)];
        for (int count = 1; count <= 8; count++)
        {
            float[] deltas = [.. Enumerable.Range(0, 24).Select(i => i % 8 < count && i % 8 != 1 ? 1f + i : float.NaN)];

            RowWeights.ScaleLanes(ref deltas[0], 3, weights.AsSpan(0, 12 + count), row: 12, count);

            Assert.Equal(Enumerable.Range(0, 24).Select(i => i % 8 < count ? (1f + i) * weights[12 + (i % 8)] : 0), deltas);
        }
    }

    [Fact]
    public void ClearRows_ClearsThoseOfWeightZero_InEveryBuffer()
    {
        // Buffers of 3 and of 2 floats a row with room for 4 rows, and one behind them; the weights are of rows 1 to 3.
        float[] buffers = [.. Enumerable.Repeat(float.NaN, (4 * 5) + 4)];

        RowWeights.ClearRows(ref buffers[0], 4, 1, [0, 2, 0], [0, 3, 5]);

        Assert.Equal([3, 4, 5, 9, 10, 11, 14, 15, 18, 19], Enumerable.Range(0, buffers.Length).Where(i => buffers[i] == 0));
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => RowWeights.ClearRows(ref buffers[0], 4, 2, [0, 2, 0], [0, 3, 5]));
    }

    [Fact]
    public void ClearLanes_ClearsThoseOfWeightZero()
    {
        float[] weights = [1, 0, 1, 0, 0, 3];
        float[] values = [.. Enumerable.Range(0, 24).Select(i => i % 8 is 0 or 3 ? 1f + i : float.NaN)];
        float[] before = [.. values];

        RowWeights.ClearLanes(ref values[0], 16, [1, 1, 1, 1, 1], row: 1, count: 4);
        Assert.Equal(before, values);

        // Rows 2 to 5, of which 3 and 4 count for nothing.
        RowWeights.ClearLanes(ref values[0], 16, weights, row: 2, count: 4);
        Assert.Equal([1, 0, 0, 4], values[..4]);
        Assert.Equal([9, 0, 0, 12], values[8..12]);
        Assert.Equal(before[16..], values[16..]);
    }
}
