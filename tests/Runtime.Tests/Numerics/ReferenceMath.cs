namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Double-precision references that the platform does not have, or not with a small relative error.</summary>
internal static class ReferenceMath
{
    private const double TwoOverRootPi = 1.1283791670955126;
    private const double RootOfTwoPi = 2.5066282746310002;

    /// <summary>eˣ − 1 after Kahan: the rounding errors of both factors cancel.</summary>
    public static double Expm1(double x)
    {
        double u = Math.Exp(x);
        return u == 1 ? x : Math.Abs(x) > 1 ? u - 1 : (u - 1) * (x / Math.Log(u));
    }

    /// <summary>ln(1 + x) after Kahan.</summary>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 || double.IsInfinity(u) ? x : Math.Log(u) * (x / (u - 1));
    }

    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    public static double LogCosh(double x)
    {
        double sinh = Math.Sinh(x / 2);
        return Math.Abs(x) < 20 ? Log1p(2 * sinh * sinh) : Math.Abs(x) - Math.Log(2);
    }

    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        double value = a < 2.5 ? ErfSeries(a) : 1 - Erfc(a);
        return Math.CopySign(value, x);
    }

    public static double Erfc(double x)
    {
        if (!(x >= 2.5))
        {
            return 1 - (x < -2.5 ? Erf(x) : Math.CopySign(ErfSeries(Math.Abs(x)), x));
        }

        if (x > 30)
        {
            return 0;
        }

        // The continued fraction e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))), from its end.
        double tail = x;
        for (int k = 100; k >= 1; k--)
        {
            tail = x + (0.5 * k / tail);
        }

        return 0.5 * TwoOverRootPi * Math.Exp(-x * x) / tail;
    }

    /// <summary>The normal distribution function.</summary>
    public static double NormalDistribution(double z) => 0.5 * Erfc(-z / Math.Sqrt(2));

    /// <summary>The normal density.</summary>
    public static double NormalDensity(double z) => Math.Exp(-z * z / 2) / RootOfTwoPi;

    /// <summary>2/√π·e^(−a²)·Σ 2ᵏ·a²ᵏ⁺¹/(2k + 1)!!: positive terms only.</summary>
    private static double ErfSeries(double a)
    {
        double term = a;
        double sum = a;
        for (int k = 1; term > sum * 1e-17; k++)
        {
            term *= 2 * a * a / ((2 * k) + 1);
            sum += term;
        }

        return TwoOverRootPi * Math.Exp(-a * a) * sum;
    }
}
