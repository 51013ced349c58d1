using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mlp.Numerics;

/// <summary>Operations across the lanes of a vector of eight.</summary>
public static class Lanes
{
    /// <summary>The largest lane. NaN lanes are passed over unless the first of a pair is NaN; callers see NaN by other means.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vec256 value)
    {
        Vector128<float> lower = value.Value.GetLower();
        Vector128<float> upper = value.Value.GetUpper();
        Vector128<float> four = Larger(lower, upper);
        Vector128<float> two = Larger(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Larger(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>The folds of eight consecutive vectors: lane i is <see cref="CanonicalSum.Fold(Vec256)"/> of the i-th.</summary>
    /// <param name="partials">The first of 64 floats.</param>
    public static Vec256 FoldEight(ref readonly float partials)
    {
        // Each vector becomes its four sums p0+p4 … p3+p7; transposing four of these makes the remaining steps of the fold vertical.
        return new Vec256(Vector256.Create(FoldFour(in partials), FoldFour(ref Unsafe.Add(ref Unsafe.AsRef(in partials), 32))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FoldFour(ref readonly float partials)
    {
        Vector128<float> a = Halves(in partials, 0);
        Vector128<float> b = Halves(in partials, 8);
        Vector128<float> c = Halves(in partials, 16);
        Vector128<float> d = Halves(in partials, 24);

        // Lines of p0+p4, p1+p5, p2+p6, p3+p7, one for each column now, added in the fold's order.
        (Vector128<float> first, Vector128<float> second, Vector128<float> third, Vector128<float> fourth) = Matrix.Transpose4(a, b, c, d);
        return (first + third) + (second + fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Halves(ref readonly float partials, nuint offset) =>
        Vector128.LoadUnsafe(in partials, offset) + Vector128.LoadUnsafe(in partials, offset + 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Larger(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(b, a), b, a);
}
