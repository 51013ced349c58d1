namespace Mlp.Tool;

/// <summary>What an ONNX file holds of its model.</summary>
/// <param name="Producer">The program that wrote it, with its version; empty where it does not say.</param>
/// <param name="IrVersion">Version of the format.</param>
/// <param name="OperatorSets">Version of the operators by domain; "" is the default domain.</param>
/// <param name="Metadata">Texts of the producer by key.</param>
/// <param name="Nodes">The operators, in the order in which they compute.</param>
/// <param name="Constants">The initializers by name.</param>
/// <param name="Inputs">The graph's inputs, initializers left out.</param>
/// <param name="Outputs">The graph's outputs.</param>
internal sealed record OnnxModel(
    string Producer,
    long IrVersion,
    IReadOnlyDictionary<string, long> OperatorSets,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<OnnxNode> Nodes,
    IReadOnlyDictionary<string, OnnxTensor> Constants,
    IReadOnlyList<OnnxValue> Inputs,
    IReadOnlyList<OnnxValue> Outputs);

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">What its elements are, as ONNX counts types; 0 where it is no tensor, or the file does not say.</param>
/// <param name="Shape">Its dimensions, each a number or a name; null where the file does not say.</param>
internal sealed record OnnxValue(string Name, int ElementType, IReadOnlyList<string>? Shape)
{
    /// <summary>Type and shape for people to read: <c>float[batch, 4]</c>.</summary>
    public string Kind => OnnxTensor.TypeName(ElementType) + (Shape is null ? "" : $"[{string.Join(", ", Shape)}]");

    /// <summary>Values of a row, all dimensions but the first; null where that is not known.</summary>
    public int? Width
    {
        get
        {
            if (Shape is null || Shape.Count < 2)
            {
                return null;
            }

            long width = 1;
            foreach (string size in Shape.Skip(1))
            {
                width = int.TryParse(size, out int number) && number > 0 && width <= int.MaxValue ? width * number : long.MaxValue;
            }

            return width <= int.MaxValue ? (int)width : null;
        }
    }
}

/// <summary>A tensor of numbers.</summary>
/// <param name="Shape">Its dimensions; none for a single number.</param>
/// <param name="Type">What its elements are, as ONNX counts types.</param>
/// <param name="Elements">Its elements in row-major order; null where they cannot be read.</param>
/// <param name="Problem">Why they cannot be read.</param>
internal sealed record OnnxTensor(int[] Shape, int Type, double[]? Elements, string Problem = "")
{
    /// <summary>The elements in row-major order.</summary>
    /// <exception cref="InvalidDataException">They cannot be read.</exception>
    public double[] Values => Elements ?? throw new InvalidDataException(Problem);

    /// <summary>What ONNX calls an element's type.</summary>
    public static string TypeName(int type) => type switch
    {
        1 => "float",
        2 => "uint8",
        3 => "int8",
        4 => "uint16",
        5 => "int16",
        6 => "int32",
        7 => "int64",
        8 => "string",
        9 => "bool",
        10 => "float16",
        11 => "double",
        12 => "uint32",
        13 => "uint64",
        16 => "bfloat16",
        0 => "other",
        _ => $"type {type}",
    };
}

/// <summary>A node of a graph: an operator with its inputs and outputs.</summary>
/// <param name="Index">Its place in the file, from 0.</param>
/// <param name="Name">Its name; empty where it has none.</param>
/// <param name="Domain">The domain of its operator; "" for the default one.</param>
/// <param name="Operator">Name of the operator.</param>
/// <param name="Inputs">Names of the values that it takes; "" for one that is left out.</param>
/// <param name="Outputs">Names of the values that it makes.</param>
/// <param name="Attributes">Its attributes by name.</param>
internal sealed record OnnxNode(
    int Index,
    string Name,
    string Domain,
    string Operator,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, OnnxAttributeValue> Attributes)
{
    /// <summary>The value that it makes first, which is the one that counts.</summary>
    public string Output => Outputs.Count > 0 ? Outputs[0] : "";

    /// <summary>The node for messages: <c>node 'wave' (Sin), m1 → s1</c>.</summary>
    public override string ToString() =>
        $"node {(Name.Length > 0 ? $"'{QuotedText.Of(Name)}'" : $"{Index + 1}")} ({(Domain.Length > 0 ? QuotedText.Of(Domain) + "." : "")}{QuotedText.Of(Operator)}), "
        + $"{QuotedText.Of(string.Join(", ", Inputs))} → {QuotedText.Of(string.Join(", ", Outputs))}";

    /// <summary>The input with this index; "" where it is left out.</summary>
    public string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    /// <summary>An attribute that is a number.</summary>
    public double Number(string name, double otherwise) => Attributes.TryGetValue(name, out OnnxAttributeValue? value) && value.Numbers.Count == 1 ? value.Numbers[0] : otherwise;

    /// <summary>An attribute that is a list of numbers; null where it is missing.</summary>
    public IReadOnlyList<double>? Numbers(string name) => Attributes.GetValueOrDefault(name)?.Numbers;

    /// <summary>An attribute that is a text.</summary>
    public string Text(string name) => Attributes.GetValueOrDefault(name)?.Texts is [string text] ? text : "";
}

/// <summary>An attribute of a node.</summary>
/// <param name="Numbers">Its numbers, whether integers or floats.</param>
/// <param name="Texts">Its texts.</param>
/// <param name="Tensor">Its tensor.</param>
internal sealed record OnnxAttributeValue(IReadOnlyList<double> Numbers, IReadOnlyList<string> Texts, OnnxTensor? Tensor);
