using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Mlp.CompilerServices;

/// <summary>Values outside the collected heap, whose memory goes back to the system at once when they are done with.</summary>
/// <typeparam name="T">Their type.</typeparam>
/// <remarks>Large arrays are mapped pages of their own: allocators keep what they are given back, where something else lies behind it.</remarks>
internal sealed unsafe class NativeArray<T> : IDisposable where T : unmanaged
{
    private const long LeastMapped = 1 << 17;

    private readonly MemoryMappedViewAccessor? _view;
    private T* _values;

    /// <summary>Allocates values that are arbitrary.</summary>
    /// <param name="length">How many, at least 1.</param>
    public NativeArray(int length)
    {
        Length = length;
        long bytes = (long)length * sizeof(T);
        if (bytes < LeastMapped || OperatingSystem.IsBrowser() || OperatingSystem.IsWasi())
        {
            _values = (T*)NativeMemory.Alloc((nuint)bytes);
            return;
        }

        // The view alone keeps the pages.
        using MemoryMappedFile pages = MemoryMappedFile.CreateNew(mapName: null, bytes);
        _view = pages.CreateViewAccessor(0, bytes);
        byte* first = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        _values = (T*)first;
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
        if (_values is null)
        {
            return;
        }

        if (_view is null)
        {
            NativeMemory.Free(_values);
        }
        else
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }

        Length = 0;
        _values = null;
    }
}
