namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Sums over the outputs of a row, where a lane is a row: those of straight-line networks.</summary>
public class LaneOutputsTests
{
    private const int Rows = 16;

    /// <summary>Term i goes into partial sum i mod 8; then the fold, without the partial sums that have no term.</summary>
    [Fact]
    public void Losses_AreSummedInTheCanonicalOrder_ForAnyNumberOfOutputs() => Assert.All(Enumerable.Range(1, 64), static outputs =>
    {
        // Large and small summands: a sum in another order is another float.
        float[] terms = [.. Enumerable.Range(0, Rows * outputs).Select(static i => MathF.Pow(10, (i * 7 % 5) - 2) * (1 + (i * 37 % 101 / 103f)))];
        float[] expected = [.. Enumerable.Range(0, Rows).Select(row => Canonical(terms.AsSpan(row * outputs, outputs)) / outputs)];

        Assert.Equal(expected, MeanAbsoluteErrors<Vec256>(terms, outputs));
        Assert.Equal(expected, MeanAbsoluteErrors<Vec512>(terms, outputs));
    });

    [Fact]
    public void Canonical_IsNotJustAnyOrder()
    {
        float[] terms = [1e8f, 1f, -1e8f, 1f];

        Assert.Equal(2f, Canonical(terms));
        Assert.NotEqual(2f, terms.Aggregate(static (sum, term) => sum + term));
    }

    /// <summary>y − t would be 0 where y rounds to 1.</summary>
    [Theory]
    [InlineData(20, 1)]
    [InlineData(40, 1)]
    [InlineData(-20, 0)]
    public void TheDeltaOfBinaryCrossEntropy_KeepsItsDigits_WhereTheOutputSaturates(float z, float t)
    {
        Vec256 delta = Losses.BCEOfSigmoid.Delta(Vec256.Create(z), VectorMath.Sigmoid(Vec256.Create(z)), Vec256.Create(t), Vec256.Create(1f), new LossSettings());

        double expected = (t == 1 ? -1 : 1) / (1 + Math.Exp(Math.Abs(z)));
        Assert.Equal(1, CanonicalSum.Fold(delta & Vec256.FirstLanes(1)) / expected, 1e-6);
    }

    /// <summary>Where all are far below 0, the 0 behind the last one is no largest value.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    public void Softmax_OfVeryNegativeRows_IsFinite(int count)
    {
        float[] z = new float[16], outputs = new float[count];
        for (int o = 0; o < count; o++)
        {
            z[o] = -300 - o;
        }

        OutputOperands values = new() { PreActivations = ref z[0], Stride = 16, Outputs = ref outputs[0], Count = (nuint)count };
        RowOutputs.Softmax(values, 1);

        double sum = Enumerable.Range(0, count).Sum(static o => Math.Exp(-o));
        Assert.All(outputs.Select(static (y, o) => (y, o)), output => Assert.Equal(Math.Exp(-output.o) / sum, output.y, 1e-6));
    }

    private static float[] MeanAbsoluteErrors<V>(float[] terms, int outputs) where V : struct, IRowVector<V>
    {
        // Outputs minus targets of 0 are the terms of the mean absolute error.
        int group = 8 * 3 * outputs;
        AlignedBuffer values = new(Rows / 8 * group);
        for (int row = 0; row < Rows; row++)
        {
            for (int o = 0; o < outputs; o++)
            {
                values.Span[(row / 8 * group) + (8 * o) + (row % 8)] = terms[(row * outputs) + o];
            }
        }

        LaneOutputPlaces places = new(
            PreActivations: 0, Outputs: 0, (nuint)outputs, (nuint)group, Targets: (nuint)(8 * outputs), Terms: (nuint)(16 * outputs));
        float[] losses = new float[Rows];
        LaneOutputs.Losses<V, Losses.MAE>(ref values.Origin, places, new LossSettings(), ref losses[0], Rows);
        return losses;
    }

    private static float Canonical(ReadOnlySpan<float> terms)
    {
        float?[] p = new float?[8];
        for (int i = 0; i < terms.Length; i++)
        {
            p[i % 8] = Add(p[i % 8], terms[i]);
        }

        return Add(Add(Add(p[0], p[4]), Add(p[2], p[6])), Add(Add(p[1], p[5]), Add(p[3], p[7])))!.Value;

        static float? Add(float? left, float? right) => left is null ? right : right is null ? left : left + right;
    }
}
