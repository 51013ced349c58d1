using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>Rectified Adam: corrects the first steps, whose mean of squares averages few gradients; the very first do without it.</summary>
/// <remarks>
/// With g the gradient, plus <c>λ·p</c> for weights, and t the number of the step from 1: <c>m = β₁m + (1−β₁)g</c>, <c>v = β₂v + (1−β₂)g²</c>,
/// <c>m̂ = m / (1−β₁ᵗ)</c>, <c>v̂ = v / (1−β₂ᵗ)</c>. The mean of squares is worth one of <c>ρ = ρ∞ − 2tβ₂ᵗ / (1−β₂ᵗ)</c> gradients, with
/// <c>ρ∞ = 2 / (1−β₂) − 1</c>. Where ρ &gt; 5, <c>p −= η·r·m̂ / (√v + ε) · √(1−β₂ᵗ)</c> with
/// <c>r = √((ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ))</c>, else <c>p −= η·m̂</c>. Liu et al. (2020), algorithm 2, with ε.
/// </remarks>
public sealed class RAdam : Optimizer
{
    private const double LeastLength = 5;

    /// <summary>Describes rectified Adam.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    public RAdam(float learningRate = 1e-3f, float weightDecay = 0, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
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
        $"RAdam(learningRate: {LearningRate}, weightDecay: {WeightDecay}, beta1: {Beta1}, beta2: {Beta2}, epsilon: {Epsilon})");

    internal override int StatePerParameter => 2;

    internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state)
    {
        double beta1 = Rates.AsWritten(Beta1);
        double beta2 = Rates.AsWritten(Beta2);
        long step = state.StepCount + 1;
        double squaresLeft = Rates.Power(beta2, step);
        double longest = (2 / (1 - beta2)) - 1;
        double length = longest - (2 * step * squaresLeft / (1 - squaresLeft));
        double stepSize = RateIn(state) / (1 - Rates.Power(beta1, step));
        bool isRectified = length > LeastLength;
        if (isRectified)
        {
            double variances = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length);
            stepSize *= Math.Sqrt(variances) * Math.Sqrt(1 - squaresLeft);
        }

        return Give(source, batch, state, new Rule(this, new GradientMoments(state, beta1, beta2), stepSize, isRectified));
    }

    private readonly ref struct Rule(RAdam radam, GradientMoments moments, double stepSize, bool isRectified) : IGradientSink
    {
        private readonly GradientMoments _moments = moments;
        private readonly float _descent = -(float)stepSize;
        private readonly float _epsilon = radam.Epsilon;
        private readonly float _weightDecay = radam.WeightDecay;
        private readonly bool _isRectified = isRectified;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index) => _moments.Expect(in parameter, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
            (V mean, V square) = _moments.Add(gradient, index);
            V direction = _isRectified ? mean / (V.Sqrt(square) + V.Create(_epsilon)) : mean;
            V.Store(V.FusedMultiplyAdd(V.Create(_descent), direction, V.Load(ref bias)), ref bias);
        }
    }
}
