using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>Stochastic gradient descent, plain or with momentum.</summary>
/// <remarks>
/// With g the gradient, plus <c>λ·p</c> for weights: plain, <c>p −= η·g</c>; with momentum <c>u = μ·u + g</c>, <c>p −= η·u</c>; Nesterov,
/// <c>p −= η·(g + μ·u)</c>. Polyak (1964); Sutskever, Martens, Dahl and Hinton (2013), in the form without dampening.
/// </remarks>
public sealed class Sgd : Optimizer
{
    /// <summary>Describes stochastic gradient descent.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="momentum">μ, in [0, 1).</param>
    /// <param name="nesterov">Whether the step looks ahead along the momentum, which then must be above 0.</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    /// <exception cref="ArgumentException"><paramref name="nesterov"/> is set without <paramref name="momentum"/>.</exception>
    public Sgd(float learningRate, float momentum = 0, bool nesterov = false, float weightDecay = 0)
        : base(learningRate, weightDecay)
    {
        Momentum = Rates.BelowOne(momentum);
        Nesterov = !nesterov || momentum > 0
            ? nesterov
            : throw new ArgumentException("nesterov looks ahead along the momentum; momentum is 0 and must be above it.", nameof(nesterov));
    }

    /// <summary>Share of the last step that is kept, μ.</summary>
    public float Momentum { get; }

    /// <summary>Whether the step looks ahead along the momentum.</summary>
    public bool Nesterov { get; }

    /// <summary>The optimizer as it is written, with all that it is made of.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"Sgd(learningRate: {LearningRate}, momentum: {Momentum}, nesterov: {Nesterov}, weightDecay: {WeightDecay})");

    internal override int StatePerParameter => Momentum == 0 ? 0 : 1;

    internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state) =>
        Momentum == 0
            ? Give(source, batch, state, new PlainRule(this, state))
            : Give(source, batch, state, new MomentumRule(this, state));

    private readonly ref struct PlainRule(Sgd sgd, OptimizerState state) : IGradientSink
    {
        private readonly float _learningRate = (float)sgd.RateIn(state);
        private readonly float _weightDecay = sgd.WeightDecay;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index) => Prefetch.Line(in parameter);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V> =>
            V.Store(V.Load(ref bias) - (V.Create(_learningRate) * gradient), ref bias);
    }

    private readonly ref struct MomentumRule(Sgd sgd, OptimizerState state) : IGradientSink
    {
        private readonly ref float _velocities = ref state.Moments(0);
        private readonly float _descent = -(float)sgd.RateIn(state);
        private readonly float _momentum = sgd.Momentum;
        private readonly float _weightDecay = sgd.WeightDecay;
        private readonly bool _nesterov = sgd.Nesterov;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index)
        {
            Prefetch.Line(in parameter);
            Prefetch.Line(in Unsafe.Add(ref _velocities, index));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
            V momentum = V.Create(_momentum);
            V velocity = Rates.Finite(V.FusedMultiplyAdd(momentum, V.Load(ref _velocities, index), gradient));
            V.Store(velocity, ref _velocities, index);
            V direction = _nesterov ? Rates.Finite(V.FusedMultiplyAdd(momentum, velocity, gradient)) : velocity;
            V.Store(V.FusedMultiplyAdd(V.Create(_descent), direction, V.Load(ref bias)), ref bias);
        }
    }
}
