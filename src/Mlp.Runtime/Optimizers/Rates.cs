using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>What optimizers share: checks of their hyperparameters, constants of a step, and weight decay.</summary>
internal static class Rates
{
    public static T NotNegative<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null) where T : struct, IFloatingPoint<T> =>
        value >= T.Zero && T.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and at least 0.");

    public static T Positive<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null) where T : struct, IFloatingPoint<T> =>
        value > T.Zero && T.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and above 0.");

    public static T AtLeastOne<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null) where T : struct, IFloatingPoint<T> =>
        value >= T.One && T.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and at least 1.");

    public static T BelowOne<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null) where T : struct, IFloatingPoint<T> =>
        value >= T.Zero && value < T.One
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and below 1.");

    public static T UpToOne<T>(T value, [CallerArgumentExpression(nameof(value))] string? name = null) where T : struct, IFloatingPoint<T> =>
        value >= T.Zero && value <= T.One
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 0 to 1.");

    /// <summary>
    /// The decimal number that a rate below 1 was written as: 0.999 instead of the float next to it. So 1 − β, in double, has no rounding error of
    /// the float.
    /// </summary>
    public static double AsWritten(float rate) => (double)(decimal)rate;

    /// <summary>A learning rate as it is written, as <see cref="AsWritten"/> has rates below 1; the float itself where it is so small or large that decimals lose digits.</summary>
    public static double Written(float rate) => rate is > 1e-15f and < 1e15f ? AsWritten(rate) : rate;

    /// <summary>A whole power, by squaring, so that a step's factor depends on its number alone and a resumed run has the same bits.</summary>
    public static double Power(double value, long exponent)
    {
        double power = 1;
        for (; exponent > 0; exponent >>= 1, value *= value)
        {
            power *= (exponent & 1) == 1 ? value : 1;
        }

        return power;
    }

    /// <summary><c>g + λ·p</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Decayed<V>(V gradient, ref readonly float weight, float decay) where V : struct, IVector<V> =>
        decay == 0 ? gradient : gradient + (V.Create(decay) * V.Load(in weight));

    /// <summary>Replaces an infinity by the largest float of its sign, so that running values stay finite; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finite<V>(V value) where V : struct, IVector<V> =>
        V.AtLeast(V.AtMost(value, V.Create(float.MaxValue)), V.Create(float.MinValue));

    /// <summary>1 above 0, −1 below; 0 and NaN stay what they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sign<V>(V value) where V : struct, IVector<V> => V.Select(
        V.GreaterThan(value, V.Zero), V.Create(1), V.Select(V.LessThan(value, V.Zero), V.Create(-1), value));
}
