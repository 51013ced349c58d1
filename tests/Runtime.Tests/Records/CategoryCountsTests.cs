namespace Mlp.Runtime.Tests.Records;

public class CategoryCountsTests
{
    [Theory]
    [InlineData(10, 1, "b B a c")]
    [InlineData(10, 2, "b B a")]
    [InlineData(2, 1, "b B")]
    [InlineData(10, 9, "")]
    public void MostFrequent_ComeFirst_EquallyFrequentOnesInOrdinalOrder(int most, int minimumCount, string expected)
    {
        CategoryCounts<string> counts = new(StringComparer.Ordinal);
        int[] numbers = [.. "a b c b B b a B".Split(' ').Select(text => counts.Add(text, out _))];
        (string[] values, int[] slots) = counts.MostFrequent(most, minimumCount);

        Assert.Equal([1, 2, 3, 2, 4, 2, 1, 4], numbers);
        Assert.Equal(expected, string.Join(' ', values));
        Assert.Equal(0, slots[0]);
        Assert.All("abcB", letter => Assert.Equal(Array.IndexOf(values, $"{letter}") + 1, slots[counts.Add($"{letter}", out _)]));
    }

    [Fact]
    public void Integers_OfEqualCounts_AreInNumericOrder_AndClassesHaveLabelsFrom0()
    {
        CategoryCounts<long> counts = new(Comparer<long>.Default);
        foreach (long value in (long[])[10, 9, -1, long.MinValue])
        {
            counts.Add(value, out bool isNew);
            Assert.True(isNew);
        }

        Assert.Equal([long.MinValue, -1, 9, 10], counts.MostFrequent(9, 1).Values);
        (long[] values, int[] labels) = counts.InOrder();
        Assert.Equal([long.MinValue, -1, 9, 10], values);
        Assert.Equal([3, 2, 1, 0], labels[1..]);
    }
}
