using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Mlp;

/// <summary>
/// A file of which memory is a view, for reading. The view lasts as long as anything refers to this object, and what it read stays out of the heap: the
/// system drops and reloads its pages as it likes.
/// </summary>
/// <remarks>Where a system lets others cut the file short meanwhile, as all but Windows do, it ends a process that reads what is gone.</remarks>
internal sealed unsafe class MappedFile
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private int _isKept;

    /// <summary>Maps a file, and closes the stream.</summary>
    /// <param name="stream">The file, open for reading, of at least one byte.</param>
    /// <exception cref="IOException">It cannot be mapped.</exception>
    public MappedFile(FileStream stream)
    {
        // A view needs neither the open file nor the mapping that it was made of.
        using (stream)
        {
            Length = stream.Length;
            using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, Length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        }

        // No reference is counted: the handle's finalizer would then never undo the view.
        _start = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle() + _view.PointerOffset;
    }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>A part of the file as values. They keep the view; spans of them do not.</summary>
    /// <param name="start">Where it begins, a multiple of a value's size.</param>
    /// <param name="count">Number of values; all lie within the file.</param>
    public ReadOnlyMemory<T> Values<T>(long start, int count) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (Length - start) / sizeof(T));
        return count == 0 ? default : new MappedValues<T>(this, (T*)(_start + start), count).Memory;
    }

    /// <summary>Undoes the view at once. Nothing may read the file's values afterwards.</summary>
    public void Close() => _view.Dispose();

    /// <summary>Keeps the view until the process ends.</summary>
    public void KeepForever()
    {
        if (_isKept == 0 && Interlocked.Exchange(ref _isKept, 1) == 0)
        {
            _ = GCHandle.Alloc(this);
        }
    }
}
