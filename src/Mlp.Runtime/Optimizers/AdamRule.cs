using System.Runtime.CompilerServices;
using Mlp.Numerics;

namespace Mlp;

/// <summary>
/// The update that Adam, AdamW and RAdam share: <c>p −= s·m / (r·√v + ε)</c>, with factors s and r that they compute once a step.
/// </summary>
internal readonly ref struct AdamRule(OptimizerState state, double beta1, double beta2) : IGradientSink
{
    /// <summary>s.</summary>
    public required float StepSize { get; init; }

    /// <summary>r.</summary>
    public required float RootScale { get; init; }

    /// <summary>ε.</summary>
    public required float Epsilon { get; init; }

    /// <summary>λ of <c>g + λ·p</c>, for weights; 0 where the decay is decoupled.</summary>
    public float WeightDecay { get; init; }

    /// <summary>What weights are multiplied by before the step, where the decay is decoupled.</summary>
    public float Shrinkage { get; init; } = 1;

    /// <summary>m and v.</summary>
    public GradientMoments Moments { get; } = new(state, beta1, beta2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect(ref readonly float parameter, nuint index) => Moments.Expect(in parameter, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V>
    {
        (V mean, V square) = Moments.Add(Rates.Decayed(gradient, ref weight, WeightDecay), index);
        V.Store((V.Create(Shrinkage) * V.Load(ref weight)) - Change(mean, square), ref weight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
    {
        (V mean, V square) = Moments.Add(gradient, index);
        V.Store(V.Load(ref bias) - Change(mean, square), ref bias);
    }

    /// <summary><c>s·m / (r·√v + ε)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Change<V>(V mean, V square) where V : struct, IVector<V> =>
        V.Create(StepSize) * mean / V.FusedMultiplyAdd(V.Sqrt(square), V.Create(RootScale), V.Create(Epsilon));
}
