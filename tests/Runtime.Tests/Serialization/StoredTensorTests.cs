namespace Mlp.Runtime.Tests.Serialization;

/// <summary>Where a tensor of a file lies in a network: rows, or their transpose, with padding between.</summary>
public class StoredTensorTests
{
    private const int Offset = 3;
    private const float Untouched = -1;

    [Theory]
    [InlineData(new[] { 5, 7 }, new[] { 8, 1 })]
    [InlineData(new[] { 5, 7 }, new[] { 1, 8 })]
    [InlineData(new[] { 9, 21 }, new[] { 1, 16 })]
    [InlineData(new[] { 1, 7 }, new[] { 1, 1 })]
    [InlineData(new[] { 7, 1 }, new[] { 1, 8 })]
    [InlineData(new[] { 7, 1 }, new[] { 8, 1 })]
    [InlineData(new[] { 6 }, new[] { 1 })]
    public void ElementsThatAreWrittenTogether_LieWhereEachWouldLieAlone(int[] shape, int[] strides)
    {
        int length = shape.Aggregate(static (rows, columns) => rows * columns);
        float[] elements = [.. Enumerable.Range(0, length).Select(static i => i + 0.5f)];
        int row = shape[^1];
        float[] alone = Written((tensor, i) => tensor[i] = elements[i], step: 1);

        Assert.Equal(alone, Written((tensor, first) => tensor.Write(first, elements), step: length));
        Assert.Equal(alone, Written((tensor, first) => tensor.Write(first, elements.AsSpan(first, row)), step: row));
        Assert.Equal(alone, Written((tensor, first) => tensor.Write(first, elements.AsSpan(first, Math.Min(2, row - (first % row)))), step: 1));

        float[] Written(Action<StoredTensor, int> write, int step)
        {
            float[] values = new float[Offset + 400];
            Array.Fill(values, Untouched);
            StoredTensor tensor = new(() => values, "Layer1", "weight", shape, Offset, strides);
            for (int first = 0; first < length; first += step)
            {
                write(tensor, first);
            }

            return values;
        }
    }
}
