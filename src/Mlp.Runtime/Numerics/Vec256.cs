using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Mlp.CompilerServices;

/// <summary>Eight floats in 256 bits, as two halves of 128 where the processor has no wider registers; the vector of
/// straight-line code and of every eight-way partial sum, on every machine.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Vec256 : IRowVector<Vec256>
{
    private readonly Vector256<float> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vec256(Vector256<float> value) => _value = value;

    internal Vector256<float> Value => _value;

    /// <inheritdoc/>
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    /// <inheritdoc/>
    public static Vec256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Create(float value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 CreateBits(int bits) => new(Vector256.Create(bits).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Load(ref readonly float source) => new(Vector256.LoadUnsafe(in source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Load(ref readonly float source, nuint offset) => new(Vector256.LoadUnsafe(in source, offset));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Broadcast(ref readonly float source, nuint offset) => new(Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in source), offset)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vec256 value, ref float destination) => value._value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vec256 value, ref float destination, nuint offset) => value._value.StoreUnsafe(ref destination, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 FusedMultiplyAdd(Vec256 a, Vec256 b, Vec256 c) =>
        Fma.IsSupported || AdvSimd.IsSupported
            ? new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value))
            : new(ExactFma.Emulate(a._value, b._value, c._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Vec256 sum, Vec256 a, Vec256 b)
    {
        if (Fma.IsSupported || AdvSimd.IsSupported)
        {
            Unsafe.AsRef(in sum._value) = Vector256.FusedMultiplyAdd(a._value, b._value, sum._value);
        }
        else
        {
            sum = FusedMultiplyAdd(a, b, sum);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Sqrt(Vec256 value) => new(Vector256.Sqrt(value._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Abs(Vec256 value) => new(Vector256.Abs(value._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator +(Vec256 left, Vec256 right) => new(left._value + right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator -(Vec256 left, Vec256 right) => new(left._value - right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator *(Vec256 left, Vec256 right) => new(left._value * right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator /(Vec256 left, Vec256 right) => new(left._value / right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator -(Vec256 value) => new(value._value ^ Vector256.Create(-0f));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator &(Vec256 left, Vec256 right) => new(left._value & right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator |(Vec256 left, Vec256 right) => new(left._value | right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator ^(Vec256 left, Vec256 right) => new(left._value ^ right._value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 GreaterThan(Vec256 left, Vec256 right) => new(Vector256.GreaterThan(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 LessThan(Vec256 left, Vec256 right) => new(Vector256.LessThan(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 LessThanOrEqual(Vec256 left, Vec256 right) => new(Vector256.LessThanOrEqual(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Equal(Vec256 left, Vec256 right) => new(Vector256.Equals(left._value, right._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Select(Vec256 mask, Vec256 whenSet, Vec256 otherwise) => Avx.IsSupported && !Avx512F.VL.IsSupported
        ? new(Avx.BlendVariable(otherwise._value, whenSet._value, mask._value))
        : new(Vector256.ConditionalSelect(mask._value, whenSet._value, otherwise._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Clear(Vec256 mask, Vec256 value) => new(Vector256.AndNot(value._value, mask._value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 AtMost(Vec256 value, Vec256 limit) => Avx.IsSupported
        ? new(Avx.Min(limit._value, value._value)) // its second operand where either is NaN or both are 0
        : Select(LessThan(limit, value), limit, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 AtLeast(Vec256 value, Vec256 limit) => Avx.IsSupported
        ? new(Avx.Max(limit._value, value._value))
        : Select(GreaterThan(limit, value), limit, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 AddBits(Vec256 left, Vec256 right) => new((left._value.AsInt32() + right._value.AsInt32()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 SubtractBits(Vec256 left, Vec256 right) => new((left._value.AsInt32() - right._value.AsInt32()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 ShiftBitsLeft(Vec256 value, int count) => new((value._value.AsInt32() << count).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 ShiftBitsRight(Vec256 value, int count) => new((value._value.AsInt32() >> count).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 ConvertBitsToSingle(Vec256 value) => new(Vector256.ConvertToSingle(value._value.AsInt32()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 LoadRows(ref readonly float source, nuint offset, nuint group) => Load(in source, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRows(Vec256 value, ref float destination, nuint offset, nuint group) => Store(value, ref destination, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 FirstLanes(int count) => new(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vec256 value, ref float destination, int count) => ScatterFirst(value, ref destination, 1, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 AddProduct(Vec256 sum, Vec256 x, ref readonly float parameters, nuint index)
    {
        if (Fma.IsSupported || AdvSimd.IsSupported)
        {
            return new(Vector256.FusedMultiplyAdd(x._value, Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in parameters), index)), sum._value));
        }

        return FusedMultiplyAdd(x, Broadcast(in parameters, index), sum);
    }

    /// <summary><c>sum + x·parameters[index + lane]</c>, rounded once: a step of eight neurons' sums, or of one neuron's eight partial sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 AddProducts(Vec256 sum, Vec256 x, ref readonly float parameters, nuint index)
    {
        if (Fma.IsSupported || AdvSimd.IsSupported)
        {
            return new(Vector256.FusedMultiplyAdd(x._value, Vector256.LoadUnsafe(in parameters, index), sum._value));
        }

        return FusedMultiplyAdd(x, Load(in parameters, index), sum);
    }

    /// <summary>Reads a column of eight rows: lane i is <c>source[i·stride]</c>.</summary>
    /// <param name="source">The column's element of the first row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <returns>The eight elements.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Gather(ref readonly float source, nuint stride)
    {
        if (stride == 1)
        {
            return Load(in source);
        }

        ref float first = ref Unsafe.AsRef(in source);
        return new(Vector256.Create(
            first,
            Unsafe.Add(ref first, stride),
            Unsafe.Add(ref first, 2 * stride),
            Unsafe.Add(ref first, 3 * stride),
            Unsafe.Add(ref first, 4 * stride),
            Unsafe.Add(ref first, 5 * stride),
            Unsafe.Add(ref first, 6 * stride),
            Unsafe.Add(ref first, 7 * stride)));
    }

    /// <summary>Reads a column of fewer rows; the lanes beyond repeat the last.</summary>
    /// <param name="source">The column's element of the first row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="count">Number of rows, 1 to 8; nothing is read beyond.</param>
    /// <returns>Lane i is <c>source[min(i, count − 1)·stride]</c>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 GatherFirst(ref readonly float source, nuint stride, int count) =>
        count == Count ? Gather(in source, stride)
        : count == 1 ? Broadcast(in source, 0)
        : GatherFewer(in source, stride, count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec256 GatherFewer(ref readonly float source, nuint stride, int count)
    {
        ref float first = ref Unsafe.AsRef(in source);
        Vec256 result = Zero;
        ref float lanes = ref Unsafe.As<Vec256, float>(ref result);
        for (int i = 0; i < Count; i++)
        {
            Unsafe.Add(ref lanes, i) = Unsafe.Add(ref first, (nuint)Math.Min(i, count - 1) * stride);
        }

        return result;
    }

    /// <summary>Writes a column of eight rows: <c>destination[i·stride]</c> becomes lane i.</summary>
    /// <param name="value">The eight elements.</param>
    /// <param name="destination">The column's element of the first row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scatter(Vec256 value, ref float destination, nuint stride)
    {
        if (stride == 1)
        {
            Store(value, ref destination);
            return;
        }

        destination = value._value.ToScalar();
        Unsafe.Add(ref destination, stride) = value._value.GetElement(1);
        Unsafe.Add(ref destination, 2 * stride) = value._value.GetElement(2);
        Unsafe.Add(ref destination, 3 * stride) = value._value.GetElement(3);
        Unsafe.Add(ref destination, 4 * stride) = value._value.GetElement(4);
        Unsafe.Add(ref destination, 5 * stride) = value._value.GetElement(5);
        Unsafe.Add(ref destination, 6 * stride) = value._value.GetElement(6);
        Unsafe.Add(ref destination, 7 * stride) = value._value.GetElement(7);
    }

    /// <summary>Writes a column of fewer rows.</summary>
    /// <param name="value">The elements; lanes beyond <paramref name="count"/> are not used.</param>
    /// <param name="destination">The column's element of the first row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="count">Number of rows, 0 to 8; nothing is written beyond.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScatterFirst(Vec256 value, ref float destination, nuint stride, int count)
    {
        if (count == Count)
        {
            Scatter(value, ref destination, stride);
        }
        else if (count == 1)
        {
            destination = value._value.ToScalar();
        }
        else
        {
            ScatterFewer(value, ref destination, stride, count);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ScatterFewer(Vec256 value, ref float destination, nuint stride, int count)
    {
        ref float lanes = ref Unsafe.As<Vec256, float>(ref value);
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref destination, (nuint)i * stride) = Unsafe.Add(ref lanes, i);
        }
    }
}
