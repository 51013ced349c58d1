using System.Globalization;

namespace Mlp.Tool;

/// <summary>Reads a chain of dense layers out of a graph: the way of a row from the model's input to its output.</summary>
internal sealed class OnnxImporter
{
    /// <summary>More nodes in a row than any one function takes that exporters write out.</summary>
    private const int LongestFunction = 24;

    /// <summary>Far more than any network has; a damaged file may ask for anything.</summary>
    private const int MostInputs = 1 << 22;

    private static readonly HashSet<string> RowMaps =
        ["BatchNormalization", "Concat", "Flatten", "Gemm", "LayerNormalization", "MatMul", "Reshape", "Softmax", "Squeeze", "Transpose", "Unsqueeze"];

    private readonly Dictionary<string, OnnxTensor> _constants;
    private readonly Dictionary<string, OnnxNode> _makers = [];
    private readonly LayerChain _chain;
    private readonly string _input;
    private readonly string _output;
    private readonly List<OnnxNode> _nodes;
    private readonly IReadOnlyList<string>? _classNames;
    private readonly long _operatorSet;
    private bool _isTransposed;

    private OnnxImporter(OnnxModel model)
    {
        _operatorSet = model.OperatorSets.GetValueOrDefault("", 1);
        _constants = new(model.Constants);
        OnnxValue input = model.Inputs is [OnnxValue only] ? only : throw new InvalidDataException(
            $"the model has {model.Inputs.Count} inputs ({QuotedText.List(model.Inputs.Select(static value => value.Name))}); a network has one, with a row of numbers");
        _input = input.Name;
        foreach (OnnxNode node in model.Nodes)
        {
            if (!Fold(node))
            {
                if (node.Inputs.FirstOrDefault(name => name.Length > 0 && name != _input && !_constants.ContainsKey(name) && !_makers.ContainsKey(name)) is string missing)
                {
                    throw new InvalidDataException($"{node} takes '{QuotedText.Of(missing)}', which nothing before it makes");
                }

                foreach (string output in node.Outputs)
                {
                    _makers[output] = node;
                }
            }
        }

        (_output, _classNames) = Result(model);
        _nodes = NodesBefore(_output);
        foreach (OnnxNode node in _nodes)
        {
            CheckKnown(node);
        }

        int width = input.Width ?? FirstWidth();
        _chain = new LayerChain(width <= MostInputs ? width : throw new InvalidDataException($"a row of the input has {width} values; a network takes {MostInputs} at most"));
    }

    /// <summary>Reads a model as a network.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">What messages call the file.</param>
    /// <exception cref="InvalidDataException">It is no chain of dense layers; the message says which node has no place in one.</exception>
    public static ImportedNetwork Import(OnnxModel model, string source)
    {
        try
        {
            OnnxImporter importer = new(model);
            importer.ReadChain(importer._nodes, importer._input, importer._output);
            return importer.Finish(model);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{source}: {error.Message}.", error);
        }
    }

    private static IReadOnlyList<string>? Names(OnnxModel model, string key, int count)
    {
        if (!model.Metadata.TryGetValue(key, out string? json))
        {
            return null;
        }

        string[] names = JsonTexts.Parse(json, key);
        return names.Length == count ? names : throw new InvalidDataException($"'{key}' of the metadata holds {names.Length} names; there are {count}");
    }

    private ImportedNetwork Finish(OnnxModel model)
    {
        ImportedNetwork network = _chain.Network;
        if (network.Layers.Count == 0)
        {
            throw new InvalidDataException("there is no dense layer between the model's input and its output");
        }

        if (network.Layers.SkipLast(1).Any(static layer => layer.Activation == Activation.Softmax))
        {
            throw new InvalidDataException($"{_nodes.First(static node => node.Operator == "Softmax")}: other layers follow the Softmax, which only the last layer can have");
        }

        network.InputNames = Names(model, OnnxFormat.InputNamesKey, network.InputSize);
        int classes = network.Loss switch
        {
            LossFunction.CrossEntropy => network.OutputSize,
            LossFunction.BCE when network.OutputSize == 1 => 2,
            _ => 0,
        };
        network.ClassNames = classes == 0 ? null
            : Names(model, OnnxFormat.ClassNamesKey, classes) ?? (_classNames?.Count == classes ? _classNames : null);
        return network;
    }

    /// <summary>Computes a node of constants once and for all.</summary>
    /// <returns>False where it depends on the input.</returns>
    private bool Fold(OnnxNode node)
    {
        if (node.Operator == "Constant" && node.Domain.Length == 0)
        {
            _constants[node.Output] = node.Attributes.GetValueOrDefault("value")?.Tensor
                ?? (node.Attributes.Values.FirstOrDefault() is { Numbers: [_, ..] numbers } ? Vector([.. numbers]) : new OnnxTensor([], 0, null, $"{node} is no tensor of numbers"));
            return true;
        }

        if (node.Inputs.Count == 0 || !node.Inputs.All(name => name.Length == 0 || _constants.TryGetValue(name, out OnnxTensor? tensor) && tensor.Elements is not null))
        {
            return false;
        }

        OnnxTensor first = _constants[node.Inputs[0]];
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

        _constants[node.Output] = folded;
        return true;
    }

    private OnnxTensor? Elementwise(OnnxNode node)
    {
        OnnxTensor[] inputs = [.. node.Inputs.Where(static name => name.Length > 0).Select(name => _constants[name])];
        OnnxTensor largest = inputs.MaxBy(static tensor => tensor.Values.Length)!;
        bool isSimple = inputs.All(tensor => tensor.Values.Length == 1 || tensor.Shape.AsSpan().SequenceEqual(largest.Shape));
        return isSimple ? largest with { Elements = RowOperators.Compute(node, [.. node.Inputs.Select(name => name.Length == 0 ? null : _constants[name].Values)]) } : null;
    }

    private static OnnxTensor Vector(double[] values) => new([values.Length], OnnxFormat.DataType.Float, values);

    private static double[] Transposed(double[] values, int rows, int columns)
    {
        double[] transposed = new double[values.Length];
        for (int at = 0; at < values.Length; at++)
        {
            transposed[(at % columns * rows) + (at / columns)] = values[at];
        }

        return transposed;
    }

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
            if (name != _input && !_constants.ContainsKey(name) && name.Length > 0)
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
        foreach (OnnxNode node in _nodes)
        {
            if (node.Operator is "MatMul" or "Gemm" && _constants.TryGetValue(node.Input(1), out OnnxTensor? weights) && weights.Shape.Length == 2)
            {
                return weights.Shape[node.Number("transB", 0) == 1 ? 1 : 0];
            }
        }

        throw new InvalidDataException("neither the model's input nor a first layer says how many values a row has");
    }

    /// <summary>Reads the nodes between two values, the second of which depends on the first alone.</summary>
    private void ReadChain(IReadOnlyList<OnnxNode> nodes, string start, string end)
    {
        List<Section> sections = Sections(nodes, start, end);
        for (int at = 0; at < sections.Count;)
        {
            at += ReadFunction(sections, at) is int read and > 0 ? read : ReadSection(sections[at]);
        }
    }

    /// <summary>Cuts nodes at every value that all later ones depend on through it alone.</summary>
    private List<Section> Sections(IReadOnlyList<OnnxNode> nodes, string start, string end)
    {
        Dictionary<string, int> lastUse = [];
        for (int at = 0; at < nodes.Count; at++)
        {
            foreach (string input in nodes[at].Inputs)
            {
                lastUse[input] = at;
            }
        }

        lastUse[end] = nodes.Count;
        List<Section> sections = [];
        HashSet<string> open = [start];
        string from = start;
        int first = 0;
        for (int at = 0; at < nodes.Count; at++)
        {
            open.RemoveWhere(name => lastUse.GetValueOrDefault(name) <= at);
            open.UnionWith(nodes[at].Outputs.Where(lastUse.ContainsKey));
            if (open.Count == 1)
            {
                string to = open.Single();
                sections.Add(new Section([.. nodes.Skip(first).Take(at + 1 - first)], from, to));
                (from, first) = (to, at + 1);
            }
        }

        return sections;
    }

    /// <summary>Reads as many sections as one function of rows takes.</summary>
    /// <returns>Their number; 0 where none is known.</returns>
    private int ReadFunction(List<Section> sections, int start)
    {
        int most = sections.Skip(start).TakeWhile(static section => section.Nodes.All(RowOperators.Contains)).Take(LongestFunction).Count();
        if (most > 0)
        {
            CheckUpright(sections[start].Nodes[0]);
        }

        // Scales before an activation may be a part of it: they count as such only where it is none that begins sooner.
        for (int scaled = 0; scaled < most && (scaled == 0 || Function(sections, start, scaled).AsScale(_chain.Width) is not null); scaled++)
        {
            for (int count = most - scaled; count > 0; count--)
            {
                if (Recognised(Function(sections, start + scaled, count)) is Action activate)
                {
                    Scale(sections, start, scaled);
                    activate();
                    return scaled + count;
                }
            }
        }

        for (; most > 0; most--)
        {
            if (Scale(sections, start, most))
            {
                return most;
            }
        }

        return 0;
    }

    private RowFunction Function(List<Section> sections, int start, int count) =>
        new([.. sections.Skip(start).Take(count).SelectMany(static section => section.Nodes)], sections[start].From, _constants);

    /// <summary>What an activation or layer normalization adds to the chain; null where a function is neither.</summary>
    private Action? Recognised(RowFunction function)
    {
        int width = _chain.Width;
        if (function.IsReduction)
        {
            return function.AsNormalization(width) is not var (epsilon, gains, shifts) ? null : () =>
            {
                _chain.NormalizeRow(epsilon);
                _chain.Scale(gains, shifts);
            };
        }

        return function.AsActivation(width) is not var (activation, alpha, factor, term) ? null : () =>
        {
            if ((factor, term) is not (1, 0))
            {
                _chain.Scale([.. Enumerable.Repeat(factor, width)], [.. Enumerable.Repeat(term, width)]);
            }

            _chain.Activate(activation, alpha);
        };
    }

    /// <summary>Reads sections as factors and terms, of which there may be none.</summary>
    /// <returns>Whether they are such.</returns>
    private bool Scale(List<Section> sections, int start, int count)
    {
        if (count == 0)
        {
            return true;
        }

        if (Function(sections, start, count) is not { IsReduction: false } function || function.AsScale(_chain.Width) is not var (factors, terms))
        {
            return false;
        }

        if (factors.Any(static factor => factor != 1) || terms.Any(static term => term != 0))
        {
            _chain.Scale(factors, terms);
        }

        return true;
    }

    /// <summary>Reads a section that is more than a function of rows, and returns 1.</summary>
    private int ReadSection(Section section)
    {
        if (section.Nodes is [OnnxNode node])
        {
            ReadNode(node);
        }
        else if (section.Nodes[^1] is { Operator: "Add" or "Sum", Inputs: [string left, string right] } && (left == section.From || right == section.From))
        {
            ReadResidual(section, left == section.From ? right : left);
        }
        else if (!IsSplitProbability(section) || !_chain.SplitProbability())
        {
            throw Unknown(section);
        }

        return 1;
    }

    private void ReadNode(OnnxNode node)
    {
        if (node.Operator != "Transpose" && node.Operator != "Gemm")
        {
            CheckUpright(node);
        }

        switch (node.Operator)
        {
            case "Gemm":
                ReadGemm(node);
                break;
            case "MatMul":
                (double[] weights, int outputs) = Weights(node, isTransposed: false);
                _chain.Multiply(weights, null, outputs);
                break;
            case "BatchNormalization" when node.Number("training_mode", 0) == 0:
                _chain.NormalizeByBatch(
                    ARow(node, 1), ARow(node, 2), ARow(node, 3), ARow(node, 4), (float)node.Number("epsilon", 1e-5));
                break;
            case "LayerNormalization" when node.Number("axis", -1) is -1 or 1:
                _chain.NormalizeRow(node.Number("epsilon", 1e-5));
                _chain.Scale(ARow(node, 1), node.Input(2).Length == 0 ? new double[_chain.Width] : ARow(node, 2));
                break;
            case "Softmax" when node.Number("axis", _operatorSet < 13 ? 1 : -1) is -1 or 1:
                _chain.Activate(Activation.Softmax, 0);
                break;
            case "Flatten" when node.Number("axis", 1) == 1:
                break;
            case "Reshape" when KeepsRows(node):
            case "Squeeze" or "Unsqueeze" when _chain.Width == 1:
                break;
            case "Transpose" when node.Numbers("perm") is null or [1, 0]:
                _isTransposed = !_isTransposed;
                break;
            default:
                throw Unknown(new Section([node], node.Input(0), node.Output));
        }
    }

    /// <summary>Whether a shape leaves rows as they are.</summary>
    private bool KeepsRows(OnnxNode node)
    {
        if (!_constants.TryGetValue(node.Input(1), out OnnxTensor? shape))
        {
            return false;
        }

        double[] sizes = shape.Values;
        return sizes is [-1 or 0, -1] || (sizes is [-1 or 0, double width] && width == _chain.Width) || (sizes is [-1] && _chain.Width == 1);
    }

    private void ReadGemm(OnnxNode node)
    {
        if (_isTransposed != (node.Number("transA", 0) == 1))
        {
            throw new InvalidDataException($"{node} takes columns of its input for rows (transA)");
        }

        _isTransposed = false;
        double alpha = node.Number("alpha", 1), beta = node.Number("beta", 1);
        (double[] weights, int outputs) = Weights(node, node.Number("transB", 0) == 1);
        double[]? biases = null;
        if (node.Input(2).Length > 0)
        {
            double[] values = Constant(node, 2).Values;
            biases = values.Length == outputs || values.Length == 1
                ? [.. Enumerable.Range(0, outputs).Select(at => beta * values[values.Length == 1 ? 0 : at])]
                : throw new InvalidDataException($"{node} adds {values.Length} values to the {outputs} of a row");
        }

        _chain.Multiply(alpha == 1 ? weights : [.. weights.Select(weight => alpha * weight)], biases, outputs);
    }

    /// <summary>The weights [width × outputs] of a product.</summary>
    private (double[] Weights, int Outputs) Weights(OnnxNode node, bool isTransposed)
    {
        OnnxTensor tensor = Constant(node, 1);
        if (_constants.ContainsKey(node.Input(0)) || tensor.Shape.Length != 2)
        {
            throw new InvalidDataException($"{node}: a layer multiplies its inputs by a constant matrix, which is here of shape [{string.Join(", ", tensor.Shape)}]");
        }

        int inputs = tensor.Shape[isTransposed ? 1 : 0];
        return inputs == _chain.Width
            ? (isTransposed ? Transposed(tensor.Values, tensor.Shape[0], tensor.Shape[1]) : tensor.Values, tensor.Shape[isTransposed ? 0 : 1])
            : throw new InvalidDataException($"{node} takes rows of {inputs} values; those that it gets have {_chain.Width}");
    }

    private double[] ARow(OnnxNode node, int input)
    {
        double[] values = Constant(node, input).Values;
        return values.Length == _chain.Width ? values : throw new InvalidDataException($"{node}: input {input + 1} has {values.Length} values, and a row {_chain.Width}");
    }

    private OnnxTensor Constant(OnnxNode node, int input) => _constants.TryGetValue(node.Input(input), out OnnxTensor? tensor)
        ? tensor
        : throw new InvalidDataException($"{node}: '{QuotedText.Of(node.Input(input))}' is computed from the model's input; a layer's parameters are constants");

    private void CheckUpright(OnnxNode node)
    {
        if (_isTransposed)
        {
            throw new InvalidDataException($"{node} takes columns of the model's values for rows, as a Transpose comes before it");
        }
    }

    /// <summary>Reads a layer whose inputs are added to its outputs.</summary>
    private void ReadResidual(Section section, string branch)
    {
        OnnxNode add = section.Nodes[^1];
        int before = _chain.Network.Layers.Count;
        _chain.BeginBranch();
        ReadChain([.. section.Nodes.SkipLast(1)], section.From, branch);
        ImportedNetwork network = _chain.Network;
        if (network.Layers.Count != before + 1 || network.Layers[^1] is not { IsDiagonal: false, IsResidual: false } layer || layer.Inputs != layer.Outputs)
        {
            throw new InvalidDataException(
                $"{add} adds '{QuotedText.Of(section.From)}' to what {network.Layers.Count - before} layers made of it; a residual layer is one, with as many units as inputs");
        }

        _chain.AddInputs();
    }

    /// <summary>Whether a section makes p to 1 − p and p.</summary>
    private bool IsSplitProbability(Section section)
    {
        if (section.Nodes[^1] is not { Operator: "Concat", Inputs: [string complement, string probability] } || _chain.Width != 1)
        {
            return false;
        }

        RowFunction function = new([.. section.Nodes.SkipLast(1)], section.From, _constants);
        return probability == section.From && section.Nodes[^2].Output == complement && section.Nodes.SkipLast(1).All(RowOperators.Contains)
            && function.AsScale(1) is ([-1], [1]);
    }

    private static InvalidDataException Unknown(Section section) => section.Nodes is [OnnxNode node]
        ? new($"{node}: with these attributes and at this place it is no part of a dense layer")
        : new($"what {section.Nodes.Count} nodes make of '{QuotedText.Of(section.From)}' is no part of a dense layer; the last of them is {section.Nodes[^1]}");

    /// <summary>Nodes that nothing but one value leads into, and nothing but one out of.</summary>
    /// <param name="Nodes">The nodes, in the order in which they compute.</param>
    /// <param name="From">The value that they take.</param>
    /// <param name="To">The value that they make.</param>
    private sealed record Section(IReadOnlyList<OnnxNode> Nodes, string From, string To);
}
