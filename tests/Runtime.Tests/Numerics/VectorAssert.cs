namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Assertions about element-wise functions over a stride of all floats, and at single arguments.</summary>
internal static class VectorAssert
{
    // A prime, so that all mantissas and exponents are met.
    private const uint Stride = 20011;

    public static void AssertUlps<F>(double limit) where F : struct, IVectorFunction
    {
        float[] inputs = VectorFunctions.BitPatterns(0, Stride);
        float[] outputs = new float[inputs.Length];
        VectorFunctions.Apply<F, Vec256>(inputs, outputs);

        (double worst, float where) = Ulps.Worst<F>(inputs, outputs);
        Assert.True(worst <= limit, $"{worst:F3} ulps at {where:R}");
    }

    /// <summary>
    /// That errors are at most <paramref name="relative"/> of the exact result plus <paramref name="absolute"/>, and results finite where it is.
    /// </summary>
    public static void AssertClose<F>(double relative, double absolute) where F : struct, IVectorFunction
    {
        float[] inputs = VectorFunctions.BitPatterns(0, Stride);
        float[] outputs = new float[inputs.Length];
        VectorFunctions.Apply<F, Vec256>(inputs, outputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            double expected = F.Reference(inputs[i]);
            double error = Math.Abs(outputs[i] - expected);
            bool close = (float)expected == outputs[i]
                || error <= (relative * Math.Abs(expected)) + absolute
                || (double.IsNaN(expected) && float.IsNaN(outputs[i]));
            Assert.True(close, $"{typeof(F).Name}({inputs[i]:R}) is {outputs[i]:R} instead of {expected:R}");
        }
    }

    public static void AssertEdges<F>(params ReadOnlySpan<(float X, float Expected)> edges) where F : struct, IVectorFunction
    {
        foreach ((float x, float expected) in edges)
        {
            AssertBits(expected, VectorFunctions.Apply<F>(x));
        }
    }

    public static void AssertWidthsAgree<F>() where F : struct, IVectorFunction
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

    /// <summary>That no neighbour's result falls, in 4,000 runs of 256 neighbours between the limits, half of them near the lower.</summary>
    public static void AssertMonotone<F>(float from, float to) where F : struct, IVectorFunction
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
                Assert.True(outputs[i] >= outputs[i - 1], $"{typeof(F).Name} falls at {inputs[i]:R}");
            }
        }
    }

    public static void AssertBits(float expected, float actual)
    {
        if (float.IsNaN(expected))
        {
            Assert.True(float.IsNaN(actual), $"{actual:R} is not NaN");
            return;
        }

        Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(actual));
    }
}
