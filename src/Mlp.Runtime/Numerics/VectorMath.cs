using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Elementary functions on vectors, with the same bits in every lane, at every width and on every machine.</summary>
/// <remarks>
/// Branch-free: additions, products, quotients and fused multiply-adds, each rounded once. The polynomials are minimax
/// approximations in the relative error (Remez's algorithm), their coefficients rounded to single precision. Each is
/// evaluated as a large exact part plus a small correction, whose rounding is finer than the steps of the argument: that
/// keeps the monotone functions monotone. docs/numerics.md lists the measured errors. NaN in gives NaN out. Nothing allocates.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class VectorMath
{
    // Adding 1.5·2²³ rounds to an integer and leaves it in the low bits, together with anything added to the constant (an exponent bias).
    private const float Rounder = 12582912f;
    private const int ExponentShift = 23;
    private const float ExponentBias = 127f;

    private const float Log2E = 1.44269502f;
    private const float Ln2High = 0.693147182f;
    private const float Ln2Low = -1.90465421e-9f;

    // exp of less is below half of the smallest denormal.
    private const float ExpUnderflow = -104f;
    private const float ExpOverflow = 89f;

    // Exponentials that may be denormal are computed as 2⁶⁴·eˣ; the product with 2⁻⁶⁴ alone rounds to a denormal.
    private const float Lift = 64f;
    internal const float Unlift = 5.42101086e-20f;

    // Even 110·e⁻¹¹⁰ is below half of the smallest denormal.
    internal const float LiftedUnderflow = -110f;

    private const int BitsOfTwoThirds = 0x3F2AAAAB;

    /// <summary><c>eˣ</c>: 0 at −∞, +∞ where it overflows (from about 88.73 on), denormal results rounded once.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns><c>eˣ</c> in every lane.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x) where V : struct, IVector<V>
    {
        x = V.AtMost(x, V.Create(ExpOverflow));
        x = V.AtLeast(x, V.Create(ExpUnderflow));

        // x = n·ln 2 + r. The power 2ⁿ is multiplied in two halves, since it need not be a normal number itself.
        V biased = V.FusedMultiplyAdd(x, V.Create(Log2E), V.Create(Rounder + (2 * ExponentBias)));
        V n = biased - V.Create(Rounder + (2 * ExponentBias));
        V biasedHalf = V.FusedMultiplyAdd(n, V.Create(0.5f), V.Create(Rounder + ExponentBias));
        V scale1 = V.ShiftBitsLeft(biasedHalf, ExponentShift);
        V scale2 = V.SubtractBits(V.ShiftBitsLeft(biased, ExponentShift), scale1);
        return (Expm1OfRemainder(x, n) + V.Create(1f)) * scale1 * scale2;
    }

    /// <summary><c>eˣ − 1</c>, of small relative error near 0 too: −1 at −∞, <paramref name="x"/> itself for tiny arguments.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns><c>eˣ − 1</c> in every lane, at least −1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V>(V x) where V : struct, IVector<V>
    {
        // eᶜ = −1 + less than half a unit at the lower limit; eˣ − 1 = x + less than that below the third.
        const float Saturation = -25f;
        const float Tiny = 2.98023224e-8f;
        V c = V.AtMost(x, V.Create(ExpOverflow));
        c = V.AtLeast(c, V.Create(Saturation));

        // Half of 2ⁿ·(1 + t) − 1, because 2ⁿ may be 2¹²⁸.
        V biased = V.FusedMultiplyAdd(c, V.Create(Log2E), V.Create(Rounder + ExponentBias - 1));
        V n = biased - V.Create(Rounder + ExponentBias - 1);
        V scale = V.ShiftBitsLeft(biased, ExponentShift);
        V half = V.FusedMultiplyAdd(Expm1OfRemainder(c, n), scale, scale - V.Create(0.5f));
        return V.Select(V.LessThan(V.Abs(x), V.Create(Tiny)), x, half + half);
    }

    /// <summary>The natural logarithm: −∞ at ±0, NaN below, +∞ at +∞. Denormal arguments have full accuracy.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns><c>ln x</c> in every lane.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x) where V : struct, IVector<V>
    {
        const float SmallestNormal = 1.17549435e-38f;

        V small = V.LessThan(x, V.Create(SmallestNormal));
        V result = LogOfScaled(V.Select(small, x * V.Create(16777216f), x), small & V.Create(24f));
        result = V.Select(V.LessThan(x, V.Zero), V.Create(float.NaN), result);
        return V.Select(V.Equal(x, V.Zero), V.Create(float.NegativeInfinity), result);
    }

    /// <summary><c>2⁶⁴·eˣ</c> for x up to 40; <c>2⁶⁴·e⁻¹¹⁰</c>, which <see cref="Unlift"/> makes 0, for all below −110.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V LiftedExp<V>(V x) where V : struct, IVector<V>
    {
        x = V.AtLeast(x, V.Create(LiftedUnderflow));
        V biased = V.FusedMultiplyAdd(x, V.Create(Log2E), V.Create(Rounder + ExponentBias + Lift));
        V n = biased - V.Create(Rounder + ExponentBias + Lift);
        return (Expm1OfRemainder(x, n) + V.Create(1f)) * V.ShiftBitsLeft(biased, ExponentShift);
    }

    /// <summary><c>eʳ − 1</c> for the remainder <c>r = x − n·ln 2</c>, |r| ≤ ln 2 / 2: <c>r + r²·q(r)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Expm1OfRemainder<V>(V x, V n) where V : struct, IVector<V>
    {
        // The first step is exact, so r is rounded once.
        V r = V.FusedMultiplyAdd(n, V.Create(-Ln2High), x);
        r = V.FusedMultiplyAdd(n, V.Create(-Ln2Low), r);
        V q = V.FusedMultiplyAdd(V.Create(0.00138189399f), r, V.Create(0.00836860295f));
        q = V.FusedMultiplyAdd(q, r, V.Create(0.0416682847f));
        q = V.FusedMultiplyAdd(q, r, V.Create(0.166665211f));
        q = V.FusedMultiplyAdd(q, r, V.Create(0.49999994f));
        return V.FusedMultiplyAdd(r * r, q, r);
    }

    /// <summary><c>ln x − exponent·ln 2</c> for normal positive numbers, +∞ and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfScaled<V>(V x, V exponent) where V : struct, IVector<V>
    {
        // x = 2ᵏ·m with m in [2/3, 4/3), and f = m − 1.
        V k = V.ShiftBitsRight(V.SubtractBits(x, V.CreateBits(BitsOfTwoThirds)), ExponentShift);
        V f = V.SubtractBits(x, V.ShiftBitsLeft(k, ExponentShift)) - V.Create(1f);
        V logarithm = LogOfReduced(V.ConvertBitsToSingle(k) - exponent, f);
        return V.Select(V.LessThan(x, V.Create(float.PositiveInfinity)), logarithm, x);
    }

    /// <summary><c>k·ln 2 + ln(1 + f)</c> for f in [−1/3, 1/3]: <c>ln(1 + f) = f − f²/2 + f³·q(f)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfReduced<V>(V k, V f) where V : struct, IVector<V>
    {
        V q = V.FusedMultiplyAdd(V.Create(-0.128916621f), f, V.Create(0.139844507f));
        q = V.FusedMultiplyAdd(q, f, V.Create(-0.121842682f));
        q = V.FusedMultiplyAdd(q, f, V.Create(0.140058666f));
        q = V.FusedMultiplyAdd(q, f, V.Create(-0.166804865f));
        q = V.FusedMultiplyAdd(q, f, V.Create(0.200104058f));
        q = V.FusedMultiplyAdd(q, f, V.Create(-0.249997973f));
        q = V.FusedMultiplyAdd(q, f, V.Create(0.333332151f));
        q = V.FusedMultiplyAdd(q, f, V.Create(-0.5f));
        V low = V.FusedMultiplyAdd(f * f, q, k * V.Create(Ln2Low));
        return V.FusedMultiplyAdd(k, V.Create(Ln2High), f + low);
    }

    /// <summary>Limits lanes to a range; NaN stays NaN.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <param name="low">The least result.</param>
    /// <param name="high">The greatest result, at least <paramref name="low"/>.</param>
    /// <returns>The limited lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Clamp<V>(V x, V low, V high) where V : struct, IVector<V> =>
        V.Select(V.GreaterThan(x, high), high, V.Select(V.LessThan(x, low), low, x));
}
