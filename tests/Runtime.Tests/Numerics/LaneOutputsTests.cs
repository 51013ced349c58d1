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
