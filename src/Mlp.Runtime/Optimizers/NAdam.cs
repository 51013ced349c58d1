using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>Adam with Nesterov's momentum, which grows from step to step.</summary>
/// <remarks>
/// With g the gradient, plus <c>λ·p</c> for weights, and t the number of the step from 1: <c>m = β₁m + (1−β₁)g</c>, <c>v = β₂v + (1−β₂)g²</c>,
/// <c>μₜ = β₁(1 − 0.5·0.96^(t·ψ))</c>, <c>Πₜ = μ₁·μ₂ ⋯ μₜ</c>,
/// <c>p −= η·(μₜ₊₁·m / (1−Πₜ₊₁) + (1−μₜ)·g / (1−Πₜ)) / (√v̂ + ε)</c> with <c>v̂ = v / (1−β₂ᵗ)</c>. Dozat (2016).
/// </remarks>
public sealed class NAdam : Optimizer
{
    // Below it, 1 − Π rounds to 1 in double precision.
    private const double Negligible = 1e-18;

    /// <summary>Describes NAdam.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <param name="beta1">Decay of the mean of gradients, and the limit of the momentum, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, finite and above 0.</param>
    /// <param name="momentumDecay">ψ, how fast the momentum grows towards β₁, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    public NAdam(
        float learningRate = 2e-3f, float weightDecay = 0, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float momentumDecay = 4e-3f)
        : base(learningRate, weightDecay)
    {
        Beta1 = Rates.BelowOne(beta1);
        Beta2 = Rates.BelowOne(beta2);
        Epsilon = Rates.Positive(epsilon);
        MomentumDecay = Rates.NotNegative(momentumDecay);
    }

    /// <summary>Decay of the mean of gradients, and the limit of the momentum, β₁.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean of squared gradients, β₂.</summary>
    public float Beta2 { get; }

    /// <summary>Added to the root, ε.</summary>
    public float Epsilon { get; }

    /// <summary>How fast the momentum grows towards β₁, ψ.</summary>
    public float MomentumDecay { get; }

    /// <summary>The optimizer as it is written, with all that it is made of.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"NAdam(learningRate: {LearningRate}, weightDecay: {WeightDecay}, beta1: {Beta1}, beta2: {Beta2}, epsilon: {Epsilon}, momentumDecay: {MomentumDecay})");

    internal override int StatePerParameter => 2;

    internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state) =>
        Give(source, batch, state, new Rule(this, state));

    /// <summary>
    /// Momentum of this step and of the next, and their products Πₜ and Πₜ₊₁, from the number of the step alone, so that a resumed run has the
    /// same bits. The loop ends as soon as the product no longer matters.
    /// </summary>
    private (double Present, double Next, double Product, double NextProduct) Momenta(double beta1, long step)
    {
        double decay = ScalarMath.Pow(0.96, MomentumDecay);
        double product = 1;
        double power = 1;
        for (long t = 1; t <= step && product > Negligible; t++)
        {
            power *= decay;
            product *= Momentum(power);
        }

        double present = Momentum(Rates.Power(decay, step));
        double next = Momentum(Rates.Power(decay, step + 1));
        return (present, next, product, product * next);

        double Momentum(double power) => beta1 * (1 - (0.5 * power));
    }

    private readonly ref struct Rule : IGradientSink
    {
        private readonly GradientMoments _moments;
        private readonly float _meanScale;
        private readonly float _gradientScale;
        private readonly float _descent;
        private readonly float _rootScale;
        private readonly float _epsilon;
        private readonly float _weightDecay;

        public Rule(NAdam nadam, OptimizerState state)
        {
            double beta1 = Rates.AsWritten(nadam.Beta1);
            double beta2 = Rates.AsWritten(nadam.Beta2);
            long step = state.StepCount + 1;
            (double present, double next, double product, double nextProduct) = nadam.Momenta(beta1, step);
            _moments = new GradientMoments(state, beta1, beta2);

            // Half of the direction, as mean and gradient together may be beyond the largest float.
            _meanScale = (float)(0.5 * next / (1 - nextProduct));
            _gradientScale = (float)(0.5 * (1 - present) / (1 - product));
            _descent = (float)(-2 * nadam.RateIn(state));
            _rootScale = (float)(1 / Math.Sqrt(1 - Rates.Power(beta2, step)));
            _epsilon = nadam.Epsilon;
            _weightDecay = nadam.WeightDecay;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index) => _moments.Expect(in parameter, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
            (V mean, V square) = _moments.Add(gradient, index);
            V direction = V.FusedMultiplyAdd(V.Create(_meanScale), mean, V.Create(_gradientScale) * gradient);
            V root = V.FusedMultiplyAdd(V.Sqrt(square), V.Create(_rootScale), V.Create(_epsilon));
            V.Store(V.FusedMultiplyAdd(V.Create(_descent), direction / root, V.Load(ref bias)), ref bias);
        }
    }
}
