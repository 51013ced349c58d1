namespace Mlp;

/// <summary>A network's prediction as a graph of ONNX operators.</summary>
/// <remarks>
/// An ensemble's members are computed side by side, in a first dimension of values and of the last layer's parameters, and averaged at the end. So layers are
/// MatMul and Add, which take any number of dimensions. Normalization is written out: BatchNormalization wants units in the second dimension and keeps fewer
/// digits where means are large, and LayerNormalization is of a later set.
/// </remarks>
internal sealed class OnnxNetwork
{
    private readonly OnnxGraph _graph = new();
    private readonly NetworkState _network;
    private readonly NetworkLayout _layout;
    private readonly Dictionary<string, float[]> _tensors;

    private OnnxNetwork(NetworkState network, IEnumerable<FloatTensor> tensors)
    {
        _network = network;
        _layout = network.Layout;
        _tensors = tensors.ToDictionary(static tensor => tensor.Name, static tensor => tensor.Values);
    }

    /// <summary>The graph.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tensors">Its parameters and running statistics, as its files hold them.</param>
    public static ProtobufMessage Graph(NetworkState network, IEnumerable<FloatTensor> tensors) => new OnnxNetwork(network, tensors).Graph();

    private ProtobufMessage Graph()
    {
        string values = OnnxFormat.Input;
        if (_layout.Standardize)
        {
            values = WithVector("Sub", "standardize", values, "mean", _network.InputMeans);
            values = WithVector("Mul", "standardize", values, "scale", _network.InputScales);
        }

        if (!_layout.Embeddings.IsEmpty)
        {
            values = Embedded(values);
        }

        if (_layout.Ensemble is not null)
        {
            int[] shape = [_layout.Members, 1, _layout.ExpandedSize];
            string scales = _graph.Constant(EnsembleLayout.ScalesName, shape, _tensors[$"{EnsembleLayout.ScalesName}.weight"]);
            values = _graph.Add("members", "Mul", [values, scales]);
        }

        foreach (DenseLayout layer in _layout.Layers[.._layout.DeclaredLayers])
        {
            values = Layer(layer, values);
        }

        if (_layout.Ensemble is not null)
        {
            values = _graph.Add("members", "ReduceMean", [values], new OnnxAttribute("axes", [0]), new OnnxAttribute("keepdims", 0));
        }

        if (_layout.StandardizeTargets)
        {
            values = WithVector("Mul", "targets", values, "scale", _network.Standardization.TargetScales);
            WithVector("Add", "targets", values, "mean", _network.Standardization.TargetMeans);
        }

        return _graph.ToMessage(_layout.InputSize, _layout.OutputSize);
    }

    /// <summary>Puts rows of tables in the place of their numbers.</summary>
    private string Embedded(string input)
    {
        List<string> parts = [];
        int taken = 0;
        foreach (EmbeddingLayout table in _layout.Embeddings)
        {
            AddColumns(table.Slot);
            parts.Add(RowsOf(table, input));
            taken = table.Slot + 1;
        }

        AddColumns(_layout.InputSize);
        return _graph.Add("inputs", "Concat", [.. parts], new OnnxAttribute("axis", 1));

        void AddColumns(int end)
        {
            if (taken < end)
            {
                string[] range = [_graph.Index(taken, isVector: true), _graph.Index(end, isVector: true)];
                parts.Add(_graph.Add("inputs", "Slice", [input, .. range, _graph.Index(1, isVector: true)]));
            }
        }
    }

    /// <summary>
    /// The rows of a table. A number that is no row's, negative or with a fraction, is taken for the one behind the last: Gather refuses it and larger ones.
    /// </summary>
    private string RowsOf(EmbeddingLayout table, string input)
    {
        string number = Node("Gather", [input, _graph.Index(table.Slot)], new OnnxAttribute("axis", 1));
        string row = Node("Cast", [number], new OnnxAttribute("to", OnnxFormat.DataType.Int64));
        string whole = Node("Abs", [Node("Cast", [row], new OnnxAttribute("to", OnnxFormat.DataType.Float))]);
        string known = Node("Where", [Node("Equal", [whole, number]), row, _graph.Index(table.Rows)]);
        string rows = _graph.Constant(table.Name, [table.Rows, table.Length], _tensors[$"{table.Name}.weight"]);
        return Node("Gather", [rows, known], new OnnxAttribute("axis", 0));

        string Node(string operation, string[] inputs, params OnnxAttribute[] attributes) => _graph.Add(table.Name, operation, inputs, attributes);
    }

    private string Layer(DenseLayout layer, string inputs)
    {
        string sums = _graph.Add(layer.Name, "MatMul", [inputs, Weights(layer)]);
        if (layer.HasBias)
        {
            sums = WithVector("Add", layer, sums, "bias", Parameters(layer, "bias"));
        }

        if (layer.IsNormalized)
        {
            sums = layer.Normalization == Normalization.Batch ? NormalizedByBatch(layer, sums) : Normalized(layer, sums);
        }

        string? slope = layer.HasSlope ? Vector(layer, "prelu.weight", Parameters(layer, "prelu.weight")) : null;
        string outputs = OnnxActivations.Add(_graph, layer, sums, slope);
        return layer.IsResidual ? _graph.Add(layer.Name, "Add", [outputs, inputs]) : outputs;
    }

    /// <summary>By running statistics: <c>(z − mean)·(gain / √(variance + ε)) + shift</c>.</summary>
    private string NormalizedByBatch(DenseLayout layer, string sums)
    {
        float[] gains = Parameters(layer, "norm.weight");
        float[] variances = Parameters(layer, "norm.running_var");
        float[] factors = [.. gains.Zip(variances, (gain, variance) => (float)(gain / Math.Sqrt((double)variance + layer.NormalizationEpsilon)))];
        string centred = WithVector("Sub", layer, sums, "norm.mean", Parameters(layer, "norm.running_mean"));
        return WithVector("Add", layer, WithVector("Mul", layer, centred, "norm.factor", factors), "norm.bias", Parameters(layer, "norm.bias"));
    }

    /// <summary>Each row by its own mean and variance, that of the differences from the mean.</summary>
    private string Normalized(DenseLayout layer, string sums)
    {
        string centred = Node("Sub", sums, Mean(sums));
        string variance = Node("Add", Mean(Node("Mul", centred, centred)), _graph.Scalar("epsilon", layer.NormalizationEpsilon));
        string normalized = Node("Div", centred, Node("Sqrt", variance));
        string scaled = WithVector("Mul", layer, normalized, "norm.weight", Parameters(layer, "norm.weight"));
        return WithVector("Add", layer, scaled, "norm.bias", Parameters(layer, "norm.bias"));

        string Node(string operation, params string[] inputs) => _graph.Add(layer.Name, operation, inputs);

        string Mean(string values) => _graph.Add(layer.Name, "ReduceMean", [values], new OnnxAttribute("axes", [-1]));
    }

    private string WithVector(string operation, string place, string values, string name, ReadOnlySpan<float> vector) =>
        _graph.Add(place, operation, [values, _graph.Constant($"{place}_{name}", [vector.Length], vector)]);

    private string WithVector(string operation, DenseLayout layer, string values, string part, float[] parameters) =>
        _graph.Add(layer.Name, operation, [values, Vector(layer, part, parameters)]);

    /// <summary>One value a unit, of an ensemble's last layers [members × 1 × units].</summary>
    private string Vector(DenseLayout layer, string part, float[] parameters) => _graph.Constant(
        $"{layer.Name}_{part.Replace('.', '_')}",
        layer.Member is null ? [parameters.Length] : [_layout.Members, 1, parameters.Length / _layout.Members],
        parameters);

    /// <summary>The weights [inputs × outputs], of an ensemble's last layers [members × inputs × outputs].</summary>
    private string Weights(DenseLayout layer)
    {
        float[] stored = Parameters(layer, "weight");
        float[] weights = new float[stored.Length];
        int size = layer.Inputs * layer.Outputs;
        for (int at = 0; at < weights.Length; at++)
        {
            (int input, int output) = Math.DivRem(at % size, layer.Outputs);
            weights[at] = stored[at - (at % size) + (output * layer.Inputs) + input];
        }

        int[] shape = [layer.Inputs, layer.Outputs];
        return _graph.Constant($"{layer.Name}_weight", layer.Member is null ? shape : [_layout.Members, .. shape], weights);
    }

    /// <summary>A tensor as files hold it; of an ensemble's last layers those of all members, one after the other.</summary>
    private float[] Parameters(DenseLayout declared, string part) =>
    [
        .. _layout.Layers.ToArray().Where(layer => layer.Name == declared.Name).SelectMany(layer => _tensors[$"{layer.Name}.{layer.TensorOf(part)}"]),
    ];
}
