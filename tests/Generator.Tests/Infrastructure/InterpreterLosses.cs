using static Generator.Tests.Infrastructure.InterpreterActivations;

namespace Generator.Tests.Infrastructure;

/// <summary>Losses of one row and their derivatives in double precision.</summary>
internal static class InterpreterLosses
{
    /// <summary>A row's loss: a mean over the outputs but for cross-entropy, whose rows are sums over the classes.</summary>
    /// <param name="network">Says which loss, and its options.</param>
    /// <param name="z">The last pre-activations: losses with logarithms of outputs are computed from them.</param>
    /// <param name="y">The outputs.</param>
    /// <param name="targets">As they are in the data, unsmoothed.</param>
    public static double RowLoss(TestNetwork network, double[] z, double[] y, double[] targets)
    {
        IEnumerable<double> terms = Enumerable.Range(0, y.Length).Select(o => Term(network, z, y[o], o, targets[o]));
        return network.Loss == LossFunction.CrossEntropy ? terms.Sum() : terms.Average();
    }

    /// <summary>The loss of a row from its outputs alone, which are those of an ensemble on average.</summary>
    public static double RowLossOfMean(TestNetwork network, double[] y, double[] targets)
    {
        IEnumerable<double> terms = y.Select((value, o) => (network.Loss, Smoothed(network, targets[o])) switch
        {
            (LossFunction.BCE, double t) => -(network.PositiveWeight * t * Math.Log(value)) - ((1 - t) * Math.Log(1 - value)),
            (LossFunction.CrossEntropy, double t) => t == 0 ? 0 : -ClassWeight(network, o) * t * Math.Log(value),
            (LossFunction.Poisson, _) => value - (targets[o] * Math.Log(value)),
            _ => Term(network, z: [], value, o, targets[o]),
        });
        return network.Loss == LossFunction.CrossEntropy ? terms.Sum() : terms.Average();
    }

    /// <summary>Weight of the row in the batch's mean by its classes, sample weights aside.</summary>
    public static double RowWeight(TestNetwork network, double[] targets) =>
        network.ClassWeights is null ? 1 : network.ClassWeights.Zip(targets, static (weight, target) => weight * target).Sum();

    /// <summary>Whether the loss takes logarithms of outputs, and is therefore computed from pre-activations.</summary>
    public static bool IsLogarithmic(LossFunction? loss) => loss is LossFunction.BCE or LossFunction.CrossEntropy or LossFunction.Poisson;

    /// <summary>Derivatives of the row's loss with respect to the last pre-activations, for logarithmic losses.</summary>
    public static double[] ByPreActivations(TestNetwork network, double[] z, double[] y, double[] targets)
    {
        if (network.Loss == LossFunction.CrossEntropy)
        {
            double[] weighted = [.. targets.Select((target, o) => ClassWeight(network, o) * Smoothed(network, target))];
            return [.. y.Select((value, o) => (value * weighted.Sum()) - weighted[o])];
        }

        return [.. y.Select((value, o) => ByPreActivation(network, z[o], targets[o]) / y.Length)];
    }

    /// <summary>Derivatives of the row's loss with respect to the outputs, for the other losses.</summary>
    public static double[] ByOutputs(TestNetwork network, double[] y, double[] targets) =>
        [.. y.Select((value, o) => ByOutput(network, value, targets[o]) / y.Length)];

    /// <summary>The distance of an output from where the loss bends: infinite for smooth ones.</summary>
    public static double DistanceToKink(TestNetwork network, double y, double target) => network.Loss switch
    {
        LossFunction.MAE => Math.Abs(y - target),
        LossFunction.Huber => Math.Abs(Math.Abs(y - target) - network.Delta),
        LossFunction.Hinge => Math.Abs(1 - (target * y)),
        _ => double.PositiveInfinity,
    };

    /// <summary>On which side of its kinks the loss is evaluated.</summary>
    public static int Piece(TestNetwork network, double y, double target) => network.Loss switch
    {
        LossFunction.MAE => Math.Sign(y - target),
        LossFunction.Huber => Math.Sign(Math.Abs(y - target) - network.Delta),
        LossFunction.Hinge => Math.Sign(1 - (target * y)),
        _ => 0,
    };

    private static double Term(TestNetwork network, double[] z, double y, int output, double target)
    {
        double d = y - target;
        double smoothed = Smoothed(network, target);
        return network.Loss switch
        {
            LossFunction.MSE => d * d,
            LossFunction.MAE => Math.Abs(d),
            LossFunction.Huber => Math.Abs(d) <= network.Delta ? d * d / 2 : network.Delta * (Math.Abs(d) - (network.Delta / 2)),
            LossFunction.LogCosh => Math.Abs(d) + LogOnePlus(Math.Exp(-2 * Math.Abs(d))) - Math.Log(2),
            LossFunction.Hinge => Math.Max(0, 1 - (target * y)),
            LossFunction.Poisson => y - (target * LogOfRate(network, z[output])),
            LossFunction.BCE => (network.PositiveWeight * smoothed * Softplus(-z[output])) + ((1 - smoothed) * Softplus(z[output])),
            LossFunction.CrossEntropy => ClassWeight(network, output) * smoothed * (LogSumExp(z) - z[output]),
            _ => throw new NotSupportedException(network.Loss.ToString()),
        };
    }

    private static double ByPreActivation(TestNetwork network, double z, double target)
    {
        double smoothed = Smoothed(network, target);
        return network.Loss switch
        {
            LossFunction.BCE => ((1 - smoothed) * Sigmoid(z)) - (network.PositiveWeight * smoothed * Sigmoid(-z)),
            LossFunction.Poisson => Derivative(network.Layers[^1].Activation, z, double.NaN) - (target * SlopeOfLogOfRate(network, z)),
            _ => throw new NotSupportedException(network.Loss.ToString()),
        };
    }

    private static double ByOutput(TestNetwork network, double y, double target)
    {
        double d = y - target;
        return network.Loss switch
        {
            LossFunction.MSE => 2 * d,
            LossFunction.MAE => Math.Sign(d),
            LossFunction.Huber => Math.Clamp(d, -network.Delta, network.Delta),
            LossFunction.LogCosh => Math.Tanh(d),
            LossFunction.Hinge => target * y < 1 ? -target : 0,
            _ => throw new NotSupportedException(network.Loss.ToString()),
        };
    }

    private static double Smoothed(TestNetwork network, double target)
    {
        int classes = network.Loss == LossFunction.CrossEntropy ? network.OutputSize : 2;
        return (target * (1 - network.LabelSmoothing)) + (network.LabelSmoothing / classes);
    }

    private static double ClassWeight(TestNetwork network, int output) => network.ClassWeights?[output] ?? 1;

    private static double LogSumExp(double[] z) => z.Max() + Math.Log(z.Sum(value => Math.Exp(value - z.Max())));

    /// <summary><c>ln y</c> of an Exp or Softplus output; far below 0, <c>ln(ln(1 + eᶻ)) = z − eᶻ/2 + …</c>.</summary>
    private static double LogOfRate(TestNetwork network, double z) =>
        network.Layers[^1].Activation == Activation.Exp ? z
        : z < -30 ? z - (Math.Exp(z) / 2)
        : Math.Log(Softplus(z));

    private static double SlopeOfLogOfRate(TestNetwork network, double z) =>
        network.Layers[^1].Activation == Activation.Exp ? 1
        : z < -30 ? 1 - (Math.Exp(z) / 2)
        : Sigmoid(z) / Softplus(z);
}
