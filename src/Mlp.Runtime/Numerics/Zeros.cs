using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Zeros to begin a tile of sums with; nothing may write there.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Zeros
{
    // As many as twelve of the widest vectors have lanes.
    private static readonly AlignedBuffer Buffer = new(12 * 16);

    /// <summary>The first of 192 zeros, on a cache line.</summary>
    public static ref float First => ref Buffer.Origin;
}
