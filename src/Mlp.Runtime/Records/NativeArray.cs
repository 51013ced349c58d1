using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>Values outside the collected heap, whose memory goes back at once when they are done with.</summary>
/// <typeparam name="T">Their type.</typeparam>
internal sealed unsafe class NativeArray<T> : IDisposable where T : unmanaged
{
    private T* _values;

    /// <summary>Allocates values that are arbitrary.</summary>
    /// <param name="length">How many.</param>
    public NativeArray(int length)
    {
        Length = length;
        _values = (T*)NativeMemory.Alloc((nuint)length, (nuint)sizeof(T));
    }

    /// <summary>Frees what was forgotten.</summary>
    ~NativeArray() => Free();

    /// <summary>How many values there are.</summary>
    public int Length { get; private set; }

    /// <summary>All values; none any more once they are freed.</summary>
    public Span<T> Span => new(_values, Length);

    /// <summary>Frees the values.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        Length = 0;
        NativeMemory.Free(_values);
        _values = null;
    }
}
