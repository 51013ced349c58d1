using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Hashes of results that must be the same on every processor, operating system, runtime and build.</summary>
public class StoredBitsTests
{
    [Fact]
    public void Exp_GivesTheStoredBits() => AssertHash<ExpFunction>("01792035a12bf5ef");

    [Fact]
    public void Log_GivesTheStoredBits() => AssertHash<LogFunction>("abf7a3ba0d294d19");

    [Fact]
    public void Tanh_GivesTheStoredBits() => AssertHash<TanhFunction>("27ae60e2db268288");

    [Fact]
    public void Sigmoid_GivesTheStoredBits() => AssertHash<SigmoidFunction>("f368072682d95fa9");

    [Fact]
    public void Softplus_GivesTheStoredBits() => AssertHash<SoftplusFunction>("e350c4e6ebaad6fa");

    [Fact]
    public void Expm1_GivesTheStoredBits() => AssertHash<Expm1Function>("8dd370b33c6a79e6");

    [Fact]
    public void Erf_GivesTheStoredBits() => AssertHash<ErfFunction>("3fd8cc3970ade81a");

    [Fact]
    public void LogCosh_GivesTheStoredBits() => AssertHash<LogCoshFunction>("168ba39115a153e4");

    [Fact]
    public void LogSoftplus_GivesTheStoredBits() => AssertHash<LogSoftplusFunction>("03645d1d80522133");

    [Fact]
    public void SoftplusLogSlope_GivesTheStoredBits() => AssertHash<SoftplusLogSlopeFunction>("0964b94feecd6c73");

    [Fact]
    public void Gelu_GivesTheStoredBits() => AssertHash<GeluFunction>("95addc76994ca6de");

    [Fact]
    public void GeluSlope_GivesTheStoredBits() => AssertHash<GeluSlopeFunction>("6aec17400464dc8e");

    [Fact]
    public void GeluTanh_GivesTheStoredBits() => AssertHash<GeluTanhFunction>("d7612e1a1a4f61df");

    [Fact]
    public void GeluTanhSlope_GivesTheStoredBits() => AssertHash<GeluTanhSlopeFunction>("177f37cea094005b");

    [Fact]
    public void Silu_GivesTheStoredBits() => AssertHash<SiluFunction>("824f9971876f9fa2");

    [Fact]
    public void SiluSlope_GivesTheStoredBits() => AssertHash<SiluSlopeFunction>("506d67b0914a2d0e");

    [Fact]
    public void Mish_GivesTheStoredBits() => AssertHash<MishFunction>("7306f080b8a7d63a");

    [Fact]
    public void MishSlope_GivesTheStoredBits() => AssertHash<MishSlopeFunction>("948942e9b5b484d6");

    [Fact]
    public void ScalarMath_And_RandomStream_GiveTheStoredBits()
    {
        RandomStream stream = new(42, RandomPurpose.Data, 1, 2);
        double[] values = new double[20_000];
        for (int i = 0; i < values.Length; i += 4)
        {
            values[i] = stream.Normal((ulong)i);
            values[i + 1] = ScalarMath.Exp(100 * values[i]);
            values[i + 2] = ScalarMath.Sin(1000 * values[i]) + ScalarMath.Cos(values[i]);
            values[i + 3] = ScalarMath.Pow(stream.Double((ulong)i), values[i]);
        }

        Assert.Equal("194fbd6d903381d4", Hash(MemoryMarshal.AsBytes(values.AsSpan())));
    }

    private static void AssertHash<F>(string expected) where F : struct, IVectorFunction
    {
        float[] inputs = VectorFunctions.BitPatterns(11, 40009);
        float[] outputs = new float[inputs.Length];
        VectorFunctions.Apply<F, Vec256>(inputs, outputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            // Which NaN it is, is not promised.
            outputs[i] = float.IsNaN(outputs[i]) ? float.NaN : outputs[i];
        }

        Assert.Equal(expected, Hash(MemoryMarshal.AsBytes(outputs.AsSpan())));
    }

    internal static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
}
