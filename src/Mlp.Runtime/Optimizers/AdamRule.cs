using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>
/// The update that Adam and AdamW share: <c>m = β₁m + (1−β₁)g</c>, <c>v = β₂v + (1−β₂)g²</c>, <c>p −= s·m / (r·√v + ε)</c>, with factors
/// s and r that they compute once a step.
/// </summary>
/// <param name="state">Its first two running values are m and v.</param>
/// <param name="beta1">β₁ as it is written (<see cref="Rates.AsWritten"/>).</param>
/// <param name="beta2">β₂ likewise.</param>
/// <param name="stepSize">s.</param>
/// <param name="rootScale">r.</param>
/// <param name="epsilon">ε.</param>
/// <param name="weightDecay">λ of <c>g + λ·p</c>, for weights.</param>
/// <remarks>
/// Kept short, because kernels inline it and the JIT's inlining budget is limited. As in all rules, the order of operations delays overflow:
/// <c>((1−β₂)·g)·g</c> overflows later than <c>(1−β₂)·(g·g)</c>, and <c>m / ∞</c> is 0 where <c>s·m / ∞</c> may be ∞ / ∞.
/// </remarks>
internal readonly ref struct AdamRule(
    OptimizerState state, double beta1, double beta2, double stepSize, double rootScale, float epsilon, float weightDecay) : IGradientSink
{
    private readonly ref float _means = ref state.Moments(0);
    private readonly ref float _squares = ref state.Moments(1, beta2);
    private readonly float _keepMean = (float)beta1;
    private readonly float _addMean = (float)(1 - beta1);
    private readonly float _keepSquare = (float)beta2;
    private readonly float _addSquare = (float)(1 - beta2);
    private readonly float _descent = -(float)stepSize;
    private readonly float _rootScale = (float)rootScale;
    private readonly float _epsilon = epsilon;
    private readonly float _weightDecay = weightDecay;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect(ref readonly float parameter, nuint index)
    {
        Prefetch.Line(in parameter);
        Prefetch.Line(in Unsafe.Add(ref _means, index));
        Prefetch.Line(in Unsafe.Add(ref _squares, index));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
        Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
    {
        V mean = V.FusedMultiplyAdd(V.Create(_keepMean), V.Load(ref _means, index), V.Create(_addMean) * gradient);
        V square = V.FusedMultiplyAdd(V.Create(_keepSquare), V.Load(ref _squares, index), V.Create(_addSquare) * gradient * gradient);
        V.Store(mean, ref _means, index);
        V.Store(square, ref _squares, index);
        V root = V.FusedMultiplyAdd(V.Sqrt(square), V.Create(_rootScale), V.Create(_epsilon));
        V.Store(V.FusedMultiplyAdd(V.Create(_descent), mean / root, V.Load(ref bias)), ref bias);
    }
}
