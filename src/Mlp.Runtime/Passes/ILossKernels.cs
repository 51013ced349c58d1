using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The kernels of a network that has a loss.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ILossKernels : IRowKernels
{
    /// <summary>Predicts rows and computes the loss of each, on the calling thread.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="inputs">rows × inputs.</param>
    /// <param name="targets">rows × outputs.</param>
    /// <param name="outputs">Receives rows × outputs.</param>
    /// <param name="losses">Receives one loss a row.</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    static abstract void ComputeRowLosses(NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows);
}
