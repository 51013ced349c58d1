using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>
/// Floats at an address that is a multiple of 64 and never moves, so that no vector straddles two cache lines. At least 16 floats behind
/// the last one can be read, so that a kernel may load the last vector whole.
/// </summary>
internal sealed class AlignedBuffer
{
    private const int Alignment = 64 / sizeof(float);

    private readonly float[] _array;
    private readonly int _offset;

    /// <summary>Allocates a buffer of zeros.</summary>
    /// <param name="length">Number of floats.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or more than an array can hold.</exception>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength - (2 * Alignment));
        Length = length;
        _array = GC.AllocateArray<float>(length + (2 * Alignment), pinned: true);
        unsafe
        {
            nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
            _offset = (int)((0 - address) / sizeof(float) % Alignment);
        }
    }

    /// <summary>Number of floats.</summary>
    public int Length { get; }

    /// <summary>The first float; the rest follow it.</summary>
    public ref float Origin
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _offset);
    }

    /// <summary>All floats.</summary>
    public Span<float> Span => _array.AsSpan(_offset, Length);
}
