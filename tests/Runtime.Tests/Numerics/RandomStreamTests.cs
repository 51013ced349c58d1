namespace Mlp.Runtime.Tests.Numerics;

public class RandomStreamTests
{
    private const int Count = 200_000;

    [Fact]
    public void Streams_ThatDifferInAnyLabel_ShareNothing()
    {
        HashSet<(uint, uint, uint, uint)> blocks = [];
        int streams = 0;
        foreach (int seed in (int[])[0, 1, -1, int.MinValue])
        {
            foreach (RandomPurpose purpose in Enum.GetValues<RandomPurpose>())
            {
                foreach (long a in (long[])[0, 1, 2, (1L << 28) - 1])
                {
                    foreach (long b in (long[])[0, 1, 1L << 32, -1])
                    {
                        streams++;
                        blocks.Add(new RandomStream(seed, purpose, a, b).Block(0));
                        blocks.Add(new RandomStream(seed, purpose, a, b).Block(1));
                    }
                }
            }
        }

        Assert.Equal(2 * streams, blocks.Count);
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(1L << 28)]
    public void Labels_OutOfRange_AreRefused(long a) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(0, RandomPurpose.Data, a));

    [Fact]
    public void UInt32_ReadsTheWordsInOrder()
    {
        RandomStream stream = new(7, RandomPurpose.Data, 3, 9);
        (uint, uint, uint, uint) block = stream.Block(5);
        Assert.Equal(block, (stream.UInt32(20), stream.UInt32(21), stream.UInt32(22), stream.UInt32(23)));
    }

    [Fact]
    public void Single_And_Double_AreUniform()
    {
        RandomStream stream = new(1, RandomPurpose.Data);
        double sum = 0;
        double squares = 0;
        for (ulong i = 0; i < Count; i++)
        {
            float single = stream.Single(i);
            double value = stream.Double(i);
            Assert.InRange(single, 0f, MathF.BitDecrement(1f));
            Assert.InRange(value, 0.0, Math.BitDecrement(1.0));
            sum += single + value;
            squares += value * value;
        }

        Assert.InRange(sum / (2 * Count), 0.497, 0.503);
        Assert.InRange(squares / Count, 0.330, 0.337);
    }

    [Fact]
    public void Normal_HasTheMomentsOfItsDistribution()
    {
        RandomStream stream = new(1, RandomPurpose.Data);
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        double neighbours = 0;
        for (ulong i = 0; i < Count; i++)
        {
            double value = stream.Normal(i);
            sum += value;
            squares += value * value;
            fourth += value * value * value * value;
            neighbours += value * stream.Normal(i ^ 1);
        }

        Assert.InRange(sum / Count, -0.01, 0.01);
        Assert.InRange(squares / Count, 0.98, 1.02);
        Assert.InRange(fourth / Count, 2.9, 3.1);
        Assert.InRange(neighbours / Count, -0.015, 0.015);
    }

    [Fact]
    public void Below_MeetsEveryValueEquallyOften()
    {
        RandomStream stream = new(2, RandomPurpose.Data);
        int[] counts = new int[7];
        for (ulong i = 0; i < 70_000; i++)
        {
            counts[stream.Below(counts.Length, i)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Below(0, 0));
    }

    [Fact]
    public void Shuffle_KeepsEveryItemOnce_AndDependsOnTheLabels()
    {
        int[] first = Shuffled(0);
        int[] second = Shuffled(1);
        Assert.Equal(first, Shuffled(0));
        Assert.NotEqual(first, second);
        Assert.Equal(Enumerable.Range(0, 1000), first.Order());
        Assert.InRange(first.Zip(Enumerable.Range(0, 1000)).Count(pair => pair.First == pair.Second), 0, 10);

        static int[] Shuffled(long epoch)
        {
            int[] items = [.. Enumerable.Range(0, 1000)];
            new RandomStream(5, RandomPurpose.Shuffle, epoch).Shuffle(items);
            return items;
        }
    }
}
