using System.ComponentModel;
using Mlp.Numerics;

namespace Mlp;

/// <summary>Stops a training step whose loss or inputs are not finite, before it updates anything. Generated code calls it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LossCheck
{
    /// <summary>The mean loss of a batch, once it and all inputs are known to be finite. Allocates nothing.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="losses">The loss of each row.</param>
    /// <returns>The mean over the rows.</returns>
    /// <exception cref="NonFiniteLossException">
    /// The mean loss or an input is not finite. Names the first such input, or else target, or else layer, or else row.
    /// </exception>
    public static float Mean(NetworkState network, scoped in TrainingBatch batch, ReadOnlySpan<float> losses)
    {
        float mean = (float)CanonicalSum.Mean(losses);
        return float.IsFinite(mean) && Finiteness.AllFinite(batch.Inputs)
            ? mean
            : throw NonFiniteDiagnosis.Of(network, batch.Inputs, batch.Targets, lossRow: Finiteness.IndexOfNonFinite(losses));
    }
}
