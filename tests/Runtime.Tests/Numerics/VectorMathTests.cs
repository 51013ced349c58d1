using Mlp.Numerics;

namespace Mlp.Runtime.Tests.Numerics;

public class VectorMathTests
{
    // A prime, so that all mantissas and exponents are met.
    private const uint Stride = 2003;

    [Fact]
    public void Exp_IsWithinOneUlp() => AssertUlps<ExpFunction>(1.0);

    [Fact]
    public void Log_IsWithinOneUlp() => AssertUlps<LogFunction>(1.0);

    [Fact]
    public void Tanh_IsWithinOneAndAHalfUlps() => AssertUlps<TanhFunction>(1.5);

    [Fact]
    public void Sigmoid_IsWithinThreeUlps() => AssertUlps<SigmoidFunction>(3.0);

    [Fact]
    public void Softplus_IsWithinThreeUlps() => AssertUlps<SoftplusFunction>(3.0);

    [Fact]
    public void Relu_IsExact() => AssertUlps<ReluFunction>(0.0);

    [Fact]
    public void Functions_GiveTheSameBitsAtEveryWidth()
    {
        AssertWidthsAgree<ExpFunction>();
        AssertWidthsAgree<LogFunction>();
        AssertWidthsAgree<TanhFunction>();
        AssertWidthsAgree<SigmoidFunction>();
        AssertWidthsAgree<SoftplusFunction>();
        AssertWidthsAgree<ReluFunction>();
    }

    [Fact]
    public void Functions_AreMonotone_UpToTheirErrors()
    {
        AssertNearlyMonotone<ExpFunction>(-104, 89, 1);
        AssertNearlyMonotone<LogFunction>(0, 1e30f, 1);
        AssertNearlyMonotone<TanhFunction>(-10, 10, 1);
        AssertNearlyMonotone<SigmoidFunction>(-104, 20, 2);
        AssertNearlyMonotone<SoftplusFunction>(-104, 20, 3);
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
    public void Relu_IsExactAtTheEdges() => AssertEdges<ReluFunction>(
        (-0f, 0f),
        (float.NegativeInfinity, 0f),
        (float.PositiveInfinity, float.PositiveInfinity));

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
        Assert.True(float.IsNaN(VectorFunctions.Apply<ReluFunction>(nan)));
    }

    private static void AssertUlps<F>(double limit) where F : struct, IVectorFunction
    {
        float[] inputs = VectorFunctions.BitPatterns(0, Stride);
        float[] outputs = new float[inputs.Length];
        VectorFunctions.Apply<F, Vec256>(inputs, outputs);

        (double worst, float where) = Ulps.Worst<F>(inputs, outputs);
        Assert.True(worst <= limit, $"{worst:F3} ulps at {where:R}");
    }

    private static void AssertEdges<F>(params ReadOnlySpan<(float X, float Expected)> edges) where F : struct, IVectorFunction
    {
        foreach ((float x, float expected) in edges)
        {
            AssertBits(expected, VectorFunctions.Apply<F>(x));
        }
    }

    private static void AssertWidthsAgree<F>() where F : struct, IVectorFunction
    {
        float[] inputs = VectorFunctions.BitPatterns(5, 40009);
        float[] narrow = new float[inputs.Length];
        float[] middle = new float[inputs.Length];
        float[] wide = new float[inputs.Length];
        VectorFunctions.Apply<F, Vec128>(inputs, narrow);
        VectorFunctions.Apply<F, Vec256>(inputs, middle);
        VectorFunctions.Apply<F, Vec512>(inputs, wide);
        for (int i = 0; i < inputs.Length; i++)
        {
            AssertBits(middle[i], narrow[i]);
            AssertBits(middle[i], wide[i]);
        }
    }

    private static void AssertNearlyMonotone<F>(float from, float to, int ulps) where F : struct, IVectorFunction
    {
        const int Neighbours = 256;
        const int Samples = 4000;
        float[] inputs = new float[Neighbours];
        float[] outputs = new float[Neighbours];
        RandomStream random = new(1, RandomPurpose.Data);
        for (int sample = 0; sample < Samples; sample++)
        {
            float x = from + ((to - from) * (float)Math.Pow(random.Double((ulong)sample), sample % 2 == 0 ? 1 : 9));
            for (int i = 0; i < Neighbours; i++, x = MathF.BitIncrement(x))
            {
                inputs[i] = x;
            }

            VectorFunctions.Apply<F, Vec256>(inputs, outputs);
            for (int i = 1; i < Neighbours; i++)
            {
                int fall = Math.Abs(BitConverter.SingleToInt32Bits(outputs[i - 1]) - BitConverter.SingleToInt32Bits(outputs[i]));
                Assert.True(outputs[i] >= outputs[i - 1] || fall <= ulps, $"{typeof(F).Name} falls by {fall} ulps at {inputs[i]:R}");
            }
        }
    }

    private static void AssertBits(float expected, float actual)
    {
        if (float.IsNaN(expected))
        {
            Assert.True(float.IsNaN(actual), $"{actual:R} is not NaN");
            return;
        }

        Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(actual));
    }
}
