using System.Runtime.Intrinsics;

namespace Mlp.CompilerServices;

/// <summary>What random numbers are for. Different purposes never share numbers.</summary>
internal enum RandomPurpose
{
    /// <summary>Initial weights.</summary>
    Weights,

    /// <summary>The order of rows in an epoch.</summary>
    Shuffle,

    /// <summary>Which units a step drops.</summary>
    Dropout,

    /// <summary>Which rows go to which part of a split.</summary>
    Split,

    /// <summary>Synthetic data.</summary>
    Data,

    /// <summary>Gaussian noise on a layer's inputs in a step.</summary>
    Noise,

    /// <summary>Initial biases.</summary>
    Biases,

    /// <summary>The order of one input column while its importance is measured.</summary>
    Importance,

    /// <summary>What the members of an ensemble multiply the inputs by at first.</summary>
    MemberScales,

    /// <summary>Initial values of embeddings.</summary>
    Embeddings,

    /// <summary>Which rows of learned categories a step takes for unseen.</summary>
    Masking,
}

/// <summary>
/// An endless array of random numbers that are functions of seed, purpose, two labels and the index alone: they can be read
/// in any order, on any thread, again and again.
/// </summary>
/// <remarks>
/// Streams that differ in any of the five use different keys or counters of <see cref="Philox"/> and so never share a block.
/// The kinds of numbers of one stream are cut from the same blocks: use one kind a stream. Nothing allocates.
/// </remarks>
internal readonly struct RandomStream
{
    private const int BitsOfA = 28;

    /// <summary>The largest first label.</summary>
    public const int LargestA = (1 << BitsOfA) - 1;

    private readonly ulong _key;
    private readonly ulong _counterHigh;

    /// <summary>Names a stream.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="a">A label, such as a layer or an epoch: at least 0 and below 2²⁸.</param>
    /// <param name="b">A label, such as a step.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="a"/> is out of range.</exception>
    public RandomStream(int seed, RandomPurpose purpose, long a = 0, long b = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(a);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(a, 1L << BitsOfA);
        unchecked
        {
            _key = (uint)seed | ((ulong)a << 32) | ((ulong)purpose << (32 + BitsOfA));
            _counterHigh = (ulong)b;
        }
    }

    /// <summary>One seed of two: the first itself where the second is 0, else a number that either of them moves.</summary>
    internal static int CombinedSeed(int seed, int other) => other == 0
        ? seed
        : unchecked((int)Philox.Block((uint)seed | ((ulong)(uint)other << 32), 0, 0).Word0);

    /// <summary>32 random bits.</summary>
    /// <param name="index">Which of the stream's words.</param>
    /// <returns>A word, uniform.</returns>
    public uint UInt32(ulong index)
    {
        (uint word0, uint word1, uint word2, uint word3) = Block(index >> 2);
        return (index & 3) switch
        {
            0 => word0,
            1 => word1,
            2 => word2,
            _ => word3,
        };
    }

    /// <summary>A uniform number of 24 bits.</summary>
    /// <param name="index">Which of the stream's numbers.</param>
    /// <returns>A multiple of 2⁻²⁴ in [0, 1).</returns>
    public float Single(ulong index) => (UInt32(index) >> 8) * (1f / (1 << 24));

    /// <summary>A uniform number of 53 bits.</summary>
    /// <param name="index">Which of the stream's numbers.</param>
    /// <returns>A multiple of 2⁻⁵³ in [0, 1).</returns>
    public double Double(ulong index) => ToDouble(UInt64(index));

    /// <summary>A number of the standard normal distribution.</summary>
    /// <param name="index">Which of the stream's numbers.</param>
    /// <returns>A finite number, of mean 0 and variance 1.</returns>
    /// <remarks>Box and Muller (1958): numbers 2k and 2k + 1 are one block's cosine and sine.</remarks>
    public double Normal(ulong index)
    {
        (uint word0, uint word1, uint word2, uint word3) = Block(index >> 1);
        double radius = Math.Sqrt(-2 * ScalarMath.Log(1 - ToDouble(Join(word0, word1))));
        double angle = 2 * Math.PI * ToDouble(Join(word2, word3));
        return radius * ((index & 1) == 0 ? ScalarMath.Cos(angle) : ScalarMath.Sin(angle));
    }

    /// <summary>A uniform integer.</summary>
    /// <param name="exclusiveMax">One more than the largest result; at least 1.</param>
    /// <param name="index">Which of the stream's numbers.</param>
    /// <returns>At least 0 and below <paramref name="exclusiveMax"/>, with probabilities equal to 2⁻³³ relative or better.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMax"/> is less than 1.</exception>
    public int Below(int exclusiveMax, ulong index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMax, 1);
        return (int)Math.BigMul(UInt64(index), (ulong)exclusiveMax, out _);
    }

    /// <summary>Brings items into a random order.</summary>
    /// <param name="items">The items; reordered in place.</param>
    /// <remarks>Fisher and Yates's shuffle; uses numbers 1 to <c>items.Length − 1</c>.</remarks>
    public void Shuffle(Span<int> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = Below(last + 1, (ulong)last);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>Four words, numbers <c>4·block</c> to <c>4·block + 3</c> of <see cref="UInt32"/>.</summary>
    internal (uint Word0, uint Word1, uint Word2, uint Word3) Block(ulong block) => Philox.Block(_key, block, _counterHigh);

    /// <summary>Sixteen words, numbers <c>4·block</c> to <c>4·block + 15</c> of <see cref="UInt32"/>; needs AVX2.</summary>
    internal (Vector256<uint> First, Vector256<uint> Second) FourBlocks(ulong block) => Philox.FourBlocks(_key, block, _counterHigh);

    private ulong UInt64(ulong index)
    {
        (uint word0, uint word1, uint word2, uint word3) = Block(index >> 1);
        return (index & 1) == 0 ? Join(word0, word1) : Join(word2, word3);
    }

    private static ulong Join(uint low, uint high) => low | ((ulong)high << 32);

    private static double ToDouble(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));
}
