using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Mlp.CompilerServices;

/// <summary>Rearrangements of row-major matrices.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Matrix
{
    private const nuint Block = 4;

    // Columns that are transposed together: as many cache lines of the destination are written again for the next rows.
    private const nuint Panel = 32;

    /// <summary>Writes the transpose: <c>destination[c, r] = source[r, c]</c>.</summary>
    /// <param name="source">The first element of [rows × columns].</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="sourceStride">Floats from one row of the source to the next.</param>
    /// <param name="destination">The first element of [columns × rows]; must not overlap the source. Padding is left alone.</param>
    /// <param name="destinationStride">Floats from one row of the destination to the next.</param>
    /// <remarks>Copies bits; nothing allocates.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(
        ref readonly float source, nuint rows, nuint columns, nuint sourceStride, ref float destination, nuint destinationStride)
    {
        ref float from = ref Unsafe.AsRef(in source);
        bool accelerated = Sse.IsSupported || AdvSimd.Arm64.IsSupported;
        nuint wholeRows = accelerated ? rows - (rows % Block) : 0;
        nuint wholeColumns = accelerated ? columns - (columns % Block) : 0;

        for (nuint panel = 0; panel < wholeColumns; panel += Panel)
        {
            nuint end = Math.Min(panel + Panel, wholeColumns);
            for (nuint r = 0; r < wholeRows; r += Block)
            {
                for (nuint c = panel; c < end; c += Block)
                {
                    TransposeBlock(
                        ref Unsafe.Add(ref from, (r * sourceStride) + c), sourceStride,
                        ref Unsafe.Add(ref destination, (c * destinationStride) + r), destinationStride);
                }
            }
        }

        for (nuint c = 0; c < columns; c++)
        {
            for (nuint r = c < wholeColumns ? wholeRows : 0; r < rows; r++)
            {
                Unsafe.Add(ref destination, (c * destinationStride) + r) = Unsafe.Add(ref from, (r * sourceStride) + c);
            }
        }
    }

    /// <summary>The transpose of a layer's weights in the calling thread's buffer, with zeros behind each row up to whole cache lines.</summary>
    /// <param name="weights">The first of [inputs × outputs].</param>
    /// <param name="inputs">Rows of the weights.</param>
    /// <param name="outputs">Columns of the weights.</param>
    /// <param name="stride">Floats from one of their rows to the next.</param>
    /// <param name="transposedStride">Floats from one row of the transpose to the next.</param>
    /// <returns>The first of [outputs × inputs], valid until the thread's buffer is borrowed again.</returns>
    public static ref float Transposed(ref readonly float weights, nuint inputs, nuint outputs, nuint stride, nuint transposedStride)
    {
        ref float transposed = ref Scratch.BorrowForWeights((int)(outputs * transposedStride));
        Transpose(in weights, inputs, outputs, stride, ref transposed, transposedStride);
        ClearColumns(ref transposed, outputs, transposedStride, inputs, (inputs + 15) & ~(nuint)15);
        return ref transposed;
    }

    /// <summary>Writes zeros to some columns of every row: padding that kernels read.</summary>
    /// <param name="matrix">The first element.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="first">The first column to clear.</param>
    /// <param name="end">The column behind the last one to clear.</param>
    public static void ClearColumns(ref float matrix, nuint rows, nuint stride, nuint first, nuint end)
    {
        for (nuint r = 0; r < rows; r++)
        {
            for (nuint c = first; c < end; c++)
            {
                Unsafe.Add(ref matrix, (r * stride) + c) = 0f;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(ref float source, nuint sourceStride, ref float destination, nuint destinationStride)
    {
        Vector128<float> row0 = Vector128.LoadUnsafe(ref source);
        Vector128<float> row1 = Vector128.LoadUnsafe(ref source, sourceStride);
        Vector128<float> row2 = Vector128.LoadUnsafe(ref source, 2 * sourceStride);
        Vector128<float> row3 = Vector128.LoadUnsafe(ref source, 3 * sourceStride);

        (row0, row1, row2, row3) = Transpose4(row0, row1, row2, row3);
        row0.StoreUnsafe(ref destination);
        row1.StoreUnsafe(ref destination, destinationStride);
        row2.StoreUnsafe(ref destination, 2 * destinationStride);
        row3.StoreUnsafe(ref destination, 3 * destinationStride);
    }

    /// <summary>The columns of four rows of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector128<float> Column0, Vector128<float> Column1, Vector128<float> Column2, Vector128<float> Column3) Transpose4(
        Vector128<float> row0, Vector128<float> row1, Vector128<float> row2, Vector128<float> row3)
    {
        // Pairs of rows 0 and 2, and of 1 and 3, interleaved; then the two with each other.
        Vector128<float> low02 = InterleaveLow(row0, row2);
        Vector128<float> high02 = InterleaveHigh(row0, row2);
        Vector128<float> low13 = InterleaveLow(row1, row3);
        Vector128<float> high13 = InterleaveHigh(row1, row3);
        return (InterleaveLow(low02, low13), InterleaveHigh(low02, low13), InterleaveLow(high02, high13), InterleaveHigh(high02, high13));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[2], right[2], left[3], right[3]);
}
