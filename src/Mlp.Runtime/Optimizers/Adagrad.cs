using System.Runtime.CompilerServices;

namespace Mlp;

/// <summary>Adagrad: steps scaled by the sum of all squared gradients so far, so that each parameter's steps shrink.</summary>
/// <remarks>
/// With g the gradient, plus <c>λ·p</c> for weights: <c>v += g²</c>, <c>p −= η·g / (√v + ε)</c>. Duchi, Hazan and Singer (2011), with a
/// diagonal matrix.
/// </remarks>
public sealed class Adagrad : Optimizer
{
    /// <summary>Describes Adagrad.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <param name="epsilon">Added to the root, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    public Adagrad(float learningRate = 1e-2f, float weightDecay = 0, float epsilon = 1e-10f)
        : base(learningRate, weightDecay)
    {
        Epsilon = Rates.Positive(epsilon);
    }

    /// <summary>Added to the root, ε.</summary>
    public float Epsilon { get; }

    /// <summary>The optimizer as it is written, with all that it is made of.</summary>
    public override string ToString() => FormattableString.Invariant($"Adagrad(learningRate: {LearningRate}, weightDecay: {WeightDecay}, epsilon: {Epsilon})");

    internal override int StatePerParameter => 1;

    internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state) =>
        Give(source, batch, state, new Rule(this, state));

    private readonly ref struct Rule(Adagrad adagrad, OptimizerState state) : IGradientSink
    {
        private readonly ref float _squares = ref state.Moments(0);
        private readonly float _descent = -(float)adagrad.RateIn(state);
        private readonly float _epsilon = adagrad.Epsilon;
        private readonly float _weightDecay = adagrad.WeightDecay;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index)
        {
            Prefetch.Line(in parameter);
            Prefetch.Line(in Unsafe.Add(ref _squares, index));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
            V squares = V.FusedMultiplyAdd(gradient, gradient, V.Load(ref _squares, index));
            V.Store(squares, ref _squares, index);
            V root = V.Sqrt(squares) + V.Create(_epsilon);
            V.Store(V.FusedMultiplyAdd(V.Create(_descent), gradient / root, V.Load(ref bias)), ref bias);
        }
    }
}
