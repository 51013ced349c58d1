using System.Buffers;
using System.Buffers.Binary;
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

    /// <summary>Writes metadata and tensors, as F32, in the order given.</summary>
    public static void Write(Stream stream, IReadOnlyList<KeyValuePair<string, string>> metadata, IReadOnlyList<StoredTensor> tensors)
    {
        ArrayBufferWriter<byte> header = new();
        WriteHeader(header, metadata, tensors);
        int padding = (HeaderAlignment - (header.WrittenCount % HeaderAlignment)) % HeaderAlignment;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);

        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.WrittenCount);
        stream.Write(length);
        stream.Write(header.WrittenSpan);

        byte[] chunk = new byte[64 * 1024];
        foreach (StoredTensor tensor in tensors)
        {
            int filled = 0;
            for (int i = 0; i < tensor.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(chunk.AsSpan(filled), tensor[i]);
                filled += sizeof(float);
                if (filled == chunk.Length)
                {
                    stream.Write(chunk);
                    filled = 0;
                }
            }

            stream.Write(chunk, 0, filled);
        }
    }

    private static void WriteHeader(
        IBufferWriter<byte> output, IReadOnlyList<KeyValuePair<string, string>> metadata, IReadOnlyList<StoredTensor> tensors)
    {
        // The header is never embedded in HTML, so that quotes and letters may stay readable.
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteStartObject(SafetensorsReader.MetadataName);
        foreach ((string key, string value) in metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        long offset = 0;
        foreach (StoredTensor tensor in tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", "F32");
            json.WriteStartArray("shape");
            foreach (int size in tensor.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += (long)tensor.Length * sizeof(float));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
