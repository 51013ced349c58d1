namespace Mlp.Runtime.Tests.Numerics;

public class RowVectorTests
{
    private const int Group = 24;

    [Fact]
    public void LoadRows_And_StoreRows_TakeEightRowsOfEachGroup()
    {
        Check<Vec256>();
        Check<Vec512>();

        static void Check<V>() where V : struct, IRowVector<V>
        {
            float[] groups = [.. Enumerable.Range(1, 2 * Group)];
            float[] copies = new float[groups.Length];

            V.StoreRows(V.LoadRows(in groups[0], 8, Group), ref copies[0], 8, Group);

            Assert.Equal(groups.Select((value, i) => i / Group < V.Count / 8 && i % Group / 8 == 1 ? value : 0), copies);
        }
    }

    [Fact]
    public void LoadRows_OfSixteen_HasTheFirstGroupInItsLowerLanes()
    {
        float[] groups = [.. Enumerable.Range(1, 2 * Group)];
        float[] lanes = new float[16];

        Vec512.Store(Vec512.LoadRows(in groups[0], 0, Group), ref lanes[0]);

        Assert.Equal([.. groups.Take(8), .. groups.Skip(Group).Take(8)], lanes);
    }

    [Fact]
    public void StoreFirst_WritesTheFirstLanesOnly()
    {
        Check<Vec256>();
        Check<Vec512>();

        static void Check<V>() where V : struct, IRowVector<V>
        {
            float[] source = [.. Enumerable.Range(1, 16)];
            for (int count = 1; count <= V.Count; count++)
            {
                float[] destination = new float[17];
                V.StoreFirst(V.Load(in source[0]), ref destination[0], count);
                Assert.Equal(Enumerable.Range(0, 17).Select(i => i < count ? source[i] : 0), destination);
            }
        }
    }

    [Fact]
    public void FirstLanes_IsAMaskOfTheFirstLanes()
    {
        Check<Vec256>();
        Check<Vec512>();

        static void Check<V>() where V : struct, IRowVector<V>
        {
            for (int count = 0; count <= V.Count; count++)
            {
                float[] lanes = new float[V.Count];
                V.Store(V.Create(3) & V.FirstLanes(count), ref lanes[0]);
                Assert.Equal(Enumerable.Range(0, V.Count).Select(i => i < count ? 3f : 0f), lanes);
            }
        }
    }

    [Fact]
    public void AddProduct_WithAParameter_RoundsOnce()
    {
        Check<Vec256>();
        Check<Vec512>();

        static void Check<V>() where V : struct, IRowVector<V>
        {
            const float Value = 1.0000004f;
            float[] parameters = [7, 8, Value];
            float[] lanes = new float[V.Count];

            V.Store(V.AddProduct(V.Create(-1), V.Create(Value), in parameters[0], 2), ref lanes[0]);

            float product = Value * Value;
            Assert.NotEqual(product - 1, lanes[0]);
            Assert.All(lanes, lane => Assert.Equal(float.FusedMultiplyAdd(Value, Value, -1), lane));
        }
    }
}
