using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The kernels of a network whose training steps are shared among threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ITrainingKernels : ILossKernels
{
    /// <summary>Forward, losses and deltas of some rows of a batch, on the calling thread.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="buffers">Where the batch's values lie.</param>
    /// <param name="capacity">Rows that each buffer has room for.</param>
    /// <param name="start">The first row.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="weight">What the mean loss is over.</param>
    static abstract void DifferentiateRows(
        NetworkState network, scoped in TrainingBatch batch, ref float buffers, nuint capacity, nuint start, nuint rows, float weight);

    /// <summary>The gradients of a share of every layer's weights, on the calling thread, once all deltas are there.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="buffers">Where the batch's values lie.</param>
    /// <param name="capacity">Rows that each buffer has room for.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="part">Number of the share, from 0.</param>
    /// <param name="parts">Number of shares.</param>
    /// <param name="sink">Takes each gradient once it is complete.</param>
    static abstract void Gradients<V, TSink>(
        NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint rows, int part, int parts, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct;
}
