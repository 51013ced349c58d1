namespace Mlp.Tool;

/// <summary>The constants of a model, and what its nodes compute of them alone.</summary>
/// <param name="initializers">The tensors that the model holds, by name.</param>
internal sealed class OnnxConstants(IReadOnlyDictionary<string, OnnxTensor> initializers)
{
    private readonly Dictionary<string, OnnxTensor> _tensors = new(initializers);

    /// <summary>The constant of a name; null where the value depends on the model's input.</summary>
    public OnnxTensor? this[string name] => _tensors.GetValueOrDefault(name);

    /// <summary>A node's input, which must be a constant.</summary>
    /// <exception cref="InvalidDataException">It is computed from the model's input.</exception>
    public OnnxTensor Required(OnnxNode node, int input) => this[node.Input(input)] ?? throw new InvalidDataException(
        $"{node}: '{QuotedText.Of(node.Input(input))}' is computed from the model's input; a layer's parameters are constants");

    /// <summary>Computes a node of constants once and for all.</summary>
    /// <returns>False where it depends on the input.</returns>
    public bool Fold(OnnxNode node)
    {
        if (node.Operator == "Constant" && node.Domain.Length == 0)
        {
            _tensors[node.Output] = node.Attributes.GetValueOrDefault("value")?.Tensor
                ?? (node.Attributes.Values.FirstOrDefault() is { Numbers: [_, ..] numbers } ? Vector([.. numbers]) : new OnnxTensor([], 0, null, $"{node} is no tensor of numbers"));
            return true;
        }

        if (node.Inputs.Count == 0 || !node.Inputs.All(name => name.Length == 0 || _tensors.TryGetValue(name, out OnnxTensor? tensor) && tensor.Elements is not null))
        {
            return false;
        }

        OnnxTensor first = _tensors[node.Inputs[0]];
        OnnxTensor? folded = node.Operator switch
        {
            "Transpose" when first.Shape.Length == 2 => new OnnxTensor([first.Shape[1], first.Shape[0]], first.Type, Transposed(first.Values, first.Shape[0], first.Shape[1])),
            "Transpose" when first.Shape.Length < 2 => first,
            "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" when first.Shape.Count(static size => size != 1) < 2 => Vector(first.Values),
            _ when !RowOperators.Contains(node) || RowOperators.IsReduction(node) => null,
            _ => Elementwise(node),
        };
        if (folded is null)
        {
            return false;
        }

        _tensors[node.Output] = folded;
        return true;
    }

    /// <summary>A matrix with its columns for rows, both row by row.</summary>
    public static double[] Transposed(double[] values, int rows, int columns)
    {
        double[] transposed = new double[values.Length];
        for (int at = 0; at < values.Length; at++)
        {
            transposed[(at % columns * rows) + (at / columns)] = values[at];
        }

        return transposed;
    }

    private OnnxTensor? Elementwise(OnnxNode node)
    {
        OnnxTensor[] inputs = [.. node.Inputs.Where(static name => name.Length > 0).Select(name => _tensors[name])];
        OnnxTensor largest = inputs.MaxBy(static tensor => tensor.Values.Length)!;
        bool isSimple = inputs.All(tensor => tensor.Values.Length == 1 || tensor.Shape.AsSpan().SequenceEqual(largest.Shape));
        return isSimple ? largest with { Elements = RowOperators.Compute(node, [.. node.Inputs.Select(name => name.Length == 0 ? null : _tensors[name].Values)]) } : null;
    }

    private static OnnxTensor Vector(double[] values) => new([values.Length], OnnxFormat.DataType.Float, values);
}
