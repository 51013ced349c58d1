using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>Adam: steps scaled by running means of the gradient and of its square.</summary>
/// <remarks>
/// With g the gradient, plus <c>λ·p</c> for weights, and t the number of the step from 1: <c>m = β₁m + (1−β₁)g</c>, <c>v = β₂v + (1−β₂)g²</c>,
/// <c>p −= η·m̂ / (√v̂ + ε)</c> with <c>m̂ = m / (1−β₁ᵗ)</c> and <c>v̂ = v / (1−β₂ᵗ)</c>. Kingma and Ba (2015), algorithm 1. AMSGrad has
/// <c>v̂ = max(v₁ … vₜ) / (1−β₂ᵗ)</c>, so that the steps of a parameter do not grow again; Reddi, Kale and Kumar (2018), with Adam's corrections.
/// </remarks>
public sealed class Adam : Optimizer
{
    /// <summary>Describes Adam.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, finite and above 0.</param>
    /// <param name="amsGrad">Whether the largest mean of squares so far takes the place of the present one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    public Adam(
        float learningRate = 1e-3f, float weightDecay = 0, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, bool amsGrad = false)
        : base(learningRate, weightDecay)
    {
        Beta1 = Rates.BelowOne(beta1);
        Beta2 = Rates.BelowOne(beta2);
        Epsilon = Rates.Positive(epsilon);
        AmsGrad = amsGrad;
    }

    /// <summary>Decay of the mean of gradients, β₁.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean of squared gradients, β₂.</summary>
    public float Beta2 { get; }

    /// <summary>Added to the root, ε.</summary>
    public float Epsilon { get; }

    /// <summary>Whether the largest mean of squares so far takes the place of the present one.</summary>
    public bool AmsGrad { get; }

    /// <summary>The optimizer as it is written, with all that it is made of.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"Adam(learningRate: {LearningRate}, weightDecay: {WeightDecay}, beta1: {Beta1}, beta2: {Beta2}, epsilon: {Epsilon}, amsGrad: {AmsGrad})");

    internal override int StatePerParameter => AmsGrad ? 3 : 2;

    internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state)
    {
        double beta1 = Rates.AsWritten(Beta1);
        double beta2 = Rates.AsWritten(Beta2);
        long step = state.StepCount + 1;
        double stepSize = RateIn(state) / (1 - Rates.Power(beta1, step));
        double rootScale = 1 / Math.Sqrt(1 - Rates.Power(beta2, step));
        return AmsGrad
            ? Give(source, batch, state, new AmsGradRule(this, state, stepSize, rootScale))
            : Give(source, batch, state, new AdamRule(state, beta1, beta2, stepSize, rootScale, Epsilon, WeightDecay));
    }

    private readonly ref struct AmsGradRule(Adam adam, OptimizerState state, double stepSize, double rootScale) : IGradientSink
    {
        private readonly GradientMoments _moments = new(state, Rates.AsWritten(adam.Beta1), Rates.AsWritten(adam.Beta2));
        private readonly ref float _largestSquares = ref state.Moments(2);
        private readonly float _descent = -(float)stepSize;
        private readonly float _rootScale = (float)rootScale;
        private readonly float _epsilon = adam.Epsilon;
        private readonly float _weightDecay = adam.WeightDecay;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index)
        {
            _moments.Expect(in parameter, index);
            Prefetch.Line(in Unsafe.Add(ref _largestSquares, index));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
            (V mean, V square) = _moments.Add(gradient, index);
            V largest = V.Load(ref _largestSquares, index);
            largest = V.Select(V.GreaterThan(square, largest), square, largest);
            V.Store(largest, ref _largestSquares, index);
            V root = V.FusedMultiplyAdd(V.Sqrt(largest), V.Create(_rootScale), V.Create(_epsilon));
            V.Store(V.FusedMultiplyAdd(V.Create(_descent), mean / root, V.Load(ref bias)), ref bias);
        }
    }
}
