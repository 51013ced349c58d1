namespace Generator.Tests.Infrastructure;

/// <summary>Activations and their derivatives in double precision, each by its textbook formula in the pre-activation.</summary>
internal static class InterpreterActivations
{
    private const double SeluScale = 1.0507009873554805;
    private const double SeluAlpha = 1.6732632423543772;
    private const double Cubic = 0.044715;

    private static readonly double RootOfTwoByPi = Math.Sqrt(2 / Math.PI);

    /// <param name="activation">Any but Softmax, which needs its whole row.</param>
    /// <param name="z">The pre-activation.</param>
    /// <param name="alpha">Slope or scale, where there is one.</param>
    public static double Apply(Activation activation, double z, double alpha) => activation switch
    {
        Activation.Linear => z,
        Activation.Relu => z > 0 ? z : 0,
        Activation.Sigmoid => Sigmoid(z),
        Activation.Tanh => Math.Tanh(z),
        Activation.LeakyRelu or Activation.PRelu => z > 0 ? z : alpha * z,
        Activation.Elu => z > 0 ? z : alpha * (Math.Exp(z) - 1),
        Activation.Selu => SeluScale * (z > 0 ? z : SeluAlpha * (Math.Exp(z) - 1)),
        Activation.Gelu => z * NormalProbability(z),
        Activation.GeluTanh => z / 2 * (1 + Math.Tanh(RootOfTwoByPi * (z + (Cubic * z * z * z)))),
        Activation.Silu => z * Sigmoid(z),
        Activation.Mish => z * Math.Tanh(Softplus(z)),
        Activation.Softplus => Softplus(z),
        Activation.Softsign => z / (1 + Math.Abs(z)),
        Activation.HardSigmoid => Math.Clamp((z + 3) / 6, 0, 1),
        Activation.HardSwish => z * Math.Clamp((z + 3) / 6, 0, 1),
        Activation.Exp => Math.Exp(z),
        Activation.Step => z >= 0 ? 1 : 0,
        Activation.Sign => Math.Sign(z),
        _ => throw new NotSupportedException(activation.ToString()),
    };

    /// <summary>The derivative with respect to the pre-activation.</summary>
    public static double Derivative(Activation activation, double z, double alpha) => activation switch
    {
        Activation.Linear or Activation.Step or Activation.Sign => 1,
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.Sigmoid => Sigmoid(z) * Sigmoid(-z),
        Activation.Tanh => SquaredSecant(z),
        Activation.LeakyRelu or Activation.PRelu => z > 0 ? 1 : alpha,
        Activation.Elu => z > 0 ? 1 : alpha * Math.Exp(z),
        Activation.Selu => SeluScale * (z > 0 ? 1 : SeluAlpha * Math.Exp(z)),
        Activation.Gelu => NormalProbability(z) + (z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)),
        Activation.GeluTanh => GeluTanhDerivative(z),
        Activation.Silu => Sigmoid(z) * (1 + (z * Sigmoid(-z))),
        Activation.Mish => Math.Tanh(Softplus(z)) + (z * Sigmoid(z) * SquaredSecant(Softplus(z))),
        Activation.Softplus => Sigmoid(z),
        Activation.Softsign => 1 / ((1 + Math.Abs(z)) * (1 + Math.Abs(z))),
        Activation.HardSigmoid => Math.Abs(z) < 3 ? 1 / 6.0 : 0,
        Activation.HardSwish => z <= -3 ? 0 : z >= 3 ? 1 : ((2 * z) + 3) / 6,
        Activation.Exp => Math.Exp(z),
        _ => throw new NotSupportedException(activation.ToString()),
    };

    /// <summary>Where the function jumps or bends: there, float and double can take different sides.</summary>
    public static double[] Kinks(Activation activation) => activation switch
    {
        Activation.Relu or Activation.LeakyRelu or Activation.PRelu or Activation.Elu or Activation.Selu => [0],
        Activation.Softsign or Activation.Step or Activation.Sign => [0],
        Activation.HardSigmoid or Activation.HardSwish => [-3, 3],
        _ => [],
    };

    public static double[] Softmax(double[] z)
    {
        double largest = z.Max();
        double sum = z.Sum(value => Math.Exp(value - largest));
        return [.. z.Select(value => Math.Exp(value - largest) / sum)];
    }

    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    public static double Softplus(double z) => Math.Max(z, 0) + LogOnePlus(Math.Exp(-Math.Abs(z)));

    /// <summary><c>ln(1 + x)</c> for x in [0, 1], exact for small ones too.</summary>
    public static double LogOnePlus(double x) => x > 1e-4 ? Math.Log(1 + x) : x - (x * x / 2) + (x * x * x / 3);

    private static double SquaredSecant(double z) => 1 / (Math.Cosh(z) * Math.Cosh(z));

    private static double GeluTanhDerivative(double z)
    {
        double u = RootOfTwoByPi * (z + (Cubic * z * z * z));
        return ((1 + Math.Tanh(u)) / 2) + (z / 2 * SquaredSecant(u) * RootOfTwoByPi * (1 + (3 * Cubic * z * z)));
    }

    /// <summary>The standard normal distribution's cumulative probability: a power series near 0, a continued fraction in the tails.</summary>
    private static double NormalProbability(double z)
    {
        double x = Math.Abs(z);
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (x < 3)
        {
            // Φ(x) = 1/2 + φ(x)·(x + x³/3 + x⁵/(3·5) + …): all terms are positive, nothing cancels.
            double sum = 0;
            double term = x;
            for (int n = 1; term > 1e-18 * sum; n += 2)
            {
                sum += term;
                term *= x * x / (n + 2);
            }

            return 0.5 + (Math.Sign(z) * density * sum);
        }

        // 1 − Φ(x) = φ(x)/(x + 1/(x + 2/(x + 3/(x + …))))
        double fraction = x;
        for (int n = 100; n > 0; n--)
        {
            fraction = x + (n / fraction);
        }

        return z > 0 ? 1 - (density / fraction) : density / fraction;
    }
}
