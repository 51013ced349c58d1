using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mlp;

/// <summary>
/// Writes the safetensors format: the header's length as eight little-endian bytes, the header as JSON padded with blanks to a multiple of
/// eight bytes, and the tensors' values, little-endian, one after the other.
/// </summary>
internal static class SafetensorsWriter
{
    private const int HeaderAlignment = 8;

    // The text is not for HTML, so quotes and letters stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The header of a file that holds tensors in the order given.</summary>
    public static ReadOnlyMemory<byte> Header(IEnumerable<KeyValuePair<string, string>> metadata, IEnumerable<TensorData> tensors)
    {
        ArrayBufferWriter<byte> header = new();
        using (Utf8JsonWriter json = new(header, Readable))
        {
            WriteHeader(json, metadata, tensors);
        }

        int padding = (HeaderAlignment - (header.WrittenCount % HeaderAlignment)) % HeaderAlignment;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);
        return header.WrittenMemory;
    }

    /// <summary>Writes a header and its tensors.</summary>
    public static void Write(Stream stream, ReadOnlyMemory<byte> header, IEnumerable<TensorData> tensors)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header.Span);
        foreach (ReadOnlyMemory<byte> chunk in tensors.SelectMany(static tensor => tensor.Chunks()))
        {
            stream.Write(chunk.Span);
        }
    }

    /// <summary>A tensor as its file's digest covers it.</summary>
    public static TensorDigest DigestOf(TensorData tensor)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> chunk in tensor.Chunks())
        {
            hash.AppendData(chunk.Span);
        }

        return new TensorDigest(tensor.Name, tensor.Type, [.. tensor.Shape.Select(static size => (long)size)], hash.GetHashAndReset());
    }

    /// <summary>A list of texts as JSON.</summary>
    public static string JsonOf(IEnumerable<string> texts)
    {
        ArrayBufferWriter<byte> list = new();
        using (Utf8JsonWriter json = new(list, Readable))
        {
            json.WriteStartArray();
            foreach (string text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(list.WrittenSpan);
    }

    private static void WriteHeader(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> metadata, IEnumerable<TensorData> tensors)
    {
        json.WriteStartObject();
        json.WriteStartObject(SafetensorsReader.MetadataName);
        foreach ((string key, string value) in metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        long offset = 0;
        foreach (TensorData tensor in tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type);
            json.WriteStartArray("shape");
            foreach (int size in tensor.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += tensor.ByteCount);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
