using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>A layer's biases, or another group of parameters that is no matrix.</summary>
/// <param name="Tensor">Name of its tensor in files, behind the layer's name: <c>bias</c>.</param>
/// <param name="Offset">Index of the first in the store; a multiple of 8.</param>
/// <param name="Count">Number of parameters.</param>
/// <param name="Length">Floats in the store, padding included; a multiple of 8.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ParameterVector(string Tensor, int Offset, int Count, int Length);
