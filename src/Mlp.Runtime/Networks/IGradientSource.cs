using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>What gives gradients to a sink: a generated network, or gradients that were computed before.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IGradientSource
{
    /// <summary>
    /// Runs one mini-batch forward and backward and hands each finished gradient to the sink. Throws
    /// <see cref="NonFiniteLossException"/> before the sink sees anything if the mean loss or an input is not finite.
    /// </summary>
    /// <typeparam name="TSink">A struct, so that the kernels inline it.</typeparam>
    /// <returns>The mean loss of the batch before any update.</returns>
    float Backpropagate<TSink>(scoped in TrainingBatch batch, scoped TSink sink) where TSink : struct, IGradientSink, allows ref struct;
}
