namespace Mlp.Tool;

/// <summary>The activations in plain double precision, as <see cref="Activation"/> documents them.</summary>
internal static class ActivationMath
{
    private const double SeluScale = 1.0507009873554805;
    private const double SeluAlpha = 1.6732632423543772;
    private const double RootOfTwoOverPi = 0.7978845608028654;

    /// <summary>The activation of one pre-activation; of a row for softmax, see <see cref="Softmax"/>.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="alpha">Slope or scale, where it has one.</param>
    /// <param name="z">The pre-activation.</param>
    public static double Of(Activation activation, double alpha, double z) => activation switch
    {
        Activation.Linear => z,
        Activation.Relu => z <= 0 ? 0 : z,
        Activation.Sigmoid => Sigmoid(z),
        Activation.Tanh => Math.Tanh(z),
        Activation.LeakyRelu or Activation.PRelu => z > 0 ? z : alpha * z,
        Activation.Elu => z > 0 ? z : alpha * Expm1(z),
        Activation.Selu => z > 0 ? SeluScale * z : SeluScale * SeluAlpha * Expm1(z),
        Activation.Gelu => 0.5 * z * (1 + Erf(z / Math.Sqrt(2))),
        Activation.GeluTanh => 0.5 * z * (1 + Math.Tanh(RootOfTwoOverPi * (z + (0.044715 * z * z * z)))),
        Activation.Silu => z * Sigmoid(z),
        Activation.Mish => z * Math.Tanh(Softplus(z)),
        Activation.Softplus => Softplus(z),
        Activation.Softsign => z / (1 + Math.Abs(z)),
        Activation.HardSigmoid => Math.Clamp((z / 6) + 0.5, 0, 1),
        Activation.HardSwish => z * Math.Clamp((z / 6) + 0.5, 0, 1),
        Activation.Exp => Math.Exp(z),
        Activation.Step => z >= 0 ? 1 : 0,
        Activation.Sign => double.IsNaN(z) ? z : Math.Sign(z),
        _ => throw new NotSupportedException($"{activation} is not a function of one number."),
    };

    /// <summary><c>eᶻⁱ / Σ eᶻʲ</c>, in place.</summary>
    public static void Softmax(Span<double> row)
    {
        double most = double.NegativeInfinity, sum = 0;
        foreach (double z in row)
        {
            most = Math.Max(most, z);
        }

        foreach (ref double z in row)
        {
            sum += z = Math.Exp(z - most);
        }

        foreach (ref double z in row)
        {
            z /= sum;
        }
    }

    /// <summary><c>1 / (1 + e⁻ᶻ)</c>.</summary>
    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary><c>ln(1 + eᶻ)</c>, without overflow.</summary>
    public static double Softplus(double z) => Math.Max(z, 0) + Log1p(Math.Exp(-Math.Abs(z)));

    /// <summary><c>eᶻ − 1</c>, exact near 0 too.</summary>
    public static double Expm1(double z) => Math.Abs(z) < 1e-5 ? z + (z * z / 2) : Math.Exp(z) - 1;

    /// <summary>
    /// The error function, to about 1e-15: below 3 the series <c>2/√π·e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!</c>, above it Laplace's continued fraction of 1 − erf.
    /// Abramowitz and Stegun (1964), 7.1.6 and 7.1.14.
    /// </summary>
    public static double Erf(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x) || size > 6)
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        if (size < 3)
        {
            double term = x, sum = x;
            for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
            {
                sum += term *= 2 * x * x / ((2 * n) + 1);
            }

            return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
        }

        double fraction = size;
        for (int n = 60; n > 0; n--)
        {
            fraction = size + (n / 2.0 / fraction);
        }

        return Math.Sign(x) * (1 - (Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction));
    }

    private static double Log1p(double x) => x < 1e-5 ? x - (x * x / 2) : Math.Log(1 + x);
}
