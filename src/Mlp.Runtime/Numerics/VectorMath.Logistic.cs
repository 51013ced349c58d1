using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

// The logistic and the hyperbolic functions, and the error function: what exponentials and logarithms make.
public static partial class VectorMath
{
    // Below, softplus and sigmoid are the exponential function to single precision.
    private const float SoftplusIsExp = -18f;

    // Above, softplus is its argument.
    private const float SoftplusIsIdentity = 30f;

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
        V a = V.AtMost(magnitude, V.Create(Saturation));

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
        V scale = V.ShiftBitsLeft(biased, ExponentShift);
        V denominator = V.FusedMultiplyAdd(Expm1OfRemainder(twice, n), scale, scale + V.Create(1f));
        V elsewhere = V.Create(1f) - (V.Create(2f) / denominator);

        return V.Select(V.LessThan(a, V.Create(PolynomialLimit)), nearZero, elsewhere) | sign;
    }

    /// <summary><c>1 / (1 + e⁻ˣ)</c>; of small relative error for very negative arguments too.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns>The logistic sigmoid in every lane, in [0, 1].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x) where V : struct, IVector<V>
    {
        // 1 from well below 30 on, which also keeps the power of 2 normal.
        const float Saturation = -30f;
        V y = -x;
        y = V.AtMost(y, V.Create(-ExpUnderflow));
        y = V.AtLeast(y, V.Create(Saturation));

        // Numerator and denominator times 2⁻⁶⁴, so that the denominator does not overflow where the quotient is denormal.
        V biased = V.FusedMultiplyAdd(y, V.Create(Log2E), V.Create(Rounder + ExponentBias - Lift));
        V n = biased - V.Create(Rounder + ExponentBias - Lift);
        V scale = V.ShiftBitsLeft(biased, ExponentShift);

        // 1 + 2ⁿ·(1 + t): what 1 + 2ⁿ rounds off goes to the small part.
        V sum = scale + V.Create(Unlift);
        V rest = V.Create(Unlift) - (sum - scale);
        return V.Create(Unlift) / (sum + V.FusedMultiplyAdd(Expm1OfRemainder(y, n), scale, rest));
    }

    /// <summary><c>ln(1 + eˣ)</c>: 0 at −∞, <paramref name="x"/> itself for large arguments; never overflows.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns>The softplus in every lane, at least 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x) where V : struct, IVector<V>
    {
        V large = V.GreaterThan(x, V.Create(SoftplusIsIdentity));
        V e = LiftedExp(V.Select(large, V.Create(SoftplusIsIdentity), x)) * V.Create(Unlift);
        return V.Select(large, x, Log1p(e));
    }

    /// <summary><c>ln ln(1 + eˣ)</c>, the logarithm of a softplus rate: <paramref name="x"/> itself for very negative arguments.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns>The logarithm of the softplus in every lane; finite where <paramref name="x"/> is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogSoftplus<V>(V x) where V : struct, IVector<V> =>
        V.Select(V.LessThan(x, V.Create(SoftplusIsExp)), x, LogOfScaled(Softplus(x), V.Zero));

    /// <summary><c>σ(x)/ln(1 + eˣ)</c>, the slope of <see cref="LogSoftplus"/>: from 1 at −∞ to 0 at +∞, as 1/x.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns>The slope in every lane, in [0, 1].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SoftplusLogSlope<V>(V x) where V : struct, IVector<V>
    {
        x = V.AtLeast(x, V.Create(SoftplusIsExp));
        V large = V.GreaterThan(x, V.Create(SoftplusIsIdentity));
        V e = LiftedExp(V.Select(large, V.Create(SoftplusIsIdentity), x)) * V.Create(Unlift);
        return e / (e + V.Create(1f)) / V.Select(large, x, Log1p(e));
    }

    /// <summary><c>ln cosh x</c>, of small relative error near 0 too: <c>|x| − ln 2</c> for large arguments; never overflows.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns><c>ln cosh x</c> in every lane, at least 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogCosh<V>(V x) where V : struct, IVector<V>
    {
        const float PolynomialLimit = 1f;
        const float Saturation = 20f;
        V a = V.Abs(x);

        // Near 0: a²/2 + a⁴·q(a²).
        V square = a * a;
        V q = V.FusedMultiplyAdd(V.Create(8.78632782e-5f), square, V.Create(-0.000560397573f));
        q = V.FusedMultiplyAdd(q, square, V.Create(0.00208251411f));
        q = V.FusedMultiplyAdd(q, square, V.Create(-0.00671349699f));
        q = V.FusedMultiplyAdd(q, square, V.Create(0.0222174488f));
        q = V.FusedMultiplyAdd(q, square, V.Create(-0.0833330974f));
        V nearZero = V.FusedMultiplyAdd(square * square, q, square * V.Create(0.5f));

        // Elsewhere: a − ln 2 + ln(1 + e) with e = e⁻²ᵃ up to 0.136, and ln(1 + e) = e + e²·p(e).
        V twice = V.AtMost(a, V.Create(Saturation)) * V.Create(-2f);
        V biased = V.FusedMultiplyAdd(twice, V.Create(Log2E), V.Create(Rounder + ExponentBias));
        V n = biased - V.Create(Rounder + ExponentBias);
        V scale = V.ShiftBitsLeft(biased, ExponentShift);
        V e = V.FusedMultiplyAdd(Expm1OfRemainder(twice, n), scale, scale);
        V p = V.FusedMultiplyAdd(V.Create(0.0985688865f), e, V.Create(-0.159717977f));
        p = V.FusedMultiplyAdd(p, e, V.Create(0.199464351f));
        p = V.FusedMultiplyAdd(p, e, V.Create(-0.249980524f));
        p = V.FusedMultiplyAdd(p, e, V.Create(0.333333075f));
        p = V.FusedMultiplyAdd(p, e, V.Create(-0.5f));
        V elsewhere = a - (V.Create(Ln2High) - V.FusedMultiplyAdd(e * e, p, e));

        return V.Select(V.LessThan(a, V.Create(PolynomialLimit)), nearZero, elsewhere);
    }

    /// <summary>The error function, <c>2/√π·∫₀ˣ e^(−t²) dt</c>: ±1 from about ±3.92 on; the sign of a zero stays.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <returns><c>erf x</c> in every lane, in [−1, 1].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x) where V : struct, IVector<V>
    {
        const float Saturation = 3.95f;
        const float PolynomialLimit = 0.75f;

        V magnitude = V.Abs(x);
        V sign = magnitude ^ x;
        V a = V.AtMost(magnitude, V.Create(Saturation));

        // Near 0: a + a·q(a²).
        V square = a * a;
        V q = V.FusedMultiplyAdd(V.Create(-0.000670718146f), square, V.Create(0.00510887336f));
        q = V.FusedMultiplyAdd(q, square, V.Create(-0.0268321745f));
        q = V.FusedMultiplyAdd(q, square, V.Create(0.112833321f));
        q = V.FusedMultiplyAdd(q, square, V.Create(-0.37612617f));
        q = V.FusedMultiplyAdd(q, square, V.Create(0.128379166f));
        V nearZero = V.FusedMultiplyAdd(a, q, a);

        // Elsewhere: 1 − eᵖ, p = ln erfc a as a polynomial in a − 1.
        V w = a - V.Create(1f);
        V p = V.FusedMultiplyAdd(V.Create(0.000222600371f), w, V.Create(-0.00193565118f));
        p = V.FusedMultiplyAdd(p, w, V.Create(0.010005421f));
        p = V.FusedMultiplyAdd(p, w, V.Create(-0.0415577032f));
        p = V.FusedMultiplyAdd(p, w, V.Create(-0.843104243f));
        p = V.FusedMultiplyAdd(p, w, V.Create(-2.63896775f));
        p = V.FusedMultiplyAdd(p, w, V.Create(-1.84960556f));
        V biased = V.FusedMultiplyAdd(p, V.Create(Log2E), V.Create(Rounder + ExponentBias));
        V n = biased - V.Create(Rounder + ExponentBias);
        V scale = V.ShiftBitsLeft(biased, ExponentShift);
        V elsewhere = V.Create(1f) - V.FusedMultiplyAdd(Expm1OfRemainder(p, n), scale, scale);

        return V.Select(V.LessThan(a, V.Create(PolynomialLimit)), nearZero, elsewhere) | sign;
    }

    /// <summary><c>ln(1 + e)</c> for e in [0, 10¹⁴].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Log1p<V>(V e) where V : struct, IVector<V>
    {
        // 1 + e = sum + rest without error (Dekker's fast two-sum) = 2ᵏ·(1 + f).
        V one = V.Create(1f);
        V sum = e + one;
        V eIsLarger = V.GreaterThan(e, one);
        V rest = V.Select(eIsLarger, one, e) - (sum - V.Select(eIsLarger, e, one));
        V exponent = V.ShiftBitsRight(V.SubtractBits(sum, V.CreateBits(BitsOfTwoThirds)), ExponentShift);
        V shift = V.ShiftBitsLeft(exponent, ExponentShift);
        V f = V.FusedMultiplyAdd(rest, V.SubtractBits(one, shift), V.SubtractBits(sum, shift) - one);
        return LogOfReduced(V.ConvertBitsToSingle(exponent), f);
    }
}
