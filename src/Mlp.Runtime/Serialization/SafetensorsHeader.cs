using System.Text.Json;

namespace Mlp;

/// <summary>A tensor as a safetensors header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type: <c>F32</c>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Begin">Its first byte, counted from the header's end.</param>
/// <param name="End">The byte behind its last.</param>
internal sealed record TensorEntry(string Name, string Type, long[] Shape, long Begin, long End);

/// <summary>Parses a safetensors header. Every violation of the format is an <see cref="InvalidDataException"/>.</summary>
internal ref struct SafetensorsHeader
{
    /// <summary>More dimensions than any tensor of a network has; longer lists are errors.</summary>
    private const int MostDimensions = 8;

    private readonly string _source;
    private Utf8JsonReader _json;

    private SafetensorsHeader(ReadOnlySpan<byte> header, string source)
    {
        _source = source;
        _json = new Utf8JsonReader(header);
    }

    /// <summary>Parses a header.</summary>
    /// <param name="header">JSON in UTF-8, possibly with blanks around it.</param>
    /// <param name="source">What messages call the file.</param>
    public static (Dictionary<string, string> Metadata, List<TensorEntry> Tensors) Parse(ReadOnlySpan<byte> header, string source)
    {
        try
        {
            return new SafetensorsHeader(header, source).Parse();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Text that is not valid UTF-8 is an InvalidOperationException to the JSON reader.
            throw new InvalidDataException($"{source}: the header is not valid JSON. {QuotedText.Of(error.Message)}", error);
        }
    }

    private (Dictionary<string, string> Metadata, List<TensorEntry> Tensors) Parse()
    {
        Dictionary<string, string> metadata = [];
        List<TensorEntry> tensors = [];
        HashSet<string> names = [];
        Enter(JsonTokenType.StartObject, "the header");
        while (NextKey(names, "the header") is string name)
        {
            if (name == SafetensorsReader.MetadataName)
            {
                ParseMetadata(metadata);
            }
            else
            {
                tensors.Add(ParseTensor(name));
            }
        }

        // Reads on to the end, where anything but blanks is an error.
        _json.Read();
        return (metadata, tensors);
    }

    private void ParseMetadata(Dictionary<string, string> metadata)
    {
        HashSet<string> keys = [];
        Enter(JsonTokenType.StartObject, SafetensorsReader.MetadataName);
        while (NextKey(keys, SafetensorsReader.MetadataName) is string key)
        {
            metadata.Add(key, Text($"'{QuotedText.Of(key)}' of the metadata"));
        }
    }

    private TensorEntry ParseTensor(string name)
    {
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        HashSet<string> keys = [];
        string tensor = $"tensor '{QuotedText.Of(name)}'";
        Enter(JsonTokenType.StartObject, tensor);
        while (NextKey(keys, tensor) is string key)
        {
            string what = $"'{QuotedText.Of(key)}' of {tensor}";
            switch (key)
            {
                case "dtype":
                    type = Text(what);
                    break;
                case "shape":
                    shape = Sizes(what);
                    break;
                case "data_offsets":
                    offsets = Sizes(what);
                    break;
                default:
                    throw Error($"{what} is not part of the format");
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            string lacking = type is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw Error($"{tensor} needs dtype, shape and data_offsets, and lacks {lacking}");
        }

        if (offsets is not [long begin, long end] || begin > end)
        {
            throw Error($"'data_offsets' of {tensor} is [{string.Join(", ", offsets)}], not a first byte and an end");
        }

        return new TensorEntry(name, type, shape, begin, end);
    }

    private void Enter(JsonTokenType start, string what)
    {
        if (!_json.Read() || _json.TokenType != start)
        {
            throw Error($"{what} is not {(start == JsonTokenType.StartObject ? "an object" : "a list")}");
        }
    }

    /// <summary>The next property's name, or null at the object's end.</summary>
    private string? NextKey(HashSet<string> seen, string what)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        string key = _json.GetString()!;
        return seen.Add(key) ? key : throw Error($"'{QuotedText.Of(key)}' appears twice in {what}");
    }

    private string Text(string what)
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.String ? _json.GetString()! : throw Error($"{what} is not a text");
    }

    private long[] Sizes(string what)
    {
        List<long> sizes = [];
        Enter(JsonTokenType.StartArray, what);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long size) || size < 0)
            {
                throw Error($"{what} holds something that is not a whole number of at least 0");
            }

            if (sizes.Count == MostDimensions)
            {
                throw Error($"{what} holds more than {MostDimensions} numbers");
            }

            sizes.Add(size);
        }

        return [.. sizes];
    }

    private readonly InvalidDataException Error(string problem) => new($"{_source}: {problem}.");
}
