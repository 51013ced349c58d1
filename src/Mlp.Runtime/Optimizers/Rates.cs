using System.Runtime.CompilerServices;
using Mlp.Numerics;

namespace Mlp;

/// <summary>What optimizers share: checks of their hyperparameters, and weight decay.</summary>
internal static class Rates
{
    public static float NotNegative(float value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 && float.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and at least 0.");

    public static float Positive(float value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && float.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and above 0.");

    public static float BelowOne(float value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and below 1.");

    /// <summary><c>g + λ·p</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Decayed<V>(V gradient, ref readonly float weight, float decay) where V : struct, IVector<V> =>
        decay == 0 ? gradient : gradient + (V.Create(decay) * V.Load(in weight));
}
