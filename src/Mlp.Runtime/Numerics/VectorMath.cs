using System.Runtime.CompilerServices;

namespace Mlp.Numerics;

/// <summary>Elementary functions on vectors, with the same bits in every lane, at every width and on every machine.</summary>
/// <remarks>
/// Branch-free: additions, products, quotients and fused multiply-adds, each rounded once. The polynomials are minimax
/// approximations in the relative error (Remez's algorithm), their coefficients rounded to single precision.
/// docs/numerics.md lists the measured errors. NaN in gives NaN out. Nothing allocates.
/// </remarks>
public static class VectorMath
{
    // Adding 1.5·2²³ rounds to an integer and leaves it in the low bits; whatever is added besides (an exponent bias) stays there too.
    private const float Rounder = 12582912f;
    private const int ExponentShift = 23;
    private const float ExponentBias = 127f;

    private const float Log2E = 1.44269502f;
    private const float Ln2High = 0.693147182f;
    private const float Ln2Low = -1.90465421e-9f;

    // exp of less is below half of the smallest denormal.
    private const float ExpUnderflow = -104f;
    private const float ExpOverflow = 89f;

    /// <summary><c>eˣ</c>: 0 at −∞, +∞ where it overflows (from about 88.73 on), denormal results rounded once.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns><c>eˣ</c> in every lane.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x) where V : struct, IVector<V>
    {
        x = V.Select(V.GreaterThan(x, V.Create(ExpOverflow)), V.Create(ExpOverflow), x);
        x = V.Select(V.LessThan(x, V.Create(ExpUnderflow)), V.Create(ExpUnderflow), x);

        // x = n·ln 2 + r. The power 2ⁿ is multiplied in two halves, since it need not be a normal number itself.
        V biased = V.FusedMultiplyAdd(x, V.Create(Log2E), V.Create(Rounder + (2 * ExponentBias)));
        V n = biased - V.Create(Rounder + (2 * ExponentBias));
        V biasedHalf = V.FusedMultiplyAdd(n, V.Create(0.5f), V.Create(Rounder + ExponentBias));
        V scale1 = V.ShiftBitsLeft(biasedHalf, ExponentShift);
        V scale2 = V.SubtractBits(V.ShiftBitsLeft(biased, ExponentShift), scale1);
        return ExpOfRemainder(x, n) * scale1 * scale2;
    }

    /// <summary>The natural logarithm: −∞ at ±0, NaN below, +∞ at +∞. Denormal arguments count in full.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns><c>ln x</c> in every lane.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x) where V : struct, IVector<V>
    {
        const float SmallestNormal = 1.17549435e-38f;
        const int BitsOfTwoThirds = 0x3F2AAAAB;

        // x = 2ᵏ·m with m in [2/3, 4/3), and f = m − 1.
        V small = V.LessThan(x, V.Create(SmallestNormal));
        V normal = V.Select(small, x * V.Create(16777216f), x);
        V exponent = V.ShiftBitsRight(V.SubtractBits(normal, V.CreateBits(BitsOfTwoThirds)), ExponentShift);
        V k = V.ConvertBitsToSingle(exponent) - (small & V.Create(24f));
        V f = V.SubtractBits(normal, V.ShiftBitsLeft(exponent, ExponentShift)) - V.Create(1f);

        // ln(1 + f) = f − f²/2 + f³·q(f)
        V q = V.FusedMultiplyAdd(V.Create(-0.128916621f), f, V.Create(0.139844507f));
        q = V.FusedMultiplyAdd(q, f, V.Create(-0.121842682f));
        q = V.FusedMultiplyAdd(q, f, V.Create(0.140058666f));
        q = V.FusedMultiplyAdd(q, f, V.Create(-0.166804865f));
        q = V.FusedMultiplyAdd(q, f, V.Create(0.200104058f));
        q = V.FusedMultiplyAdd(q, f, V.Create(-0.249997973f));
        q = V.FusedMultiplyAdd(q, f, V.Create(0.333332151f));
        q = V.FusedMultiplyAdd(q, f, V.Create(-0.5f));
        V low = V.FusedMultiplyAdd(f * f, q, k * V.Create(Ln2Low));
        V logarithm = V.FusedMultiplyAdd(k, V.Create(Ln2High), f + low);

        V result = V.Select(V.LessThan(x, V.Create(float.PositiveInfinity)), logarithm, x);
        result = V.Select(V.LessThan(x, V.Zero), V.Create(float.NaN), result);
        return V.Select(V.Equal(x, V.Zero), V.Create(float.NegativeInfinity), result);
    }

    /// <summary>The hyperbolic tangent: ±1 from about ±9.01 on; the sign of a zero stays.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns><c>tanh x</c> in every lane, in [−1, 1].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x) where V : struct, IVector<V>
    {
        const float Saturation = 9.02f;
        const float PolynomialLimit = 0.625f;

        V magnitude = V.Abs(x);
        V sign = magnitude ^ x;
        V a = V.Select(V.GreaterThan(magnitude, V.Create(Saturation)), V.Create(Saturation), magnitude);

        // Near 0: a + a³·q(a²).
        V square = a * a;
        V q = V.FusedMultiplyAdd(V.Create(-0.00570498407f), square, V.Create(0.0206390861f));
        q = V.FusedMultiplyAdd(q, square, V.Create(-0.0537397154f));
        q = V.FusedMultiplyAdd(q, square, V.Create(0.133314416f));
        q = V.FusedMultiplyAdd(q, square, V.Create(-0.333332807f));
        V nearZero = V.FusedMultiplyAdd(a, square * q, a);

        // Elsewhere: 1 − 2/(e²ᵃ + 1).
        V twice = a + a;
        V biased = V.FusedMultiplyAdd(twice, V.Create(Log2E), V.Create(Rounder + ExponentBias));
        V n = biased - V.Create(Rounder + ExponentBias);
        V exponential = ExpOfRemainder(twice, n) * V.ShiftBitsLeft(biased, ExponentShift);
        V elsewhere = V.Create(1f) - (V.Create(2f) / (exponential + V.Create(1f)));

        return V.Select(V.LessThan(a, V.Create(PolynomialLimit)), nearZero, elsewhere) | sign;
    }

    /// <summary><c>1 / (1 + e⁻ˣ)</c>; of small relative error for very negative arguments too.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns>The logistic sigmoid in every lane, in [0, 1].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x) where V : struct, IVector<V>
    {
        V e = ExpOfMinusAbs(x);
        V numerator = V.Select(V.LessThan(x, V.Zero), e, V.Create(1f));
        return numerator / (e + V.Create(1f));
    }

    /// <summary><c>ln(1 + eˣ)</c>: 0 at −∞, <paramref name="x"/> itself for large arguments; never overflows.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns>The softplus in every lane.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x) where V : struct, IVector<V>
    {
        // max(x, 0) + ln(1 + e^−|x|), and ln(1 + e) = 2·atanh(s/2) with s = 2e/(2 + e).
        V e = ExpOfMinusAbs(x);
        V s = (e + e) / (e + V.Create(2f));
        V square = s * s;
        V q = V.FusedMultiplyAdd(V.Create(0.000547110569f), square, V.Create(0.00218763994f));
        q = V.FusedMultiplyAdd(q, square, V.Create(0.0125067271f));
        q = V.FusedMultiplyAdd(q, square, V.Create(0.0833330229f));
        V log1p = V.FusedMultiplyAdd(s, square * q, s);
        return (x & V.GreaterThan(x, V.Zero)) + log1p;
    }

    /// <summary><c>z &lt;= 0 ? 0 : z</c>: the rectifier. NaN stays NaN, and −0 becomes +0.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The rectified lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Relu<V>(V z) where V : struct, IVector<V> => V.Select(V.LessThanOrEqual(z, V.Zero), V.Zero, z);

    /// <summary><c>e^−|x|</c>, in [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfMinusAbs<V>(V x) where V : struct, IVector<V>
    {
        // 2ⁿ⁺⁶⁴ is normal for every n that occurs; the last product alone rounds to a denormal.
        const float Lift = 64f;
        V y = x | V.CreateBits(int.MinValue);
        y = V.Select(V.LessThan(y, V.Create(ExpUnderflow)), V.Create(ExpUnderflow), y);
        V biased = V.FusedMultiplyAdd(y, V.Create(Log2E), V.Create(Rounder + ExponentBias + Lift));
        V n = biased - V.Create(Rounder + ExponentBias + Lift);
        return ExpOfRemainder(y, n) * V.ShiftBitsLeft(biased, ExponentShift) * V.Create(5.42101086e-20f);
    }

    /// <summary><c>eʳ</c> for the remainder <c>r = x − n·ln 2</c>, |r| ≤ ln 2 / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfRemainder<V>(V x, V n) where V : struct, IVector<V>
    {
        // The first step is exact, so r is rounded once.
        V r = V.FusedMultiplyAdd(n, V.Create(-Ln2High), x);
        r = V.FusedMultiplyAdd(n, V.Create(-Ln2Low), r);
        V p = V.FusedMultiplyAdd(V.Create(0.00138145639f), r, V.Create(0.0083687352f));
        p = V.FusedMultiplyAdd(p, r, V.Create(0.041668389f));
        p = V.FusedMultiplyAdd(p, r, V.Create(0.166665211f));
        p = V.FusedMultiplyAdd(p, r, V.Create(0.49999994f));
        p = V.FusedMultiplyAdd(p, r, V.Create(1f));
        return V.FusedMultiplyAdd(p, r, V.Create(1f));
    }
}
