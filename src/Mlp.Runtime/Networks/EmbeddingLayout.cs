using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>A table of embeddings: row r at <c>Offset + r·Stride</c> of the store takes the place of r in one slot of the inputs.</summary>
/// <param name="Name">Name of its view, and with <c>.weight</c> of its tensor in files.</param>
/// <param name="Slot">Index of the input that is the number of a row.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Length">Values of a row.</param>
/// <param name="Offset">Index of the first in the store; a multiple of 8.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record EmbeddingLayout(string Name, int Slot, int Rows, int Length, int Offset)
{
    /// <summary>Floats from one row to the next, padding included; a multiple of 8.</summary>
    public int Stride => (Length + 7) & ~7;
}
