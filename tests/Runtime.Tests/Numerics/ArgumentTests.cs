namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Lengths and spans that would reach foreign memory are refused, and nothing is changed.</summary>
public class ArgumentTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(-32)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Buffers_OfNoPossibleLength_AreRefused(int length)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(length));
        Scratch.Borrow(100) = 1;
        Scratch.BorrowForWeights(100) = 2;

        Assert.Throws<ArgumentOutOfRangeException>(() => { Scratch.Borrow(length) = 3; });
        Assert.Throws<ArgumentOutOfRangeException>(() => { Scratch.BorrowForWeights(length) = 3; });
        Assert.Equal(1, Scratch.Borrow(100));
        Assert.Equal(2, Scratch.BorrowForWeights(100));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 9)]
    [InlineData(9, 8)]
    [InlineData(17, 1)]
    [InlineData(1L << 32, 8)]
    public void ScaleLanes_OfRowsWithoutWeights_Throws(long row, int count)
    {
        float[] deltas = [.. Enumerable.Range(1, 16).Select(static i => (float)i)];
        float[] weights = new float[16];

        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => RowWeights.ScaleLanes(ref deltas[0], 2, weights, (nuint)row, count));
        Assert.Equal(Enumerable.Range(1, 16).Select(static i => (float)i), deltas);
    }

    [Fact]
    public void Scale_OfMoreRowsThanWeights_Throws()
    {
        float[] deltas = [1, 2, 3, 4];

        Assert.Throws<ArgumentOutOfRangeException>(() => RowWeights.Scale(ref deltas[0], rows: 2, stride: 2, [0]));
        Assert.Equal([1, 2, 3, 4], deltas);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void SoftTargets_WithAnotherNumberOfClassWeights_Throw(int weights)
    {
        float[] targets = [1, 0, 0, 1];
        float[] results = [7, 7, 7, 7];

        Assert.Throws<ArgumentOutOfRangeException>(
            () => SoftTargets.Compute(ref targets[0], rows: 2, columns: 2, 0.1f, classes: 2, new float[weights], ref results[0]));
        Assert.Equal([7, 7, 7, 7], results);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Moments_ThatTheOptimizerDoesNotKeep_AreRefused(int number) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => { new OptimizerState(typeof(Adam), storeSize: 16, perParameter: 2).Moments(number) = 1; });
}
