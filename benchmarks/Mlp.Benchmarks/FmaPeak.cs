using System.Runtime.CompilerServices;
using Mlp.CompilerServices;

namespace Mlp.Benchmarks;

/// <summary>FMA peak of one core: twelve independent chains of the widest vectors.</summary>
internal static class FmaPeak
{
    private const int Chains = 12;

    /// <summary>Runs the chains.</summary>
    /// <param name="rounds">Multiply-adds of each chain.</param>
    /// <param name="result">A value that depends on all chains, so that the JIT keeps them.</param>
    /// <returns>Floating-point operations done, two a multiply-add and lane.</returns>
    public static double Run(int rounds, out float result) => VectorWidth.Bits switch
    {
        512 => Run<Vec512>(rounds, out result),
        256 => Run<Vec256>(rounds, out result),
        _ => Run<Vec128>(rounds, out result),
    };

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double Run<V>(int rounds, out float result) where V : struct, IVector<V>
    {
        // c ← c·m + a with a fixed point at 1: no chain overflows or decays to denormals.
        V m = V.Create(0.5f);
        V a = V.Create(0.5f);
        V c0 = V.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0, c8 = c0, c9 = c0, c10 = c0, c11 = c0;
        for (int round = 0; round < rounds; round++)
        {
            c0 = V.FusedMultiplyAdd(c0, m, a);
            c1 = V.FusedMultiplyAdd(c1, m, a);
            c2 = V.FusedMultiplyAdd(c2, m, a);
            c3 = V.FusedMultiplyAdd(c3, m, a);
            c4 = V.FusedMultiplyAdd(c4, m, a);
            c5 = V.FusedMultiplyAdd(c5, m, a);
            c6 = V.FusedMultiplyAdd(c6, m, a);
            c7 = V.FusedMultiplyAdd(c7, m, a);
            c8 = V.FusedMultiplyAdd(c8, m, a);
            c9 = V.FusedMultiplyAdd(c9, m, a);
            c10 = V.FusedMultiplyAdd(c10, m, a);
            c11 = V.FusedMultiplyAdd(c11, m, a);
        }

        Span<float> lanes = stackalloc float[V.Count];
        V.Store(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11, ref lanes[0]);
        result = lanes[0];
        return 2.0 * Chains * V.Count * rounds;
    }
}
