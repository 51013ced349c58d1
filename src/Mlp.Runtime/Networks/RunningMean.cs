namespace Mlp.CompilerServices;

/// <summary>A running mean of a network's parameters that update rules keep, while they have the parameters at hand.</summary>
/// <param name="means">The mean, laid out like the network's store.</param>
internal sealed class RunningMean(AlignedBuffer means)
{
    /// <summary>The first float of the mean.</summary>
    public ref float Origin => ref means.Origin;

    /// <summary>The share of the parameters in the mean behind the next step.</summary>
    public float Share { get; set; }
}
