namespace Mlp.Tool;

/// <summary>
/// Some nodes of a graph that make a row of a row, and what they compute. They are recognised by their values rather than by their form: exporters write the
/// same function in many ways.
/// </summary>
/// <param name="nodes">The nodes, in the order in which they compute; <see cref="RowOperators"/> contains them.</param>
/// <param name="input">Name of the value that they take.</param>
/// <param name="constants">The graph's constants.</param>
internal sealed class RowFunction(IReadOnlyList<OnnxNode> nodes, string input, OnnxConstants constants)
{
    /// <summary>Far enough for the slope of a line to keep all its digits, whatever its value at 0.</summary>
    private const double Far = 1L << 40;

    // Exporters write constants as floats.
    private const double RelativeTolerance = 4e-6;
    private const double AbsoluteTolerance = 1e-7;
    private const double LineTolerance = 1e-9;

    private static readonly double[] Points =
    [
        0, .. new[] { 1e-3, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1, 1.2, 1.5, 1.9, 2.3, 2.7, 2.99, 3.2, 4, 5, 5.9, 6.3, 8, 12, 20, 50, 200, 1e4, 1e6 }.SelectMany(static point => (double[])[point, -point]),
    ];

    private static readonly Activation[] WithoutAlpha =
    [
        Activation.Relu, Activation.Sigmoid, Activation.Tanh, Activation.Selu, Activation.Gelu, Activation.GeluTanh, Activation.Silu, Activation.Mish,
        Activation.Softplus, Activation.Softsign, Activation.HardSigmoid, Activation.HardSwish, Activation.Exp, Activation.Step, Activation.Sign,
    ];

    /// <summary>Whether it depends on all of the row's elements at once.</summary>
    public bool IsReduction => nodes.Any(RowOperators.IsReduction);

    /// <summary>Computes a row.</summary>
    public double[] Of(double[] row)
    {
        Dictionary<string, double[]> values = new() { [input] = row };
        foreach (OnnxNode node in nodes)
        {
            values[node.Output] = RowOperators.Compute(node, [.. node.Inputs.Select(name => name.Length == 0 ? null : values.GetValueOrDefault(name) ?? Constant(node, name))]);
        }

        return values[nodes[^1].Output];
    }

    /// <summary>The factors and terms where each element is a straight line of its input; null where one is not.</summary>
    /// <param name="width">Number of elements.</param>
    public (double[] Factors, double[] Terms)? AsScale(int width)
    {
        double[] terms = At(0, width), above = At(Far, width), below = At(-Far, width);
        double[] factors = [.. above.Zip(below, static (high, low) => (high - low) / (2 * Far))];
        foreach (double point in Points.Append(Far))
        {
            double[] values = At(point, width);
            for (int at = 0; at < width; at++)
            {
                double line = (factors[at] * point) + terms[at];
                if (!(Math.Abs(values[at] - line) <= LineTolerance * (Math.Abs(factors[at] * point) + Math.Abs(terms[at]))))
                {
                    return null;
                }
            }
        }

        return (factors, terms);
    }

    /// <summary>The activation that each element goes through, and what its input is multiplied by and added to before; null where there is none.</summary>
    /// <param name="width">Number of elements.</param>
    public (Activation Activation, double Alpha, double Factor, double Term)? AsActivation(int width)
    {
        double[] values = new double[Points.Length];
        for (int point = 0; point < Points.Length; point++)
        {
            double[] row = At(Points[point], width);
            values[point] = row[0];
            if (row.Any(value => !IsClose(value, row[0], Points[point])))
            {
                return null;
            }
        }

        foreach (Activation activation in WithoutAlpha)
        {
            if (Fits(activation, 0, 1, 0))
            {
                return (activation, 0, 1, 0);
            }
        }

        double slope = -At(-1, width)[0], bottom = -At(-1e4, width)[0];
        if (Math.Abs(slope - 1) > RelativeTolerance && Fits(Activation.LeakyRelu, slope, 1, 0))
        {
            return (slope < 0 || nodes.Any(static node => node.Operator == "PRelu") ? Activation.PRelu : Activation.LeakyRelu, slope, 1, 0);
        }

        if (bottom >= 0 && Fits(Activation.Elu, bottom, 1, 0))
        {
            return (Activation.Elu, bottom, 1, 0);
        }

        // Hard sigmoids of another slope: ours of a multiple of the input.
        double factor = 6 * (At(1e-3, width)[0] - At(-1e-3, width)[0]) / 2e-3, term = 6 * (At(0, width)[0] - 0.5);
        return Fits(Activation.HardSigmoid, 0, factor, term) ? (Activation.HardSigmoid, 0, factor, term) : null;

        bool Fits(Activation activation, double alpha, double scale, double shift)
        {
            for (int point = 0; point < Points.Length; point++)
            {
                double expected = ActivationMath.Of(activation, alpha, (scale * Points[point]) + shift);
                if (!IsClose(values[point], expected, Points[point]))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>
    /// What is added to the variance, where the row is normalized by its own mean and variance, and the gains and shifts behind that; null where it is not.
    /// </summary>
    /// <param name="width">Number of elements.</param>
    public (double Epsilon, double[] Gains, double[] Shifts)? AsNormalization(int width)
    {
        if (width < 2)
        {
            return null;
        }

        // Equal elements leave the shifts, and a wide spread, beside which nothing is added to the variance, shows the gains.
        double[] shifts = At(0, width);
        double[] spread = [.. Enumerable.Range(0, width).Select(static at => 1e6 * ((at % 2) + 0.01 + (1e-3 * (at % 7))))];
        double[] scaled = Of(spread), normalized = Normalized(spread, 0);
        double[] gains = [.. Enumerable.Range(0, width).Select(at => (double)(float)((scaled[at] - shifts[at]) / normalized[at]))];
        int largest = Array.IndexOf(gains, gains.MaxBy(Math.Abs));

        // Of (d, −d, 0, …), the variance is v = 2d²/n and the first output d/√(v + ε): so ε = (d/output)² − v, best seen where v is about ε.
        double epsilon = 1e-5;
        for (int round = 0; round < 8; round++)
        {
            double difference = Math.Sqrt(Math.Abs(epsilon) * width / 2);
            double[] probe = new double[width];
            (probe[largest], probe[largest == 0 ? 1 : 0]) = (difference, -difference);
            double output = (Of(probe)[largest] - shifts[largest]) / gains[largest];
            epsilon = Math.Pow(difference / output, 2) - (2 * difference * difference / width);
        }

        // The exporter's constant is a float.
        epsilon = (float)epsilon;
        foreach (double size in (double[])[1e-3, 1, 1e3])
        {
            double[] row = [.. Enumerable.Range(0, width).Select(at => size * (Math.Sin(1.7 * at) + (at % 3)))];
            double[] expected = Normalized(row, epsilon), actual = Of(row);
            for (int at = 0; at < width; at++)
            {
                if (!(Math.Abs(actual[at] - (expected[at] * gains[at]) - shifts[at]) <= 1e-6 * (1 + Math.Abs(gains[at]) + Math.Abs(shifts[at]))))
                {
                    return null;
                }
            }
        }

        return epsilon > 0 ? (epsilon, gains, shifts) : null;
    }

    private static double[] Normalized(double[] row, double epsilon)
    {
        double mean = row.Average(), variance = row.Average(value => (value - mean) * (value - mean));
        return [.. row.Select(value => (value - mean) / Math.Sqrt(variance + epsilon))];
    }

    private static bool IsClose(double value, double expected, double point) =>
        value == expected || Math.Abs(value - expected) <= (RelativeTolerance * Math.Abs(expected)) + (AbsoluteTolerance * Math.Min(1, Math.Abs(point)));

    /// <summary>A constant that is a row, or a single number.</summary>
    private double[] Constant(OnnxNode node, string name)
    {
        OnnxTensor tensor = constants[name]!;
        return tensor.Values.Length == 1 || tensor.Shape[^1] == tensor.Values.Length ? tensor.Values : throw new InvalidDataException(
            $"{node}: '{QuotedText.Of(name)}' has shape [{string.Join(", ", tensor.Shape)}], and is neither a row nor a number");
    }

    /// <summary>The results where all elements have one value.</summary>
    private double[] At(double value, int width)
    {
        double[] row = new double[width];
        Array.Fill(row, value);
        double[] result = Of(row);
        return result.Length == width ? result : throw new InvalidDataException(
            $"{nodes[^1]} makes {result.Length} values of the {width} that a row has");
    }
}
