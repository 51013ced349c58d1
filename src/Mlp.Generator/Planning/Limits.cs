namespace Mlp.Generator.Planning;

/// <summary>
/// The numbers that decide how networks are computed, each with its reason. Those of the register tiles themselves are the runtime's (Tiles), and those that
/// depend on a call's rows are those of its passes.
/// </summary>
internal static class Limits
{
    /// <summary>Up to here the straight-line form wins: its vectors are full whatever the layers' widths, and tiles of these sizes are mostly beginnings and ends.</summary>
    internal const int MaxStraightLineMultiplyAdds = 2048;

    /// <summary>Up to here it wins with a large layer too, at which tiles are good, and without a kernel for single rows.</summary>
    internal const int MaxStraightLineMultiplyAddsWithLargeLayer = 768;

    /// <summary>Up to here it wins with a large layer and a softmax at the end: tiled networks compute that row by row.</summary>
    internal const int MaxStraightLineMultiplyAddsWithLargeLayerAndSoftmax = 1280;

    /// <summary>Inputs and outputs that a straight-line layer may have: each is a local of its kernels.</summary>
    internal const int MaxStraightLineWidth = 64;

    /// <summary>
    /// Locals of a kernel for a single row. The JIT inlines until a method has 512; behind that every vector operation would be a call.
    /// </summary>
    internal const int MaxRowKernelLocals = 480;

    /// <summary>Locals of an activation, or of a slope, that a sum may wait for in its register.</summary>
    internal const int MostShortLocals = 12;

    /// <summary>Lanes of every canonical partial sum.</summary>
    internal const int Lanes = 8;

    /// <summary>Sums of a straight-line kernel that stay in registers: of sixteen, two more hold a value and a weight.</summary>
    internal const int MostSums = 12;

    /// <summary>Partial sums of a tile of gradients; with as many inputs and outputs as it has they fill the sixteen registers.</summary>
    internal const int MostGradientSums = 10;

    /// <summary>Outputs of such a tile.</summary>
    internal const int MostGradientOutputs = 5;

    /// <summary>Inputs of a first layer, and outputs of the second, whose delta goes from registers into the gradients: their sums must find room beside each other.</summary>
    internal const int MostFusedInputs = 3;

    /// <inheritdoc cref="MostFusedInputs"/>
    internal const int MostFusedOutputs = 4;

    /// <summary>Multiply-adds that are written one by one rather than in a loop over the terms.</summary>
    internal const int MostUnrolled = 40;

    /// <summary>32 KiB in floats: the smallest first-level cache.</summary>
    internal const int FirstLevelCache = 8192;

    /// <summary>Groups of eight rows that go through straight-line passes together at most; fewer would take the gradients' partial sums from memory more often.</summary>
    internal const int MostGroups = 16;

    /// <summary>Rows of stored matrices start on a cache line.</summary>
    internal const int CacheLine = 16;

    /// <summary>A stride that is a multiple of 1 KiB puts the rows of a column into the same few cache sets; one more line avoids it.</summary>
    internal const int AliasingStride = 256;

    /// <summary>256 rows of a 512-bit vector are 16 KiB, half of the smallest first-level cache; longer blocks for tiles of two and three were no quicker.</summary>
    internal const int LongestBlock = 256;

    /// <summary>Activations of a block of rows may take this many floats (256 KiB) of the second-level cache.</summary>
    internal const int RowBlockFloats = 65_536;

    /// <summary>Rows of the largest register tile.</summary>
    internal const int TileRows = 6;

    /// <summary>Tiles of a block of rows at most.</summary>
    internal const int MostRowTiles = 16;

    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>Whole cache lines, but no multiple of 1 KiB.</summary>
    internal static int PaddedStride(int columns)
    {
        int stride = RoundUp(columns, CacheLine);
        return stride % AliasingStride == 0 ? stride + CacheLine : stride;
    }

    /// <summary>The fewest blocks of at most 256, of nearly equal length, so that no short block is left over.</summary>
    internal static int Block(int length)
    {
        int blocks = (length + LongestBlock - 1) / LongestBlock;
        return (length + blocks - 1) / blocks;
    }

    /// <summary>Whole tiles of rows, at least two tiles.</summary>
    internal static int RowBlock(int forwardFloats) =>
        Math.Max(2, Math.Min(MostRowTiles, RowBlockFloats / Math.Max(1, forwardFloats) / TileRows)) * TileRows;

    /// <summary>The size of straight-line tiles: the largest that leaves nothing over, if it is not much smaller than it may be; else tiles of nearly the same size.</summary>
    internal static int Tile(int neurons, int largest)
    {
        for (int tile = Math.Min(neurons, largest); 3 * tile >= 2 * Math.Min(neurons, largest); tile--)
        {
            if (neurons % tile == 0)
            {
                return tile;
            }
        }

        int tiles = (neurons + largest - 1) / largest;
        return (neurons + tiles - 1) / tiles;
    }

    /// <summary>
    /// About how many locals a layer takes in the kernel for a single row, vector by vector: those of its products, with this number of inputs that have
    /// statements of their own, and those of its activation as the JIT inlines it.
    /// </summary>
    internal static int RowKernelLocals(int inputs, int outputs, Activation activation)
    {
        int vectors = RoundUp(outputs, Lanes) / Lanes;
        int products = outputs < Lanes ? outputs * RoundUp(inputs, Lanes) / Lanes : inputs * vectors;
        return (4 * products) + (vectors * ActivationFacts.Of(activation).Locals);
    }
}
