using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mlp.CompilerServices;

/// <summary>Operations across the lanes of a vector of eight.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Lanes
{
    /// <summary>The largest lane. The result is NaN only where the first of a pair is; callers detect NaN by other means.</summary>
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

    /// <summary>The folds of four vectors in the first four lanes; the others are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Fold(Vec256 a, Vec256 b, Vec256 c, Vec256 d) =>
        new(Vector256.Create(FoldFour(Halves(a), Halves(b), Halves(c), Halves(d)), Vector128<float>.Zero));

    /// <summary>The folds of eight vectors: lane i is <see cref="CanonicalSum.Fold(Vec256)"/> of the i-th.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Fold(Vec256 a, Vec256 b, Vec256 c, Vec256 d, Vec256 e, Vec256 f, Vec256 g, Vec256 h) => new(Vector256.Create(
        FoldFour(Halves(a), Halves(b), Halves(c), Halves(d)), FoldFour(Halves(e), Halves(f), Halves(g), Halves(h))));

    /// <summary>Initial values of eight partial sums: the start in the first; −0, the neutral element, in those without a term; else 0.</summary>
    /// <param name="start">Start of the sum.</param>
    /// <param name="terms">How many terms the sum has; term k goes to partial sum k mod 8.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Partials(float start, int terms) => terms >= Vec256.Count
        ? new(Vector256.CreateScalar(start))
        : new(Vector256.CreateScalar(start) | (Vector256.GreaterThanOrEqual(Vector256<int>.Indices, Vector256.Create(terms)).AsSingle() & Vector256.Create(-0f)));

    /// <summary><c>partials + x·parameters[index…]</c> in the first lanes, rounded once; the others as they are.</summary>
    /// <param name="partials">The partial sums.</param>
    /// <param name="x">A factor for each lane.</param>
    /// <param name="parameters">The store.</param>
    /// <param name="index">Where the other factors begin.</param>
    /// <param name="count">How many lanes, a constant from 1 to 8.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 AddFirstProducts(Vec256 partials, Vec256 x, ref readonly float parameters, nuint index, int count) =>
        Vec256.Select(Vec256.FirstLanes(count), Vec256.AddProducts(partials, x, in parameters, index), partials);

    /// <summary>One lane in all lanes.</summary>
    /// <param name="value">The vector.</param>
    /// <param name="lane">Index of the lane, a constant from 0 to 7.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Broadcast(Vec256 value, int lane) => new(Vector256.Shuffle(value.Value, Vector256.Create(lane)));

    /// <summary>Reads fewer than eight floats, and nothing behind them.</summary>
    /// <param name="source">The first float.</param>
    /// <param name="count">How many, a constant from 1 to 7.</param>
    /// <returns>The floats; lanes behind them are 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 LoadFirst(ref readonly float source, int count)
    {
        ref float first = ref Unsafe.AsRef(in source);
        return count < 4 ? new(Vector256.Create(LoadFew(ref first, count), Vector128<float>.Zero))
            : new(Vector256.Create(Vector128.LoadUnsafe(ref first), count == 4 ? Vector128<float>.Zero : LoadFew(ref Unsafe.Add(ref first, 4), count - 4)));
    }

    /// <summary>Writes fewer than eight floats, and nothing behind them.</summary>
    /// <param name="value">The floats; lanes behind them are not used.</param>
    /// <param name="destination">The first float.</param>
    /// <param name="count">How many, a constant from 1 to 7.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vec256 value, ref float destination, int count)
    {
        Vector128<float> four = value.Value.GetLower();
        if (count >= 4)
        {
            four.StoreUnsafe(ref destination);
            four = value.Value.GetUpper();
            destination = ref Unsafe.Add(ref destination, 4);
            count -= 4;
        }

        if (count >= 2)
        {
            four.GetLower().StoreUnsafe(ref destination);
        }

        if ((count & 1) != 0)
        {
            Unsafe.Add(ref destination, count - 1) = four.GetElement(count - 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LoadFew(ref float source, int count) => count switch
    {
        1 => Vector128.CreateScalar(source),
        2 => LoadTwo(ref source),
        _ => LoadTwo(ref source).WithElement(2, Unsafe.Add(ref source, 2)),
    };

    /// <summary>As one double: the JIT builds a vector from two halves in memory, and the load stalls until both are stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LoadTwo(ref float source) =>
        Vector128.CreateScalar(Unsafe.ReadUnaligned<double>(ref Unsafe.As<float, byte>(ref source))).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FoldFour(ref readonly float partials) =>
        FoldFour(Halves(in partials, 0), Halves(in partials, 8), Halves(in partials, 16), Halves(in partials, 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FoldFour(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        // Rows of p0+p4, p1+p5, p2+p6, p3+p7, one column each, added in the fold's order.
        (Vector128<float> first, Vector128<float> second, Vector128<float> third, Vector128<float> fourth) = Matrix.Transpose4(a, b, c, d);
        return (first + third) + (second + fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Halves(Vec256 partials) => partials.Value.GetLower() + partials.Value.GetUpper();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Halves(ref readonly float partials, nuint offset) =>
        Vector128.LoadUnsafe(in partials, offset) + Vector128.LoadUnsafe(in partials, offset + 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Larger(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(b, a), b, a);
}
