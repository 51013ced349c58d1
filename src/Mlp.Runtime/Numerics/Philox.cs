using System.Runtime.CompilerServices;

namespace Mlp.Numerics;

/// <summary>The counter-based random number generator Philox4x32-10: a keyed bijection of 128-bit counters.</summary>
/// <remarks>Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).</remarks>
public static class Philox
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
}
