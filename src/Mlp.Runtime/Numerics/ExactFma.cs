using System.Runtime.Intrinsics;

namespace Mlp.Numerics;

/// <summary>The fused multiply-add where there is no instruction for it, with the bits that the instruction gives.</summary>
internal static class ExactFma
{
    /// <summary><c>a·b + c</c>, rounded once.</summary>
    /// <remarks>
    /// The product of two floats is exact in double. The sum is rounded to odd (Boldo and Melquiond, "Emulation of a FMA and
    /// correctly rounded sums", 2008), after which rounding to float cannot round twice.
    /// </remarks>
    public static Vector128<float> Emulate(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        (Vector128<double> aLow, Vector128<double> aHigh) = Vector128.Widen(a);
        (Vector128<double> bLow, Vector128<double> bHigh) = Vector128.Widen(b);
        (Vector128<double> cLow, Vector128<double> cHigh) = Vector128.Widen(c);
        return Vector128.Narrow(AddToOdd(aLow * bLow, cLow), AddToOdd(aHigh * bHigh, cHigh));
    }

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
        Vector128<long> signsDiffer = (bits ^ error.AsInt64()) >> 63;
        Vector128<long> step = Vector128<long>.One | signsDiffer;
        return (bits + (step & inexact & even)).AsDouble();
    }
}
