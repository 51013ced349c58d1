using System.Runtime.Intrinsics;

namespace Mlp.Runtime.Tests.Numerics;

public class ExactFmaTests
{
    private static readonly float[] Special =
    [
        0f, 1f, 1.5f, 3f, MathF.BitIncrement(1f), MathF.BitDecrement(1f), 16777215f, 16777216f, 1f / 3f, 0.1f, float.MaxValue, float.Epsilon,
        3 * float.Epsilon, 1.17549435e-38f, MathF.BitDecrement(1.17549435e-38f), 1e-30f, 2.3e-23f, 1e19f, 1.8446743e19f,
        MathF.ScaleB(1f, -75), MathF.ScaleB(1f, -74), MathF.ScaleB(1.5f, -75), MathF.ScaleB(1f, -24), MathF.ScaleB(1f, -23),
        float.PositiveInfinity, float.NaN,
    ];

    [Fact]
    public void Emulate_AgreesOnSpecialTriples()
    {
        float[] values = [.. Special, .. Special.Select(value => -value)];
        foreach (float a in values)
        {
            foreach (float b in values)
            {
                foreach (float c in values)
                {
                    AssertSame(a, b, c);
                }
            }
        }
    }

    [Fact]
    public void Emulate_AgreesOnRandomBits()
    {
        RandomStream random = new(1, RandomPurpose.Data);
        for (ulong i = 0; i < 3_000_000; i += 3)
        {
            AssertSame(RandomBits(random, i), RandomBits(random, i + 1), RandomBits(random, i + 2));
        }
    }

    [Fact]
    public void Emulate_AgreesWhereTheSumIsNearlyATie()
    {
        // The third operand is the product, or half a unit of it, and a few neighbours: cancellation and ties.
        RandomStream random = new(2, RandomPurpose.Data);
        for (ulong i = 0; i < 300_000; i++)
        {
            float a = RandomNormal(random, 3 * i);
            float b = RandomNormal(random, (3 * i) + 1);
            uint choice = random.UInt32((3 * i) + 2);
            float product = a * b;
            float c = MathF.ScaleB(product, (int)(choice % 53) - 26);
            c = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(c) + (int)((choice >> 8) % 5) - 2);
            AssertSame(a, b, c);
            AssertSame(a, b, -c);
            AssertSame(a, b, -product);
            AssertSame(product, 1f, c);
        }
    }

    [Fact]
    public void Emulate_AgreesOnDenormalResults()
    {
        RandomStream random = new(3, RandomPurpose.Data);
        for (ulong i = 0; i < 300_000; i++)
        {
            float a = RandomNormal(random, 3 * i);
            float b = MathF.ScaleB(RandomNormal(random, (3 * i) + 1), -135);
            float c = BitConverter.UInt32BitsToSingle(random.UInt32((3 * i) + 2) & 0x80FFFFFF);
            AssertSame(a, b, c);
        }
    }

    private static float RandomBits(RandomStream random, ulong index) => BitConverter.UInt32BitsToSingle(random.UInt32(index));

    private static float RandomNormal(RandomStream random, ulong index) =>
        BitConverter.UInt32BitsToSingle((random.UInt32(index) & 0x83FFFFFF) | 0x3C000000);

    private static void AssertSame(float a, float b, float c)
    {
        float expected = MathF.FusedMultiplyAdd(a, b, c);
        AssertSame(expected, ExactFma.Emulate(Vector128.Create(a), Vector128.Create(b), Vector128.Create(c)).ToScalar(), a, b, c);
        AssertSame(expected, ExactFma.Emulate(a, b, c), a, b, c);
    }

    private static void AssertSame(float expected, float actual, float a, float b, float c)
    {
        if (BitConverter.SingleToInt32Bits(expected) != BitConverter.SingleToInt32Bits(actual) && !(float.IsNaN(expected) && float.IsNaN(actual)))
        {
            Assert.Fail($"fma({a:R}, {b:R}, {c:R}) is {expected:R}, not {actual:R}");
        }
    }
}
