using static Mlp.Runtime.Tests.Numerics.VectorAssert;

namespace Mlp.Runtime.Tests.Numerics;

public class ActivationTests
{
    // Half a unit in the last place of a number just above a power of two.
    private const double HalfUlp = 1.0 / (1 << 24);

    // Results that are denormal, or made from a denormal, have fewer digits.
    private const double Denormal = 3e-45;

    [Fact]
    public void PiecewiseLinearUnits_AreExact()
    {
        AssertUlps<ReluFunction>(0);
        AssertUlps<LeakyReluFunction>(0.5);
        AssertUlps<StepFunction>(0);
        AssertUlps<SignFunction>(0);
        AssertUlps<ClampFunction>(0);
        AssertClose<HardSigmoidFunction>(3 * HalfUlp, HalfUlp / 4);
        AssertClose<HardSwishFunction>(4 * HalfUlp, HalfUlp / 2);
        AssertClose<HardSwishSlopeFunction>(3 * HalfUlp, HalfUlp);
    }

    [Fact]
    public void ExponentialUnits_HaveSmallRelativeErrors()
    {
        AssertUlps<EluFunction>(1.5);
        AssertUlps<SeluFunction>(2.5);
        AssertUlps<SoftsignFunction>(1.5);
    }

    [Fact]
    public void GatedUnits_HaveSmallRelativeErrors_InTheTailToo()
    {
        AssertClose<SiluFunction>(6 * HalfUlp, Denormal);
        AssertClose<MishFunction>(8 * HalfUlp, Denormal);
        AssertClose<GeluFunction>(10 * HalfUlp, Denormal);

        // The gate's argument is rounded, up to 104·2⁻²⁴.
        AssertClose<GeluTanhFunction>(250 * HalfUlp, Denormal);
    }

    [Fact]
    public void Slopes_AreRight()
    {
        AssertClose<SiluSlopeFunction>(4 * HalfUlp, 4 * HalfUlp);
        AssertClose<MishSlopeFunction>(6 * HalfUlp, 4 * HalfUlp);
        AssertClose<GeluSlopeFunction>(6 * HalfUlp, 4 * HalfUlp);
        AssertClose<GeluTanhSlopeFunction>(6 * HalfUlp, 6 * HalfUlp);
    }

    [Fact]
    public void LogSoftplus_AndItsSlope_AreRight_WhereSoftplusUnderflowsAndOverflows()
    {
        AssertClose<LogSoftplusFunction>(2 * HalfUlp, 4 * HalfUlp);
        AssertUlps<SoftplusLogSlopeFunction>(4);
    }

    [Fact]
    public void Activations_GiveTheSameBitsAtEveryWidth()
    {
        AssertWidthsAgree<ReluFunction>();
        AssertWidthsAgree<LeakyReluFunction>();
        AssertWidthsAgree<EluFunction>();
        AssertWidthsAgree<SeluFunction>();
        AssertWidthsAgree<GeluFunction>();
        AssertWidthsAgree<GeluSlopeFunction>();
        AssertWidthsAgree<GeluTanhFunction>();
        AssertWidthsAgree<GeluTanhSlopeFunction>();
        AssertWidthsAgree<SiluFunction>();
        AssertWidthsAgree<SiluSlopeFunction>();
        AssertWidthsAgree<MishFunction>();
        AssertWidthsAgree<MishSlopeFunction>();
        AssertWidthsAgree<SoftsignFunction>();
        AssertWidthsAgree<HardSigmoidFunction>();
        AssertWidthsAgree<HardSwishFunction>();
        AssertWidthsAgree<HardSwishSlopeFunction>();
        AssertWidthsAgree<StepFunction>();
        AssertWidthsAgree<SignFunction>();
        AssertWidthsAgree<ClampFunction>();
        AssertWidthsAgree<LogSoftplusFunction>();
        AssertWidthsAgree<SoftplusLogSlopeFunction>();
    }

    [Theory]
    [InlineData(0x7FC00000u)]
    [InlineData(0xFFC00000u)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0xFF800001u)]
    public void NaN_IsNeverSwallowed(uint bits)
    {
        float nan = BitConverter.UInt32BitsToSingle(bits);
        Assert.True(float.IsNaN(VectorFunctions.Apply<ReluFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<LeakyReluFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<EluFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<SeluFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<GeluFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<GeluSlopeFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<GeluTanhFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<GeluTanhSlopeFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<SiluFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<SiluSlopeFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<MishFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<MishSlopeFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<SoftsignFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<HardSigmoidFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<HardSwishFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<HardSwishSlopeFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<StepFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<SignFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<ClampFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<LogSoftplusFunction>(nan)));
        Assert.True(float.IsNaN(VectorFunctions.Apply<SoftplusLogSlopeFunction>(nan)));
    }
}
