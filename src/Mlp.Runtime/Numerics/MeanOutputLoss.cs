using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>
/// The loss of an ensemble's averaged outputs, in double precision. Losses with a logarithm take that of the mean from the members' pre-activations, as
/// <c>ln Σ e^(lₘ − max l) + max l − ln k</c> with lₘ the logarithms of the k members' outputs, so that it stays finite where an output rounds to 0 or 1.
/// </summary>
/// <remarks>The caller vouches for the memory behind the references. Nothing allocates.</remarks>
internal ref struct MeanOutputLoss
{
    /// <summary>The loss.</summary>
    public required LossFunction Loss;

    /// <summary>What it is declared with.</summary>
    public required LossSettings Settings;

    /// <summary>The activation of the outputs.</summary>
    public required Activation Activation;

    /// <summary>Number of members.</summary>
    public required int Members;

    /// <summary>Number of outputs.</summary>
    public required int Count;

    /// <summary>The members' pre-activations, those of one behind those of another.</summary>
    public required ref float PreActivations;

    /// <summary>Floats from one row of them to the next.</summary>
    public required int Stride;

    /// <summary>The averaged outputs, without padding.</summary>
    public required ref float Outputs;

    /// <summary>The targets that the loss sees, without padding.</summary>
    public required ref float Targets;

    /// <summary>Computes the loss of each row.</summary>
    /// <param name="rows">Number of rows of a member.</param>
    /// <param name="losses">Receives one loss a row.</param>
    public readonly void Compute(int rows, ref float losses)
    {
        Span<double> logarithms = stackalloc double[Members];
        Span<double> normalizers = stackalloc double[Members];
        for (int row = 0; row < rows; row++)
        {
            if (Loss == LossFunction.CrossEntropy)
            {
                for (int member = 0; member < Members; member++)
                {
                    normalizers[member] = LogOfSum(ref PreActivation(member, rows, row));
                }
            }

            double sum = 0;
            for (int output = 0; output < Count; output++)
            {
                sum += Of(rows, row, output, logarithms, normalizers);
            }

            Unsafe.Add(ref losses, row) = (float)(Loss == LossFunction.CrossEntropy ? sum : sum / Count);
        }
    }

    /// <summary>The loss of one output.</summary>
    private readonly double Of(int rows, int row, int output, Span<double> logarithms, ReadOnlySpan<double> normalizers)
    {
        double y = Unsafe.Add(ref Outputs, (row * Count) + output);
        double t = Unsafe.Add(ref Targets, (row * Count) + output);
        switch (Loss)
        {
            case LossFunction.Hinge:
                return Math.Max(0, 1 - (t * y));
            case LossFunction.CrossEntropy:
                for (int member = 0; member < logarithms.Length; member++)
                {
                    logarithms[member] = Unsafe.Add(ref PreActivation(member, rows, row), output) - normalizers[member];
                }

                return t == 0 ? 0 : -t * LogOfMean(logarithms);
            case LossFunction.BCE:
                double yes = t == 0 ? 0 : -Settings.PositiveWeight * t * LogOfMean(LogSigmoids(logarithms, rows, row, output, sign: 1));
                double no = t == 1 ? 0 : -(1 - t) * LogOfMean(LogSigmoids(logarithms, rows, row, output, sign: -1));
                return yes + no;
            case LossFunction.Poisson:
                for (int member = 0; member < logarithms.Length; member++)
                {
                    double z = Unsafe.Add(ref PreActivation(member, rows, row), output);
                    logarithms[member] = Activation == Activation.Exp ? z : LogSoftplus(z);
                }

                return y - (t * LogOfMean(logarithms));
            default:
                return RegressionLoss.Of(Loss, Settings.Delta, y - t);
        }
    }

    private readonly Span<double> LogSigmoids(Span<double> logarithms, int rows, int row, int output, int sign)
    {
        for (int member = 0; member < logarithms.Length; member++)
        {
            logarithms[member] = -Softplus(-sign * (double)Unsafe.Add(ref PreActivation(member, rows, row), output));
        }

        return logarithms;
    }

    private readonly ref float PreActivation(int member, int rows, int row) => ref Unsafe.Add(ref PreActivations, ((member * rows) + row) * Stride);

    /// <summary><c>ln Σ e^z</c> over the outputs of a row.</summary>
    private readonly double LogOfSum(ref float z)
    {
        double largest = z;
        for (int output = 1; output < Count; output++)
        {
            largest = Math.Max(largest, Unsafe.Add(ref z, output));
        }

        double sum = 0;
        for (int output = 0; output < Count; output++)
        {
            sum += ScalarMath.Exp(Unsafe.Add(ref z, output) - largest);
        }

        return largest + ScalarMath.Log(sum);
    }

    /// <summary>The logarithm of the mean of numbers, from their logarithms; NaN where one is.</summary>
    private static double LogOfMean(ReadOnlySpan<double> logarithms)
    {
        double largest = logarithms[0];
        foreach (double logarithm in logarithms)
        {
            largest = Math.Max(largest, logarithm);
        }

        if (!double.IsFinite(largest))
        {
            return largest;
        }

        double sum = 0;
        foreach (double logarithm in logarithms)
        {
            sum += ScalarMath.Exp(logarithm - largest);
        }

        return largest + ScalarMath.Log(sum / logarithms.Length);
    }

    /// <summary><c>ln(1 + e^z)</c>.</summary>
    private static double Softplus(double z)
    {
        double x = ScalarMath.Exp(-Math.Abs(z));

        // Near 1 the logarithm would have lost the digits of x.
        return Math.Max(z, 0) + (x > 1e-4 ? ScalarMath.Log(1 + x) : x - (x * x / 2) + (x * x * x / 3));
    }

    /// <summary><c>ln ln(1 + e^z)</c>; far below 0, where softplus is e^z less half its square, that is <c>z − e^z/2</c>.</summary>
    private static double LogSoftplus(double z) => z < -30 ? z - (ScalarMath.Exp(z) / 2) : ScalarMath.Log(Softplus(z));
}
