using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>
/// A vector of <see cref="Count"/> floats. Kernels are generic over it, so that one text serves 128, 256 and 512
/// bits; the compiler replaces every call by one instruction.
/// </summary>
/// <typeparam name="V">The implementing struct.</typeparam>
/// <remarks>
/// Every operation acts on each lane alone and rounds once, so a lane's bits do not depend on the width.
/// Comparisons give masks: all bits set where true, and never true for NaN. The caller vouches for the memory behind the references.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IVector<V> where V : struct, IVector<V>
{
    /// <summary>Number of lanes: 4, 8 or 16.</summary>
    static abstract int Count { get; }

    /// <summary>All lanes +0.</summary>
    static abstract V Zero { get; }

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract V Create(float value);

    /// <summary>All lanes the float with these bits.</summary>
    static abstract V CreateBits(int bits);

    /// <summary>Reads <see cref="Count"/> floats from <paramref name="source"/> on.</summary>
    static abstract V Load(ref readonly float source);

    /// <summary>Reads <see cref="Count"/> floats, <paramref name="offset"/> floats behind <paramref name="source"/>.</summary>
    static abstract V Load(ref readonly float source, nuint offset);

    /// <summary>All lanes the float that stands <paramref name="offset"/> floats behind <paramref name="source"/>.</summary>
    static abstract V Broadcast(ref readonly float source, nuint offset);

    /// <summary>Writes <see cref="Count"/> floats from <paramref name="destination"/> on.</summary>
    static abstract void Store(V value, ref float destination);

    /// <summary>Writes <see cref="Count"/> floats, <paramref name="offset"/> floats behind <paramref name="destination"/>.</summary>
    static abstract void Store(V value, ref float destination, nuint offset);

    /// <summary><c>a·b + c</c>, rounded once, with or without an instruction for it.</summary>
    static abstract V FusedMultiplyAdd(V a, V b, V c);

    /// <summary>
    /// Adds <c>a·b</c> to an accumulator: <see cref="FusedMultiplyAdd"/> in place. In many loops it saves the register copy of a returned result.
    /// </summary>
    static abstract void AddProduct(ref V sum, V a, V b);

    /// <summary>The correctly rounded square root.</summary>
    static abstract V Sqrt(V value);

    /// <summary>The absolute value: the sign bit cleared.</summary>
    static abstract V Abs(V value);

    /// <summary>Sum of lanes.</summary>
    static abstract V operator +(V left, V right);

    /// <summary>Difference of lanes.</summary>
    static abstract V operator -(V left, V right);

    /// <summary>Product of lanes.</summary>
    static abstract V operator *(V left, V right);

    /// <summary>Quotient of lanes.</summary>
    static abstract V operator /(V left, V right);

    /// <summary>The sign bit flipped.</summary>
    static abstract V operator -(V value);

    /// <summary>Bitwise and.</summary>
    static abstract V operator &(V left, V right);

    /// <summary>Bitwise or.</summary>
    static abstract V operator |(V left, V right);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract V operator ^(V left, V right);

    /// <summary>Mask of <c>left &gt; right</c>.</summary>
    static abstract V GreaterThan(V left, V right);

    /// <summary>Mask of <c>left &lt; right</c>.</summary>
    static abstract V LessThan(V left, V right);

    /// <summary>Mask of <c>left &lt;= right</c>.</summary>
    static abstract V LessThanOrEqual(V left, V right);

    /// <summary>Mask of <c>left == right</c>; +0 equals −0.</summary>
    static abstract V Equal(V left, V right);

    /// <summary>The lanes of <paramref name="whenSet"/> where the mask's are set, else those of <paramref name="otherwise"/>.</summary>
    static abstract V Select(V mask, V whenSet, V otherwise);

    /// <summary>+0 in the lanes where the mask's are set, else those of <paramref name="value"/>.</summary>
    static abstract V Clear(V mask, V value);

    /// <summary><c>limit &lt; value ? limit : value</c>, so NaN stays NaN, and a zero keeps its sign.</summary>
    static abstract V AtMost(V value, V limit);

    /// <summary><c>limit &gt; value ? limit : value</c>, so NaN stays NaN, and a zero keeps its sign.</summary>
    static abstract V AtLeast(V value, V limit);

    /// <summary>Sum of the lanes' bits as 32-bit integers, wrapping.</summary>
    static abstract V AddBits(V left, V right);

    /// <summary>Difference of the lanes' bits as 32-bit integers, wrapping.</summary>
    static abstract V SubtractBits(V left, V right);

    /// <summary>The lanes' bits shifted left.</summary>
    static abstract V ShiftBitsLeft(V value, int count);

    /// <summary>The lanes' bits shifted right, filled with the sign bit.</summary>
    static abstract V ShiftBitsRight(V value, int count);

    /// <summary>The lanes' bits, read as 32-bit integers, as floats (exact below 2²⁴).</summary>
    static abstract V ConvertBitsToSingle(V value);
}
