using System.Buffers.Binary;

namespace Mlp;

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
internal abstract record TensorData(string Name, int[] Shape)
{
    /// <summary>Its element type, as files call it.</summary>
    public abstract string Type { get; }

    /// <summary>How many bytes it takes.</summary>
    public abstract long ByteCount { get; }

    /// <summary>Its bytes, part by part, each overwritten by the next.</summary>
    public abstract IEnumerable<ReadOnlyMemory<byte>> Chunks();
}

/// <summary>A tensor of numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its elements in row-major order.</param>
internal sealed record FloatTensor(string Name, int[] Shape, float[] Values) : TensorData(Name, Shape)
{
    private const int ChunkLength = 64 * 1024;

    /// <inheritdoc/>
    public override string Type => "F32";

    /// <inheritdoc/>
    public override long ByteCount => (long)Values.Length * sizeof(float);

    /// <inheritdoc/>
    public override IEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        byte[] chunk = new byte[Math.Min(ChunkLength, ByteCount)];
        int filled = 0;
        foreach (float value in Values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(chunk.AsSpan(filled), value);
            filled += sizeof(float);
            if (filled == chunk.Length)
            {
                yield return chunk;
                filled = 0;
            }
        }

        yield return chunk.AsMemory(0, filled);
    }
}

/// <summary>Bytes that are no numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record ByteTensor(string Name, ReadOnlyMemory<byte> Bytes) : TensorData(Name, [Bytes.Length])
{
    /// <inheritdoc/>
    public override string Type => "U8";

    /// <inheritdoc/>
    public override long ByteCount => Bytes.Length;

    /// <inheritdoc/>
    public override IEnumerable<ReadOnlyMemory<byte>> Chunks() => [Bytes];
}
