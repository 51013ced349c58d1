using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>A trainable network as the runtime sees it. Generated classes implement it; user code has <see cref="INetwork{TSelf}"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface INetwork : IGradientSource
{
    /// <summary>Parameters and all else that does not depend on the class.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    NetworkState State { get; }

    /// <summary>
    /// Predicts without dropout and computes the loss of every row. Of a network that standardises targets, everything is in the units of these. Allocates
    /// nothing once warm.
    /// </summary>
    /// <param name="inputs">rows × InputSize, row-major.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="outputs">rows × OutputSize; the activated outputs, bit for bit those of <c>Predict</c>.</param>
    /// <param name="losses">The loss of each row.</param>
    /// <exception cref="ArgumentException">The spans do not hold the same number of rows.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    void ComputeLosses(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs, Span<float> losses);
}
