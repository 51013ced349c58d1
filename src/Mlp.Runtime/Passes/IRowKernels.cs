using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The kernels of a network that predicts: rows are independent of each other, and each method takes any number of them.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowKernels
{
    /// <summary>Predicts rows on the calling thread.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="outputs">Receives rows × outputs.</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    static abstract void PredictRows(NetworkState network, ref float inputs, ref float outputs, nuint rows);
}
