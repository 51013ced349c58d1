using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>Adadelta: steps as large as the last ones, compared with the gradients that led to them.</summary>
/// <remarks>
/// With g the gradient, plus <c>λ·p</c> for weights: <c>v = ρ·v + (1−ρ)g²</c>, <c>Δ = g·√(d + ε) / √(v + ε)</c>, <c>p −= η·Δ</c>, and then
/// <c>d = ρ·d + (1−ρ)Δ²</c>. Zeiler (2012), algorithm 1, with a learning rate.
/// </remarks>
public sealed class Adadelta : Optimizer
{
    /// <summary>Describes Adadelta.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <param name="epsilon">Added inside both roots, finite and above 0; decides the size of the first steps.</param>
    /// <param name="decay">ρ, decay of both running means, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    public Adadelta(float learningRate = 1, float weightDecay = 0, float epsilon = 1e-6f, float decay = 0.9f)
        : base(learningRate, weightDecay)
    {
        Epsilon = Rates.Positive(epsilon);
        Decay = Rates.BelowOne(decay);
    }

    /// <summary>Added inside both roots, ε.</summary>
    public float Epsilon { get; }

    /// <summary>Decay of both running means, ρ.</summary>
    public float Decay { get; }

    /// <summary>The optimizer as it is written, with all that it is made of.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"Adadelta(learningRate: {LearningRate}, weightDecay: {WeightDecay}, epsilon: {Epsilon}, decay: {Decay})");

    internal override int StatePerParameter => 2;

    internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state) =>
        Give(source, batch, state, new Rule(this, state));

    private readonly ref struct Rule : IGradientSink
    {
        private readonly ref float _squares;
        private readonly ref float _changes;
        private readonly float _keep;
        private readonly float _add;
        private readonly float _descent;
        private readonly float _epsilon;
        private readonly float _weightDecay;

        public Rule(Adadelta adadelta, OptimizerState state)
        {
            double decay = Rates.AsWritten(adadelta.Decay);
            _squares = ref state.Moments(0, decay);
            _changes = ref state.Moments(1);
            _keep = (float)decay;
            _add = (float)(1 - decay);
            _descent = -(float)adadelta.RateIn(state);
            _epsilon = adadelta.Epsilon;
            _weightDecay = adadelta.WeightDecay;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index)
        {
            Prefetch.Line(in parameter);
            Prefetch.Line(in Unsafe.Add(ref _squares, index));
            Prefetch.Line(in Unsafe.Add(ref _changes, index));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
            V epsilon = V.Create(_epsilon);
            V keep = V.Create(_keep);
            V add = V.Create(_add);
            V square = V.FusedMultiplyAdd(keep, V.Load(ref _squares, index), add * gradient * gradient);
            V lastChanges = V.Load(ref _changes, index);
            V change = V.Sqrt(lastChanges + epsilon) * (gradient / V.Sqrt(square + epsilon));
            V.Store(square, ref _squares, index);
            V changes = V.FusedMultiplyAdd(keep, lastChanges, add * change * change);
            V.Store(V.AtMost(changes, V.Create(float.MaxValue)), ref _changes, index); // ∞ times a gradient of 0 would be NaN.
            V.Store(V.FusedMultiplyAdd(V.Create(_descent), change, V.Load(ref bias)), ref bias);
        }
    }
}
