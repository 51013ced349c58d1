namespace Mlp.Build;

/// <summary>A tensor as a safetensors header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type: <c>F32</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Begin">Its first byte, counted from the header's end.</param>
/// <param name="End">The byte behind its last.</param>
internal sealed record TensorHeader(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>The header of a safetensors file.</summary>
/// <param name="Metadata">The metadata; empty where there are none.</param>
/// <param name="Tensors">The tensors.</param>
internal sealed record WeightsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<TensorHeader> Tensors)
{
    private const string MetadataName = "__metadata__";

    /// <summary>Whether the file says that it is of this project: of format 2, or of 1.</summary>
    public bool IsOwn => IsSecondFormat || (Metadata.TryGetValue("format", out string format) && format == "mlpgen");

    /// <summary>Whether the file is of format 2, which has a digest.</summary>
    public bool IsSecondFormat => Metadata.TryGetValue("format", out string format) && format == "2";

    /// <summary>Parses a header.</summary>
    /// <exception cref="FormatException">It is none; the message goes on after the file's name and a colon.</exception>
    public static WeightsHeader Parse(string json)
    {
        Dictionary<string, string> metadata = [];
        List<TensorHeader> tensors = [];
        foreach (KeyValuePair<string, JsonValue> member in JsonValue.Parse(json).Members ?? throw new FormatException("the header is not an object"))
        {
            if (member.Key != MetadataName)
            {
                tensors.Add(ParseTensor(member.Key, member.Value));
                continue;
            }

            foreach (KeyValuePair<string, JsonValue> entry in member.Value.Members ?? throw new FormatException("the metadata are not an object"))
            {
                metadata.Add(entry.Key, entry.Value.Text ?? throw new FormatException($"'{entry.Key}' of the metadata is not a text"));
            }
        }

        return new(metadata, tensors);
    }

    private static TensorHeader ParseTensor(string name, JsonValue value)
    {
        long[] shape = Sizes("shape");
        long[] offsets = Sizes("data_offsets");
        if (offsets.Length != 2 || offsets[0] > offsets[1])
        {
            throw new FormatException($"'data_offsets' of tensor '{name}' is not a first byte and an end");
        }

        return new(name, value.Find("dtype")?.Text ?? throw new FormatException($"tensor '{name}' has no 'dtype'"), shape, offsets[0], offsets[1]);

        long[] Sizes(string key) =>
        [
            .. (value.Find(key)?.Items ?? throw new FormatException($"tensor '{name}' has no list '{key}'"))
                .Select(item => item.Size ?? throw new FormatException($"'{key}' of tensor '{name}' holds something that is not a whole number of at least 0")),
        ];
    }
}
