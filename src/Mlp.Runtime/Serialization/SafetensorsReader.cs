using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mlp;

/// <summary>
/// Reads the safetensors format from a stream, front to back. Files are untrusted: every violation is an
/// <see cref="InvalidDataException"/>, and memory grows with the bytes that arrive, whatever the header announces.
/// </summary>
internal sealed class SafetensorsReader
{
    /// <summary>The header's one entry that is not a tensor.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>The longest header that the format allows.</summary>
    public const int MaxHeaderLength = 100_000_000;

    private const int MaxReadLength = 64 * 1024;

    private readonly Stream _stream;
    private readonly UnmanagedMemoryStream? _mapped;
    private readonly string _source;
    private readonly List<TensorEntry> _entries;
    private byte[]? _buffer;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The file, from its beginning.</param>
    /// <param name="source">What messages call the file, such as its path.</param>
    /// <param name="maxHeaderLength">The longest header that makes sense.</param>
    /// <param name="isResource">Whether the stream is an assembly's resource, whose bytes are taken from where the system has mapped them.</param>
    public SafetensorsReader(Stream stream, string source, int maxHeaderLength, bool isResource = false)
    {
        _stream = stream;
        _mapped = isResource ? stream as UnmanagedMemoryStream : null;
        _source = source;
        (Metadata, _entries) = SafetensorsHeader.Parse(ReadHeader(maxHeaderLength), source);
    }

    /// <summary>The file's metadata; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The file's tensors.</summary>
    public IReadOnlyList<TensorEntry> Entries => _entries;

    /// <summary>Reads all tensors and checks that the stream ends behind them.</summary>
    /// <param name="taken">Where tensors belong, by their names in the file; others are passed over.</param>
    /// <param name="digests">Receives what the file's digest covers; null where nobody asks.</param>
    /// <param name="copies">Receives the bytes of tensors that are not numbers, by their names in the file; null for none.</param>
    public void ReadInto(
        IReadOnlyDictionary<string, StoredTensor> taken, List<TensorDigest>? digests, IReadOnlyDictionary<string, MemoryStream>? copies = null)
    {
        foreach (TensorEntry entry in _entries)
        {
            if (taken.TryGetValue(entry.Name, out StoredTensor? tensor))
            {
                CheckEntry(entry, tensor);
            }
        }

        // A tensor without bytes comes before the one that begins where it ends.
        _entries.Sort(static (a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        CheckOrder();
        using IncrementalHash? hash = digests is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TensorEntry entry in _entries)
        {
            if (taken.TryGetValue(entry.Name, out StoredTensor? tensor))
            {
                ReadTensor(entry, tensor, hash);
            }
            else
            {
                PassOver(entry, hash, copies?.GetValueOrDefault(entry.Name));
            }

            digests?.Add(new TensorDigest(entry.Name, entry.Type, entry.Shape, hash!.GetHashAndReset()));
        }

        if (_stream.ReadByte() >= 0)
        {
            throw Error($"there are more bytes than the header's tensors take ({(_entries.Count == 0 ? 0 : _entries[^1].End)} behind the header)");
        }
    }

    private byte[] ReadHeader(int maxLength)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        int prefixLength = _stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (prefixLength < prefix.Length)
        {
            throw Error($"a safetensors file begins with 8 bytes that tell its header's length; this one ends after {prefixLength}");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)maxLength)
        {
            throw Error(
                $"the header would be {length} bytes long, and that of this network's file has at most {maxLength}; "
                + "if it is a safetensors file at all, take the tensors that the network needs into one of their own");
        }

        byte[] header = new byte[Math.Min((int)length, MaxReadLength)];
        int read = _stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        while (read == header.Length && read < (int)length)
        {
            Array.Resize(ref header, (int)Math.Min(length, 2 * (ulong)read));
            read += _stream.ReadAtLeast(header.AsSpan(read), header.Length - read, throwOnEndOfStream: false);
        }

        return read == (int)length ? header : throw Error($"the header is {length} bytes long, but only {read} follow");
    }

    private void CheckEntry(TensorEntry entry, StoredTensor tensor)
    {
        if (!entry.Shape.AsSpan().SequenceEqual([.. tensor.Shape.ToArray().Select(static size => (long)size)]))
        {
            string found = string.Join(", ", entry.Shape);
            string needed = string.Join(", ", tensor.Shape.ToArray());
            throw Error($"tensor '{QuotedText.Of(entry.Name)}' has shape [{found}]; the network needs [{needed}]");
        }

        long bytes = (long)tensor.Length * ElementSize(entry);
        if (entry.End - entry.Begin != bytes)
        {
            throw Error($"tensor '{QuotedText.Of(entry.Name)}' has {entry.End - entry.Begin} bytes of data; its shape and type {QuotedText.Of(entry.Type)} take {bytes}");
        }
    }

    private int ElementSize(TensorEntry entry) => entry.Type switch
    {
        "F32" => sizeof(float),
        "F64" => sizeof(double),
        _ => throw Error($"tensor '{QuotedText.Of(entry.Name)}' is of type {QuotedText.Of(entry.Type)}; F32 and F64 can be read"),
    };

    private void CheckOrder()
    {
        long end = 0;
        foreach (TensorEntry entry in _entries)
        {
            if (entry.Begin != end)
            {
                throw Error(
                    $"tensor '{QuotedText.Of(entry.Name)}' begins at byte {entry.Begin} of the data; with neither gap nor overlap it would at {end}");
            }

            end = entry.End;
        }
    }

    private void ReadTensor(TensorEntry entry, StoredTensor tensor, IncrementalHash? hash)
    {
        int size = ElementSize(entry);
        int most = MaxReadLength / size;
        for (int first = 0; first < tensor.Length;)
        {
            int count = tensor.RowLength <= most
                ? Math.Min(tensor.Length - first, most / tensor.RowLength * tensor.RowLength)
                : Math.Min(most, tensor.RowLength - (first % tensor.RowLength));
            ReadOnlySpan<byte> bytes = Next(count * size, entry, (long)first * size, hash);
            bool areFloats = BitConverter.IsLittleEndian && size == sizeof(float);
            ReadOnlySpan<float> values = areFloats ? MemoryMarshal.Cast<byte, float>(bytes) : [];
            if (!areFloats || !tensor.Takes(values))
            {
                values = Converted(bytes, tensor, first, size);
            }

            tensor.Write(first, values);
            first += count;
        }
    }

    /// <summary>Elements one by one, as floats.</summary>
    /// <exception cref="InvalidDataException">The tensor does not take one of them.</exception>
    private float[] Converted(ReadOnlySpan<byte> bytes, StoredTensor tensor, int first, int size)
    {
        float[] values = new float[bytes.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            double value = size == sizeof(float)
                ? BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * size)..])
                : BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * size)..]);
            values[i] = tensor.ProblemOf(value) is string problem
                ? throw Error($"{tensor.Name}{tensor.IndexText(first + i)} is {value.ToString(CultureInfo.InvariantCulture)}, {problem}")
                : (float)value;
        }

        return values;
    }

    private void PassOver(TensorEntry entry, IncrementalHash? hash, MemoryStream? copy)
    {
        long length = entry.End - entry.Begin;
        for (long position = 0; position < length; position += MaxReadLength)
        {
            ReadOnlySpan<byte> bytes = Next((int)Math.Min(MaxReadLength, length - position), entry, position, hash);
            copy?.Write(bytes);
        }
    }

    /// <summary>A tensor's next bytes, valid until the next call: where they lie in memory, or else in a buffer.</summary>
    private ReadOnlySpan<byte> Next(int count, TensorEntry entry, long position, IncrementalHash? hash)
    {
        ReadOnlySpan<byte> bytes = _mapped is null ? Buffered(count) : Mapped(_mapped, count);
        if (bytes.Length < count)
        {
            throw Error($"the file ends inside tensor '{QuotedText.Of(entry.Name)}', after {position + bytes.Length} of {entry.End - entry.Begin} bytes");
        }

        hash?.AppendData(bytes);
        return bytes;
    }

    private ReadOnlySpan<byte> Buffered(int count)
    {
        _buffer ??= GC.AllocateUninitializedArray<byte>(MaxReadLength);
        return _buffer.AsSpan(0, _stream.ReadAtLeast(_buffer.AsSpan(0, count), count, throwOnEndOfStream: false));
    }

    private static unsafe ReadOnlySpan<byte> Mapped(UnmanagedMemoryStream stream, int count)
    {
        ReadOnlySpan<byte> bytes = new(stream.PositionPointer, (int)Math.Min(count, stream.Length - stream.Position));
        stream.Position += bytes.Length;
        return bytes;
    }

    private InvalidDataException Error(string problem) => new($"{_source}: {problem}.");
}
