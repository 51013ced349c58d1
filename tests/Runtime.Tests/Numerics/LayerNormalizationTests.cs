namespace Mlp.Runtime.Tests.Numerics;

public class LayerNormalizationTests
{
    private const float Epsilon = 1e-5f;

    [Fact]
    public void Forward_AgreesWithDoublePrecision_AndClearsThePadding()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes())
        {
            Rows sums = Rows.Random(rows, units, stride, seed: 1, centre: 3);
            Rows before = sums.Copy();
            float[] reciprocals = new float[rows];

            Forward(sums, rows, units, stride, reciprocals);

            double[][] expected = [.. Enumerable.Range(0, rows).Select(m => NormalizationReference.Forward(before.Row(m), Epsilon))];
            sums.AssertWritten((m, o) => expected[m][o], 2e-4);
            for (int m = 0; m < rows; m++)
            {
                double reciprocal = 1 / Math.Sqrt(NormalizationReference.Statistics(before.Row(m)).Variance + Epsilon);
                Assert.Equal(1, reciprocals[m] / reciprocal, 1e-3);
            }
        }
    }

    [Fact]
    public void Backward_AgreesWithCentralDifferences()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes().Where(shape => shape.Rows < 10))
        {
            Rows sums = Rows.Random(rows, units, stride, seed: 2);
            Rows deltas = Rows.Random(rows, units, stride, seed: 3);
            double[][] expected = [.. Enumerable.Range(0, rows).Select(m => NormalizationReference.Backward(sums.Row(m), deltas.Row(m), 0.01))];
            float[] reciprocals = new float[rows];
            Forward(sums, rows, units, stride, reciprocals, 0.01f);
            Rows normalized = new(rows, units, stride, (m, o) => sums[m, o]);

            LayerNormalization.Backward(
                ref deltas.Origin, in normalized.Origin, (nuint)rows, (nuint)units, (nuint)stride, in reciprocals[0]);

            deltas.AssertWritten((m, o) => expected[m][o], 2e-4);
        }
    }

    [Fact]
    public void EverySum_HasTheStatedOrder()
    {
        foreach ((int rows, int units, int stride) in Rows.Shapes().Where(shape => shape.Rows == 9))
        {
            Rows sums = Rows.Random(rows, units, stride, seed: 4, centre: 1);
            Rows deltas = Rows.Random(rows, units, stride, seed: 5);
            float[] reciprocals = new float[rows];
            float[] normalized = new float[rows * units];
            float[] results = new float[rows * units];
            for (int m = 0; m < rows; m++)
            {
                float[] z = [.. sums.Row(m).Select(value => (float)value)];
                float[] d = [.. deltas.Row(m).Select(value => (float)value)];
                float mean = z[0] + (NormalizationReference.Sum(z.Select(value => value - z[0])) / units);
                float variance = NormalizationReference.SumOfProducts(z.Select(value => (value - mean, value - mean))) / units;
                float reciprocal = 1f / MathF.Sqrt(variance + Epsilon);
                float[] n = [.. z.Select(value => (value - mean) * reciprocal)];
                float meanDelta = NormalizationReference.Sum(d) / units;
                float meanProduct = NormalizationReference.SumOfProducts(d.Zip(n)) / units;
                n.CopyTo(normalized, m * units);
                d.Select((value, o) => MathF.FusedMultiplyAdd(-n[o], meanProduct, value - meanDelta) * reciprocal).ToArray().CopyTo(results, m * units);
            }

            Forward(sums, rows, units, stride, reciprocals);
            sums.AssertSame((m, o) => normalized[(m * units) + o]);

            LayerNormalization.Backward(ref deltas.Origin, in sums.Origin, (nuint)rows, (nuint)units, (nuint)stride, in reciprocals[0]);
            deltas.AssertSame((m, o) => results[(m * units) + o]);
        }
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(1234.567f)]
    [InlineData(-9.87654e7f)]
    [InlineData(1e20f)]
    public void EqualValues_BecomeZeros_HoweverLarge(float value)
    {
        Rows sums = new(3, 11, 16, (_, _) => value);
        float[] reciprocals = new float[3];

        Forward(sums, 3, 11, 16, reciprocals);

        sums.AssertWritten((_, _) => 0, 0);
        Assert.All(reciprocals, reciprocal => Assert.Equal(1f / MathF.Sqrt(Epsilon), reciprocal));
    }

    [Fact]
    public void NaN_MakesItsRowNaN_AndNoOther()
    {
        Rows sums = new(3, 9, 16, (m, o) => m == 1 && o == 8 ? double.NaN : o);

        Forward(sums, 3, 9, 16, new float[3]);

        Assert.All(sums.Row(1), value => Assert.Equal(double.NaN, value));
        Assert.All(sums.Row(0).Concat(sums.Row(2)), value => Assert.True(double.IsFinite(value)));
    }

    /// <summary>1/√∞ would be 0, and the row zeros that nobody notices.</summary>
    [Fact]
    public void AVarianceThatOverflows_MakesItsRowNaN_AndNoOther()
    {
        Rows sums = new(3, 9, 16, (m, o) => m == 1 ? (o % 2 == 0 ? 3e30 : -3e30) : o);

        Forward(sums, 3, 9, 16, new float[3]);

        Assert.All(sums.Row(1), value => Assert.Equal(double.NaN, value));
        Assert.All(sums.Row(0).Concat(sums.Row(2)), value => Assert.True(double.IsFinite(value)));
    }

    private static void Forward(Rows sums, int rows, int units, int stride, float[] reciprocals, float epsilon = Epsilon) =>
        LayerNormalization.Forward(ref sums.Origin, (nuint)rows, (nuint)units, (nuint)stride, epsilon, ref reciprocals[0]);
}
