using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>Adam with decoupled weight decay: the decay acts on the weights themselves and is not scaled by the running means.</summary>
/// <remarks>
/// With g the gradient and t the number of the step from 1: weights first shrink, <c>p *= 1 − η·λ</c>; then, as in <see cref="Adam"/>,
/// <c>m = β₁m + (1−β₁)g</c>, <c>v = β₂v + (1−β₂)g²</c>, <c>p −= η·m̂ / (√v̂ + ε)</c> with <c>m̂ = m / (1−β₁ᵗ)</c> and
/// <c>v̂ = v / (1−β₂ᵗ)</c>. Loshchilov and Hutter (2019), algorithm 2, with the decay scaled by η.
/// </remarks>
public sealed class AdamW : Optimizer
{
    /// <summary>Describes AdamW.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    public AdamW(float learningRate = 1e-3f, float weightDecay = 0.01f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
        : base(learningRate, weightDecay)
    {
        Beta1 = Rates.BelowOne(beta1);
        Beta2 = Rates.BelowOne(beta2);
        Epsilon = Rates.Positive(epsilon);
    }

    /// <summary>Decay of the mean of gradients, β₁.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean of squared gradients, β₂.</summary>
    public float Beta2 { get; }

    /// <summary>Added to the root, ε.</summary>
    public float Epsilon { get; }

    /// <summary>The optimizer as it is written, with all that it is made of.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"AdamW(learningRate: {LearningRate}, weightDecay: {WeightDecay}, beta1: {Beta1}, beta2: {Beta2}, epsilon: {Epsilon})");

    internal override int StatePerParameter => 2;

    internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state)
    {
        double beta1 = Rates.AsWritten(Beta1);
        double beta2 = Rates.AsWritten(Beta2);
        long step = state.StepCount + 1;
        double stepSize = RateIn(state) / (1 - Rates.Power(beta1, step));
        double rootScale = 1 / Math.Sqrt(1 - Rates.Power(beta2, step));
        AdamRule adam = new(state, beta1, beta2, stepSize, rootScale, Epsilon, weightDecay: 0);
        return Give(source, batch, state, new Rule(adam, (float)(1 - (RateIn(state) * WeightDecay))));
    }

    private readonly ref struct Rule(AdamRule adam, float shrinkage) : IGradientSink
    {
        private readonly AdamRule _adam = adam;
        private readonly float _shrinkage = shrinkage;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index) => _adam.Expect(in parameter, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V>
        {
            V.Store(V.Create(_shrinkage) * V.Load(ref weight), ref weight);
            _adam.Biases(gradient, ref weight, index);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V> => _adam.Biases(gradient, ref bias, index);
    }
}
