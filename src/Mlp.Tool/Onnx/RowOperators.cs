namespace Mlp.Tool;

/// <summary>
/// Operators on the values of one row, element by element or over all of them, in double precision. A value is the row's elements, or a single number that
/// stands for each of them.
/// </summary>
internal static class RowOperators
{
    private static readonly Dictionary<string, Func<double, double>> Functions = new()
    {
        ["Abs"] = Math.Abs,
        ["Ceil"] = Math.Ceiling,
        ["Erf"] = ActivationMath.Erf,
        ["Exp"] = Math.Exp,
        ["Floor"] = Math.Floor,
        ["HardSwish"] = static z => ActivationMath.Of(Activation.HardSwish, 0, z),
        ["Log"] = Math.Log,
        ["Mish"] = static z => ActivationMath.Of(Activation.Mish, 0, z),
        ["Neg"] = static z => -z,
        ["Not"] = static z => z == 0 ? 1 : 0,
        ["Reciprocal"] = static z => 1 / z,
        ["Relu"] = static z => ActivationMath.Of(Activation.Relu, 0, z),
        ["Sigmoid"] = ActivationMath.Sigmoid,
        ["Sign"] = static z => ActivationMath.Of(Activation.Sign, 0, z),
        ["Softplus"] = ActivationMath.Softplus,
        ["Softsign"] = static z => ActivationMath.Of(Activation.Softsign, 0, z),
        ["Sqrt"] = Math.Sqrt,
        ["Tanh"] = Math.Tanh,
    };

    private static readonly Dictionary<string, Func<double, double, double>> Pairs = new()
    {
        ["Add"] = static (a, b) => a + b,
        ["And"] = static (a, b) => a != 0 && b != 0 ? 1 : 0,
        ["Div"] = static (a, b) => a / b,
        ["Equal"] = static (a, b) => a == b ? 1 : 0,
        ["Greater"] = static (a, b) => a > b ? 1 : 0,
        ["GreaterOrEqual"] = static (a, b) => a >= b ? 1 : 0,
        ["Less"] = static (a, b) => a < b ? 1 : 0,
        ["LessOrEqual"] = static (a, b) => a <= b ? 1 : 0,
        ["Max"] = Math.Max,
        ["Min"] = Math.Min,
        ["Mul"] = static (a, b) => a * b,
        ["Or"] = static (a, b) => a != 0 || b != 0 ? 1 : 0,
        ["PRelu"] = static (z, slope) => ActivationMath.Of(Activation.PRelu, slope, z),
        ["Pow"] = Math.Pow,
        ["Sub"] = static (a, b) => a - b,
        ["Sum"] = static (a, b) => a + b,
    };

    private static readonly Dictionary<string, Func<double[], double>> Reductions = new()
    {
        ["ReduceMean"] = static row => row.Average(),
        ["ReduceSum"] = static row => row.Sum(),
        ["ReduceSumSquare"] = static row => row.Sum(static value => value * value),
    };

    /// <summary>Functions of one number that attributes of the node shape.</summary>
    private static readonly Dictionary<string, Func<OnnxNode, Func<double, double>>> Shaped = new()
    {
        ["Cast"] = Cast,
        ["Celu"] = static node => Celu(node.Number("alpha", 1)),
        ["Elu"] = static node => Of(Activation.Elu, node.Number("alpha", 1)),
        ["Gelu"] = static node => Of(node.Text("approximate") == "tanh" ? Activation.GeluTanh : Activation.Gelu, 0),
        ["HardSigmoid"] = static node => HardSigmoid(node.Number("alpha", 0.2), node.Number("beta", 0.5)),
        ["LeakyRelu"] = static node => Of(Activation.LeakyRelu, node.Number("alpha", 0.01)),
        ["Selu"] = static node => Selu(node.Number("gamma", 1.0507009873554805), node.Number("alpha", 1.6732632423543772)),
        ["Swish"] = static node => Swish(node.Number("alpha", 1)),
        ["ThresholdedRelu"] = static node => ThresholdedRelu(node.Number("alpha", 1)),
    };

    /// <summary>Whether the operator is one of these.</summary>
    public static bool Contains(OnnxNode node) => node.Domain switch
    {
        "" => Functions.ContainsKey(node.Operator) || Pairs.ContainsKey(node.Operator) || IsReduction(node) || Shaped.ContainsKey(node.Operator)
            || node.Operator is "Clip" or "Dropout" or "Identity" or "Where",
        "ai.onnx.ml" => node.Operator == "Scaler",
        _ => false,
    };

    /// <summary>Whether the result depends on all of the row's elements.</summary>
    public static bool IsReduction(OnnxNode node) => Reductions.ContainsKey(node.Operator);

    /// <summary>Computes a node.</summary>
    /// <param name="node">One that <see cref="Contains"/> knows.</param>
    /// <param name="inputs">Its inputs; null for one that is left out.</param>
    /// <exception cref="InvalidDataException">The inputs do not fit the operator.</exception>
    public static double[] Compute(OnnxNode node, double[]?[] inputs)
    {
        double[] first = Needed(node, inputs, 0);
        if (Functions.TryGetValue(node.Operator, out Func<double, double>? function))
        {
            return [.. first.Select(function)];
        }

        if (Shaped.TryGetValue(node.Operator, out Func<OnnxNode, Func<double, double>>? shaped))
        {
            return [.. first.Select(shaped(node))];
        }

        if (Pairs.TryGetValue(node.Operator, out Func<double, double, double>? pair))
        {
            return inputs.Skip(1).Aggregate(first, (result, next) => Both(node, result, next ?? throw Lacks(node), pair));
        }

        if (Reductions.TryGetValue(node.Operator, out Func<double[], double>? reduction))
        {
            CheckReduction(node, inputs.Length > 1 ? inputs[1] : null);
            return [reduction(first)];
        }

        return node.Operator switch
        {
            "Clip" => Clip(node, first, inputs),
            "Where" => Both(node, Both(node, Needed(node, inputs, 1), first, static (yes, condition) => condition != 0 ? yes : double.NaN), Needed(node, inputs, 2), static (yes, no) => double.IsNaN(yes) ? no : yes),
            "Scaler" => Both(node, Both(node, first, Attribute(node, "offset"), static (x, offset) => x - offset), Attribute(node, "scale"), static (x, scale) => x * scale),
            _ => first,
        };
    }

    private static Func<double, double> Of(Activation activation, double alpha) => z => ActivationMath.Of(activation, alpha, z);

    private static Func<double, double> Celu(double alpha) => z => z > 0 ? z : alpha * ActivationMath.Expm1(z / alpha);

    private static Func<double, double> HardSigmoid(double alpha, double beta) => z => Math.Clamp((alpha * z) + beta, 0, 1);

    private static Func<double, double> Selu(double gamma, double alpha) => z => z > 0 ? gamma * z : gamma * alpha * ActivationMath.Expm1(z);

    private static Func<double, double> Swish(double alpha) => z => z * ActivationMath.Sigmoid(alpha * z);

    private static Func<double, double> ThresholdedRelu(double alpha) => z => z > alpha ? z : 0;

    /// <summary>To a floating-point type nothing changes; integers lose their fractions; all but 0 is true.</summary>
    private static Func<double, double> Cast(OnnxNode node) => (int)node.Number("to", 0) switch
    {
        OnnxFormat.DataType.Float or OnnxFormat.DataType.Double => static value => value,
        OnnxFormat.DataType.Bool => static value => value != 0 ? 1 : 0,
        _ => Math.Truncate,
    };

    private static double[] Clip(OnnxNode node, double[] values, double[]?[] inputs)
    {
        double least = inputs.Length > 1 && inputs[1] is [double low] ? low : node.Number("min", double.NegativeInfinity);
        double most = inputs.Length > 2 && inputs[2] is [double high] ? high : node.Number("max", double.PositiveInfinity);
        return [.. values.Select(value => Math.Min(Math.Max(value, least), most))];
    }

    private static double[] Both(OnnxNode node, double[] left, double[] right, Func<double, double, double> function)
    {
        int length = Math.Max(left.Length, right.Length);
        if ((left.Length != length && left.Length != 1) || (right.Length != length && right.Length != 1))
        {
            throw new InvalidDataException($"{node}: a row has {left.Length} and {right.Length} values, which do not go together");
        }

        double[] result = new double[length];
        for (int at = 0; at < length; at++)
        {
            result[at] = function(left[left.Length == 1 ? 0 : at], right[right.Length == 1 ? 0 : at]);
        }

        return result;
    }

    /// <summary>A mean or sum of each row: over the last dimension, which stays.</summary>
    private static void CheckReduction(OnnxNode node, double[]? axesInput)
    {
        IReadOnlyList<double>? axes = axesInput ?? node.Numbers("axes");
        if (axes is not ([-1] or [1]) || node.Number("keepdims", 1) != 1)
        {
            throw new InvalidDataException($"{node} does not reduce each row to one value: axes {(axes is null ? "all" : string.Join(", ", axes))}, keepdims {node.Number("keepdims", 1)}");
        }
    }

    private static double[] Attribute(OnnxNode node, string name) => node.Numbers(name) is [_, ..] numbers ? [.. numbers] : throw new InvalidDataException($"{node} has no '{name}'");

    private static double[] Needed(OnnxNode node, double[]?[] inputs, int index) => inputs.Length > index && inputs[index] is double[] values ? values : throw Lacks(node);

    private static InvalidDataException Lacks(OnnxNode node) => new($"{node} lacks an input");
}
