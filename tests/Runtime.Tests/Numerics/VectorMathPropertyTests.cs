namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Identities between the functions, symmetries, and what saturated units are.</summary>
public class VectorMathPropertyTests
{
    private static readonly float[] Arguments = VectorFunctions.BitPatterns(3, 20011);

    private static readonly float[] Extremes =
    [
        0f, float.Epsilon, 1e-40f, 1.17549435e-38f, 1e-30f, 1e-8f, 50f, 200f, 1e4f, 1e20f, float.MaxValue, float.PositiveInfinity,
    ];

    [Fact]
    public void Tanh_IsTwiceTheSigmoidOfTwiceTheArgument_LessOne()
    {
        foreach (float z in Arguments.Where(z => Math.Abs(z) < 100))
        {
            Assert.Equal((2 * VectorFunctions.Apply<SigmoidFunction>(2 * z)) - 1, VectorFunctions.Apply<TanhFunction>(z), 2.5e-7f);
        }
    }

    [Fact]
    public void OddFunctions_ChangeTheSignOnly()
    {
        AssertSymmetry<TanhFunction>(-1);
        AssertSymmetry<ErfFunction>(-1);
        AssertSymmetry<SoftsignFunction>(-1);
        AssertSymmetry<SignFunction>(-1);
    }

    [Fact]
    public void EvenFunctions_IgnoreTheSign() => AssertSymmetry<LogCoshFunction>(1);

    [Fact]
    public void ComplementaryFunctions_AddUp()
    {
        foreach (float z in Arguments.Where(float.IsFinite))
        {
            AssertSum<SigmoidFunction>(z, 1);
            AssertSum<GeluSlopeFunction>(z, 1);
            AssertSum<GeluTanhSlopeFunction>(z, 1);
            AssertSum<SiluSlopeFunction>(z, 1);
            Assert.Equal(Math.Abs(z), VectorFunctions.Apply<SoftplusFunction>(Math.Abs(z)) - VectorFunctions.Apply<SoftplusFunction>(-Math.Abs(z)), Math.Max(1e-6f, Math.Abs(z) * 2.4e-7f));
        }
    }

    [Fact]
    public void Saturation_GivesTheLimits()
    {
        // At −200, where all that vanishes has vanished; at −50, where it has not; at 50 and at 200.
        AssertSaturation<ExpFunction>(0, 1.9287498479639178e-22, 5.184705528587072e21, double.PositiveInfinity);
        AssertSaturation<Expm1Function>(-1, -1, 5.184705528587072e21, double.PositiveInfinity);
        AssertSaturation<TanhFunction>(-1, -1, 1, 1);
        AssertSaturation<ErfFunction>(-1, -1, 1, 1);
        AssertSaturation<SigmoidFunction>(0, 1.9287498479639178e-22, 1, 1);
        AssertSaturation<SoftplusFunction>(0, 1.9287498479639178e-22, 50, 200);
        AssertSaturation<LogSoftplusFunction>(-200, -50, Math.Log(50), Math.Log(200));
        AssertSaturation<SoftplusLogSlopeFunction>(1, 1, 0.02, 0.005);
        AssertSaturation<LogCoshFunction>(200 - Math.Log(2), 50 - Math.Log(2), 50 - Math.Log(2), 200 - Math.Log(2));
        AssertSaturation<EluFunction>(-0.5, -0.5, 50, 200);
        AssertSaturation<SeluFunction>(-1.7580993408473766, -1.7580993408473766, 52.535049367774026, 210.1401974710961);
        AssertSaturation<GeluFunction>(0, 0, 50, 200);
        AssertSaturation<GeluSlopeFunction>(0, 0, 1, 1);
        AssertSaturation<GeluTanhFunction>(0, 0, 50, 200);
        AssertSaturation<GeluTanhSlopeFunction>(0, 0, 1, 1);
        AssertSaturation<SiluFunction>(0, -9.643749239819589e-21, 50, 200);
        AssertSaturation<SiluSlopeFunction>(0, -9.450874255023197e-21, 1, 1);
        AssertSaturation<MishFunction>(0, -9.643749239819589e-21, 50, 200);
        AssertSaturation<MishSlopeFunction>(0, -9.450874255023197e-21, 1, 1);
        AssertSaturation<SoftsignFunction>(-200.0 / 201, -50.0 / 51, 50.0 / 51, 200.0 / 201);
        AssertSaturation<HardSigmoidFunction>(0, 0, 1, 1);
        AssertSaturation<HardSwishFunction>(0, 0, 50, 200);
        AssertSaturation<HardSwishSlopeFunction>(0, 0, 1, 1);
    }

    [Fact]
    public void Extremes_GiveNoNaN_AndNothingInfinite_WhereTheUnitIsFinite()
    {
        AssertExtremes<TanhFunction>();
        AssertExtremes<ErfFunction>();
        AssertExtremes<SigmoidFunction>();
        AssertExtremes<SoftplusFunction>();
        AssertExtremes<LogSoftplusFunction>();
        AssertExtremes<SoftplusLogSlopeFunction>();
        AssertExtremes<LogCoshFunction>();
        AssertExtremes<Expm1Function>();
        AssertExtremes<EluFunction>();
        AssertExtremes<SeluFunction>();
        AssertExtremes<GeluFunction>();
        AssertExtremes<GeluSlopeFunction>();
        AssertExtremes<GeluTanhFunction>();
        AssertExtremes<GeluTanhSlopeFunction>();
        AssertExtremes<SiluFunction>();
        AssertExtremes<SiluSlopeFunction>();
        AssertExtremes<MishFunction>();
        AssertExtremes<MishSlopeFunction>();
        AssertExtremes<SoftsignFunction>();
        AssertExtremes<HardSigmoidFunction>();
        AssertExtremes<HardSwishFunction>();
        AssertExtremes<HardSwishSlopeFunction>();
    }

    [Fact]
    public void UnitsThatVanishAtZero_AreProportionalToTinyArguments()
    {
        foreach (float z in (float[])[float.Epsilon, 1e-40f, 1e-38f, 1e-20f])
        {
            foreach (float x in (float[])[z, -z])
            {
                Assert.Equal(x, VectorFunctions.Apply<TanhFunction>(x));
                Assert.Equal(x, VectorFunctions.Apply<Expm1Function>(x));
                Assert.Equal(x, VectorFunctions.Apply<SoftsignFunction>(x));
                AssertHalf(0.5 * x, VectorFunctions.Apply<GeluFunction>(x));
                AssertHalf(0.5 * x, VectorFunctions.Apply<SiluFunction>(x));
                AssertHalf(0.6 * x, VectorFunctions.Apply<MishFunction>(x));
            }
        }
    }

    private static void AssertHalf(double expected, float actual) =>
        Assert.Equal(expected, actual, (Math.Abs(expected) * 3e-7) + float.Epsilon);

    private static void AssertSymmetry<F>(float factor) where F : struct, IVectorFunction
    {
        foreach (float z in Arguments.Where(z => !float.IsNaN(z)).Concat(Extremes))
        {
            Assert.Equal(factor * VectorFunctions.Apply<F>(z), VectorFunctions.Apply<F>(-z));
        }
    }

    private static void AssertSum<F>(float z, float sum) where F : struct, IVectorFunction =>
        Assert.Equal(sum, VectorFunctions.Apply<F>(z) + VectorFunctions.Apply<F>(-z), 2.4e-7f);

    private static void AssertSaturation<F>(double atMinus200, double atMinus50, double at50, double at200) where F : struct, IVectorFunction
    {
        Assert.InRange(Ulps.Error(VectorFunctions.Apply<F>(-200f), atMinus200), 0, 4);
        Assert.InRange(Ulps.Error(VectorFunctions.Apply<F>(-50f), atMinus50), 0, 4);
        Assert.InRange(Ulps.Error(VectorFunctions.Apply<F>(50f), at50), 0, 4);
        Assert.InRange(Ulps.Error(VectorFunctions.Apply<F>(200f), at200), 0, 4);
    }

    private static void AssertExtremes<F>() where F : struct, IVectorFunction
    {
        foreach (float extreme in Extremes)
        {
            foreach (float z in (float[])[extreme, -extreme])
            {
                float expected = (float)F.Reference(z);
                float actual = VectorFunctions.Apply<F>(z);
                Assert.Equal(expected, actual, Math.Abs(expected) < float.MaxValue ? (Math.Abs(expected) * 5e-7f) + float.Epsilon : 0);
            }
        }
    }
}
