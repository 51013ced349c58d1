namespace Mlp.Runtime.Tests.Records;

public class NativeArrayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public void Values_AreWritten_AndGoneOnceFreed(int length)
    {
        NativeArray<double> values = new(length);
        Assert.Equal(length, values.Span.Length);
        values.Span.Fill(3);
        Assert.DoesNotContain(0, values.Span.ToArray());
        values.Dispose();
        Assert.True(values.Span.IsEmpty);
        values.Dispose();
    }
}
