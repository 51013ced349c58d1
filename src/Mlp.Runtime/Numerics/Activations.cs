using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>An element-wise activation as a struct, so that kernels inline it. The generator has a row of facts for each.</summary>
/// <remarks>Each lane's bits depend on that lane alone; docs/numerics.md lists the measured errors.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IActivation
{
    /// <summary>Whether the slope is computed from the pre-activations; else from the outputs, which are kept anyway.</summary>
    static virtual bool NeedsPreActivations => false;

    /// <summary>The outputs.</summary>
    /// <param name="z">Pre-activations; any value.</param>
    /// <param name="alpha">The slope or scale, where there is one.</param>
    static abstract V Forward<V>(V z, V alpha = default) where V : struct, IVector<V>;

    /// <summary>The delta behind the activation: <c>delta ⊙ slope</c>.</summary>
    /// <param name="delta">The derivative of the loss with respect to the outputs.</param>
    /// <param name="kept">What the slope is computed from: the outputs, or the pre-activations.</param>
    /// <param name="alpha">The slope or scale, where there is one.</param>
    static abstract V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V>;
}

/// <summary>The element-wise activations, each in one struct; a new one also has its line in the table below.</summary>
#pragma warning disable CS1591 // The members of the structs are those of IActivation, which documents them.
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Activations
{
    private const float SeluScale = 1.0507009873554805f;
    private const float SeluAlphaScale = 1.7580993408473766f;
    private const float OneSixth = 1f / 6f;

    // √(2/π)·2 and its product with 0.044715: GELU's tanh form is z·σ(z·(GeluTanhLinear + GeluTanhCubic·z²)).
    private const float GeluTanhLinear = 1.5957691216057308f;
    private const float GeluTanhCubic = 0.07135481627260025f;

    // Where the gated units are z on the one side and 0 on the other, though their gates multiply an infinite z.
    private const float SiluLimit = -VectorMath.LiftedUnderflow;
    private const float GeluLimit = 14.5f;

    // Mish is z beyond.
    private const float MishLimit = 20f;

    /// <summary>Applies an activation to a vector, for code that meets it at run time.</summary>
    internal static Vec256 Apply(Activation activation, Vec256 z, Vec256 alpha) => Functions(activation).Forward(z, alpha);

    /// <summary>The slope of an activation at pre-activations, as backpropagation multiplies by it.</summary>
    internal static Vec256 Slope(Activation activation, Vec256 z, Vec256 alpha) => Functions(activation).Slope(z, alpha);

    private static (Func<Vec256, Vec256, Vec256> Forward, Func<Vec256, Vec256, Vec256> Slope) Functions(Activation activation) =>
        ByKind.TryGetValue(activation, out (Func<Vec256, Vec256, Vec256>, Func<Vec256, Vec256, Vec256>) functions)
            ? functions
            : throw new NotSupportedException($"{nameof(Activations)} does not know {activation}.");

    private static readonly Dictionary<Activation, (Func<Vec256, Vec256, Vec256> Forward, Func<Vec256, Vec256, Vec256> Slope)> ByKind = new()
    {
        [Activation.Linear] = Of<Linear>(),
        [Activation.Relu] = Of<Relu>(),
        [Activation.LeakyRelu] = Of<LeakyRelu>(),
        [Activation.PRelu] = Of<PRelu>(),
        [Activation.Elu] = Of<Elu>(),
        [Activation.Selu] = Of<Selu>(),
        [Activation.Sigmoid] = Of<Sigmoid>(),
        [Activation.Tanh] = Of<Tanh>(),
        [Activation.Gelu] = Of<Gelu>(),
        [Activation.GeluTanh] = Of<GeluTanh>(),
        [Activation.Silu] = Of<Silu>(),
        [Activation.Mish] = Of<Mish>(),
        [Activation.Softplus] = Of<Softplus>(),
        [Activation.Softsign] = Of<Softsign>(),
        [Activation.HardSigmoid] = Of<HardSigmoid>(),
        [Activation.HardSwish] = Of<HardSwish>(),
        [Activation.Exp] = Of<Exp>(),
        [Activation.Step] = Of<Step>(),
        [Activation.Sign] = Of<Sign>(),
    };

    private static (Func<Vec256, Vec256, Vec256> Forward, Func<Vec256, Vec256, Vec256> Slope) Of<T>() where T : struct, IActivation => (
        T.Forward,
        static (z, alpha) => T.Backward(Vec256.Create(1f), T.NeedsPreActivations ? z : T.Forward(z, alpha), alpha));

    /// <summary><c>z</c>.</summary>
    public readonly struct Linear : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => z;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> => delta;
    }

    /// <summary><c>z &lt;= 0 ? 0 : z</c>: the rectifier. NaN stays NaN, and −0 becomes +0.</summary>
    public readonly struct Relu : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => V.Clear(V.LessThanOrEqual(z, V.Zero), z);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> => V.GreaterThan(kept, V.Zero) & delta;
    }

    /// <summary><c>z &gt; 0 ? z : alpha·z</c>: the leaky rectifier. NaN stays NaN.</summary>
    public readonly struct LeakyRelu : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => V.Select(V.GreaterThan(z, V.Zero), z, alpha * z);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> =>
            V.Select(V.GreaterThan(kept, V.Zero), delta, delta * alpha);
    }

    /// <summary>The leaky rectifier with a learned slope, which the derivative at a pre-activation needs.</summary>
    /// <remarks>He, Zhang, Ren and Sun (2015).</remarks>
    public readonly struct PRelu : IActivation
    {
        public static bool NeedsPreActivations => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => LeakyRelu.Forward(z, alpha);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> => LeakyRelu.Backward(delta, kept, alpha);
    }

    /// <summary><c>z &gt; 0 ? z : alpha·(eᶻ − 1)</c>: the exponential linear unit.</summary>
    /// <remarks>Clevert, Unterthiner and Hochreiter (2016).</remarks>
    public readonly struct Elu : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => V.Select(V.GreaterThan(z, V.Zero), z, alpha * VectorMath.Expm1(z));
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> =>
            delta * V.Select(V.GreaterThan(kept, V.Zero), V.Create(1f), kept + alpha);
    }

    /// <summary><c>1.0507·(z &gt; 0 ? z : 1.6733·(eᶻ − 1))</c>: the self-normalising exponential linear unit.</summary>
    /// <remarks>Klambauer, Unterthiner, Mayr and Hochreiter (2017); the constants in full are 1.0507009873554805 and 1.6732632423543772.</remarks>
    public readonly struct Selu : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> =>
            V.Select(V.GreaterThan(z, V.Zero), z * V.Create(SeluScale), V.Create(SeluAlphaScale) * VectorMath.Expm1(z));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> =>
            delta * V.Select(V.GreaterThan(kept, V.Zero), V.Create(SeluScale), kept + V.Create(SeluAlphaScale));
    }

    /// <summary><c>1/(1 + e⁻ᶻ)</c>.</summary>
    public readonly struct Sigmoid : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => VectorMath.Sigmoid(z);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> => delta * (kept * (V.Create(1f) - kept));
    }

    /// <summary><c>tanh z</c>.</summary>
    public readonly struct Tanh : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => VectorMath.Tanh(z);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> => delta * (V.Create(1f) - (kept * kept));
    }

    /// <summary><c>z·Φ(z)</c>, Φ the normal distribution function: 0 at −∞; of small relative error for negative z too.</summary>
    /// <remarks>Hendrycks and Gimpel (2016), the exact form. The derivative is in [−0.13, 1.13].</remarks>
    public readonly struct Gelu : IActivation
    {
        public static bool NeedsPreActivations => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V>
        {
            V a = V.Abs(z);
            a = V.AtMost(a, V.Create(GeluLimit));
            V tail = LiftedNormalDensity(a) * NormalTailRatio(a);
            return V.Select(V.LessThan(z, V.Zero), -a * tail * V.Create(VectorMath.Unlift), z * (V.Create(1f) - (tail * V.Create(VectorMath.Unlift))));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V>
        {
            const float InverseRootOfTwoPi = 0.3989422804014327f;
            V a = V.Abs(kept);
            a = V.AtMost(a, V.Create(GeluLimit));

            // The slopes at kept and −kept add up to 1.
            V ratio = V.FusedMultiplyAdd(a, V.Create(-InverseRootOfTwoPi), NormalTailRatio(a));
            V negative = LiftedNormalDensity(a) * ratio * V.Create(VectorMath.Unlift);
            return delta * V.Select(V.LessThan(kept, V.Zero), negative, V.Create(1f) - negative);
        }
    }

    /// <summary><c>z/2·(1 + tanh(√(2/π)·(z + 0.044715·z³)))</c>: the common approximation of <see cref="Gelu"/>.</summary>
    /// <remarks>The derivative is in [−0.13, 1.13].</remarks>
    public readonly struct GeluTanh : IActivation
    {
        public static bool NeedsPreActivations => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V>
        {
            V a = V.Abs(z);
            a = V.AtMost(a, V.Create(GeluLimit));
            V gate = a * V.FusedMultiplyAdd(a * a, V.Create(GeluTanhCubic), V.Create(GeluTanhLinear));
            return Gated(z, a, gate);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V>
        {
            V a = V.Abs(kept);
            a = V.AtMost(a, V.Create(GeluLimit));
            V square = a * a;
            V gate = a * V.FusedMultiplyAdd(square, V.Create(GeluTanhCubic), V.Create(GeluTanhLinear));
            V rise = a * V.FusedMultiplyAdd(square, V.Create(3 * GeluTanhCubic), V.Create(GeluTanhLinear));
            return delta * GatedSlope(kept, gate, rise);
        }
    }

    /// <summary><c>z·σ(z)</c>, also called swish: 0 at −∞; of small relative error for negative z too.</summary>
    /// <remarks>Elfwing, Uchibe and Doya (2018). The derivative is in [−0.1, 1.1].</remarks>
    public readonly struct Silu : IActivation
    {
        public static bool NeedsPreActivations => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V>
        {
            V a = V.Abs(z);
            a = V.AtMost(a, V.Create(SiluLimit));
            return Gated(z, a, a);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V>
        {
            V a = V.Abs(kept);
            a = V.AtMost(a, V.Create(SiluLimit));
            return delta * GatedSlope(kept, a, a);
        }
    }

    /// <summary><c>z·tanh(ln(1 + eᶻ))</c>: 0 at −∞; of small relative error for negative z too.</summary>
    /// <remarks>Misra (2019). The derivative is in [−0.12, 1.09].</remarks>
    public readonly struct Mish : IActivation
    {
        public static bool NeedsPreActivations => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V>
        {
            // tanh(ln(1 + e)) = w/(w + 2) with w = e·(e + 2). The factor z is multiplied in before e can be denormal.
            V c = MishRange(z);
            V lifted = VectorMath.LiftedExp(c);
            V e = lifted * V.Create(VectorMath.Unlift);
            V eAndTwo = e + V.Create(2f);
            V gated = c * lifted * V.Create(VectorMath.Unlift) * eAndTwo / V.FusedMultiplyAdd(e, eAndTwo, V.Create(2f));
            return V.Select(V.GreaterThan(z, V.Create(MishLimit)), z, gated);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V>
        {
            // w/(w + 2) + 4·kept·e·(e + 1)/(w + 2)², with w as above.
            V c = MishRange(kept);
            V lifted = VectorMath.LiftedExp(c);
            V e = lifted * V.Create(VectorMath.Unlift);
            V w = V.FusedMultiplyAdd(e, e, e + e);
            V inverse = V.Create(1f) / (w + V.Create(2f));
            V rise = c * lifted * V.Create(4 * VectorMath.Unlift) * V.FusedMultiplyAdd(e, inverse, inverse);
            return delta * V.FusedMultiplyAdd(rise, inverse, w * inverse);
        }
    }

    /// <summary><c>ln(1 + eᶻ)</c>.</summary>
    public readonly struct Softplus : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => VectorMath.Softplus(z);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> => delta * -VectorMath.Expm1(-kept);
    }

    /// <summary><c>z/(1 + |z|)</c>: ±1 at ±∞; the sign of a zero stays.</summary>
    public readonly struct Softsign : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V>
        {
            V magnitude = V.Abs(z);
            V sign = magnitude ^ z;
            V a = V.AtMost(magnitude, V.Create(float.MaxValue));
            return (a / (a + V.Create(1f))) | sign;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> =>
            delta * ((V.Create(1f) - V.Abs(kept)) * (V.Create(1f) - V.Abs(kept)));
    }

    /// <summary><c>(z + 3)/6</c>, limited to [0, 1].</summary>
    public readonly struct HardSigmoid : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> =>
            VectorMath.Clamp(z + V.Create(3f), V.Zero, V.Create(6f)) * V.Create(OneSixth);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> =>
            V.GreaterThan(kept, V.Zero) & V.LessThan(kept, V.Create(1f)) & (delta * V.Create(OneSixth));
    }

    /// <summary><c>z·(z + 3)/6</c>, where the second factor is limited to [0, 1]; 0 at −∞.</summary>
    /// <remarks>Howard and others, "Searching for MobileNetV3" (2019).</remarks>
    public readonly struct HardSwish : IActivation
    {
        public static bool NeedsPreActivations => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => V.AtLeast(z, V.Create(-3f)) * HardSigmoid.Forward(z);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V>
        {
            V slope = V.FusedMultiplyAdd(kept, V.Create(2f), V.Create(3f)) * V.Create(OneSixth);
            slope = V.Select(V.LessThanOrEqual(kept, V.Create(-3f)), V.Zero, slope);
            return delta * V.Select(V.LessThanOrEqual(V.Create(3f), kept), V.Create(1f), slope);
        }
    }

    /// <summary><c>eᶻ</c>.</summary>
    public readonly struct Exp : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> => VectorMath.Exp(z);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> => delta * kept;
    }

    /// <summary><c>z &gt;= 0 ? 1 : 0</c>; NaN stays NaN. The derivative of the jump is taken as 1: Rosenblatt's rule.</summary>
    public readonly struct Step : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> =>
            V.Select(V.LessThanOrEqual(V.Zero, z), V.Create(1f), V.AtLeast(z, V.Zero));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> => delta;
    }

    /// <summary>−1, 0 or 1 as z is negative, zero or positive; a zero keeps its sign, and NaN stays NaN. The derivative of the jump is taken as 1: Rosenblatt's rule.</summary>
    public readonly struct Sign : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Forward<V>(V z, V alpha = default) where V : struct, IVector<V> =>
            V.Select(V.GreaterThan(z, V.Zero), V.Create(1f), V.Select(V.LessThan(z, V.Zero), V.Create(-1f), z));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Backward<V>(V delta, V kept, V alpha = default) where V : struct, IVector<V> => delta;
    }

    /// <summary><c>z·σ(v)</c>, v of z's sign, from a = |z| (limited) and gate = |v|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Gated<V>(V z, V a, V gate) where V : struct, IVector<V>
    {
        V lifted = VectorMath.LiftedExp(-gate);
        V numerator = V.Select(V.LessThan(z, V.Zero), -a * lifted * V.Create(VectorMath.Unlift), z);
        return numerator / V.FusedMultiplyAdd(lifted, V.Create(VectorMath.Unlift), V.Create(1f));
    }

    /// <summary><c>σ(v) + z·v′·σ(v)·σ(−v)</c> from gate = |v| and rise = z·v′; the values at z and −z add up to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V GatedSlope<V>(V z, V gate, V rise) where V : struct, IVector<V>
    {
        V e = VectorMath.LiftedExp(-gate) * V.Create(VectorMath.Unlift);
        V inverse = V.Create(1f) / (e + V.Create(1f));
        V negative = e * inverse * V.FusedMultiplyAdd(-rise, inverse, V.Create(1f));
        return V.Select(V.LessThan(z, V.Zero), negative, V.Create(1f) - negative);
    }

    /// <summary>Limits z to where Mish is neither z nor 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V MishRange<V>(V z) where V : struct, IVector<V> => VectorMath.Clamp(z, V.Create(-SiluLimit), V.Create(MishLimit));

    /// <summary><c>2⁶⁴·e^(−a²/2)</c>, the square's rounding error compensated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LiftedNormalDensity<V>(V a) where V : struct, IVector<V>
    {
        V half = a * V.Create(-0.5f);
        V exponent = a * half;
        V e = VectorMath.LiftedExp(exponent);
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
