using System.Buffers;

namespace Mlp;

/// <summary>Values that lie in a mapped file.</summary>
/// <typeparam name="T">Their type, of which the file has the bytes.</typeparam>
/// <param name="file">The file, which is kept as long as they are.</param>
/// <param name="start">The first value.</param>
/// <param name="count">Number of values.</param>
internal sealed unsafe class MappedValues<T>(MappedFile file, T* start, int count) : MemoryManager<T> where T : unmanaged
{
    /// <summary>The file.</summary>
    public MappedFile File => file;

    /// <summary>All values, as long as something refers to this object.</summary>
    public override Span<T> GetSpan() => new(start, count);

    /// <summary>Their address, which never changes.</summary>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, count);
        return new MemoryHandle(start + elementIndex, pinnable: this);
    }

    /// <summary>Does nothing.</summary>
    public override void Unpin()
    {
    }

    /// <summary>Does nothing: the file is released once nothing refers to it.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
