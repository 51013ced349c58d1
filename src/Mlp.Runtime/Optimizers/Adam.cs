using System.Runtime.CompilerServices;
using Mlp.Numerics;

namespace Mlp;

/// <summary>Adam: steps scaled by running means of the gradient and of its square.</summary>
/// <remarks>
/// With g the gradient, plus <c>λ·p</c> for weights, and t the number of the step from 1: <c>m = β₁m + (1−β₁)g</c>, <c>v = β₂v + (1−β₂)g²</c>,
/// <c>p −= η·m̂ / (√v̂ + ε)</c> with <c>m̂ = m / (1−β₁ᵗ)</c> and <c>v̂ = v / (1−β₂ᵗ)</c>. Kingma and Ba (2015), algorithm 1.
/// </remarks>
public sealed class Adam : Optimizer
{
    /// <summary>Describes Adam.</summary>
    /// <param name="learningRate">η, finite and at least 0.</param>
    /// <param name="weightDecay">λ, finite and at least 0; concerns weights, not biases.</param>
    /// <param name="beta1">Decay of the mean of gradients, in [0, 1).</param>
    /// <param name="beta2">Decay of the mean of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, NaN or out of range.</exception>
    public Adam(float learningRate = 1e-3f, float weightDecay = 0, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
    {
        LearningRate = Rates.NotNegative(learningRate);
        WeightDecay = Rates.NotNegative(weightDecay);
        Beta1 = Rates.BelowOne(beta1);
        Beta2 = Rates.BelowOne(beta2);
        Epsilon = Rates.Positive(epsilon);
    }

    /// <summary>Size of a step, η.</summary>
    public float LearningRate { get; }

    /// <summary>Share of each weight added to its gradient, λ.</summary>
    public float WeightDecay { get; }

    /// <summary>Decay of the mean of gradients, β₁.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean of squared gradients, β₂.</summary>
    public float Beta2 { get; }

    /// <summary>Added to the root, ε.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    protected internal override int StatePerParameter => 2;

    /// <inheritdoc/>
    protected internal override float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state) =>
        source.Backpropagate(batch, new Rule(this, state));

    private readonly ref struct Rule : IGradientSink
    {
        private readonly ref float _means;
        private readonly ref float _squares;
        private readonly float _keepMean;
        private readonly float _addMean;
        private readonly float _keepSquare;
        private readonly float _addSquare;
        private readonly float _stepSize;
        private readonly float _rootScale;
        private readonly float _epsilon;
        private readonly float _weightDecay;

        public Rule(Adam adam, OptimizerState state)
        {
            // A decay that reads 0.999 is meant as the decimal number: 1 − β in double, from the shortest decimal, is free of the float's rounding.
            double beta1 = (double)(decimal)adam.Beta1;
            double beta2 = (double)(decimal)adam.Beta2;
            long step = state.StepCount + 1;
            _means = ref state.Moments(0);
            _squares = ref state.Moments(1);
            _keepMean = (float)beta1;
            _addMean = (float)(1 - beta1);
            _keepSquare = (float)beta2;
            _addSquare = (float)(1 - beta2);
            _stepSize = (float)(adam.LearningRate / (1 - Power(beta1, step)));
            _rootScale = (float)(1 / Math.Sqrt(1 - Power(beta2, step)));
            _epsilon = adam.Epsilon;
            _weightDecay = adam.WeightDecay;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Expect(ref readonly float parameter, nuint index)
        {
            Prefetch.Line(in parameter);
            Prefetch.Line(in Unsafe.Add(ref _means, index));
            Prefetch.Line(in Unsafe.Add(ref _squares, index));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V> =>
            Biases(Rates.Decayed(gradient, ref weight, _weightDecay), ref weight, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>
        {
            V mean = V.FusedMultiplyAdd(V.Create(_keepMean), V.Load(ref _means, index), V.Create(_addMean) * gradient);
            V square = V.FusedMultiplyAdd(V.Create(_keepSquare), V.Load(ref _squares, index), V.Create(_addSquare) * (gradient * gradient));
            V.Store(mean, ref _means, index);
            V.Store(square, ref _squares, index);
            V root = V.FusedMultiplyAdd(V.Sqrt(square), V.Create(_rootScale), V.Create(_epsilon));
            V.Store(V.Load(ref bias) - (V.Create(_stepSize) * mean / root), ref bias);
        }

        // By squaring, so that a step's factor depends on its number alone and a resumed run has the same bits.
        private static double Power(double value, long exponent)
        {
            double power = 1;
            for (; exponent > 0; exponent >>= 1, value *= value)
            {
                power *= (exponent & 1) == 1 ? value : 1;
            }

            return power;
        }
    }
}
