namespace Mlp.Runtime.Tests.Numerics;

public class PReluSlopeTests
{
    [Fact]
    public void Gradient_AgreesWithDoublePrecision_AndHasTheStatedOrder()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes())
        {
            Rows deltas = Rows.Random(rows, units, stride, seed: 1);
            Rows sums = Rows.Random(rows, units, stride, seed: 2);
            (float[] D, float[] Z)[] pairs =
                [.. Enumerable.Range(0, rows).Select(m => (deltas.Row(m).Select(d => (float)d).ToArray(), sums.Row(m).Select(z => (float)z).ToArray()))];

            float gradient = Gradient(deltas, sums, rows, units, stride);

            Assert.Equal(pairs.Sum(pair => pair.D.Zip(pair.Z, (d, z) => (double)d * Math.Min(z, 0)).Sum()), gradient, 1e-4);
            Assert.Equal(
                NormalizationReference.Sum(pairs.Select(pair => NormalizationReference.SumOfProducts(pair.D.Zip(pair.Z.Select(z => Math.Min(z, 0)))))),
                gradient);
        }
    }

    [Fact]
    public void NaN_Stays() =>
        Assert.Equal(float.NaN, Gradient(new Rows(2, 3, 8, (_, _) => 1), new Rows(2, 3, 8, (m, o) => m == 1 && o == 2 ? double.NaN : 1), 2, 3, 8));

    private static float Gradient(Rows deltas, Rows sums, int rows, int units, int stride) =>
        PReluSlope.Gradient(in deltas.Origin, in sums.Origin, (nuint)rows, (nuint)units, (nuint)stride);
}
