using Mlp.Testing;

namespace Mlp.Runtime.Tests.Numerics;

public class VectorWidthTests
{
    [Theory]
    [InlineData(256, true, true, 512)]
    [InlineData(256, true, false, 256)]
    public void Width_IsTheFasterOne_WhereDotNetPrefersTheNarrowerOfTwo(int preferred, bool has512, bool wider, int expected) =>
        Assert.Equal(expected, VectorWidth.Choose(preferred, has512, () => wider));

    [Theory]
    [InlineData(512, true)]
    [InlineData(256, false)]
    [InlineData(128, true)]
    [InlineData(128, false)]
    public void Width_IsThePreferredOne_AndNothingIsMeasured_Otherwise(int preferred, bool has512) =>
        Assert.Equal(preferred, VectorWidth.Choose(preferred, has512, static () => throw new InvalidOperationException("Measured.")));

    [Fact]
    public void Trial_MeasuresBothWidths_AndAllocatesNothing()
    {
        long narrow = 0, wide = 0;
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            narrow = WidthTrial.Time<Vec256>();
            wide = WidthTrial.Time<Vec512>();
            WidthTrial.WiderIsFaster();
        }));
        Assert.InRange(narrow, 1, long.MaxValue - 1);
        Assert.InRange(wide, 1, long.MaxValue - 1);
    }
}
