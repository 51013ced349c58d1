using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

// Activations, and the slopes of those whose derivative needs the pre-activation.
public static partial class VectorMath
{
    private const float SeluScale = 1.0507009873554805f;
    private const float SeluAlphaScale = 1.7580993408473766f;
    private const float OneSixth = 1f / 6f;

    // √(2/π)·2 and its product with 0.044715: GELU's tanh form is z·σ(z·(GeluTanhLinear + GeluTanhCubic·z²)).
    private const float GeluTanhLinear = 1.5957691216057308f;
    private const float GeluTanhCubic = 0.07135481627260025f;

    // Where the gated units are z on the one side and 0 on the other, though their gates multiply an infinite z.
    private const float SiluLimit = -LiftedUnderflow;
    private const float GeluLimit = 14.5f;

    // Mish is z beyond.
    private const float MishLimit = 20f;

    /// <summary><c>z &lt;= 0 ? 0 : z</c>: the rectifier. NaN stays NaN, and −0 becomes +0.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The rectified lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Relu<V>(V z) where V : struct, IVector<V> => V.Clear(V.LessThanOrEqual(z, V.Zero), z);

    /// <summary><c>z &gt; 0 ? z : slope·z</c>: the leaky rectifier, and PReLU. NaN stays NaN.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <param name="slope">The slope of the negative side.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LeakyRelu<V>(V z, V slope) where V : struct, IVector<V> => V.Select(V.GreaterThan(z, V.Zero), z, slope * z);

    /// <summary><c>z &gt; 0 ? z : alpha·(eᶻ − 1)</c>: the exponential linear unit.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <param name="alpha">The limit at −∞, negated.</param>
    /// <returns>The activations.</returns>
    /// <remarks>Clevert, Unterthiner and Hochreiter (2016).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Elu<V>(V z, V alpha) where V : struct, IVector<V> => V.Select(V.GreaterThan(z, V.Zero), z, alpha * Expm1(z));

    /// <summary><c>1.0507·(z &gt; 0 ? z : 1.6733·(eᶻ − 1))</c>: the self-normalising exponential linear unit.</summary>
    /// <remarks>Klambauer, Unterthiner, Mayr and Hochreiter (2017); the constants in full are 1.0507009873554805 and 1.6732632423543772.</remarks>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Selu<V>(V z) where V : struct, IVector<V> =>
        V.Select(V.GreaterThan(z, V.Zero), z * V.Create(SeluScale), V.Create(SeluAlphaScale) * Expm1(z));

    /// <summary><c>z·Φ(z)</c>, Φ the normal distribution function: 0 at −∞; of small relative error for negative z too.</summary>
    /// <remarks>Hendrycks and Gimpel (2016), the exact form.</remarks>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gelu<V>(V z) where V : struct, IVector<V>
    {
        V a = V.Abs(z);
        a = V.AtMost(a, V.Create(GeluLimit));
        V tail = LiftedNormalDensity(a) * NormalTailRatio(a);
        return V.Select(V.LessThan(z, V.Zero), -a * tail * V.Create(Unlift), z * (V.Create(1f) - (tail * V.Create(Unlift))));
    }

    /// <summary><c>Φ(z) + z·φ(z)</c>: the derivative of <see cref="Gelu"/>.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The derivative in every lane, in [−0.13, 1.13].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluSlope<V>(V z) where V : struct, IVector<V>
    {
        const float InverseRootOfTwoPi = 0.3989422804014327f;
        V a = V.Abs(z);
        a = V.AtMost(a, V.Create(GeluLimit));

        // The slopes at z and −z add up to 1.
        V ratio = V.FusedMultiplyAdd(a, V.Create(-InverseRootOfTwoPi), NormalTailRatio(a));
        V negative = LiftedNormalDensity(a) * ratio * V.Create(Unlift);
        return V.Select(V.LessThan(z, V.Zero), negative, V.Create(1f) - negative);
    }

    /// <summary><c>z/2·(1 + tanh(√(2/π)·(z + 0.044715·z³)))</c>: the common approximation of <see cref="Gelu"/>.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanh<V>(V z) where V : struct, IVector<V>
    {
        V a = V.Abs(z);
        a = V.AtMost(a, V.Create(GeluLimit));
        V gate = a * V.FusedMultiplyAdd(a * a, V.Create(GeluTanhCubic), V.Create(GeluTanhLinear));
        return Gated(z, a, gate);
    }

    /// <summary>The derivative of <see cref="GeluTanh"/>.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The derivative in every lane, in [−0.13, 1.13].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanhSlope<V>(V z) where V : struct, IVector<V>
    {
        V a = V.Abs(z);
        a = V.AtMost(a, V.Create(GeluLimit));
        V square = a * a;
        V gate = a * V.FusedMultiplyAdd(square, V.Create(GeluTanhCubic), V.Create(GeluTanhLinear));
        V rise = a * V.FusedMultiplyAdd(square, V.Create(3 * GeluTanhCubic), V.Create(GeluTanhLinear));
        return GatedSlope(z, gate, rise);
    }

    /// <summary><c>z·σ(z)</c>, also called swish: 0 at −∞; of small relative error for negative z too.</summary>
    /// <remarks>Elfwing, Uchibe and Doya (2018).</remarks>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Silu<V>(V z) where V : struct, IVector<V>
    {
        V a = V.Abs(z);
        a = V.AtMost(a, V.Create(SiluLimit));
        return Gated(z, a, a);
    }

    /// <summary><c>σ(z)·(1 + z·σ(−z))</c>: the derivative of <see cref="Silu"/>.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The derivative in every lane, in [−0.1, 1.1].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SiluSlope<V>(V z) where V : struct, IVector<V>
    {
        V a = V.Abs(z);
        a = V.AtMost(a, V.Create(SiluLimit));
        return GatedSlope(z, a, a);
    }

    /// <summary><c>z·tanh(ln(1 + eᶻ))</c>: 0 at −∞; of small relative error for negative z too.</summary>
    /// <remarks>Misra (2019).</remarks>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mish<V>(V z) where V : struct, IVector<V>
    {
        // tanh(ln(1 + e)) = w/(w + 2) with w = e·(e + 2). The factor z is multiplied in before e can be denormal.
        V c = MishRange(z);
        V lifted = LiftedExp(c);
        V e = lifted * V.Create(Unlift);
        V eAndTwo = e + V.Create(2f);
        V gated = c * lifted * V.Create(Unlift) * eAndTwo / V.FusedMultiplyAdd(e, eAndTwo, V.Create(2f));
        return V.Select(V.GreaterThan(z, V.Create(MishLimit)), z, gated);
    }

    /// <summary>The derivative of <see cref="Mish"/>.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The derivative in every lane, in [−0.12, 1.09].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MishSlope<V>(V z) where V : struct, IVector<V>
    {
        // w/(w + 2) + 4·z·e·(e + 1)/(w + 2)², with w as above.
        V c = MishRange(z);
        V lifted = LiftedExp(c);
        V e = lifted * V.Create(Unlift);
        V w = V.FusedMultiplyAdd(e, e, e + e);
        V inverse = V.Create(1f) / (w + V.Create(2f));
        V rise = c * lifted * V.Create(4 * Unlift) * V.FusedMultiplyAdd(e, inverse, inverse);
        return V.FusedMultiplyAdd(rise, inverse, w * inverse);
    }

    /// <summary><c>z/(1 + |z|)</c>: ±1 at ±∞; the sign of a zero stays.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations, in [−1, 1].</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softsign<V>(V z) where V : struct, IVector<V>
    {
        V magnitude = V.Abs(z);
        V sign = magnitude ^ z;
        V a = V.AtMost(magnitude, V.Create(float.MaxValue));
        return (a / (a + V.Create(1f))) | sign;
    }

    /// <summary><c>(z + 3)/6</c>, limited to [0, 1].</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V HardSigmoid<V>(V z) where V : struct, IVector<V> =>
        Clamp(z + V.Create(3f), V.Zero, V.Create(6f)) * V.Create(OneSixth);

    /// <summary><c>z·(z + 3)/6</c>, where the second factor is limited to [0, 1]; 0 at −∞.</summary>
    /// <remarks>Howard and others, "Searching for MobileNetV3" (2019).</remarks>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V HardSwish<V>(V z) where V : struct, IVector<V> =>
        V.AtLeast(z, V.Create(-3f)) * HardSigmoid(z);

    /// <summary><c>(2z + 3)/6</c> between −3 and 3, 0 up to there, 1 from there on: the derivative of <see cref="HardSwish"/>.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The derivative in every lane.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V HardSwishSlope<V>(V z) where V : struct, IVector<V>
    {
        V slope = V.FusedMultiplyAdd(z, V.Create(2f), V.Create(3f)) * V.Create(OneSixth);
        slope = V.Select(V.LessThanOrEqual(z, V.Create(-3f)), V.Zero, slope);
        return V.Select(V.LessThanOrEqual(V.Create(3f), z), V.Create(1f), slope);
    }

    /// <summary><c>z &gt;= 0 ? 1 : 0</c>; NaN stays NaN.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(V z) where V : struct, IVector<V> =>
        V.Select(V.LessThanOrEqual(V.Zero, z), V.Create(1f), V.AtLeast(z, V.Zero));

    /// <summary>−1, 0 or 1 as z is negative, zero or positive; a zero keeps its sign, and NaN stays NaN.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="z">Pre-activations; any value.</param>
    /// <returns>The activations.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sign<V>(V z) where V : struct, IVector<V> =>
        V.Select(V.GreaterThan(z, V.Zero), V.Create(1f), V.Select(V.LessThan(z, V.Zero), V.Create(-1f), z));

    /// <summary>Limits lanes to a range; NaN stays NaN.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <param name="x">Any value.</param>
    /// <param name="low">The least result.</param>
    /// <param name="high">The greatest result, at least <paramref name="low"/>.</param>
    /// <returns>The limited lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Clamp<V>(V x, V low, V high) where V : struct, IVector<V> =>
        V.Select(V.GreaterThan(x, high), high, V.Select(V.LessThan(x, low), low, x));

    /// <summary><c>z·σ(v)</c>, v of z's sign, from a = |z| (limited) and gate = |v|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Gated<V>(V z, V a, V gate) where V : struct, IVector<V>
    {
        V lifted = LiftedExp(-gate);
        V numerator = V.Select(V.LessThan(z, V.Zero), -a * lifted * V.Create(Unlift), z);
        return numerator / V.FusedMultiplyAdd(lifted, V.Create(Unlift), V.Create(1f));
    }

    /// <summary><c>σ(v) + z·v′·σ(v)·σ(−v)</c> from gate = |v| and rise = z·v′; the values at z and −z add up to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V GatedSlope<V>(V z, V gate, V rise) where V : struct, IVector<V>
    {
        V e = LiftedExp(-gate) * V.Create(Unlift);
        V inverse = V.Create(1f) / (e + V.Create(1f));
        V negative = e * inverse * V.FusedMultiplyAdd(-rise, inverse, V.Create(1f));
        return V.Select(V.LessThan(z, V.Zero), negative, V.Create(1f) - negative);
    }

    /// <summary>Limits z to where Mish is neither z nor 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V MishRange<V>(V z) where V : struct, IVector<V> => Clamp(z, V.Create(-SiluLimit), V.Create(MishLimit));

    /// <summary><c>2⁶⁴·e^(−a²/2)</c>, the square's rounding error compensated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LiftedNormalDensity<V>(V a) where V : struct, IVector<V>
    {
        V half = a * V.Create(-0.5f);
        V exponent = a * half;
        V e = LiftedExp(exponent);
        return V.FusedMultiplyAdd(e, V.FusedMultiplyAdd(a, half, -exponent), e);
    }

    /// <summary><c>Φ(−a)·e^(a²/2)</c>, for a in [0, 14.5]: <c>3/(a + 3)</c> times a polynomial in <c>a/(a + 3)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NormalTailRatio<V>(V a) where V : struct, IVector<V>
    {
        V inverse = V.Create(1f) / (a + V.Create(3f));
        V v = a * inverse;
        V p = V.FusedMultiplyAdd(V.Create(0.0184969231f), v, V.Create(-0.0701169893f));
        p = V.FusedMultiplyAdd(p, v, V.Create(0.0865891799f));
        p = V.FusedMultiplyAdd(p, v, V.Create(-0.0367984138f));
        p = V.FusedMultiplyAdd(p, v, V.Create(0.0379835293f));
        p = V.FusedMultiplyAdd(p, v, V.Create(-0.0460374542f));
        p = V.FusedMultiplyAdd(p, v, V.Create(-0.0855864212f));
        p = V.FusedMultiplyAdd(p, v, V.Create(0.0689270347f));
        p = V.FusedMultiplyAdd(p, v, V.Create(0.356351793f));
        p = V.FusedMultiplyAdd(p, v, V.Create(-0.696826935f));
        p = V.FusedMultiplyAdd(p, v, V.Create(0.5f));
        return p * (inverse * V.Create(3f));
    }
}
