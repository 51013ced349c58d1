using System.Buffers.Binary;
using System.Text;

namespace Mlp;

/// <summary>
/// A message in protobuf's wire format: fields one after the other, each a key, which is its number and how it is written, and its value. Numbers are written
/// in groups of seven bits, the lowest first; texts, bytes and messages with their length before them.
/// </summary>
internal sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];

    /// <summary>How many bytes it takes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds an integer.</summary>
    public ProtobufMessage Add(int field, long value) => Append(VarintOf(KeyOf(field, Varint))).Append(VarintOf((ulong)value));

    /// <summary>Adds a float.</summary>
    public ProtobufMessage Add(int field, float value)
    {
        byte[] bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Append(VarintOf(KeyOf(field, Fixed32))).Append(bytes);
    }

    /// <summary>Adds a text.</summary>
    public ProtobufMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes, which are not copied.</summary>
    public ProtobufMessage Add(int field, byte[] bytes) => AppendHead(field, bytes.Length).Append(bytes);

    /// <summary>Adds a message, which is complete.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage message) => AppendHead(field, message.Length).Append(message);

    /// <summary>Adds the fields of another message.</summary>
    public ProtobufMessage Append(ProtobufMessage fields)
    {
        _parts.AddRange(fields._parts);
        Length += fields.Length;
        return this;
    }

    /// <summary>Writes it to a stream, without its length.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (ReadOnlyMemory<byte> part in _parts)
        {
            stream.Write(part.Span);
        }
    }

    private static ulong KeyOf(int field, int wireType) => (ulong)((field << 3) | wireType);

    private static byte[] VarintOf(ulong value)
    {
        List<byte> bytes = [];
        for (; value > 0x7F; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    private ProtobufMessage AppendHead(int field, long length) => Append(VarintOf(KeyOf(field, LengthDelimited))).Append(VarintOf((ulong)length));

    private ProtobufMessage Append(byte[] bytes)
    {
        _parts.Add(bytes);
        Length += bytes.Length;
        return this;
    }
}
