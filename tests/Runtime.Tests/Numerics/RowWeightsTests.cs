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
    public void Scale_MultipliesEveryRow()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes())
        {
            Rows deltas = Rows.Random(rows, units, stride, seed: 2);
            Rows before = deltas.Copy();
            float[] weights = [.. Enumerable.Range(0, rows).Select(m => 0.1f * m)];

            RowWeights.Scale(ref deltas.Origin, (nuint)rows, (nuint)stride, weights);

            deltas.AssertSame((m, o) => before[m, o] * weights[m]);
        }
    }

    [Fact]
    public void ScaleLanes_MultipliesEveryLane_AndClearsThoseBeyond()
    {
        float[] weights = [.. Enumerable.Range(0, 20).Select(m => 0.1f * m)];
        for (int count = 1; count <= 8; count++)
        {
            float[] deltas = [.. Enumerable.Range(0, 24).Select(i => i % 8 < count ? 1f + i : float.NaN)];

            RowWeights.ScaleLanes(ref deltas[0], 3, weights.AsSpan(0, 12 + count), row: 12, count);

            Assert.Equal(Enumerable.Range(0, 24).Select(i => i % 8 < count ? (1f + i) * weights[12 + (i % 8)] : 0), deltas);
        }
    }
}
