namespace Mlp.Tool;

/// <summary>Reads a chain of dense layers out of a graph: the way of a row from the model's input to its output.</summary>
internal sealed class OnnxImporter
{
    /// <summary>More nodes in a row than any one function takes that exporters write out.</summary>
    private const int LongestFunction = 24;

    private readonly ModelGraph _graph;
    private readonly LayerChain _chain;
    private readonly long _operatorSet;
    private bool _isTransposed;

    private OnnxImporter(OnnxModel model)
    {
        _operatorSet = model.OperatorSets.GetValueOrDefault("", 1);
        _graph = new ModelGraph(model);
        _chain = new LayerChain(_graph.Width);
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
            importer.ReadChain(importer._graph.Nodes, importer._graph.Input, importer._graph.Output);
            return importer.Finish(model);
        }
        catch (InvalidDataException error)
        {
            string hint = !model.Producer.StartsWith(OnnxFormat.Producer, StringComparison.Ordinal) ? ""
                : " Of MlpGen's own files, ensembles and networks with embeddings do not come back from ONNX: keep the file that Save writes.";
            throw new InvalidDataException($"{source}: {error.Message}.{hint}", error);
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
            throw new InvalidDataException($"{_graph.Nodes.First(static node => node.Operator == "Softmax")}: other layers follow the Softmax, which only the last layer can have");
        }

        network.InputNames = Names(model, OnnxFormat.InputNamesKey, network.InputSize);
        int classes = network.Loss switch
        {
            LossFunction.CrossEntropy => network.OutputSize,
            LossFunction.BCE when network.OutputSize == 1 => 2,
            _ => 0,
        };
        network.ClassNames = classes == 0 ? null
            : Names(model, OnnxFormat.ClassNamesKey, classes) ?? (_graph.ClassNames?.Count == classes ? _graph.ClassNames : null);
        return network;
    }

    /// <summary>Reads the nodes between two values, the second of which depends on the first alone.</summary>
    private void ReadChain(IReadOnlyList<OnnxNode> nodes, string start, string end)
    {
        List<Section> sections = Section.Cut(nodes, start, end);
        for (int at = 0; at < sections.Count;)
        {
            at += ReadFunction(sections, at) is int read and > 0 ? read : ReadSection(sections[at]);
        }
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
        new([.. sections.Skip(start).Take(count).SelectMany(static section => section.Nodes)], sections[start].From, _graph.Constants);

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
            throw section.Unknown();
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
                throw new Section([node], node.Input(0), node.Output).Unknown();
        }
    }

    /// <summary>Whether a shape leaves rows as they are.</summary>
    private bool KeepsRows(OnnxNode node)
    {
        if (_graph.Constants[node.Input(1)] is not { } shape)
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
            double[] values = _graph.Constants.Required(node, 2).Values;
            biases = values.Length == outputs || values.Length == 1
                ? [.. Enumerable.Range(0, outputs).Select(at => beta * values[values.Length == 1 ? 0 : at])]
                : throw new InvalidDataException($"{node} adds {values.Length} values to the {outputs} of a row");
        }

        _chain.Multiply(alpha == 1 ? weights : [.. weights.Select(weight => alpha * weight)], biases, outputs);
    }

    /// <summary>The weights [width × outputs] of a product.</summary>
    private (double[] Weights, int Outputs) Weights(OnnxNode node, bool isTransposed)
    {
        OnnxTensor tensor = _graph.Constants.Required(node, 1);
        if (_graph.Constants[node.Input(0)] is not null || tensor.Shape.Length != 2)
        {
            throw new InvalidDataException($"{node}: a layer multiplies its inputs by a constant matrix, which is here of shape [{string.Join(", ", tensor.Shape)}]");
        }

        int inputs = tensor.Shape[isTransposed ? 1 : 0];
        return inputs == _chain.Width
            ? (isTransposed ? OnnxConstants.Transposed(tensor.Values, tensor.Shape[0], tensor.Shape[1]) : tensor.Values, tensor.Shape[isTransposed ? 0 : 1])
            : throw new InvalidDataException($"{node} takes rows of {inputs} values; those that it gets have {_chain.Width}");
    }

    private double[] ARow(OnnxNode node, int input)
    {
        double[] values = _graph.Constants.Required(node, input).Values;
        return values.Length == _chain.Width ? values : throw new InvalidDataException($"{node}: input {input + 1} has {values.Length} values, and a row {_chain.Width}");
    }

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

        RowFunction function = new([.. section.Nodes.SkipLast(1)], section.From, _graph.Constants);
        return probability == section.From && section.Nodes[^2].Output == complement && section.Nodes.SkipLast(1).All(RowOperators.Contains)
            && function.AsScale(1) is ([-1], [1]);
    }
}
