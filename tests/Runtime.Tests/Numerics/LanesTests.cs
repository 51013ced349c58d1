namespace Mlp.Runtime.Tests.Numerics;

public class LanesTests
{
    private static readonly float[] Values = [3, float.NaN, -0f, 0f, 5, float.NegativeInfinity, -7, 1e-40f];

    [Fact]
    public void LoadFirst_AndStoreFirst_TouchOnlyTheFirstFloats()
    {
        for (int count = 1; count < 8; count++)
        {
            float[] whole = new float[8];
            Vec256.Store(Lanes.LoadFirst(in Values[..count][0], count), ref whole[0]);
            Assert.Equal([.. Values[..count], .. new float[8 - count]], whole);

            float[] destination = [.. Enumerable.Repeat(99f, 8)];
            Lanes.StoreFirst(Vec256.Load(in Values[0]), ref destination[0], count);
            Assert.Equal([.. Values[..count], .. Enumerable.Repeat(99f, 8 - count)], destination);
        }
    }

    [Fact]
    public void Broadcast_TakesOneLane()
    {
        for (int lane = 0; lane < 8; lane++)
        {
            float[] lanes = new float[8];
            Vec256.Store(Lanes.Broadcast(Vec256.Load(in Values[0]), lane), ref lanes[0]);
            Assert.All(lanes, value => Assert.Equal(Values[lane], value));
        }
    }

    [Fact]
    public void Partials_WithoutTerms_ChangeNotEvenTheSignOfAZero()
    {
        for (int terms = 1; terms <= 9; terms++)
        {
            float[] lanes = new float[8];
            Vec256.Store(Lanes.Partials(2.5f, terms), ref lanes[0]);
            Assert.Equal(2.5f, lanes[0]);
            for (int lane = 1; lane < 8; lane++)
            {
                Assert.Equal(0f, lanes[lane]);
                Assert.Equal(lane >= terms, float.IsNegative(lanes[lane]));
            }
        }
    }

    [Fact]
    public void Fold_OfSeveralVectors_IsThatOfEach()
    {
        Random random = new(1);
        Vec256[] vectors = [.. Enumerable.Range(0, 8).Select(_ => Random8(random))];
        float[] expected = [.. vectors.Select(CanonicalSum.Fold)];
        float[] four = new float[8];
        Vec256.Store(Lanes.Fold(vectors[0], vectors[1], vectors[2], vectors[3]), ref four[0]);
        float[] eight = new float[8];
        Vec256.Store(Lanes.Fold(vectors[0], vectors[1], vectors[2], vectors[3], vectors[4], vectors[5], vectors[6], vectors[7]), ref eight[0]);

        Assert.Equal([.. expected[..4], 0, 0, 0, 0], four);
        Assert.Equal(expected, eight);
    }

    [Fact]
    public void Limits_KeepNaN_AndTheSignsOfZeros()
    {
        Check<Vec128>();
        Check<Vec256>();
        Check<Vec512>();
    }

    private static void Check<V>() where V : struct, IVector<V>
    {
        foreach (float value in Values)
        {
            foreach (float limit in (float[])[0f, -0f, 2, -2])
            {
                AssertBits(limit < value ? limit : value, V.AtMost(V.Create(value), V.Create(limit)));
                AssertBits(limit > value ? limit : value, V.AtLeast(V.Create(value), V.Create(limit)));
            }

            AssertBits(value <= 0 ? 0f : value, V.Clear(V.LessThanOrEqual(V.Create(value), V.Zero), V.Create(value)));
        }
    }

    private static void AssertBits<V>(float expected, V actual) where V : struct, IVector<V>
    {
        float[] lanes = new float[V.Count];
        V.Store(actual, ref lanes[0]);
        Assert.All(lanes, lane => Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(lane)));
    }

    private static Vec256 Random8(Random random)
    {
        float[] values = [.. Enumerable.Range(0, 8).Select(_ => random.NextSingle() - 0.5f)];
        return Vec256.Load(in values[0]);
    }
}
