using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Mlp.Runtime.Tests.Pictures;

/// <summary>Pixels as PNG, read by the rules of the format with the framework's decompression.</summary>
public class IndexedPngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(15, 1)]
    [InlineData(8, 8)]
    [InlineData(7, 3)]
    [InlineData(600, 400)] // Longer than the largest stored block.
    public void Pixels_ComeBack(int width, int height)
    {
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i * 7 % IndexedPng.Colours);
        }

        (byte, byte, byte, byte)[] palette = [.. Enumerable.Range(0, IndexedPng.Colours).Select(static i => ((byte)i, (byte)(2 * i), (byte)(3 * i), (byte)(17 * i)))];
        Dictionary<string, byte[]> chunks = Chunks(IndexedPng.Write(pixels, width, palette));

        Assert.Equal(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"], chunks.Keys);
        Assert.Equal((width, height), (BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"]), BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"].AsSpan(4))));
        Assert.Equal([4, 3, 0, 0, 0], chunks["IHDR"][8..]);
        Assert.Equal(palette, Enumerable.Range(0, IndexedPng.Colours).Select(i => (chunks["PLTE"][3 * i], chunks["PLTE"][(3 * i) + 1], chunks["PLTE"][(3 * i) + 2], chunks["tRNS"][i])));

        using ZLibStream stream = new(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress);
        using MemoryStream rows = new();
        stream.CopyTo(rows);
        byte[] data = rows.ToArray();
        int length = 1 + ((width + 1) / 2);
        Assert.Equal(height * length, data.Length);
        for (int i = 0; i < pixels.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, width);
            Assert.Equal(0, data[row * length]);
            byte pair = data[(row * length) + 1 + (column / 2)];
            Assert.Equal(pixels[i], column % 2 == 0 ? pair >> 4 : pair & 15);
        }
    }

    private static Dictionary<string, byte[]> Chunks(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        Dictionary<string, byte[]> chunks = [];
        int at = 8;
        while (at < file.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            byte[] kindAndData = file[(at + 4)..(at + 8 + length)];
            Assert.Equal(Crc(kindAndData), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            chunks.Add(Encoding.ASCII.GetString(kindAndData, 0, 4), kindAndData[4..]);
            at += 12 + length;
        }

        return chunks;
    }

    /// <summary>CRC-32 by division of polynomials, bit by bit from the highest.</summary>
    private static uint Crc(byte[] data)
    {
        // The first four bytes are inverted before the division, and all of the rest after it.
        return ~Reversed((uint)(Division([.. data, 0, 0, 0, 0]) ^ Division([0xFF, 0xFF, 0xFF, 0xFF, .. new byte[data.Length]])));

        static ulong Division(byte[] dividend)
        {
            ulong rest = 0;
            foreach (byte value in dividend)
            {
                for (int bit = 0; bit < 8; bit++)
                {
                    rest = (rest << 1) | (uint)((value >> bit) & 1);
                    rest = (rest & 0x1_0000_0000) != 0 ? rest ^ 0x1_04C1_1DB7 : rest;
                }
            }

            return rest;
        }

        static uint Reversed(uint value)
        {
            uint reversed = 0;
            for (int bit = 0; bit < 32; bit++)
            {
                reversed |= ((value >> bit) & 1) << (31 - bit);
            }

            return reversed;
        }
    }
}
