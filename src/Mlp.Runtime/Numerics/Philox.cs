using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mlp.CompilerServices;

/// <summary>The counter-based random number generator Philox4x32-10: a keyed bijection of 128-bit counters.</summary>
/// <remarks>Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).</remarks>
internal static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint KeyStep0 = 0x9E3779B9;
    private const uint KeyStep1 = 0xBB67AE85;

    /// <summary>Four random words.</summary>
    /// <param name="key">The key; its low half is the reference implementation's first word.</param>
    /// <param name="counterLow">The counter's first two words, the first in the low half.</param>
    /// <param name="counterHigh">The counter's last two words, the third in the low half.</param>
    /// <returns>Four words of 32 random bits, a function of the arguments alone.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint Word0, uint Word1, uint Word2, uint Word3) Block(ulong key, ulong counterLow, ulong counterHigh)
    {
        unchecked
        {
            uint c0 = (uint)counterLow;
            uint c1 = (uint)(counterLow >> 32);
            uint c2 = (uint)counterHigh;
            uint c3 = (uint)(counterHigh >> 32);
            uint k0 = (uint)key;
            uint k1 = (uint)(key >> 32);
            for (int round = 0; round < Rounds; round++)
            {
                ulong product0 = (ulong)Multiplier0 * c0;
                ulong product1 = (ulong)Multiplier1 * c2;
                c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
                c1 = (uint)product1;
                c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
                c3 = (uint)product0;
                k0 += KeyStep0;
                k1 += KeyStep1;
            }

            return (c0, c1, c2, c3);
        }
    }

    /// <summary>Four consecutive blocks at once; needs AVX2.</summary>
    /// <param name="key">As in <see cref="Block"/>.</param>
    /// <param name="counterLow">Of the first block; the others' follow.</param>
    /// <param name="counterHigh">As in <see cref="Block"/>.</param>
    /// <returns>The 16 words in order.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector256<uint> First, Vector256<uint> Second) FourBlocks(ulong key, ulong counterLow, ulong counterHigh)
    {
        // One block a 64-bit lane. The upper halves hold rubbish between rounds; multiplications read the lower halves only.
        Vector256<ulong> c0 = Vector256.Create(counterLow) + Vector256<ulong>.Indices;
        Vector256<ulong> c1 = c0 >> 32;
        Vector256<ulong> c2 = Vector256.Create(counterHigh);
        Vector256<ulong> c3 = c2 >> 32;
        Vector256<ulong> k0 = Vector256.Create(key);
        Vector256<ulong> k1 = k0 >> 32;
        for (int round = 0; round < Rounds; round++)
        {
            Vector256<ulong> product0 = Avx2.Multiply(c0.AsUInt32(), Vector256.Create(Multiplier0));
            Vector256<ulong> product1 = Avx2.Multiply(c2.AsUInt32(), Vector256.Create(Multiplier1));
            c0 = (product1 >> 32) ^ c1 ^ k0;
            c1 = product1;
            c2 = (product0 >> 32) ^ c3 ^ k1;
            c3 = product0;
            k0 += Vector256.Create((ulong)KeyStep0);
            k1 += Vector256.Create((ulong)KeyStep1);
        }

        Vector256<ulong> lowerHalf = Vector256.Create((ulong)uint.MaxValue);
        Vector256<ulong> words01 = (c0 & lowerHalf) | (c1 << 32);
        Vector256<ulong> words23 = (c2 & lowerHalf) | (c3 << 32);
        Vector256<ulong> blocks02 = Avx2.UnpackLow(words01, words23);
        Vector256<ulong> blocks13 = Avx2.UnpackHigh(words01, words23);
        return (
            Vector256.Create(blocks02.GetLower(), blocks13.GetLower()).AsUInt32(),
            Vector256.Create(blocks02.GetUpper(), blocks13.GetUpper()).AsUInt32());
    }
}
