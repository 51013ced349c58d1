using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mlp;

/// <summary>Looks for NaN and infinities.</summary>
internal static class Finiteness
{
    private const int SignMask = int.MaxValue;

    /// <summary>The bits of +∞: those of every finite number without its sign are less, those of every NaN more.</summary>
    private const int Infinity = 0x7f80_0000;

    /// <summary>Whether all values are finite. Reads them once, at the speed of the cache; every training step does it.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(values);
        if (bits.Length >= Vector256<int>.Count)
        {
            Vector256<int> mask = Vector256.Create(SignMask);
            Vector256<int> largests = Vector256<int>.Zero;
            ref int first = ref MemoryMarshal.GetReference(bits);
            nuint last = (nuint)(bits.Length - Vector256<int>.Count);
            for (nuint i = 0; i < last; i += (nuint)Vector256<int>.Count)
            {
                largests = Vector256.Max(largests, Vector256.LoadUnsafe(ref first, i) & mask);
            }

            // The last vector may overlap the one before.
            largests = Vector256.Max(largests, Vector256.LoadUnsafe(ref first, last) & mask);
            return Vector256.LessThanAll(largests, Vector256.Create(Infinity));
        }

        int largest = 0;
        foreach (int value in bits)
        {
            largest = Math.Max(largest, value & SignMask);
        }

        return largest < Infinity;
    }

    /// <summary>Index of the first value that is not finite in a row that counts; −1 where all are.</summary>
    /// <param name="values">rows × <paramref name="columns"/>.</param>
    /// <param name="weights">One a row; none where all count.</param>
    /// <param name="columns">Values of a row.</param>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values, ReadOnlySpan<float> weights = default, int columns = 1)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]) && (weights.IsEmpty || weights[i / columns] > 0))
            {
                return i;
            }
        }

        return -1;
    }
}
