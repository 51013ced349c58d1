namespace Mlp.Runtime.Tests.Metrics;

public class ScoreOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(1000)]
    [InlineData(20000)]
    public void Rows_AreOrderedByFallingScore(int count)
    {
        Random random = new(count);
        Func<float>[] draws =
        [
            () => random.NextSingle(),
            () => random.Next(7) / 8f,
            () => (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-38, 38)),
            () => BitConverter.Int32BitsToSingle(random.Next() & ~0x7F80_0000),
            () => random.Next(3) switch { 0 => float.PositiveInfinity, 1 => float.NegativeInfinity, _ => -0f },
        ];
        foreach (Func<float> draw in draws)
        {
            float[] scores = [.. Enumerable.Range(0, count).Select(_ => draw())];
            int[] rows = [.. Enumerable.Range(0, count)];

            new ScoreOrder(scores).Sort(rows);

            Assert.Equal(Enumerable.Range(0, count), rows.Order());
            Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(scores[pair.First] >= scores[pair.Second]));
        }
    }
}
