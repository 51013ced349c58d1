using static Mlp.Runtime.Tests.Numerics.VectorAssert;

namespace Mlp.Runtime.Tests.Numerics;

public class VectorMathTests
{
    [Fact]
    public void Functions_GiveTheSameBitsAtEveryWidth()
    {
        AssertWidthsAgree<ExpFunction>();
        AssertWidthsAgree<Expm1Function>();
        AssertWidthsAgree<LogFunction>();
        AssertWidthsAgree<TanhFunction>();
        AssertWidthsAgree<SigmoidFunction>();
        AssertWidthsAgree<SoftplusFunction>();
        AssertWidthsAgree<ErfFunction>();
        AssertWidthsAgree<LogCoshFunction>();
    }

    [Fact]
    public void Functions_AreMonotone_BetweenNeighbours()
    {
        AssertMonotone<ExpFunction>(-104, 89);
        AssertMonotone<Expm1Function>(-26, 89);
        AssertMonotone<LogFunction>(0, 1e30f);
        AssertMonotone<TanhFunction>(-10, 10);
        AssertMonotone<SigmoidFunction>(-104, 20);
        AssertMonotone<SoftplusFunction>(-104, 31);
        AssertMonotone<ErfFunction>(-4, 4);
        AssertMonotone<LogCoshFunction>(0, 21);
    }

    [Fact]
    public void Exp_IsExactAtTheEdges() => AssertEdges<ExpFunction>(
        (float.NegativeInfinity, 0f),
        (float.PositiveInfinity, float.PositiveInfinity),
        (float.MinValue, 0f),
        (float.MaxValue, float.PositiveInfinity),
        (0f, 1f),
        (-0f, 1f),
        (-103.9f, float.Epsilon),
        (-104f, 0f));

    [Fact]
    public void Log_IsExactAtTheEdges() => AssertEdges<LogFunction>(
        (0f, float.NegativeInfinity),
        (-0f, float.NegativeInfinity),
        (1f, 0f),
        (-1f, float.NaN),
        (-float.Epsilon, float.NaN),
        (float.NegativeInfinity, float.NaN),
        (float.PositiveInfinity, float.PositiveInfinity));

    [Fact]
    public void Tanh_IsExactAtTheEdges() => AssertEdges<TanhFunction>(
        (0f, 0f),
        (-0f, -0f),
        (float.Epsilon, float.Epsilon),
        (-float.Epsilon, -float.Epsilon),
        (20f, 1f),
        (float.PositiveInfinity, 1f),
        (float.NegativeInfinity, -1f));

    [Fact]
    public void Sigmoid_IsExactAtTheEdges() => AssertEdges<SigmoidFunction>(
        (0f, 0.5f),
        (200f, 1f),
        (-200f, 0f),
        (-103f, 1.40129846e-45f),
        (float.PositiveInfinity, 1f),
        (float.NegativeInfinity, 0f));

    [Fact]
    public void Softplus_IsExactAtTheEdges() => AssertEdges<SoftplusFunction>(
        (200f, 200f),
        (-200f, 0f),
        (float.MaxValue, float.MaxValue),
        (float.PositiveInfinity, float.PositiveInfinity),
        (float.NegativeInfinity, 0f));

    [Fact]
    public void Expm1_IsExactAtTheEdges() => AssertEdges<Expm1Function>(
        (0f, 0f),
        (-0f, -0f),
        (float.Epsilon, float.Epsilon),
        (-float.Epsilon, -float.Epsilon),
        (-200f, -1f),
        (200f, float.PositiveInfinity),
        (float.PositiveInfinity, float.PositiveInfinity),
        (float.NegativeInfinity, -1f));

    [Fact]
    public void Erf_IsExactAtTheEdges() => AssertEdges<ErfFunction>(
        (0f, 0f),
        (-0f, -0f),
        (4f, 1f),
        (200f, 1f),
        (float.PositiveInfinity, 1f),
        (float.NegativeInfinity, -1f));

    [Fact]
    public void LogCosh_IsExactAtTheEdges() => AssertEdges<LogCoshFunction>(
        (0f, 0f),
        (-0f, 0f),
        (float.Epsilon, 0f),
        (float.MaxValue, float.MaxValue),
        (float.PositiveInfinity, float.PositiveInfinity),
        (float.NegativeInfinity, float.PositiveInfinity));

    [Theory]
    [InlineData(0x7FC00000u)]
    [InlineData(0xFFC00000u)]
    [InlineData(0x7FC00001u)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0xFF800001u)]
    public void NaN_IsNeverSwallowed(uint bits)
    {
        float nan = BitConverter.UInt32BitsToSingle(bits);
        Assert.True(float.IsNaN(VectorFunctions.Apply<ExpFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<LogFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<TanhFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<SigmoidFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<SoftplusFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<Expm1Function>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<ErfFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<LogCoshFunction>(nan)));
    }
}
