using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mlp.CompilerServices;

/// <summary>Inverted dropout: the factors of a layer's outputs in training.</summary>
/// <remarks>
/// Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), with the scaling moved to training. The caller vouches for the memory
/// behind the references.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DropoutMask
{
    private const int WordsOfBlock = 4;

    /// <summary>Writes 0 with probability <paramref name="rate"/> and otherwise <c>1/(1 − rate)</c> for every row and unit.</summary>
    /// <param name="mask">First of <paramref name="rows"/> × <paramref name="stride"/> factors, row-major; all are written.</param>
    /// <param name="start">Index of the first row in the batch.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="units">Units of the layer.</param>
    /// <param name="stride">Floats from one row to the next, at least <paramref name="units"/>; the columns beyond the units become 0.</param>
    /// <param name="seed">The training seed.</param>
    /// <param name="layer">The layer's number.</param>
    /// <param name="step">The training step; −1 switches dropout off: all factors are 1.</param>
    /// <param name="rate">Probability of 0, at least 0 and below 1; kept to 2⁻³².</param>
    /// <remarks>
    /// The factor of row m and unit o of the batch depends on seed, layer, step and <c>m·units + o</c> alone. Allocates nothing.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is out of range, or NaN.</exception>
    public static void Fill(ref float mask, nuint start, nuint rows, nuint units, nuint stride, int seed, int layer, long step, float rate)
    {
        if (!(rate >= 0 && rate < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate is at least 0 and below 1.");
        }

        if (step < 0)
        {
            MemoryMarshal.CreateSpan(ref mask, checked((int)(rows * stride))).Fill(1f);
            return;
        }

        RandomStream stream = new(seed, RandomPurpose.Dropout, layer, step);
        uint threshold = (uint)((double)rate * 4294967296.0);
        float scale = 1f / (1f - rate);

        for (nuint m = 0; m < rows; m++)
        {
            ref float row = ref Unsafe.Add(ref mask, m * stride);
            nuint o = 0;
            while (o < units)
            {
                ulong index = ((start + m) * units) + o;
                if (Avx2.IsSupported && index % WordsOfBlock == 0 && units - o >= 4 * WordsOfBlock)
                {
                    (Vector256<uint> first, Vector256<uint> second) = stream.FourBlocks(index / WordsOfBlock);
                    Factors(first, threshold, scale).StoreUnsafe(ref row, o);
                    Factors(second, threshold, scale).StoreUnsafe(ref row, o + 8);
                    o += 4 * WordsOfBlock;
                }
                else if (index % WordsOfBlock == 0 && units - o >= WordsOfBlock)
                {
                    (uint word0, uint word1, uint word2, uint word3) = stream.Block(index / WordsOfBlock);
                    Factors(Vector128.Create(word0, word1, word2, word3), threshold, scale).StoreUnsafe(ref row, o);
                    o += WordsOfBlock;
                }
                else
                {
                    Unsafe.Add(ref row, o) = stream.UInt32(index) >= threshold ? scale : 0f;
                    o++;
                }
            }

            for (; o < stride; o++)
            {
                Unsafe.Add(ref row, o) = 0f;
            }
        }
    }

    /// <summary>Multiplies values by their factors.</summary>
    /// <param name="values">The first of <paramref name="count"/> values.</param>
    /// <param name="mask">The first of as many factors.</param>
    /// <param name="dropped">The first of as many products.</param>
    /// <param name="count">Number of values, a multiple of 8.</param>
    public static void Apply(ref readonly float values, ref readonly float mask, ref float dropped, nuint count)
    {
        for (nuint i = 0; i < count; i += 8)
        {
            Vec256.Store(Vec256.Load(in values, i) * Vec256.Load(in mask, i), ref dropped, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Factors(Vector256<uint> words, uint threshold, float scale) =>
        Vector256.GreaterThanOrEqual(words, Vector256.Create(threshold)).AsSingle() & Vector256.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Factors(Vector128<uint> words, uint threshold, float scale) =>
        Vector128.GreaterThanOrEqual(words, Vector128.Create(threshold)).AsSingle() & Vector128.Create(scale);
}
