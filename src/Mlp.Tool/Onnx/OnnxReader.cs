using System.Buffers.Binary;

namespace Mlp.Tool;

/// <summary>Reads ONNX files. Fields that a chain of dense layers has no use for are passed over.</summary>
internal static class OnnxReader
{
    private const int ExternalData = 1;

    // Fields that our own files do not have.
    private const int ProducerVersion = 3;
    private const int Strings = 9;

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no ONNX file, or damaged; the message begins with its path.</exception>
    public static OnnxModel Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            return Model(bytes);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}.", error);
        }
    }

    private static OnnxModel Model(ReadOnlySpan<byte> bytes)
    {
        string producer = "", version = "";
        long irVersion = 0;
        Dictionary<string, long> sets = [];
        Dictionary<string, string> metadata = [];
        List<OnnxNode> nodes = [];
        Dictionary<string, OnnxTensor> constants = [];
        List<OnnxValue> inputs = [], outputs = [];
        bool hasGraph = false;
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            switch (reader.Field)
            {
                case OnnxFormat.Model.IrVersion:
                    irVersion = reader.Integer;
                    break;
                case OnnxFormat.Model.ProducerName:
                    producer = reader.Text;
                    break;
                case ProducerVersion:
                    version = reader.Text;
                    break;
                case OnnxFormat.Model.Graph:
                    hasGraph = true;
                    ReadGraph(reader.Bytes, nodes, constants, inputs, outputs);
                    break;
                case OnnxFormat.Model.OpsetImport:
                    (string domain, long number) = OperatorSet(reader.Bytes);
                    sets[domain] = number;
                    break;
                case OnnxFormat.Model.MetadataProps:
                    (string key, string value) = Entry(reader.Bytes);
                    metadata[key] = value;
                    break;
                default:
                    break;
            }
        }

        if (!hasGraph || sets.Count == 0)
        {
            throw new InvalidDataException($"the file has no {(hasGraph ? "operator set" : "graph")}: it is no ONNX model");
        }

        inputs.RemoveAll(input => constants.ContainsKey(input.Name));
        return new OnnxModel($"{producer} {version}".Trim(), irVersion, sets, metadata, nodes, constants, inputs, outputs);
    }

    private static (string Domain, long Version) OperatorSet(ReadOnlySpan<byte> bytes)
    {
        (string domain, long version) = ("", 0L);
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            domain = reader.Field == OnnxFormat.OperatorSet.Domain ? Domain(reader.Text) : domain;
            version = reader.Field == OnnxFormat.OperatorSet.Version ? reader.Integer : version;
        }

        return (domain, version);
    }

    /// <summary>The default domain has two names.</summary>
    private static string Domain(string text) => text == "ai.onnx" ? "" : text;

    private static (string Key, string Value) Entry(ReadOnlySpan<byte> bytes)
    {
        (string key, string value) = ("", "");
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            key = reader.Field == OnnxFormat.Entry.Key ? reader.Text : key;
            value = reader.Field == OnnxFormat.Entry.Value ? reader.Text : value;
        }

        return (key, value);
    }

    private static void ReadGraph(
        ReadOnlySpan<byte> bytes, List<OnnxNode> nodes, Dictionary<string, OnnxTensor> constants, List<OnnxValue> inputs, List<OnnxValue> outputs)
    {
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            switch (reader.Field)
            {
                case OnnxFormat.Graph.Node:
                    nodes.Add(Node(reader.Bytes, nodes.Count));
                    break;
                case OnnxFormat.Graph.Initializer:
                    (string name, OnnxTensor tensor) = Tensor(reader.Bytes);
                    constants[name] = tensor;
                    break;
                case OnnxFormat.Graph.Input:
                    inputs.Add(Value(reader.Bytes));
                    break;
                case OnnxFormat.Graph.Output:
                    outputs.Add(Value(reader.Bytes));
                    break;
                default:
                    break;
            }
        }
    }

    private static OnnxNode Node(ReadOnlySpan<byte> bytes, int index)
    {
        string name = "", domain = "", operation = "";
        List<string> inputs = [], outputs = [];
        Dictionary<string, OnnxAttributeValue> attributes = [];
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            switch (reader.Field)
            {
                case OnnxFormat.Node.Input:
                    inputs.Add(reader.Text);
                    break;
                case OnnxFormat.Node.Output:
                    outputs.Add(reader.Text);
                    break;
                case OnnxFormat.Node.Name:
                    name = reader.Text;
                    break;
                case OnnxFormat.Node.OpType:
                    operation = reader.Text;
                    break;
                case OnnxFormat.Node.Attribute:
                    (string key, OnnxAttributeValue value) = Attribute(reader.Bytes);
                    attributes[key] = value;
                    break;
                case OnnxFormat.Node.Domain:
                    domain = Domain(reader.Text);
                    break;
                default:
                    break;
            }
        }

        return new OnnxNode(index, name, domain, operation, inputs, outputs, attributes);
    }

    private static (string Name, OnnxAttributeValue Value) Attribute(ReadOnlySpan<byte> bytes)
    {
        string name = "";
        List<double> numbers = [];
        List<string> texts = [];
        OnnxTensor? tensor = null;
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            switch (reader.Field)
            {
                case OnnxFormat.Attribute.Name:
                    name = reader.Text;
                    break;
                case OnnxFormat.Attribute.Float:
                    numbers.Add(reader.Float);
                    break;
                case OnnxFormat.Attribute.Int:
                    numbers.Add(reader.Integer);
                    break;
                case OnnxFormat.Attribute.Floats:
                    reader.AddNumbersTo<float>(numbers);
                    break;
                case OnnxFormat.Attribute.Ints:
                    reader.AddIntegersTo(numbers);
                    break;
                case OnnxFormat.Attribute.String or Strings:
                    texts.Add(reader.Text);
                    break;
                case OnnxFormat.Attribute.Tensor:
                    tensor = Tensor(reader.Bytes).Tensor;
                    break;
                default:
                    break;
            }
        }

        return (name, new OnnxAttributeValue(numbers, texts, tensor));
    }

    private static (string Name, OnnxTensor Tensor) Tensor(ReadOnlySpan<byte> bytes)
    {
        string name = "";
        int type = 0;
        bool isExternal = false;
        ReadOnlySpan<byte> raw = [];
        List<double> shape = [], values = [];
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            switch (reader.Field)
            {
                case OnnxFormat.Tensor.Dims:
                    reader.AddIntegersTo(shape);
                    break;
                case OnnxFormat.Tensor.DataType:
                    type = (int)reader.Integer;
                    break;
                case OnnxFormat.Tensor.FloatData:
                    reader.AddNumbersTo<float>(values);
                    break;
                case OnnxFormat.Tensor.DoubleData:
                    reader.AddNumbersTo<double>(values);
                    break;
                case OnnxFormat.Tensor.Int32Data or OnnxFormat.Tensor.Int64Data:
                    reader.AddIntegersTo(values);
                    break;
                case OnnxFormat.Tensor.Name:
                    name = reader.Text;
                    break;
                case OnnxFormat.Tensor.RawData:
                    raw = reader.Bytes;
                    break;
                case OnnxFormat.Tensor.DataLocation:
                    isExternal = reader.Integer == ExternalData;
                    break;
                default:
                    break;
            }
        }

        return (name, Checked(name, shape, type, isExternal, raw, values));
    }

    /// <summary>The tensor, with its elements where they can be read. What nobody needs may be of any type.</summary>
    private static OnnxTensor Checked(string name, List<double> sizes, int type, bool isExternal, ReadOnlySpan<byte> raw, List<double> values)
    {
        string tensor = $"tensor '{QuotedText.Of(name)}'";
        int[] shape = [.. sizes.Select(static size => (int)Math.Clamp(size, -1, int.MaxValue))];
        double count = 1;
        foreach (int size in shape)
        {
            count *= size;
        }

        if (isExternal)
        {
            return new OnnxTensor(shape, type, null, $"{tensor} lies in another file, which is not read: save the model with its weights in the one file");
        }

        int elementSize = type switch
        {
            OnnxFormat.DataType.Float or OnnxFormat.DataType.Int32 => 4,
            OnnxFormat.DataType.Double or OnnxFormat.DataType.Int64 => 8,
            OnnxFormat.DataType.Bool => 1,
            _ => 0,
        };
        if (elementSize == 0)
        {
            return new OnnxTensor(
                shape, type, null, $"{tensor} is of type {OnnxTensor.TypeName(type)}; float and double can be read: convert the model's weights to float");
        }

        for (int at = 0; at + elementSize <= raw.Length; at += elementSize)
        {
            ReadOnlySpan<byte> element = raw[at..];
            values.Add(type switch
            {
                OnnxFormat.DataType.Float => BinaryPrimitives.ReadSingleLittleEndian(element),
                OnnxFormat.DataType.Double => BinaryPrimitives.ReadDoubleLittleEndian(element),
                OnnxFormat.DataType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(element),
                OnnxFormat.DataType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(element),
                _ => element[0],
            });
        }

        return values.Count == count && raw.Length % elementSize == 0
            ? new OnnxTensor(shape, type, [.. values])
            : new OnnxTensor(shape, type, null, $"{tensor} has {values.Count} elements, and its shape is [{string.Join(", ", shape)}]: the file is damaged");
    }

    private static OnnxValue Value(ReadOnlySpan<byte> bytes)
    {
        OnnxValue value = new("", 0, null);
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            if (reader.Field == OnnxFormat.ValueInfo.Name)
            {
                value = value with { Name = reader.Text };
            }
            else if (reader.Field == OnnxFormat.ValueInfo.Type)
            {
                for (ProtobufReader type = new(reader.Bytes); type.Read();)
                {
                    value = type.Field == OnnxFormat.Type.Tensor ? OfTensor(value, type.Bytes) : value;
                }
            }
        }

        return value;
    }

    private static OnnxValue OfTensor(OnnxValue value, ReadOnlySpan<byte> bytes)
    {
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            if (reader.Field == OnnxFormat.Type.ElementType)
            {
                value = value with { ElementType = (int)reader.Integer };
            }
            else if (reader.Field == OnnxFormat.Type.Shape)
            {
                List<string> shape = [];
                for (ProtobufReader dimensions = new(reader.Bytes); dimensions.Read();)
                {
                    shape.Add(Dimension(dimensions.Bytes));
                }

                value = value with { Shape = shape };
            }
        }

        return value;
    }

    private static string Dimension(ReadOnlySpan<byte> bytes)
    {
        for (ProtobufReader reader = new(bytes); reader.Read();)
        {
            if (reader.Field == OnnxFormat.Shape.Value)
            {
                return reader.Integer > 0 ? FormattableString.Invariant($"{reader.Integer}") : "?";
            }

            if (reader.Field == OnnxFormat.Shape.Parameter)
            {
                return QuotedText.Of(reader.Text);
            }
        }

        return "?";
    }
}
