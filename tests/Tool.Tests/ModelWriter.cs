using System.Text;

namespace Tool.Tests;

/// <summary>Writes ONNX models node by node, as other programs might.</summary>
internal sealed class ModelWriter
{
    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _constants = [];
    private readonly List<byte[]> _values = [];
    private readonly List<byte[]> _metadata = [];
    private readonly Random _random = new(7);
    private int _count;

    /// <summary>Version of the operators.</summary>
    public int OperatorSet { get; init; } = 17;

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">Its operator, with its domain before a colon where it has one.</param>
    /// <param name="inputs">Its inputs, separated by blanks; <c>_</c> for one that is left out.</param>
    /// <param name="attributes">Names and values: double, long, long[], double[], string or string[].</param>
    /// <returns>The output's name.</returns>
    public string Node(string operation, string inputs, params (string Name, object Value)[] attributes)
    {
        string[] parts = operation.Split(':');
        string output = $"v{++_count}";
        _nodes.Add(
        [
            .. inputs.Split(' ').SelectMany(static input => Bytes(1, input == "_" ? "" : input)),
            .. Bytes(2, output),
            .. Bytes(3, $"node{_count}"),
            .. Bytes(4, parts[^1]),
            .. attributes.SelectMany(static attribute => Bytes(5, Attribute(attribute.Name, attribute.Value))),
            .. parts.Length > 1 ? Bytes(7, parts[0]) : [],
        ]);
        return output;
    }

    /// <summary>Adds a tensor of floats as raw bytes.</summary>
    public string Constant(int[] shape, params double[] values) =>
        Tensor(shape, 1, [.. Bytes(9, [.. values.SelectMany(static value => BitConverter.GetBytes((float)value))])]);

    /// <summary>Adds a tensor of random floats.</summary>
    public string Random(params int[] shape) =>
        Constant(shape, [.. Enumerable.Range(0, shape.Aggregate(1, static (product, size) => product * size)).Select(_ => (_random.NextDouble() * 2) - 1)]);

    /// <summary>Adds a tensor of random numbers in an interval.</summary>
    public string RandomIn(double least, double most, params int[] shape) =>
        Constant(shape, [.. Enumerable.Range(0, shape.Aggregate(1, static (product, size) => product * size)).Select(_ => least + ((most - least) * _random.NextDouble()))]);

    /// <summary>Adds a tensor of 64-bit integers.</summary>
    public string Integers(params long[] values) => Tensor([values.Length], 7, [.. values.SelectMany(static value => Varint(7, value))]);

    /// <summary>Adds a tensor of any type, with the fields that hold its elements.</summary>
    public string Tensor(int[] shape, int type, byte[] elements)
    {
        string name = $"c{++_count}";
        _constants.Add([.. shape.SelectMany(static size => Varint(1, size)), .. Varint(2, type), .. Bytes(8, name), .. elements]);
        return name;
    }

    /// <summary>Adds an output beside the first.</summary>
    public ModelWriter WithOutput(string name, int type)
    {
        _values.Add(Bytes(12, Value(name, type, [])));
        return this;
    }

    /// <summary>Adds a text to the metadata.</summary>
    public ModelWriter WithMetadata(string key, string value)
    {
        _metadata.Add(Bytes(14, [.. Bytes(1, key), .. Bytes(2, value)]));
        return this;
    }

    /// <summary>The file of a model whose input is <c>x</c>.</summary>
    /// <param name="inputs">Numbers of a row, or all dimensions behind the first.</param>
    /// <param name="output">The output; empty for none but those added.</param>
    /// <param name="outputs">Numbers of a row of it.</param>
    public byte[] Model(int[] inputs, string output, int outputs)
    {
        byte[] graph =
        [
            .. _nodes.SelectMany(static node => Bytes(1, node)),
            .. Bytes(2, "graph"),
            .. _constants.SelectMany(static tensor => Bytes(5, tensor)),
            .. Bytes(11, Value("x", 1, inputs)),
            .. output.Length > 0 ? Bytes(12, Value(output, 1, outputs > 0 ? [outputs] : [])) : [],
            .. _values.SelectMany(static value => value),
        ];
        return
        [
            .. Varint(1, 8),
            .. Bytes(2, "test"),
            .. Bytes(7, graph),
            .. Bytes(8, [.. Bytes(1, ""), .. Varint(2, OperatorSet)]),
            .. Bytes(8, [.. Bytes(1, "ai.onnx.ml"), .. Varint(2, 1)]),
            .. _metadata.SelectMany(static entry => entry),
        ];
    }

    /// <summary>A field that is a text.</summary>
    public static byte[] Bytes(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A field of bytes, or a message.</summary>
    public static byte[] Bytes(int field, byte[] value) => [.. Number((field << 3) | 2), .. Number(value.Length), .. value];

    /// <summary>A field that is an integer.</summary>
    public static byte[] Varint(int field, long value) => [.. Number(field << 3), .. Number(value)];

    /// <summary>A field that is a float.</summary>
    public static byte[] Float(int field, double value) => [.. Number((field << 3) | 5), .. BitConverter.GetBytes((float)value)];

    private static byte[] Value(string name, int type, int[] shape) =>
    [
        .. Bytes(1, name),
        .. Bytes(2, Bytes(1, [
            .. Varint(1, type),
            .. shape.Length == 0 ? [] : Bytes(2, [.. Bytes(1, Bytes(2, "batch")), .. shape.SelectMany(static size => Bytes(1, Varint(1, size)))])])),
    ];

    private static byte[] Attribute(string name, object value) =>
    [
        .. Bytes(1, name),
        .. value switch
        {
            double number => (byte[])[.. Float(2, number), .. Varint(20, 1)],
            long number => [.. Varint(3, number), .. Varint(20, 2)],
            string text => [.. Bytes(4, text), .. Varint(20, 3)],
            byte[] tensor => [.. Bytes(5, tensor), .. Varint(20, 4)],
            double[] numbers => [.. numbers.SelectMany(static number => Float(7, number)), .. Varint(20, 6)],
            long[] numbers => [.. numbers.SelectMany(static number => Varint(8, number)), .. Varint(20, 7)],
            string[] texts => [.. texts.SelectMany(static text => Bytes(9, text)), .. Varint(20, 8)],
            _ => throw new ArgumentException($"An attribute cannot be {value}.", nameof(value)),
        },
    ];

    private static IEnumerable<byte> Number(long value)
    {
        ulong rest = (ulong)value;
        for (; rest > 0x7F; rest >>= 7)
        {
            yield return (byte)(rest | 0x80);
        }

        yield return (byte)rest;
    }
}
