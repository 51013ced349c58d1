using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>RMSProp: steps scaled by a running mean of squared gradients, plain, with momentum, or by their variance.</summary>
/// <remarks>
/// With g the gradient, plus <c>λ·p</c> for weights: <c>v = α·v + (1−α)g²</c>, <c>u = μ·u + g / (√v + ε)</c>, <c>p −= η·u</c>; Tieleman and
/// Hinton (2012). Centred, <c>a = α·a + (1−α)g</c> and the root is that of the variance, <c>v − a²</c>; Graves (2013), with ε
/// outside the root.
/// </remarks>
public sealed class RmsProp : Optimizer
{
    /// <summary>Describes RMSProp.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="momentum">μ, in [0, 1).</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <param name="epsilon">Added to the root, finite and above 0.</param>
    /// <param name="decay">α, decay of the running means, in [0, 1).</param>
    /// <param name="centered">Whether the variance of the gradients takes the place of their mean square.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    public RmsProp(
        float learningRate = 1e-2f, float momentum = 0, float weightDecay = 0, float epsilon = 1e-8f, float decay = 0.99f, bool centered = false)
        : base(learningRate, weightDecay)
    {
        Momentum = Rates.BelowOne(momentum);
        Epsilon = Rates.Positive(epsilon);
        Decay = Rates.BelowOne(decay);
        Centered = centered;
    }

    /// <summary>Share of the last step that is kept, μ.</summary>
    public float Momentum { get; }

    /// <summary>Added to the root, ε.</summary>
    public float Epsilon { get; }

    /// <summary>Decay of the running means, α.</summary>
    public float Decay { get; }

    /// <summary>Whether the variance of the gradients takes the place of their mean square.</summary>
    public bool Centered { get; }

    // The centred form keeps velocities even without momentum, so that the number of values tells the forms apart.
    /// <summary>The optimizer as it is written, with all that it is made of.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"RmsProp(learningRate: {LearningRate}, momentum: {Momentum}, weightDecay: {WeightDecay}, epsilon: {Epsilon}, decay: {Decay}, centered: {Centered})");

    internal override int StatePerParameter => Centered ? 3 : Momentum > 0 ? 2 : 1;

    internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state) =>
        Give(source, batch, state, new Rule(this, state));

    private readonly ref struct Rule : IGradientSink
    {
        private readonly ref float _squares;
        private readonly ref float _velocities;
        private readonly ref float _means;
        private readonly float _keep;
        private readonly float _add;
        private readonly float _descent;
        private readonly float _momentum;
        private readonly float _epsilon;
        private readonly float _weightDecay;
        private readonly bool _hasVelocities;
        private readonly bool _centered;

        public Rule(RmsProp rmsProp, OptimizerState state)
        {
            double decay = Rates.AsWritten(rmsProp.Decay);
            _centered = rmsProp.Centered;
            _hasVelocities = rmsProp.StatePerParameter > 1;
            _squares = ref state.Moments(0, decay);
            _velocities = ref state.Moments(_hasVelocities ? 1 : 0);
            _means = ref state.Moments(_centered ? 2 : 0);
            _keep = (float)decay;
            _add = (float)(1 - decay);
            _descent = -(float)rmsProp.RateIn(state);
            _momentum = rmsProp.Momentum;
            _epsilon = rmsProp.Epsilon;
            _weightDecay = rmsProp.WeightDecay;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index)
        {
            Prefetch.Line(in parameter);
            Prefetch.Line(in Unsafe.Add(ref _squares, index));
            Prefetch.Line(in Unsafe.Add(ref _velocities, index));
            Prefetch.Line(in Unsafe.Add(ref _means, index));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
            V square = V.FusedMultiplyAdd(V.Create(_keep), V.Load(ref _squares, index), V.Create(_add) * gradient * gradient);
            V.Store(square, ref _squares, index);
            if (_centered)
            {
                V mean = V.FusedMultiplyAdd(V.Create(_keep), V.Load(ref _means, index), V.Create(_add) * gradient);
                V.Store(mean, ref _means, index);

                // Rounding can take the variance of nearly equal gradients below 0. The fused square of the mean does not overflow.
                square = V.AtLeast(V.FusedMultiplyAdd(-mean, mean, square), V.Zero);
            }

            V direction = gradient / (V.Sqrt(square) + V.Create(_epsilon));
            if (_hasVelocities)
            {
                direction = V.FusedMultiplyAdd(V.Create(_momentum), V.Load(ref _velocities, index), direction);
                V.Store(direction, ref _velocities, index);
            }

            V.Store(V.FusedMultiplyAdd(V.Create(_descent), direction, V.Load(ref bias)), ref bias);
        }
    }
}
