using System.Runtime.CompilerServices;

namespace Mlp.Runtime.Tests.Numerics;

/// <summary>An element-wise function of the runtime, and its reference in double precision.</summary>
internal interface IVectorFunction
{
    static abstract V Apply<V>(V x) where V : struct, IVector<V>;

    static abstract double Reference(double x);
}

internal readonly struct ExpFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.Exp(x);

    public static double Reference(double x) => Math.Exp(x);
}

internal readonly struct Expm1Function : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.Expm1(x);

    public static double Reference(double x) => ReferenceMath.Expm1(x);
}

internal readonly struct LogFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.Log(x);

    public static double Reference(double x) => Math.Log(x);
}

internal readonly struct TanhFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.Tanh(x);

    public static double Reference(double x) => Math.Tanh(x);
}

internal readonly struct SigmoidFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.Sigmoid(x);

    public static double Reference(double x) => ReferenceMath.Sigmoid(x);
}

internal readonly struct SoftplusFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.Softplus(x);

    public static double Reference(double x) => ReferenceMath.Softplus(x);
}

internal readonly struct ErfFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.Erf(x);

    public static double Reference(double x) => ReferenceMath.Erf(x);
}

internal readonly struct LogCoshFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.LogCosh(x);

    public static double Reference(double x) => ReferenceMath.LogCosh(x);
}

internal static class VectorFunctions
{
    /// <summary>Applies a function to arrays whose length is a multiple of the width.</summary>
    public static void Apply<F, V>(ReadOnlySpan<float> inputs, Span<float> outputs)
        where F : struct, IVectorFunction
        where V : struct, IVector<V>
    {
        Assert.Equal(0, inputs.Length % V.Count);
        for (int i = 0; i < inputs.Length; i += V.Count)
        {
            V.Store(F.Apply(V.Load(in inputs[i])), ref outputs[i]);
        }
    }

    public static float Apply<F>(float x) where F : struct, IVectorFunction
    {
        Span<float> lanes = stackalloc float[Vec128.Count];
        Vec128.Store(F.Apply(Vec128.Create(x)), ref lanes[0]);
        return lanes[0];
    }

    /// <summary>The floats whose bits are start, start + stride, …; the last few repeat so that every width fits.</summary>
    public static float[] BitPatterns(uint start, uint stride)
    {
        int count = (int)((uint.MaxValue - start) / stride) + 1;
        float[] values = new float[(count + 15) / 16 * 16];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle(start + (stride * (uint)Math.Min(i, count - 1)));
        }

        return values;
    }
}
