using System.Globalization;

namespace Mlp.Tool;

/// <summary>The nodes of a model that its result depends on, with the constants that they take.</summary>
internal sealed class ModelGraph
{
    /// <summary>Far more than any network has; a damaged file may ask for anything.</summary>
    private const int MostInputs = 1 << 22;

    private static readonly HashSet<string> RowMaps =
        ["BatchNormalization", "Concat", "Flatten", "Gemm", "LayerNormalization", "MatMul", "Reshape", "Softmax", "Squeeze", "Transpose", "Unsqueeze"];

    private readonly Dictionary<string, OnnxNode> _makers = [];

    /// <summary>Looks through a model.</summary>
    /// <exception cref="InvalidDataException">
    /// It has several inputs or no row of floats as output, a node takes what nothing makes, or an operator is not known; the message names the node.
    /// </exception>
    public ModelGraph(OnnxModel model)
    {
        Constants = new OnnxConstants(model.Constants);
        OnnxValue input = model.Inputs is [OnnxValue only] ? only : throw new InvalidDataException(
            $"the model has {model.Inputs.Count} inputs ({QuotedText.List(model.Inputs.Select(static value => value.Name))}); a network has one, with a row of numbers");
        Input = input.Name;
        foreach (OnnxNode node in model.Nodes)
        {
            if (!Constants.Fold(node))
            {
                if (node.Inputs.FirstOrDefault(name => name.Length > 0 && name != Input && Constants[name] is null && !_makers.ContainsKey(name)) is string missing)
                {
                    throw new InvalidDataException($"{node} takes '{QuotedText.Of(missing)}', which nothing before it makes");
                }

                foreach (string output in node.Outputs)
                {
                    _makers[output] = node;
                }
            }
        }

        (Output, ClassNames) = Result(model);
        Nodes = NodesBefore(Output);
        foreach (OnnxNode node in Nodes)
        {
            CheckKnown(node);
        }

        Width = input.Width ?? FirstWidth();
        if (Width > MostInputs)
        {
            throw new InvalidDataException($"a row of the input has {Width} values; a network takes {MostInputs} at most");
        }
    }

    /// <summary>The model's constants.</summary>
    public OnnxConstants Constants { get; }

    /// <summary>The model's input.</summary>
    public string Input { get; }

    /// <summary>The value that is the model's result.</summary>
    public string Output { get; }

    /// <summary>The nodes that the result depends on, in the order in which they compute.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; }

    /// <summary>Names of classes that the model maps probabilities to; null where it has none.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>How many values a row of the input has.</summary>
    public int Width { get; }

    /// <summary>
    /// The value that is the model's result: the float output that is computed last. Where there are integers or maps alone, it is what these were made of.
    /// </summary>
    private (string Name, IReadOnlyList<string>? ClassNames) Result(OnnxModel model)
    {
        IReadOnlyList<string>? classNames = null;
        OnnxValue? result = model.Outputs.Where(static output => output.ElementType is OnnxFormat.DataType.Float or OnnxFormat.DataType.Double)
            .MaxBy(output => _makers.GetValueOrDefault(output.Name)?.Index ?? -1);
        string name = result?.Name ?? "";
        foreach (OnnxNode map in model.Nodes.Where(static node => node.Operator == "ZipMap"))
        {
            classNames = map.Attributes.GetValueOrDefault("classlabels_strings")?.Texts is [_, ..] texts ? texts
                : [.. map.Numbers("classlabels_int64s")?.Select(static label => label.ToString(CultureInfo.InvariantCulture)) ?? []];
            name = name.Length == 0 ? map.Input(0) : name;
        }

        // A class is the index of the largest output, which may then be turned into other numbers.
        string end = name.Length > 0 ? name : model.Outputs.Select(static output => output.Name).FirstOrDefault("");
        while (_makers.TryGetValue(end, out OnnxNode? maker) && maker.Operator is "Cast" or "Identity" or "Reshape" or "Squeeze" or "Unsqueeze" or "ArrayFeatureExtractor" or "ArgMax")
        {
            end = maker.Operator == "ArrayFeatureExtractor" ? maker.Input(1) : maker.Input(0);
            if (maker.Operator == "ArgMax")
            {
                name = end;
            }
        }

        return _makers.ContainsKey(name) ? (name, classNames) : throw new InvalidDataException(
            $"no output of the model is a row of floats: {string.Join(", ", model.Outputs.Select(static output => $"'{QuotedText.Of(output.Name)}' ({output.Kind})"))}");
    }

    /// <summary>The nodes that a value depends on, itself made by the last; each lies on the way from the input.</summary>
    private List<OnnxNode> NodesBefore(string end)
    {
        HashSet<OnnxNode> found = [];
        Stack<string> open = new([end]);
        while (open.TryPop(out string? name))
        {
            if (name != Input && Constants[name] is null && name.Length > 0)
            {
                OnnxNode maker = _makers[name];
                if (found.Add(maker))
                {
                    foreach (string input in maker.Inputs)
                    {
                        open.Push(input);
                    }
                }
            }
        }

        return [.. found.OrderBy(static node => node.Index)];
    }

    private static void CheckKnown(OnnxNode node)
    {
        if (!RowOperators.Contains(node) && !(node.Domain.Length == 0 && RowMaps.Contains(node.Operator)))
        {
            throw new InvalidDataException(
                $"{node}: this operator is not known. A network is a chain of Gemm, or MatMul and Add, with activations, layer and batch normalization and residuals");
        }
    }

    /// <summary>How many values the first node takes that says so, where the input does not.</summary>
    private int FirstWidth()
    {
        foreach (OnnxNode node in Nodes)
        {
            if (node.Operator is "MatMul" or "Gemm" && Constants[node.Input(1)] is { Shape.Length: 2 } weights)
            {
                return weights.Shape[node.Number("transB", 0) == 1 ? 1 : 0];
            }
        }

        throw new InvalidDataException("neither the model's input nor a first layer says how many values a row has");
    }
}
