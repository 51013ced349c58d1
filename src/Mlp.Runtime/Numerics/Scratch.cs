using System.Runtime.CompilerServices;

namespace Mlp.Numerics;

/// <summary>A buffer for each thread that predictions borrow, so that they run on many threads at once and allocate nothing once warm.</summary>
public static class Scratch
{
    [ThreadStatic]
    private static AlignedBuffer? _buffer;

    /// <summary>The calling thread's buffer, of at least this many floats with arbitrary contents; valid until the next call on this thread.</summary>
    /// <param name="floats">How many floats are needed.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Borrow(int floats)
    {
        AlignedBuffer? buffer = _buffer;
        return ref (buffer is not null && buffer.Length >= floats ? buffer : Grow(floats)).Origin;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AlignedBuffer Grow(int floats) => _buffer = new AlignedBuffer(floats);
}
