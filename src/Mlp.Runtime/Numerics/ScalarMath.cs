namespace Mlp.CompilerServices;

/// <summary>Elementary functions in double precision with the same bits on every machine.</summary>
/// <remarks>
/// For initialisers, schedules, optimizers and synthetic data, which compute few values: sums, products and quotients of
/// doubles in a fixed order, and Taylor series. Nothing allocates.
/// </remarks>
internal static class ScalarMath
{
    /// <summary>Largest magnitude that <see cref="Sin"/> and <see cref="Cos"/> accept.</summary>
    public const double LargestAngle = 1e6;

    private const int MantissaBits = 52;
    private const int ExponentBias = 1023;

    private const double Log2E = 1.4426950408889634;

    // The first 33 bits of ln 2, whose products with exponents are exact, and the rest.
    private const double Ln2High = 0.6931471804855391;
    private const double Ln2Low = 7.440617110012397e-11;

    // π/2 in two parts of at most 33 bits, whose products with integers up to 2²⁰ are exact, and the rest.
    private const double HalfPi1 = 1.5707963267341256;
    private const double HalfPi2 = 6.077100506303966e-11;
    private const double HalfPi3 = 2.0222662487959506e-21;

    /// <summary>1/k! at index k.</summary>
    private static ReadOnlySpan<double> InverseFactorials =>
    [
        1.0, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800,
        1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800, 1.0 / 87178291200, 1.0 / 1307674368000, 1.0 / 20922789888000,
        1.0 / 355687428096000,
    ];

    /// <summary><c>eˣ</c>, within 1 ulp where the result is normal.</summary>
    /// <param name="x">Any value.</param>
    /// <returns><c>eˣ</c>: 0 at −∞, +∞ where it overflows, NaN for NaN.</returns>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        x = Math.Min(Math.Max(x, -746), 710);
        int n = (int)Math.Round(x * Log2E);
        double high = x - (n * Ln2High);
        double low = n * Ln2Low;
        double r = high - low;
        double rounding = (high - r) - low;

        // eʳ = 1 + r + r²·(1/2! + r/3! + …)
        ReadOnlySpan<double> coefficients = InverseFactorials;
        double p = coefficients[13];
        for (int k = 12; k >= 2; k--)
        {
            p = (p * r) + coefficients[k];
        }

        double value = 1 + (r + ((r * r * p) + rounding));
        int half = n >> 1;
        return value * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    /// <summary>The natural logarithm, within 1 ulp.</summary>
    /// <param name="x">Any value.</param>
    /// <returns><c>ln x</c>: −∞ at 0, NaN below, +∞ at +∞.</returns>
    public static double Log(double x)
    {
        const long BitsOfRootOfHalf = 0x3FE6A09E667F3BCD;
        const double SmallestNormal = 2.2250738585072014e-308;

        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : x < 0 ? double.NaN : x;
        }

        // x = 2ᵏ·(1 + f) with 1 + f in [√½, √2).
        int k = 0;
        if (x < SmallestNormal)
        {
            x *= PowerOfTwo(54);
            k = -54;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits - BitsOfRootOfHalf) >> MantissaBits;
        k += (int)exponent;
        double f = BitConverter.Int64BitsToDouble(bits - (exponent << MantissaBits)) - 1;

        // ln(1 + f) = 2·atanh s with s = f/(2 + f), which is f − s·(f − r) with r = 2·(s²/3 + s⁴/5 + …).
        double s = f / (2 + f);
        double z = s * s;
        double series = 0;
        for (int odd = 23; odd >= 3; odd -= 2)
        {
            series = (series + (1.0 / odd)) * z;
        }

        // 2s = f − s·f, and f − f²/2 + s·f²/2 is the same without the cancellation for large f.
        double halfSquare = 0.5 * f * f;
        double tail = s * (halfSquare + (2 * series));
        return (k * Ln2High) + (f - (halfSquare - (tail + (k * Ln2Low))));
    }

    /// <summary>The sine.</summary>
    /// <param name="x">An angle in radians, at most <see cref="LargestAngle"/> in magnitude, or not finite.</param>
    /// <returns><c>sin x</c>; NaN where <paramref name="x"/> is not finite.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The angle is finite and larger.</exception>
    public static double Sin(double x) => SinOfQuarterTurns(x, 0);

    /// <summary>The cosine.</summary>
    /// <param name="x">An angle in radians, at most <see cref="LargestAngle"/> in magnitude, or not finite.</param>
    /// <returns><c>cos x</c>; NaN where <paramref name="x"/> is not finite.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The angle is finite and larger.</exception>
    public static double Cos(double x) => SinOfQuarterTurns(x, 1);

    /// <summary><c>xʸ</c> as <c>e^(y·ln x)</c>; the relative error is about <c>(1 + |y·ln x|)·2⁻⁵²</c>.</summary>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    /// <returns>The power: 1 for <paramref name="y"/> = 0; NaN for a negative base with a fractional exponent.</returns>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
        {
            return 1;
        }

        double magnitude = Exp(y * Log(Math.Abs(x)));
        if (!(x < 0) || Math.Floor(y / 2) * 2 == y)
        {
            return magnitude;
        }

        return Math.Floor(y) == y ? -magnitude : double.NaN;
    }

    /// <summary>The sine of <paramref name="x"/> and a number of quarter turns.</summary>
    private static double SinOfQuarterTurns(double x, int turns)
    {
        if (!double.IsFinite(x))
        {
            return double.NaN;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(x), LargestAngle, nameof(x));
        double n = Math.Round(x * 0.6366197723675814);
        double high = x - (n * HalfPi1);
        double middle = high - (n * HalfPi2);
        double lost = (high - middle) - (n * HalfPi2);
        double rest = lost - (n * HalfPi3);
        double r = middle + rest;
        double rounding = (middle - r) + rest;

        int quadrant = ((int)n + turns) & 3;
        double value = (quadrant & 1) == 0 ? SinSeries(r, rounding) : CosSeries(r, rounding);
        return (quadrant & 2) == 0 ? value : -value;
    }

    /// <summary><c>sin(r + rounding)</c> for |r| ≤ π/4.</summary>
    private static double SinSeries(double r, double rounding)
    {
        ReadOnlySpan<double> coefficients = InverseFactorials;
        double square = r * r;
        double p = 0;
        for (int k = 17; k >= 3; k -= 2)
        {
            p = coefficients[k] - (p * square);
        }

        return r - ((r * square * p) - (rounding * (1 - (0.5 * square))));
    }

    /// <summary><c>cos(r + rounding)</c> for |r| ≤ π/4.</summary>
    private static double CosSeries(double r, double rounding)
    {
        ReadOnlySpan<double> coefficients = InverseFactorials;
        double square = r * r;
        double p = 0;
        for (int k = 16; k >= 4; k -= 2)
        {
            p = coefficients[k] - (p * square);
        }

        // 1 − r²/2 is rounded; what the rounding lost is added back.
        double half = 0.5 * square;
        double leading = 1 - half;
        return leading + (((1 - leading) - half) + ((square * square * p) - (r * rounding)));
    }

    /// <summary><c>2ⁿ</c> for −1022 ≤ n ≤ 1023.</summary>
    private static double PowerOfTwo(int n) => BitConverter.Int64BitsToDouble((long)(n + ExponentBias) << MantissaBits);
}
