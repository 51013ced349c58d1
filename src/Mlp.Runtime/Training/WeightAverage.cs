namespace Mlp;

/// <summary>An exponential mean of the weights of a run, often better than the last ones, and less noisy.</summary>
/// <remarks>
/// After every step, <c>mean = d·mean + (1 − d)·weights</c> with <c>d = min(decay, (1 + n) / (10 + n))</c> behind n updates, so that a short run does not
/// hold on to its start; the mean begins with the weights before the first step. Batch normalization's running statistics are averaged likewise, as they belong
/// to the weights that they were measured with. Steps are those of the weights themselves: the mean is what epochs are validated with, what "best" means,
/// and what the network holds when the run has ended, however it ends. Polyak and Juditsky (1992); TensorFlow's <c>ExponentialMovingAverage</c> has this decay.
/// </remarks>
public sealed class WeightAverage
{
    /// <summary>Describes an average.</summary>
    /// <param name="decay">Share of the mean that a step keeps, in [0, 1): it looks back over about <c>1 / (1 − decay)</c> steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public WeightAverage(double decay = 0.999) => Decay = Rates.BelowOne(decay);

    /// <summary>Share of the mean that a step keeps, once there have been enough of them.</summary>
    public double Decay { get; }

    /// <summary>The average as it is written.</summary>
    public override string ToString() => FormattableString.Invariant($"WeightAverage({Decay})");

    /// <summary>The share of the weights in the mean behind one more update.</summary>
    /// <param name="updates">Updates before it.</param>
    internal float ShareAt(long updates) => (float)(1 - Math.Min(Decay, (1.0 + updates) / (10.0 + updates)));
}
