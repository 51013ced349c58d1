using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Buffers of each thread that passes borrow, so that they run on many threads at once and allocate nothing once warm.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Scratch
{
    [ThreadStatic]
    private static AlignedBuffer? _rows;

    [ThreadStatic]
    private static AlignedBuffer? _weights;

    /// <summary>The calling thread's buffer for values of rows, of at least this many floats with arbitrary contents; valid until the next call on this thread.</summary>
    /// <param name="floats">How many floats are needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or more than an array can hold.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Borrow(int floats) => ref Borrow(ref _rows, floats);

    /// <summary>A second buffer of the calling thread, for transposed weights and gradients; valid until the next call on this thread.</summary>
    /// <param name="floats">How many floats are needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or more than an array can hold.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float BorrowForWeights(int floats) => ref Borrow(ref _weights, floats);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Borrow(ref AlignedBuffer? place, int floats)
    {
        // A negative number is a large one here, and is refused where the buffer would grow.
        AlignedBuffer? buffer = place;
        return ref (buffer is not null && (uint)buffer.Length >= (uint)floats ? buffer : Grow(ref place, floats)).Origin;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AlignedBuffer Grow(ref AlignedBuffer? place, int floats) => place = new AlignedBuffer(floats);
}
