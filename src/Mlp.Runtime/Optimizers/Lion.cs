using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>Lion: steps of one size, in the direction of the sign of a running mean.</summary>
/// <remarks>
/// With g the gradient: weights first shrink, <c>p *= 1 − η·λ</c>; then <c>p −= η·sign(β₁m + (1−β₁)g)</c>, where the sign of 0 is 0, and
/// <c>m = β₂m + (1−β₂)g</c>. Chen et al. (2023), algorithm 2. Learning rates are typically three to ten times smaller than Adam's.
/// </remarks>
public sealed class Lion : Optimizer
{
    /// <summary>Describes Lion.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <param name="beta1">Share of the mean in the direction of a step, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of gradients, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    public Lion(float learningRate = 1e-4f, float weightDecay = 0, float beta1 = 0.9f, float beta2 = 0.99f)
        : base(learningRate, weightDecay)
    {
        Beta1 = Rates.BelowOne(beta1);
        Beta2 = Rates.BelowOne(beta2);
    }

    /// <summary>Share of the mean in the direction of a step, β₁.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean of gradients, β₂.</summary>
    public float Beta2 { get; }

    /// <summary>The optimizer as it is written, with all that it is made of.</summary>
    public override string ToString() => FormattableString.Invariant($"Lion(learningRate: {LearningRate}, weightDecay: {WeightDecay}, beta1: {Beta1}, beta2: {Beta2})");

    internal override int StatePerParameter => 1;

    internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state) =>
        Give(source, batch, state, new Rule(this, state));

    private readonly ref struct Rule : IGradientSink
    {
        private readonly ref float _means;
        private readonly float _meanShare;
        private readonly float _gradientShare;
        private readonly float _keep;
        private readonly float _add;
        private readonly float _learningRate;
        private readonly float _shrinkage;

        public Rule(Lion lion, OptimizerState state)
        {
            double beta1 = Rates.AsWritten(lion.Beta1);
            double beta2 = Rates.AsWritten(lion.Beta2);
            _means = ref state.Moments(0);
            _meanShare = (float)beta1;
            _gradientShare = (float)(1 - beta1);
            _keep = (float)beta2;
            _add = (float)(1 - beta2);
            _learningRate = (float)lion.RateIn(state);
            _shrinkage = (float)(1 - (lion.RateIn(state) * lion.WeightDecay));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index)
        {
            Prefetch.Line(in parameter);
            Prefetch.Line(in Unsafe.Add(ref _means, index));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            V.Store((V.Create(_shrinkage) * V.Load(ref weight)) - Change(gradient, index), ref weight);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V> =>
            V.Store(V.Load(ref bias) - Change(gradient, index), ref bias);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Change<V>(V gradient, nuint index) where V : struct, IVector<V>
        {
            V mean = V.Load(ref _means, index);
            V.Store(V.FusedMultiplyAdd(V.Create(_keep), mean, V.Create(_add) * gradient), ref _means, index);
            V direction = V.FusedMultiplyAdd(V.Create(_meanShare), mean, V.Create(_gradientShare) * gradient);
            return V.Create(_learningRate) * Rates.Sign(direction);
        }
    }
}
