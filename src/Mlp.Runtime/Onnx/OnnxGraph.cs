using System.Buffers.Binary;

namespace Mlp;

/// <summary>A graph of ONNX operators as it grows: nodes in the order in which they compute, and constants. Values are known by their names.</summary>
internal sealed class OnnxGraph
{
    private readonly List<(string Operator, string[] Inputs, string Name, OnnxAttribute[] Attributes)> _nodes = [];
    private readonly ProtobufMessage _constants = new();
    private readonly HashSet<string> _names = [OnnxFormat.Input, OnnxFormat.Output];
    private readonly Dictionary<(string, int), string> _scalars = [];

    /// <summary>Adds a node.</summary>
    /// <param name="place">The layer that it belongs to, or another part of the network: its name begins with it.</param>
    /// <param name="operation">Name of the operator.</param>
    /// <param name="inputs">The values that it takes.</param>
    /// <param name="attributes">What its attributes are, where they are not the operator's defaults.</param>
    /// <returns>The value that it makes.</returns>
    public string Add(string place, string operation, string[] inputs, params OnnxAttribute[] attributes)
    {
        string name = Unique($"{place}_{operation}");
        _nodes.Add((operation, inputs, name, attributes));
        return name;
    }

    /// <summary>Adds a tensor of numbers.</summary>
    /// <param name="name">Its name, if it is free.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements in row-major order.</param>
    public string Constant(string name, int[] shape, ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return Constant(name, shape, OnnxFormat.DataType.Float, bytes);
    }

    /// <summary>Adds a number, once for all nodes that take it.</summary>
    /// <param name="name">Its name, if it is free.</param>
    /// <param name="value">The number.</param>
    public string Scalar(string name, float value) => Shared(name, BitConverter.SingleToInt32Bits(value), () => Constant(name, [], [value]));

    /// <summary>Adds an index, once for all nodes that take it.</summary>
    /// <param name="index">The index.</param>
    /// <param name="isVector">Whether it is a vector of one element, as some operators want it.</param>
    public string Index(int index, bool isVector = false)
    {
        string name = isVector ? "at" : "index";
        return Shared(name, index, () =>
        {
            byte[] bytes = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, index);
            return Constant(FormattableString.Invariant($"{name}_{index}"), isVector ? [1] : [], OnnxFormat.DataType.Int64, bytes);
        });
    }

    /// <summary>The graph as a GraphProto; the last node makes its output.</summary>
    /// <param name="inputs">Number of columns of the input.</param>
    /// <param name="outputs">Number of columns of the output.</param>
    public ProtobufMessage ToMessage(int inputs, int outputs)
    {
        ProtobufMessage graph = new();
        for (int i = 0; i < _nodes.Count; i++)
        {
            graph.Add(OnnxFormat.Graph.Node, NodeMessage(_nodes[i], i == _nodes.Count - 1));
        }

        return graph
            .Add(OnnxFormat.Graph.Name, "network")
            .Append(_constants)
            .Add(OnnxFormat.Graph.Input, Rows(OnnxFormat.Input, inputs))
            .Add(OnnxFormat.Graph.Output, Rows(OnnxFormat.Output, outputs));
    }

    private static ProtobufMessage NodeMessage((string Operator, string[] Inputs, string Name, OnnxAttribute[] Attributes) node, bool isLast)
    {
        ProtobufMessage message = new();
        foreach (string input in node.Inputs)
        {
            message.Add(OnnxFormat.Node.Input, input);
        }

        message.Add(OnnxFormat.Node.Output, isLast ? OnnxFormat.Output : node.Name).Add(OnnxFormat.Node.Name, node.Name).Add(OnnxFormat.Node.OpType, node.Operator);
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            message.Add(OnnxFormat.Node.Attribute, attribute.Message);
        }

        return message;
    }

    /// <summary>Name and type of a tensor of floats with any number of rows.</summary>
    private static ProtobufMessage Rows(string name, int columns)
    {
        ProtobufMessage shape = new ProtobufMessage()
            .Add(OnnxFormat.Shape.Dimension, new ProtobufMessage().Add(OnnxFormat.Shape.Parameter, OnnxFormat.Batch))
            .Add(OnnxFormat.Shape.Dimension, new ProtobufMessage().Add(OnnxFormat.Shape.Value, columns));
        ProtobufMessage tensor = new ProtobufMessage().Add(OnnxFormat.Type.ElementType, OnnxFormat.DataType.Float).Add(OnnxFormat.Type.Shape, shape);
        return new ProtobufMessage()
            .Add(OnnxFormat.ValueInfo.Name, name)
            .Add(OnnxFormat.ValueInfo.Type, new ProtobufMessage().Add(OnnxFormat.Type.Tensor, tensor));
    }

    private string Constant(string name, int[] shape, int type, byte[] bytes)
    {
        ProtobufMessage tensor = new();
        foreach (int size in shape)
        {
            tensor.Add(OnnxFormat.Tensor.Dims, size);
        }

        string unique = Unique(name);
        tensor.Add(OnnxFormat.Tensor.DataType, type).Add(OnnxFormat.Tensor.Name, unique).Add(OnnxFormat.Tensor.RawData, bytes);
        _constants.Add(OnnxFormat.Graph.Initializer, tensor);
        return unique;
    }

    private string Shared(string name, int bits, Func<string> add)
    {
        if (!_scalars.TryGetValue((name, bits), out string? constant))
        {
            constant = add();
            _scalars.Add((name, bits), constant);
        }

        return constant;
    }

    /// <summary>The name itself, or with a number behind it where it is taken.</summary>
    private string Unique(string name)
    {
        string unique = name;
        for (int number = 2; !_names.Add(unique); number++)
        {
            unique = FormattableString.Invariant($"{name}_{number}");
        }

        return unique;
    }
}
