namespace Contract.Tests.Records;

public sealed record NumberRow
{
    [Numeric] public sbyte SByte { get; init; }

    [Numeric] public byte Byte { get; init; }

    [Numeric] public short Short { get; init; }

    [Numeric] public ushort UShort { get; init; }

    [Numeric] public int Int { get; init; }

    [Numeric] public uint UInt { get; init; }

    [Numeric] public long Long { get; init; }

    [Numeric] public ulong ULong { get; init; }

    [Numeric] public nint NInt { get; init; }

    [Numeric] public nuint NUInt { get; init; }

    [Numeric] public Int128 Int128 { get; init; }

    [Numeric] public UInt128 UInt128 { get; init; }

    [Numeric] public Half Half { get; init; }

    [Numeric] public float Float { get; init; }

    [Numeric] public double Double { get; init; }

    [Numeric] public decimal Decimal { get; init; }

    [Numeric] public sbyte? NullableSByte { get; init; }

    [Numeric] public byte? NullableByte { get; init; }

    [Numeric] public short? NullableShort { get; init; }

    [Numeric] public ushort? NullableUShort { get; init; }

    [Numeric] public int? NullableInt { get; init; }

    [Numeric] public uint? NullableUInt { get; init; }

    [Numeric] public long? NullableLong { get; init; }

    [Numeric] public ulong? NullableULong { get; init; }

    [Numeric] public nint? NullableNInt { get; init; }

    [Numeric] public nuint? NullableNUInt { get; init; }

    [Numeric] public Int128? NullableInt128 { get; init; }

    [Numeric] public UInt128? NullableUInt128 { get; init; }

    [Numeric] public Half? NullableHalf { get; init; }

    [Numeric] public float? NullableFloat { get; init; }

    [Numeric] public double? NullableDouble { get; init; }

    [Numeric] public decimal? NullableDecimal { get; init; }

    [Numeric] public bool Bool { get; init; }

    [Numeric] public bool? NullableBool { get; init; }

    [Target] public float Target { get; init; }
}

[Input<NumberRow>]
[Dense(1)]
[Loss(MSE)]
public partial class NumberNet;

/// <summary>Every type of number is an input, nullable or not.</summary>
public class NumberTypeTests
{
    private static readonly NumberRow Zero = new();

    private static readonly NumberRow Two = new()
    {
        SByte = 2,
        NullableSByte = 2,
        Byte = 2,
        NullableByte = 2,
        Short = 2,
        NullableShort = 2,
        UShort = 2,
        NullableUShort = 2,
        Int = 2,
        NullableInt = 2,
        UInt = 2,
        NullableUInt = 2,
        Long = 2,
        NullableLong = 2,
        ULong = 2,
        NullableULong = 2,
        NInt = 2,
        NullableNInt = 2,
        NUInt = 2,
        NullableNUInt = 2,
        Int128 = 2,
        NullableInt128 = 2,
        UInt128 = 2,
        NullableUInt128 = 2,
        Half = (Half)2,
        NullableHalf = (Half)2,
        Float = 2,
        NullableFloat = 2,
        Double = 2,
        NullableDouble = 2,
        Decimal = 2,
        NullableDecimal = 2,
        Bool = true,
        NullableBool = true,
    };

    private static readonly NumberRow Nulls = new()
    {
        SByte = 2,
        Byte = 2,
        Short = 2,
        UShort = 2,
        Int = 2,
        UInt = 2,
        Long = 2,
        ULong = 2,
        NInt = 2,
        NUInt = 2,
        Int128 = 2,
        UInt128 = 2,
        Half = (Half)2,
        Float = 2,
        Double = 2,
        Decimal = 2,
        Bool = true,
    };

    [Fact]
    public void EveryNumber_IsScaled_AndMissingOnesAreTheMean()
    {
        NumberNet net = new(seed: 1);
        NumberRow zero = Two with
        {
            SByte = 0,
            NullableSByte = 0,
            Byte = 0,
            NullableByte = 0,
            Short = 0,
            NullableShort = 0,
            UShort = 0,
            NullableUShort = 0,
            Int = 0,
            NullableInt = 0,
            UInt = 0,
            NullableUInt = 0,
            Long = 0,
            NullableLong = 0,
            ULong = 0,
            NullableULong = 0,
            NInt = 0,
            NullableNInt = 0,
            NUInt = 0,
            NullableNUInt = 0,
            Int128 = 0,
            NullableInt128 = 0,
            UInt128 = 0,
            NullableUInt128 = 0,
            Half = (Half)0,
            NullableHalf = (Half)0,
            Float = 0,
            NullableFloat = 0,
            Double = 0,
            NullableDouble = 0,
            Decimal = 0,
            NullableDecimal = 0,
            Bool = false,
            NullableBool = false,
        };
        net.Fit([zero, Two, Nulls, Zero]);
        AssertInputs(zero, -1, -1);
        AssertInputs(Two, 1, 1);
        AssertInputs(Nulls, 1, 0);

        void AssertInputs(NumberRow row, float plain, float nullable)
        {
            float[] inputs = new float[NumberNet.InputSize];
            net.Encode(row, inputs);
            Assert.All(inputs.Zip(net.InputNames!), pair => Assert.Equal((pair.Second, pair.Second.StartsWith("Nullable", StringComparison.Ordinal) ? nullable : plain), (pair.Second, pair.First)));
        }
    }
}
