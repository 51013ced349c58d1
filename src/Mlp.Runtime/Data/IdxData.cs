using System.Buffers.Binary;
using System.IO.Compression;

namespace Mlp;

/// <summary>Data sets from IDX files, the format in which MNIST and its relatives are published.</summary>
public static class IdxData
{
    /// <summary>Type code of unsigned bytes, the only one that images and labels use.</summary>
    private const byte UnsignedByte = 0x08;

    /// <summary>
    /// Compressed files without contents, put behind a compressed file. GZipStream takes the end of its input for the end of the data,
    /// wherever that is; with these behind, a file that was cut off has a wrong checksum or too much data.
    /// </summary>
    private static readonly byte[] EmptyFiles =
        [.. Enumerable.Repeat((byte[])[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0], 50).SelectMany(static file => file)];

    /// <summary>Loads images and their labels, each file plain or compressed by gzip, whatever its name.</summary>
    /// <param name="imagesPath">Unsigned bytes <c>[images × height × width]</c>, or any other shape of at least two dimensions.</param>
    /// <param name="labelsPath">Unsigned bytes <c>[images]</c>.</param>
    /// <returns>
    /// One row an image, with its pixels in the file's order, divided by 255 to lie in 0…1. There are as many classes as the largest label
    /// asks for, at least 2.
    /// </returns>
    /// <exception cref="InvalidDataException">
    /// A file is no such IDX file, is truncated, damaged or longer than it says, holds no images, or the files differ in their number.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read, or is a folder.</exception>
    /// <remarks>Memory is taken as data arrives, never because a header asks for it.</remarks>
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
        (int[] labelShape, byte[] labelBytes) = Read(labelsFile, labelsPath);
        if (labelShape.Length != 1)
            throw new InvalidDataException($"{labelsPath}: labels have 1 dimension, but this file has {labelShape.Length}.");

        (int[] imageShape, byte[] pixels) = Read(imagesFile, imagesPath);
        if (imageShape.Length < 2)
            throw new InvalidDataException($"{imagesPath}: images have at least 2 dimensions, but this file has {imageShape.Length}.");
        if (imageShape[0] != labelShape[0])
            throw new InvalidDataException($"{imagesPath} holds {imageShape[0]} images, but {labelsPath} holds {labelShape[0]} labels.");
        if (pixels.Length == 0)
            throw new InvalidDataException($"{imagesPath}: its shape {Describe(imageShape)} leaves no pixels.");

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

    private static (int[] Shape, byte[] Values) Read(Stream file, string path)
    {
        if (!IsGzip(file))
            return ReadContent(file, path);

        MemoryStream compressed = new();
        file.CopyTo(compressed);
        compressed.Write(EmptyFiles);
        compressed.Position = 0;
        using GZipStream content = new(compressed, CompressionMode.Decompress);
        return ReadContent(content, path);
    }

    private static bool IsGzip(Stream file)
    {
        bool compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return compressed;
    }

    /// <summary>Reads the magic number (0, 0, type, number of dimensions), the shape as big-endian integers, and the values.</summary>
    private static (int[] Shape, byte[] Values) ReadContent(Stream content, string path)
    {
        ReadOnlySpan<byte> magic = ReadBytes(content, 4, path, "magic number");
        if (magic is not [0, 0, UnsignedByte, > 0])
            throw new InvalidDataException(
                $"{path}: an IDX file of unsigned bytes begins with 00 00 08 and the number of dimensions, not with {Hex(magic)}.");

        int dimensions = magic[3];
        ReadOnlySpan<byte> header = ReadBytes(content, 4 * dimensions, path, "header");
        int[] shape = new int[dimensions];
        for (int i = 0; i < dimensions; i++)
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 * i)..]);

        byte[] values = ReadBytes(content, CountValues(shape, path), path, $"data of shape {Describe(shape)}");
        if (ReadSome(content, stackalloc byte[1], path) > 0)
            throw new InvalidDataException($"{path}: there are more bytes than the {values.Length} of the shape {Describe(shape)}.");

        return (shape, values);
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

    /// <summary>Reads exactly so many bytes, into an array that grows with what is there.</summary>
    private static byte[] ReadBytes(Stream content, int count, string path, string what)
    {
        byte[] bytes = new byte[Math.Min(count, 1 << 20)];
        int length = 0;
        while (length < count)
        {
            if (length == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(count, 2L * length));

            int read = ReadSome(content, bytes.AsSpan(length), path);
            if (read == 0)
                throw new InvalidDataException($"{path}: the file ends after {length} of {count} bytes of its {what}.");
            length += read;
        }

        return bytes;
    }

    private static int ReadSome(Stream content, Span<byte> bytes, string path)
    {
        try
        {
            return content.Read(bytes);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: the compressed data is damaged. {error.Message}", error);
        }
    }

    private static string Describe(int[] shape) => string.Join(" × ", shape);

    private static string Hex(ReadOnlySpan<byte> bytes) => string.Join(' ', bytes.ToArray().Select(value => value.ToString("x2")));
}
