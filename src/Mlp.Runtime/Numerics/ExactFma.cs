using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mlp.CompilerServices;

/// <summary>The fused multiply-add where there is no instruction for it, with the bits that the instruction gives.</summary>
/// <remarks>
/// Callers test <c>Fma.IsSupported || AdvSimd.IsSupported</c> themselves: only then does the JIT drop the emulation before it
/// counts it against its inlining budget.
/// </remarks>
internal static class ExactFma
{
    /// <summary><c>a·b + c</c>, rounded once.</summary>
    /// <remarks>
    /// The product of two floats is exact in double. The sum is rounded to odd (Boldo and Melquiond, "Emulation of a FMA and
    /// correctly rounded sums", 2008), after which rounding to float cannot round twice.
    /// </remarks>
    public static Vector128<float> Emulate(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        if (!Vector128.IsHardwareAccelerated)
        {
            return Vector128.Create(
                Emulate(a[0], b[0], c[0]), Emulate(a[1], b[1], c[1]), Emulate(a[2], b[2], c[2]), Emulate(a[3], b[3], c[3]));
        }

        (Vector128<double> aLow, Vector128<double> aHigh) = Vector128.Widen(a);
        (Vector128<double> bLow, Vector128<double> bHigh) = Vector128.Widen(b);
        (Vector128<double> cLow, Vector128<double> cHigh) = Vector128.Widen(c);
        return Vector128.Narrow(AddToOdd(aLow * bLow, cLow), AddToOdd(aHigh * bHigh, cHigh));
    }

    /// <inheritdoc cref="Emulate(Vector128{float}, Vector128{float}, Vector128{float})"/>
    public static Vector256<float> Emulate(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.Create(
        Emulate(a.GetLower(), b.GetLower(), c.GetLower()), Emulate(a.GetUpper(), b.GetUpper(), c.GetUpper()));

    /// <inheritdoc cref="Emulate(Vector128{float}, Vector128{float}, Vector128{float})"/>
    public static Vector512<float> Emulate(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.Create(
        Emulate(a.GetLower(), b.GetLower(), c.GetLower()), Emulate(a.GetUpper(), b.GetUpper(), c.GetUpper()));

    /// <inheritdoc cref="Emulate(Vector128{float}, Vector128{float}, Vector128{float})"/>
    public static float Emulate(float a, float b, float c)
    {
        double p = (double)a * b;
        double sum = p + c;
        double pPart = sum - c;
        double error = (p - pPart) + (c - (sum - pPart));

        long bits = BitConverter.DoubleToInt64Bits(sum);
        if (error != 0 && !double.IsNaN(error) && (bits & 1) == 0)
        {
            bits += double.IsNegative(sum) == double.IsNegative(error) ? 1 : -1;
        }

        return (float)BitConverter.Int64BitsToDouble(bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> AddToOdd(Vector128<double> p, Vector128<double> c)
    {
        // Knuth's two-sum: sum + error == p + c exactly.
        Vector128<double> sum = p + c;
        Vector128<double> pPart = sum - c;
        Vector128<double> error = (p - pPart) + (c - (sum - pPart));

        // An inexact sum with an even last bit moves one step towards the error: away from 0 where their signs agree.
        Vector128<long> bits = sum.AsInt64();
        Vector128<long> inexact = ~Vector128.Equals(error, Vector128<double>.Zero).AsInt64() & Vector128.Equals(error, error).AsInt64();
        Vector128<long> even = Vector128.Equals(bits & Vector128<long>.One, Vector128<long>.Zero);
        Vector128<long> signsDiffer = Vector128.LessThan(bits ^ error.AsInt64(), Vector128<long>.Zero);
        Vector128<long> step = Vector128<long>.One | signsDiffer;
        return (bits + (step & inexact & even)).AsDouble();
    }
}
