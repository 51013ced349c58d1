using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Mlp.Numerics;

namespace Mlp.Benchmarks;

/// <summary>Elementary functions and activations at full vector speed; time is for each element of 4,096 that lie in the first-level cache.</summary>
public class ActivationBenchmarks
{
    private const int Count = 4096;

    private readonly float[] _inputs = new float[Count];
    private readonly float[] _outputs = new float[Count];

    public ActivationBenchmarks()
    {
        Random random = new(1);
        foreach (ref float input in _inputs.AsSpan())
            input = (8 * random.NextSingle()) - 4;
    }

    private interface IFunction
    {
        static abstract V Of<V>(V x) where V : struct, IVector<V>;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Relu() => Map<ReluFunction>();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Exp() => Map<ExpFunction>();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Tanh() => Map<TanhFunction>();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Sigmoid() => Map<SigmoidFunction>();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Softplus() => Map<SoftplusFunction>();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Gelu() => Map<GeluFunction>();

    [Benchmark(OperationsPerInvoke = Count)]
    public void GeluTanh() => Map<GeluTanhFunction>();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Silu() => Map<SiluFunction>();

    [Benchmark(OperationsPerInvoke = Count)]
    public void Mish() => Map<MishFunction>();

    private void Map<TFunction>() where TFunction : struct, IFunction
    {
        switch (VectorWidth.Bits)
        {
            case 512:
                Map<TFunction, Vec512>(ref _inputs[0], ref _outputs[0]);
                break;
            case 256:
                Map<TFunction, Vec256>(ref _inputs[0], ref _outputs[0]);
                break;
            default:
                Map<TFunction, Vec128>(ref _inputs[0], ref _outputs[0]);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TFunction, V>(ref float inputs, ref float outputs) where TFunction : struct, IFunction where V : struct, IVector<V>
    {
        for (nuint i = 0; i < Count; i += (nuint)V.Count)
            V.Store(TFunction.Of(V.Load(ref inputs, i)), ref outputs, i);
    }

    private readonly struct ReluFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x) where V : struct, IVector<V> => VectorMath.Relu(x);
    }

    private readonly struct ExpFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x) where V : struct, IVector<V> => VectorMath.Exp(x);
    }

    private readonly struct TanhFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x) where V : struct, IVector<V> => VectorMath.Tanh(x);
    }

    private readonly struct SigmoidFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x) where V : struct, IVector<V> => VectorMath.Sigmoid(x);
    }

    private readonly struct SoftplusFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x) where V : struct, IVector<V> => VectorMath.Softplus(x);
    }

    private readonly struct GeluFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x) where V : struct, IVector<V> => VectorMath.Gelu(x);
    }

    private readonly struct GeluTanhFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x) where V : struct, IVector<V> => VectorMath.GeluTanh(x);
    }

    private readonly struct SiluFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x) where V : struct, IVector<V> => VectorMath.Silu(x);
    }

    private readonly struct MishFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(V x) where V : struct, IVector<V> => VectorMath.Mish(x);
    }
}
