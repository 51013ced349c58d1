using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>The sums as they are.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct AsIs : IEpilogue
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V sum, scoped in ProductOperands product, nuint at) where V : struct, IVector<V> => sum;
}

/// <summary>The activation of the sums.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Activated<TActivation> : IEpilogue where TActivation : struct, IActivation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V sum, scoped in ProductOperands product, nuint at) where V : struct, IVector<V> =>
        TActivation.Forward(sum, V.Create(product.Alpha));
}

/// <summary>The sums times the slope of the activation, which is computed from what the forward pass kept.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TimesSlope<TActivation> : IEpilogue where TActivation : struct, IActivation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V sum, scoped in ProductOperands product, nuint at) where V : struct, IVector<V> =>
        TActivation.Backward(sum, V.Load(ref product.Kept, at), V.Create(product.Alpha));
}

/// <summary>The sums times the dropout mask, and on to the next epilogue.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TimesMask<TNext> : IEpilogue where TNext : struct, IEpilogue
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V sum, scoped in ProductOperands product, nuint at) where V : struct, IVector<V> =>
        TNext.Apply(sum * V.Load(ref product.Mask, at), product, at);
}

/// <summary>The sums plus what the residual connection brings, and on to the next epilogue.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct PlusResidual<TNext> : IEpilogue where TNext : struct, IEpilogue
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V sum, scoped in ProductOperands product, nuint at) where V : struct, IVector<V> =>
        TNext.Apply(sum + V.Load(ref product.Residual, at), product, at);
}
