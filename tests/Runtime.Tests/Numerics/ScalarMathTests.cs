namespace Mlp.Runtime.Tests.Numerics;

public class ScalarMathTests
{
    private const double Ulp = 2.220446049250313e-16;
    private const int Samples = 200_000;

    [Fact]
    public void Exp_IsRight()
    {
        AssertClose(ScalarMath.Exp, Math.Exp, -708, 709, 2 * Ulp);
        AssertClose(ScalarMath.Exp, Math.Exp, -1, 1, 2 * Ulp);
        Assert.Equal(1.0, ScalarMath.Exp(0));
        Assert.Equal(0.0, ScalarMath.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Exp(double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Exp(709.8));
        Assert.Equal(double.Epsilon, ScalarMath.Exp(-745));
        Assert.Equal(0.0, ScalarMath.Exp(-745.2));
        Assert.True(double.IsNaN(ScalarMath.Exp(double.NaN)));
    }

    [Fact]
    public void Log_IsRight()
    {
        AssertClose(ScalarMath.Log, Math.Log, 0, 1, 2 * Ulp);
        AssertClose(ScalarMath.Log, Math.Log, 0.9, 1.1, 2 * Ulp);
        AssertClose(ScalarMath.Log, Math.Log, 1, 1e6, 2 * Ulp);
        AssertClose(ScalarMath.Log, Math.Log, double.Epsilon, 1e-310, 2 * Ulp);
        Assert.Equal(0.0, ScalarMath.Log(1));
        Assert.Equal(double.NegativeInfinity, ScalarMath.Log(0));
        Assert.Equal(double.NegativeInfinity, ScalarMath.Log(-0.0));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Log(double.PositiveInfinity));
        Assert.True(double.IsNaN(ScalarMath.Log(-1)));
        Assert.True(double.IsNaN(ScalarMath.Log(double.NaN)));
    }

    [Fact]
    public void Sin_And_Cos_AreRight()
    {
        foreach (double range in (double[])[1, 10, 1e3, 1e5])
        {
            AssertClose(ScalarMath.Sin, Math.Sin, -range, range, 2 * Ulp);
            AssertClose(ScalarMath.Cos, Math.Cos, -range, range, 2 * Ulp);
        }

        for (int n = -60_000; n <= 60_000; n += 7)
        {
            AssertClose(ScalarMath.Sin(n * Math.PI), Math.Sin(n * Math.PI), n, 2 * Ulp);
            AssertClose(ScalarMath.Cos((n + 0.5) * Math.PI), Math.Cos((n + 0.5) * Math.PI), n, 2 * Ulp);
        }

        Assert.Equal(0.0, ScalarMath.Sin(0));
        Assert.Equal(1.0, ScalarMath.Cos(0));
        Assert.True(double.IsNaN(ScalarMath.Sin(double.PositiveInfinity)));
        Assert.True(double.IsNaN(ScalarMath.Cos(double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScalarMath.Sin(1.1e6));
    }

    [Fact]
    public void Pow_IsRight()
    {
        foreach (double x in (double[])[0.9, 0.999, 0.9999, 0.5, 1.5, 10, 1e-3])
        {
            foreach (double y in (double[])[1, 2, 3, 10, 100, 0.5, -1, -2.5])
            {
                double expected = Math.Pow(x, y);
                AssertClose(ScalarMath.Pow(x, y), expected, x, (2 + (2 * Math.Abs(y * Math.Log(x)))) * Ulp);
            }
        }

        Assert.Equal(1.0, ScalarMath.Pow(double.NaN, 0));
        Assert.Equal(1.0, ScalarMath.Pow(1, double.PositiveInfinity));
        Assert.Equal(0.0, ScalarMath.Pow(0, 2));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Pow(0, -2));
        AssertClose(ScalarMath.Pow(-2, 3), -8, -2, 4 * Ulp);
        AssertClose(ScalarMath.Pow(-2, 2), 4, -2, 4 * Ulp);
        Assert.True(double.IsNaN(ScalarMath.Pow(-2, 0.5)));
        Assert.True(double.IsNaN(ScalarMath.Pow(double.NaN, 1)));
    }

    private static void AssertClose(Func<double, double> function, Func<double, double> reference, double from, double to, double tolerance)
    {
        RandomStream random = new(1, RandomPurpose.Data);
        for (ulong i = 0; i < Samples; i++)
        {
            double x = from + ((to - from) * random.Double(i));
            AssertClose(function(x), reference(x), x, tolerance);
        }
    }

    private static void AssertClose(double actual, double expected, double x, double tolerance)
    {
        // The smallest unit is what denormals are rounded to.
        if (!(Math.Abs(actual - expected) <= (tolerance * Math.Abs(expected)) + double.Epsilon))
        {
            Assert.Fail($"{actual:R} is not {expected:R} at {x:R}");
        }
    }
}
