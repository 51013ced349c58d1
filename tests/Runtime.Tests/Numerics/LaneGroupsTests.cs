namespace Mlp.Runtime.Tests.Numerics;

public class LaneGroupsTests
{
    private const float Untouched = -1f;

    [Fact]
    public void FromRows_MakesAColumnAVector_AndRepeatsTheLastRow()
    {
        ForEachShape((rows, columns) =>
        {
            int groups = (rows + 7) / 8;
            int stride = (8 * columns) + 8;
            float[] lanes = [.. Enumerable.Repeat(Untouched, groups * stride)];
            LaneGroups.FromRows(in Numbers(rows * columns)[0], (nuint)columns, (nuint)rows, ref lanes[0], (nuint)stride);

            for (int i = 0; i < lanes.Length; i++)
            {
                (int group, int place) = Math.DivRem(i, stride);
                (int column, int lane) = Math.DivRem(place, 8);
                int row = Math.Min((8 * group) + lane, rows - 1);
                Assert.Equal(column == columns ? Untouched : (row * columns) + column, lanes[i]);
            }
        });
    }

    [Fact]
    public void ToRows_IsTheOppositeOfFromRows_AndWritesNothingBehindTheLastRow()
    {
        ForEachShape((rows, columns) =>
        {
            int stride = (8 * columns) + 8;
            float[] lanes = new float[(rows + 7) / 8 * stride];
            float[] numbers = Numbers(rows * columns);
            LaneGroups.FromRows(in numbers[0], (nuint)columns, (nuint)rows, ref lanes[0], (nuint)stride);
            float[] back = [.. Enumerable.Repeat(Untouched, numbers.Length + 64)];
            LaneGroups.ToRows(in lanes[0], (nuint)columns, (nuint)rows, ref back[0], (nuint)stride);

            Assert.Equal(numbers, back[..numbers.Length]);
            Assert.All(back[numbers.Length..], static value => Assert.Equal(Untouched, value));
        });
    }

    private static void ForEachShape(Action<int, int> check)
    {
        foreach (int rows in (int[])[1, 2, 7, 8, 9, 16, 21])
        {
            for (int columns = 1; columns <= 19; columns++)
            {
                check(rows, columns);
            }
        }
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(static i => (float)i)];
}
