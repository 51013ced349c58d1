using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mlp.CompilerServices;

/// <summary>Normally distributed numbers that are added to a layer's inputs in training.</summary>
/// <remarks>
/// Box and Muller (1958) in single precision, eight pairs at once, on every machine with eight lanes: of the stream's words
/// 16k to 16k + 15 the first eight make the radii, the others the angles; numbers 16k + i and 16k + 8 + i are the cosine and
/// the sine of the same pair. The largest magnitude is 6.66 deviations. The caller vouches for the memory behind the references.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GaussianNoise
{
    private const int Lanes = 8;
    private const int NumbersOfGroup = 2 * Lanes;
    private const int WordsOfBlock = 4;

    /// <summary>Writes <c>deviation·N(0, 1)</c> for every row and unit.</summary>
    /// <param name="noise">First of <paramref name="rows"/> × <paramref name="stride"/> numbers, row-major; all are written.</param>
    /// <param name="start">Index of the first row in the batch.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="units">Units of the layer.</param>
    /// <param name="stride">Floats from one row to the next, at least <paramref name="units"/>; the columns beyond the units become 0.</param>
    /// <param name="seed">The training seed.</param>
    /// <param name="layer">The layer's number.</param>
    /// <param name="step">The training step; −1 switches the noise off: all numbers are 0.</param>
    /// <param name="deviation">The standard deviation, at least 0 and finite.</param>
    /// <remarks>
    /// The number of row m and unit o of the batch depends on seed, layer, step and <c>m·units + o</c> alone. Allocates nothing.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="deviation"/> is negative, infinite or NaN.</exception>
    public static void Fill(ref float noise, nuint start, nuint rows, nuint units, nuint stride, int seed, int layer, long step, float deviation)
    {
        if (!(deviation >= 0 && float.IsFinite(deviation)))
        {
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "A standard deviation is at least 0 and finite.");
        }

        if (step < 0)
        {
            MemoryMarshal.CreateSpan(ref noise, checked((int)(rows * stride))).Clear();
            return;
        }

        RandomStream stream = new(seed, RandomPurpose.Noise, layer, step);
        Span<float> group = stackalloc float[NumbersOfGroup];
        ulong groupInPlace = ulong.MaxValue;
        for (nuint m = 0; m < rows; m++)
        {
            ref float row = ref Unsafe.Add(ref noise, m * stride);
            nuint o = 0;
            while (o < units)
            {
                ulong index = ((start + m) * units) + o;
                ulong k = index / NumbersOfGroup;
                int first = (int)(index % NumbersOfGroup);
                if (first == 0 && units - o >= NumbersOfGroup)
                {
                    Group(stream, k, deviation, ref Unsafe.Add(ref row, o));
                    o += NumbersOfGroup;
                    continue;
                }

                // A group may reach from one row into the next, or span several.
                if (k != groupInPlace)
                {
                    Group(stream, k, deviation, ref group[0]);
                    groupInPlace = k;
                }

                int count = (int)Math.Min(units - o, (nuint)(NumbersOfGroup - first));
                group.Slice(first, count).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref row, o), count));
                o += (nuint)count;
            }

            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref row, units), (int)(stride - units)).Clear();
        }
    }

    /// <summary>Adds noise to values.</summary>
    /// <param name="values">The first of <paramref name="count"/> values.</param>
    /// <param name="noise">The first of as many numbers.</param>
    /// <param name="noisy">The first of as many sums; may be the values themselves.</param>
    /// <param name="count">Number of values, a multiple of 8.</param>
    public static void Add(ref readonly float values, ref readonly float noise, ref float noisy, nuint count)
    {
        for (nuint i = 0; i < count; i += Lanes)
        {
            Vec256.Store(Vec256.Load(in values, i) + Vec256.Load(in noise, i), ref noisy, i);
        }
    }

    /// <summary>Numbers 16k to 16k + 15.</summary>
    private static void Group(in RandomStream stream, ulong k, float deviation, ref float destination)
    {
        const int BlocksOfGroup = NumbersOfGroup / WordsOfBlock;
        Vector256<uint> radii;
        Vector256<uint> angles;
        if (Avx2.IsSupported)
        {
            (radii, angles) = stream.FourBlocks(k * BlocksOfGroup);
        }
        else
        {
            radii = Vector256.Create(Block(stream, k * BlocksOfGroup), Block(stream, (k * BlocksOfGroup) + 1));
            angles = Vector256.Create(Block(stream, (k * BlocksOfGroup) + 2), Block(stream, (k * BlocksOfGroup) + 3));
        }

        (Vec256 cosine, Vec256 sine) = CosineAndSine(new Vec256(angles.AsSingle()));
        Vec256 radius = Radius(new Vec256((radii >> 1).AsSingle())) * Vec256.Create(deviation);
        Vec256.Store(radius * cosine, ref destination);
        Vec256.Store(radius * sine, ref destination, Lanes);
    }

    private static Vector128<uint> Block(in RandomStream stream, ulong block)
    {
        (uint word0, uint word1, uint word2, uint word3) = stream.Block(block);
        return Vector128.Create(word0, word1, word2, word3);
    }

    /// <summary><c>√(−2·ln u)</c> with <c>u = (w + ½)/2³¹</c> for 31-bit integers w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec256 Radius(Vec256 word)
    {
        const float Unit = 4.656612873e-10f;
        Vec256 u = (Vec256.ConvertBitsToSingle(word) + Vec256.Create(0.5f)) * Vec256.Create(Unit);
        return Vec256.Sqrt(VectorMath.Log(u) * Vec256.Create(-2f));
    }

    /// <summary>Cosine and sine of <c>2π·w/2³²</c>: of at most an eighth of a turn, then turned by quarters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vec256 Cosine, Vec256 Sine) CosineAndSine(Vec256 word)
    {
        const int QuarterShift = 30;
        const int SignShift = 31;
        const float Unit = 9.31322575e-10f;

        // w = quarter·2³⁰ + rest, and f = rest/2³⁰ in [−½, ½]; the quarter counts modulo 4.
        Vec256 quarter = Vec256.ShiftBitsRight(Vec256.AddBits(word, Vec256.CreateBits(1 << (QuarterShift - 1))), QuarterShift);
        Vec256 rest = Vec256.SubtractBits(word, Vec256.ShiftBitsLeft(quarter, QuarterShift));
        Vec256 f = Vec256.ConvertBitsToSingle(rest) * Vec256.Create(Unit);
        Vec256 square = f * f;

        Vec256 s = Vec256.FusedMultiplyAdd(Vec256.Create(-0.00468545966f), square, Vec256.Create(0.0797123462f));
        s = Vec256.FusedMultiplyAdd(s, square, Vec256.Create(-0.645966649f));
        s = Vec256.FusedMultiplyAdd(s, square, Vec256.Create(1.57079637f)) * f;
        Vec256 c = Vec256.FusedMultiplyAdd(Vec256.Create(0.000893862045f), square, Vec256.Create(-0.020855397f));
        c = Vec256.FusedMultiplyAdd(c, square, Vec256.Create(0.253668547f));
        c = Vec256.FusedMultiplyAdd(c, square, Vec256.Create(-1.23370051f));
        c = Vec256.FusedMultiplyAdd(c, square, Vec256.Create(1f));

        // Odd quarters exchange the two; the sine is negative in quarters 2 and 3, the cosine in 1 and 2.
        Vec256 odd = Vec256.ShiftBitsRight(Vec256.ShiftBitsLeft(quarter, SignShift), SignShift);
        Vec256 signBit = Vec256.CreateBits(int.MinValue);
        Vec256 sineSign = Vec256.ShiftBitsLeft(quarter, SignShift - 1) & signBit;
        Vec256 cosineSign = sineSign ^ (odd & signBit);
        return (Vec256.Select(odd, s, c) ^ cosineSign, Vec256.Select(odd, c, s) ^ sineSign);
    }
}
