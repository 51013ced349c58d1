using System.Runtime.CompilerServices;

namespace Mlp.Runtime.Tests.Numerics;

internal readonly struct ReluFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Relu.Forward(x);

    public static double Reference(double x) => x > 0 ? x : 0;
}

internal readonly struct LeakyReluFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.LeakyRelu.Forward(x, V.Create(0.25f));

    public static double Reference(double x) => x > 0 ? x : 0.25 * x;
}

internal readonly struct EluFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Elu.Forward(x, V.Create(0.5f));

    public static double Reference(double x) => x > 0 ? x : 0.5 * ReferenceMath.Expm1(x);
}

internal readonly struct SeluFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Selu.Forward(x);

    public static double Reference(double x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * ReferenceMath.Expm1(x));
}

internal readonly struct GeluFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Gelu.Forward(x);

    public static double Reference(double x) => x < -100 ? 0 : x * ReferenceMath.NormalDistribution(x);
}

internal readonly struct GeluSlopeFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Gelu.Backward(V.Create(1f), x);

    public static double Reference(double x) => Math.Abs(x) > 100 ? (x > 0 ? 1 : 0) : ReferenceMath.NormalDistribution(x) + (x * ReferenceMath.NormalDensity(x));
}

internal readonly struct GeluTanhFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.GeluTanh.Forward(x);

    public static double Reference(double x) => x < -100 ? 0 : x * ReferenceMath.Sigmoid(Gate(x));

    public static double Gate(double x) => 2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));
}

internal readonly struct GeluTanhSlopeFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.GeluTanh.Backward(V.Create(1f), x);

    public static double Reference(double x)
    {
        double gate = ReferenceMath.Sigmoid(GeluTanhFunction.Gate(x));
        double rise = 2 * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x));
        return Math.Abs(x) > 100 ? (x > 0 ? 1 : 0) : gate + (x * rise * gate * ReferenceMath.Sigmoid(-GeluTanhFunction.Gate(x)));
    }
}

internal readonly struct SiluFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Silu.Forward(x);

    public static double Reference(double x) => double.IsNegativeInfinity(x) ? 0 : x * ReferenceMath.Sigmoid(x);
}

internal readonly struct SiluSlopeFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Silu.Backward(V.Create(1f), x);

    public static double Reference(double x) => Math.Abs(x) > 1000 ? (x > 0 ? 1 : 0) : ReferenceMath.Sigmoid(x) * (1 + (x * ReferenceMath.Sigmoid(-x)));
}

internal readonly struct MishFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Mish.Forward(x);

    public static double Reference(double x) => double.IsNegativeInfinity(x) ? 0 : x * Math.Tanh(ReferenceMath.Softplus(x));
}

internal readonly struct MishSlopeFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Mish.Backward(V.Create(1f), x);

    public static double Reference(double x)
    {
        double tanh = Math.Tanh(ReferenceMath.Softplus(x));
        return Math.Abs(x) > 1000 ? (x > 0 ? 1 : 0) : tanh + (x * ReferenceMath.Sigmoid(x) * (1 - (tanh * tanh)));
    }
}

internal readonly struct SoftsignFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Softsign.Forward(x);

    public static double Reference(double x) => double.IsInfinity(x) ? Math.Sign(x) : x / (1 + Math.Abs(x));
}

internal readonly struct HardSigmoidFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.HardSigmoid.Forward(x);

    public static double Reference(double x) => Math.Clamp(x + 3, 0, 6) / 6;
}

internal readonly struct HardSwishFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.HardSwish.Forward(x);

    public static double Reference(double x) => x < -3 ? 0 : x * Math.Clamp(x + 3, 0, 6) / 6;
}

internal readonly struct HardSwishSlopeFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.HardSwish.Backward(V.Create(1f), x);

    public static double Reference(double x) => x <= -3 ? 0 : x >= 3 ? 1 : ((2 * x) + 3) / 6;
}

internal readonly struct StepFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Step.Forward(x);

    public static double Reference(double x) => double.IsNaN(x) ? x : x >= 0 ? 1 : 0;
}

internal readonly struct SignFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => Activations.Sign.Forward(x);

    public static double Reference(double x) => double.IsNaN(x) ? x : Math.Sign(x);
}

internal readonly struct ClampFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.Clamp(x, V.Create(-2f), V.Create(3f));

    public static double Reference(double x) => Math.Clamp(x, -2, 3);
}

internal readonly struct LogSoftplusFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.LogSoftplus(x);

    public static double Reference(double x) => x < -50 ? x : Math.Log(ReferenceMath.Softplus(x));
}

internal readonly struct SoftplusLogSlopeFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : struct, IVector<V> => VectorMath.SoftplusLogSlope(x);

    public static double Reference(double x) => x < -50 ? 1 : ReferenceMath.Sigmoid(x) / ReferenceMath.Softplus(x);
}
