using System.Buffers.Binary;
using System.IO.Compression;

namespace Mlp;

/// <summary>Data sets from IDX files, the format in which MNIST and its relatives are published.</summary>
public static class IdxData
{
    /// <summary>Type code of unsigned bytes, the only one that images and labels use.</summary>
    private const byte UnsignedByte = 0x08;

    /// <summary>Deflate makes at most 1,032 bytes of one.</summary>
    private const long LargestRatio = 1032;

    /// <summary>Loads images and their labels, each file plain or compressed by gzip, whatever its name.</summary>
    /// <param name="imagesPath">Unsigned bytes <c>[images × height × width]</c>, or any other shape of at least two dimensions.</param>
    /// <param name="labelsPath">Unsigned bytes <c>[images]</c>.</param>
    /// <returns>
    /// One row an image, with its pixels in the file's order, divided by 255 to lie in 0…1. There are as many classes as the largest label
    /// asks for, at least 2.
    /// </returns>
    /// <exception cref="InvalidDataException">
    /// A file is no such IDX file, is truncated, damaged, longer than it says or has bytes behind its compressed data, holds no images, or the
    /// files differ in their number.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read, or is a folder.</exception>
    /// <remarks>
    /// Memory is taken as data arrives, up to what the header announces. Headers that contradict each other or their files are refused before
    /// any data is read, and decompression ends one byte behind what they announce.
    /// </remarks>
    public static Dataset Load(string imagesPath, string labelsPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagesPath);
        ArgumentException.ThrowIfNullOrEmpty(labelsPath);

        using FileStream labels = File.OpenRead(labelsPath);
        using FileStream images = File.OpenRead(imagesPath);
        return Load(images, imagesPath, labels, labelsPath);
    }

    /// <summary>Loads images and labels from streams that can seek; the paths are for messages.</summary>
    internal static Dataset Load(Stream imagesFile, string imagesPath, Stream labelsFile, string labelsPath)
    {
        using Content labelContent = new(labelsFile, labelsPath), imageContent = new(imagesFile, imagesPath);
        int[] labelShape = ReadShape(labelContent, out int labelCount);
        if (labelShape.Length != 1)
            throw new InvalidDataException($"{labelsPath}: labels have 1 dimension, but this file has {labelShape.Length}.");

        int[] imageShape = ReadShape(imageContent, out int pixelCount);
        if (imageShape.Length < 2)
            throw new InvalidDataException($"{imagesPath}: images have at least 2 dimensions, but this file has {imageShape.Length}.");
        if (imageShape[0] != labelShape[0])
            throw new InvalidDataException($"{imagesPath} holds {imageShape[0]} images, but {labelsPath} holds {labelShape[0]} labels.");
        if (pixelCount == 0)
            throw new InvalidDataException($"{imagesPath}: its shape {Describe(imageShape)} leaves no pixels.");

        byte[] labelBytes = ReadValues(labelContent, labelShape, labelCount);
        byte[] pixels = ReadValues(imageContent, imageShape, pixelCount);
        float[] inputs = new float[pixels.Length];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = pixels[i] / 255f;

        int[] labels = new int[labelBytes.Length];
        int classCount = 2;
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = labelBytes[i];
            classCount = Math.Max(classCount, labels[i] + 1);
        }

        return Dataset.FromLabels(inputs, labels, pixels.Length / imageShape[0], classCount);
    }

    /// <summary>Reads the magic number (0, 0, type, number of dimensions) and the shape as big-endian integers.</summary>
    private static int[] ReadShape(Content content, out int count)
    {
        ReadOnlySpan<byte> magic = content.Read(4, "magic number");
        if (magic is not [0, 0, UnsignedByte, > 0])
            throw new InvalidDataException(
                $"{content.Path}: an IDX file of unsigned bytes begins with 00 00 08 and the number of dimensions, not with {Hex(magic)}.");

        int dimensions = magic[3];
        ReadOnlySpan<byte> header = content.Read(4 * dimensions, "header");
        int[] shape = new int[dimensions];
        for (int i = 0; i < dimensions; i++)
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 * i)..]);

        count = CountValues(shape, content.Path);
        if (count > content.LargestLength)
            throw new InvalidDataException($"{content.Path}: the file is too short for the {count} bytes of the header's shape {Describe(shape)}.");

        return shape;
    }

    private static byte[] ReadValues(Content content, int[] shape, int count)
    {
        byte[] values = content.Read(count, $"data of shape {Describe(shape)}");
        if (!content.IsAtEnd())
            throw new InvalidDataException($"{content.Path}: there are more bytes than the {count} of the shape {Describe(shape)}.");

        return values;
    }

    private static int CountValues(int[] shape, string path)
    {
        long count = 1;
        foreach (int size in shape)
        {
            if (size < 0)
                throw new InvalidDataException($"{path}: the header's shape {Describe(shape)} has a negative size.");

            count *= size;
            if (count > Array.MaxLength)
                throw new InvalidDataException($"{path}: the header's shape {Describe(shape)} asks for more values than an array holds.");
        }

        return (int)count;
    }

    private static string Describe(int[] shape) => QuotedText.Of(string.Join(" × ", shape));

    private static string Hex(ReadOnlySpan<byte> bytes) => string.Join(' ', bytes.ToArray().Select(value => value.ToString("x2")));

    /// <summary>What is in a file, decompressed where it is compressed.</summary>
    private sealed class Content : IDisposable
    {
        private readonly Stream _content;
        private readonly CompressedFile? _compressed;

        public Content(Stream file, string path)
        {
            bool isCompressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            Path = path;
            LargestLength = isCompressed ? LargestRatio * file.Length : file.Length;
            _compressed = isCompressed ? new CompressedFile(file) : null;
            _content = _compressed is null ? file : new GZipStream(_compressed, CompressionMode.Decompress);
        }

        public string Path { get; }

        /// <summary>More bytes than these cannot be in the file.</summary>
        public long LargestLength { get; }

        public void Dispose() => _content.Dispose();

        /// <summary>Reads exactly so many bytes, into an array that grows with what is there.</summary>
        public byte[] Read(int count, string what)
        {
            byte[] bytes = new byte[Math.Min(count, 1 << 20)];
            int length = 0;
            while (length < count)
            {
                if (length == bytes.Length)
                    Array.Resize(ref bytes, (int)Math.Min(count, 2L * length));

                int read = ReadSome(bytes.AsSpan(length));
                if (read == 0)
                    throw new InvalidDataException($"{Path}: the file ends after {length} of {count} bytes of its {what}.");
                length += read;
            }

            return bytes;
        }

        /// <summary>Whether all was read. Bytes behind compressed data that are no compressed data are an error.</summary>
        public bool IsAtEnd()
        {
            if (ReadSome(stackalloc byte[1]) > 0)
                return false;
            if (_compressed is { WasReadWhole: false })
                throw new InvalidDataException($"{Path}: there are bytes behind the compressed data that do not belong to it.");

            return true;
        }

        private int ReadSome(Span<byte> bytes)
        {
            try
            {
                return _content.Read(bytes);
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"{Path}: the compressed data is damaged.", error);
            }
        }
    }

    /// <summary>
    /// A file compressed by gzip, with compressed files without contents behind it. GZipStream takes the end of its input for the end of the
    /// data, wherever that is: with these behind, a file that was cut off has a wrong checksum or too much data. And it stops at bytes
    /// that are no compressed data, without a word: then it does not come to read these.
    /// </summary>
    private sealed class CompressedFile(Stream file) : Stream
    {
        private static readonly byte[] EmptyFiles =
            [.. Enumerable.Repeat((byte[])[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0], 50).SelectMany(static file => file)];

        private int _emptyRead;

        /// <summary>Whether all was read, the empty files included.</summary>
        public bool WasReadWhole => _emptyRead == EmptyFiles.Length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = file.Read(buffer);
            if (count > 0)
                return count;

            count = Math.Min(buffer.Length, EmptyFiles.Length - _emptyRead);
            EmptyFiles.AsSpan(_emptyRead, count).CopyTo(buffer);
            _emptyRead += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
