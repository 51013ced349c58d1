using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Generator.Tests.Infrastructure;

/// <summary>An ONNX file, read by another protobuf library and by field numbers of its own.</summary>
internal sealed class OnnxModel
{
    private OnnxModel(ILookup<int, object> model)
    {
        IrVersion = (long)(ulong)model[1].Single();
        Sets = [.. model[8].Select(static set => Fields(set)).Select(static set => (Text(set[1].Single()), (long)(ulong)set[2].Single()))];
        Metadata = model[14].Select(static entry => Fields(entry)).ToDictionary(static entry => Text(entry[1].Single()), static entry => Text(entry[2].Single()));
        ILookup<int, object> graph = Fields(model[7].Single());
        GraphName = Text(graph[2].Single());
        Nodes = [.. graph[1].Select(static node => new OnnxNode(Fields(node)))];
        Constants = [.. graph[5].Select(static tensor => new OnnxTensor(Fields(tensor)))];
        Inputs = [.. graph[11].Select(static value => new OnnxValue(Fields(value)))];
        Outputs = [.. graph[12].Select(static value => new OnnxValue(Fields(value)))];
        KnowsAll = model.All(static field => field.Key is 1 or 2 or 6 or 7 or 8 or 14) && graph.All(static field => field.Key is 1 or 2 or 5 or 11 or 12);
    }

    public long IrVersion { get; }

    public IReadOnlyList<(string Domain, long Version)> Sets { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public string GraphName { get; }

    public IReadOnlyList<OnnxNode> Nodes { get; }

    public IReadOnlyList<OnnxTensor> Constants { get; }

    public IReadOnlyList<OnnxValue> Inputs { get; }

    public IReadOnlyList<OnnxValue> Outputs { get; }

    /// <summary>Whether model and graph have only the fields that are read here.</summary>
    public bool KnowsAll { get; }

    public static OnnxModel Read(byte[] file) => new(Fields(ByteString.CopyFrom(file)));

    /// <summary>A message's fields by number: integers, floats and bytes.</summary>
    internal static ILookup<int, object> Fields(object message)
    {
        CodedInputStream stream = ((ByteString)message).CreateCodedInput();
        List<(int Number, object Value)> fields = [];
        while (stream.ReadTag() is uint tag and not 0)
        {
            fields.Add(((int)(tag >> 3), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => stream.ReadUInt64(),
                WireFormat.WireType.Fixed32 => stream.ReadFloat(),
                WireFormat.WireType.LengthDelimited => (object)stream.ReadBytes(),
                _ => throw new InvalidDataException($"Tag {tag}."),
            }));
        }

        return fields.ToLookup(static field => field.Number, static field => field.Value);
    }

    internal static string Text(object bytes) => ((ByteString)bytes).ToStringUtf8();
}

/// <summary>A node.</summary>
internal sealed class OnnxNode(ILookup<int, object> node)
{
    public IReadOnlyList<string> Inputs { get; } = [.. node[1].Select(OnnxModel.Text)];

    public IReadOnlyList<string> Outputs { get; } = [.. node[2].Select(OnnxModel.Text)];

    public string Name { get; } = OnnxModel.Text(node[3].Single());

    public string Operator { get; } = OnnxModel.Text(node[4].Single());

    public string Domain { get; } = OnnxModel.Text(node[7].SingleOrDefault(ByteString.Empty));

    /// <summary>Floats, integers and lists of integers by name; each has the type that it says.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; } = node[5].Select(static attribute => OnnxModel.Fields(attribute)).ToDictionary(
        static attribute => OnnxModel.Text(attribute[1].Single()),
        static attribute => (ulong)attribute[20].Single() switch
        {
            1 => (object)(float)attribute[2].Single(),
            2 => (long)(ulong)attribute[3].Single(),
            7 => attribute[8].Select(static value => (long)(ulong)value).ToArray(),
            ulong type => throw new InvalidDataException($"Attribute of type {type}."),
        });

    public override string ToString() => $"{Operator} '{Name}'";
}

/// <summary>A constant tensor.</summary>
internal sealed class OnnxTensor(ILookup<int, object> tensor)
{
    public const ulong Float = 1;
    public const ulong Int64 = 7;

    public string Name { get; } = OnnxModel.Text(tensor[8].Single());

    public int[] Shape { get; } = [.. tensor[1].Select(static size => (int)(ulong)size)];

    public ulong Type { get; } = (ulong)tensor[2].Single();

    public ReadOnlyMemory<byte> Bytes { get; } = ((ByteString)tensor[9].Single()).Memory;

    public float[] Floats => MemoryMarshal.Cast<byte, float>(Bytes.Span).ToArray();

    public long[] Integers => MemoryMarshal.Cast<byte, long>(Bytes.Span).ToArray();
}

/// <summary>An input or output of a graph: a tensor of rows.</summary>
internal sealed class OnnxValue
{
    public OnnxValue(ILookup<int, object> value)
    {
        Name = OnnxModel.Text(value[1].Single());
        ILookup<int, object> tensor = OnnxModel.Fields(OnnxModel.Fields(value[2].Single())[1].Single());
        Type = (ulong)tensor[1].Single();
        ILookup<int, object>[] shape = [.. OnnxModel.Fields(tensor[2].Single())[1].Select(OnnxModel.Fields)];
        Rows = OnnxModel.Text(shape[0][2].Single());
        Columns = (int)(ulong)shape[1][1].Single();
        Dimensions = shape.Length;
    }

    public string Name { get; }

    public ulong Type { get; }

    public int Dimensions { get; }

    /// <summary>What the number of rows is called.</summary>
    public string Rows { get; }

    public int Columns { get; }
}
