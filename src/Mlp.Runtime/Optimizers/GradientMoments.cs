using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>The running means of gradients and of their squares that variants of Adam keep: <c>m = β₁m + (1−β₁)g</c>, <c>v = β₂v + (1−β₂)g²</c>.</summary>
/// <param name="state">Its first two running values are m and v.</param>
/// <param name="beta1">β₁ as it is written (<see cref="Rates.AsWritten"/>).</param>
/// <param name="beta2">β₂ likewise.</param>
internal readonly ref struct GradientMoments(OptimizerState state, double beta1, double beta2)
{
    private readonly ref float _means = ref state.Moments(0);
    private readonly ref float _squares = ref state.Moments(1, beta2);
    private readonly float _keepMean = (float)beta1;
    private readonly float _addMean = (float)(1 - beta1);
    private readonly float _keepSquare = (float)beta2;
    private readonly float _addSquare = (float)(1 - beta2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect(ref readonly float parameter, nuint index)
    {
        Prefetch.Line(in parameter);
        Prefetch.Line(in Unsafe.Add(ref _means, index));
        Prefetch.Line(in Unsafe.Add(ref _squares, index));
    }

    /// <summary>Updates both means by a gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (V Mean, V Square) Add<V>(V gradient, nuint index) where V : struct, IVector<V>
    {
        V mean = V.FusedMultiplyAdd(V.Create(_keepMean), V.Load(ref _means, index), V.Create(_addMean) * gradient);
        V square = V.FusedMultiplyAdd(V.Create(_keepSquare), V.Load(ref _squares, index), V.Create(_addSquare) * gradient * gradient);
        V.Store(mean, ref _means, index);
        V.Store(square, ref _squares, index);
        return (mean, square);
    }
}
