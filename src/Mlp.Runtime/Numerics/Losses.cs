using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>The numbers that a loss is declared with.</summary>
/// <param name="Delta">Huber's error from which on the loss is linear.</param>
/// <param name="PositiveWeight">Factor of the positive targets' term of binary cross-entropy.</param>
/// <param name="LabelSmoothing">Share of every target that is spread over all classes.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct LossSettings(float Delta = 1, float PositiveWeight = 1, float LabelSmoothing = 0);

/// <summary>A loss of one output, together with the activation that it is declared for: a struct, so that kernels inline it.</summary>
/// <remarks>
/// The pair of a loss and an output activation that meet in one closed form is one struct; all other pairs are <see cref="Chain{TLoss, TActivation}"/>.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IOutputLoss
{
    /// <summary>Constant factor of the derivative: 2 of squares, else 1.</summary>
    static virtual float Factor => 1f;

    /// <summary>The loss of each lane.</summary>
    /// <param name="z">Pre-activations.</param>
    /// <param name="y">Outputs.</param>
    /// <param name="t">Targets.</param>
    /// <param name="settings">What the loss is declared with.</param>
    static abstract V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V>;

    /// <summary>The derivative with respect to the pre-activations, or of a plain loss with respect to the outputs.</summary>
    /// <param name="z">Pre-activations.</param>
    /// <param name="y">Outputs.</param>
    /// <param name="t">Targets.</param>
    /// <param name="scale">The factor over what the loss is a mean of.</param>
    /// <param name="settings">What the loss is declared with.</param>
    /// <param name="alpha">The activation's slope or scale.</param>
    static abstract V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V>;
}

/// <summary>A plain loss times the slope of the output activation.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Chain<TLoss, TActivation> : IOutputLoss where TLoss : struct, IOutputLoss where TActivation : struct, IActivation
{
    /// <inheritdoc/>
    public static float Factor => TLoss.Factor;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V> => TLoss.Loss(z, y, t, settings);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> =>
        TActivation.Backward(TLoss.Delta(z, y, t, scale, settings), TActivation.NeedsPreActivations ? z : y, alpha);
}

/// <summary>The losses, and their closed forms with an output activation; cross-entropy, which takes a whole row, is in <see cref="RowOutputs"/> and <see cref="LaneOutputs"/>.</summary>
#pragma warning disable CS1591 // The members of the structs are those of IOutputLoss, which documents them.
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Losses
{
    /// <summary><c>(y − t)²</c>.</summary>
    public readonly struct MSE : IOutputLoss
    {
        public static float Factor => 2f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V> => (y - t) * (y - t);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> => (y - t) * scale;
    }

    /// <summary><c>|y − t|</c>; the derivative at 0 is 0.</summary>
    public readonly struct MAE : IOutputLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V> => V.Abs(y - t);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> =>
            Activations.Sign.Forward(y - t) * scale;
    }

    /// <summary><c>c·(|y − t| − c/2)</c>, <c>c = min(|y − t|, δ)</c>.</summary>
    public readonly struct Huber : IOutputLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V>
        {
            V delta = V.Create(settings.Delta);
            V error = V.Abs(y - t);
            V near = V.Select(V.LessThan(error, delta), error, delta);
            return near * (error - (near * V.Create(0.5f)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> =>
            VectorMath.Clamp(y - t, -V.Create(settings.Delta), V.Create(settings.Delta)) * scale;
    }

    /// <summary><c>ln cosh(y − t)</c>.</summary>
    public readonly struct LogCosh : IOutputLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V> => VectorMath.LogCosh(y - t);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> =>
            VectorMath.Tanh(y - t) * scale;
    }

    /// <summary><c>max(0, 1 − t·y)</c>.</summary>
    public readonly struct Hinge : IOutputLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V> =>
            Activations.Relu.Forward(V.Create(1f) - (t * y));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> =>
            V.LessThan(t * y, V.Create(1f)) & (-t * scale);
    }

    /// <summary>Binary cross-entropy of a sigmoid, <c>−t·ln y − (1 − t)·ln(1 − y)</c>: the slope y·(1 − y) cancels the denominator, which leaves <c>y − t</c>.</summary>
    public readonly struct BCEOfSigmoid : IOutputLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V> =>
            (Activations.Relu.Forward(z) - (t * z)) + VectorMath.Softplus(-V.Abs(z));

        // y − t itself would have lost what y is short of 1.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> =>
            (((V.Create(1f) - t) * y) - (t * VectorMath.Sigmoid(-z))) * scale;
    }

    /// <summary>The same with a weight p of the positive targets: <c>−p·t·ln y − (1 − t)·ln(1 − y)</c>.</summary>
    public readonly struct WeightedBCEOfSigmoid : IOutputLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V> =>
            ((V.Create(1f) - t) * z) + ((V.Create(1f) + (V.Create(settings.PositiveWeight - 1) * t)) * VectorMath.Softplus(-z));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> =>
            (((V.Create(1f) - t) * y) - ((V.Create(settings.PositiveWeight) * t) * VectorMath.Sigmoid(-z))) * scale;
    }

    /// <summary>Poisson's loss of an exponential, <c>y − t·ln y</c>: ln y is z itself, and the slope y cancels the denominator of <c>1 − t/y</c>.</summary>
    public readonly struct PoissonOfExp : IOutputLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V> => y - (t * z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> => (y - t) * scale;
    }

    /// <summary>Poisson's loss of a softplus: ln y from z, so that it stays finite where y rounds to 0, and σ(z)/y in one piece.</summary>
    public readonly struct PoissonOfSoftplus : IOutputLoss
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Loss<V>(V z, V y, V t, scoped in LossSettings settings) where V : struct, IVector<V> => y - (t * VectorMath.LogSoftplus(z));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Delta<V>(V z, V y, V t, V scale, scoped in LossSettings settings, V alpha = default) where V : struct, IVector<V> =>
            (VectorMath.Sigmoid(z) - (t * VectorMath.SoftplusLogSlope(z))) * scale;
    }
}
