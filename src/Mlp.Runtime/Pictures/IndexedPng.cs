using System.Buffers.Binary;

namespace Mlp;

/// <summary>
/// Writes pixels of at most 16 colours as PNG (ISO/IEC 15948). Nothing is compressed, since compressors of different systems write different bytes; two
/// pixels take a byte.
/// </summary>
internal static class IndexedPng
{
    /// <summary>Number of colours.</summary>
    public const int Colours = 16;

    private const int LargestBlock = 65_535;

    /// <summary>Writes an image.</summary>
    /// <param name="pixels">Numbers of colours, row by row.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="palette">Red, green, blue and opacity of each colour.</param>
    public static byte[] Write(ReadOnlySpan<byte> pixels, int width, ReadOnlySpan<(byte Red, byte Green, byte Blue, byte Alpha)> palette)
    {
        int height = pixels.Length / width;
        List<byte> file = [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 4; // Bits of a pixel.
        header[9] = 3; // Pixels are numbers of colours.
        Append(file, "IHDR"u8, header);

        List<byte> colours = [];
        List<byte> opacities = [];
        foreach ((byte red, byte green, byte blue, byte alpha) in palette)
        {
            colours.AddRange([red, green, blue]);
            opacities.Add(alpha);
        }

        Append(file, "PLTE"u8, [.. colours]);
        Append(file, "tRNS"u8, [.. opacities]);
        Append(file, "IDAT"u8, Stored(Rows(pixels, width, height)));
        Append(file, "IEND"u8, []);
        return [.. file];
    }

    /// <summary>Each row begins with the number of its filter: 0, none.</summary>
    private static byte[] Rows(ReadOnlySpan<byte> pixels, int width, int height)
    {
        int length = 1 + ((width + 1) / 2);
        byte[] rows = new byte[height * length];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, width);
            rows[(row * length) + 1 + (column / 2)] |= (byte)(column % 2 == 0 ? pixels[i] << 4 : pixels[i]);
        }

        return rows;
    }

    /// <summary>A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4).</summary>
    private static byte[] Stored(ReadOnlySpan<byte> data)
    {
        List<byte> stream = [0x78, 0x01];
        for (int start = 0; start < data.Length; start += LargestBlock)
        {
            ReadOnlySpan<byte> block = data[start..Math.Min(start + LargestBlock, data.Length)];
            bool isLast = start + block.Length == data.Length;
            stream.AddRange([(byte)(isLast ? 1 : 0), (byte)block.Length, (byte)(block.Length >> 8), (byte)~block.Length, (byte)(~block.Length >> 8)]);
            stream.AddRange(block);
        }

        (uint a, uint b) = (1, 0);
        foreach (byte value in data)
        {
            a = (a + value) % 65_521;
            b = (b + a) % 65_521;
        }

        byte[] check = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(check, (b << 16) | a);
        stream.AddRange(check);
        return [.. stream];
    }

    private static void Append(List<byte> file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.AddRange(number);
        byte[] chunk = [.. kind, .. data];
        file.AddRange(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(number, Check(chunk));
        file.AddRange(number);
    }

    /// <summary>CRC-32 as PNG defines it.</summary>
    private static uint Check(ReadOnlySpan<byte> data)
    {
        uint check = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            check ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                check = (check & 1) != 0 ? (check >> 1) ^ 0xEDB88320 : check >> 1;
            }
        }

        return ~check;
    }
}
