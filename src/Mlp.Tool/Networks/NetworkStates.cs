using System.Globalization;
using System.Text.Json;

namespace Mlp.Tool;

/// <summary>What a network owns, without its class: made of an import, or read from a file.</summary>
internal static class NetworkStates
{
    /// <summary>The header of any file with names that make sense.</summary>
    private const int MaxHeaderLength = 16 << 20;

    /// <summary>An imported network with its parameters as floats.</summary>
    public static NetworkState Of(ImportedNetwork network)
    {
        NetworkState state = new(ArchitectureText.LayoutOf(network), seed: 0, drawsWeights: false)
        {
            InputNames = network.InputNames,
            ClassNames = network.ClassNames,
        };
        if (network is { InputMeans: double[] means, InputScales: double[] scales })
        {
            Copy(means, state.InputMeans);
            Copy(scales, state.InputScales);
            state.Standardization.IsLearned = true;
        }

        List<float> parameters = [];
        for (int number = 0; number < network.Layers.Count; number++)
        {
            ImportedLayer layer = network.Layers[number];
            double[] slope = layer.Activation == Activation.PRelu ? [layer.Alpha] : [];
            parameters.AddRange(layer.Weights.Concat(layer.Biases ?? []).Concat(layer.Gains).Concat(layer.Shifts).Concat(slope).Select(static value => (float)value));
            Copy(layer.RunningMeans, state.RunningMeans(number));
            Copy(layer.RunningVariances, state.RunningVariances(number));
        }

        state.LoadParameters(parameters.ToArray());
        return state;
    }

    /// <summary>Reads a network from a file of ours, or a model of others that it imports.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, of an unknown kind, or holds no network.</exception>
    public static NetworkState Open(string path)
    {
        if (!IsSafetensors(path))
        {
            return Of(OnnxImporter.Import(OnnxReader.Read(path), path));
        }

        using FileStream stream = File.OpenRead(path);
        IReadOnlyDictionary<string, string> values = Reader(stream, path).Metadata;
        NetworkMetadata metadata = new(values, path);
        if (!values.TryGetValue(NetworkMetadata.ArchitectureKey, out string? architecture))
        {
            throw new InvalidDataException($"{path} holds tensors and no network; 'mlpgen import' with --map makes one of them.");
        }

        NetworkLayout layout = ArchitectureText.Parse(architecture, Slots(values, path), path);

        // What an encoder makes of records stands in its class; the network itself takes rows of numbers.
        bool isOverRecords = values.ContainsKey(NetworkMetadata.EncoderKey);
        NetworkState network = isOverRecords
            ? NetworkFile.Load(layout, path, new LoadOptions { WithoutStatistics = true }, out _)
            : NetworkFile.Load(layout, path);
        if (isOverRecords)
        {
            metadata.ReadStatistics(network, takesInputs: true, takesTargets: true);
        }

        bool isFitted = network.Standardization.IsLearned && values.GetValueOrDefault(NetworkMetadata.EncoderKey) != NetworkMetadata.NoStatistics;
        return isFitted ? network : throw new InvalidDataException(
            $"{path}: the network has not learned its statistics yet, so it cannot predict; save it after its first training.");
    }

    /// <summary>Whether a file is in the safetensors format, whose header is an object behind eight bytes.</summary>
    public static bool IsSafetensors(string path)
    {
        using FileStream stream = File.OpenRead(path);
        byte[] start = new byte[sizeof(ulong) + 1];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start[^1] == '{';
    }

    /// <summary>The header of a safetensors file, before its tensors.</summary>
    /// <param name="stream">The file, from its beginning.</param>
    /// <param name="path">What messages call it.</param>
    public static SafetensorsReader Reader(Stream stream, string path) => new(stream, path, MaxHeaderLength);

    /// <summary>The inputs that are numbers of a table's row, by what the encoder declares.</summary>
    /// <param name="metadata">The file's metadata; there are no such inputs without an encoder.</param>
    /// <param name="path">What messages call the file.</param>
    public static List<int> Slots(IReadOnlyDictionary<string, string> metadata, string path)
    {
        List<int> slots = [];
        if (!metadata.TryGetValue(NetworkMetadata.EncoderKey, out string? encoder) || encoder == NetworkMetadata.NoStatistics)
        {
            return slots;
        }

        try
        {
            using JsonDocument columns = JsonDocument.Parse(encoder);
            int slot = 0;
            foreach (JsonElement declared in columns.RootElement.EnumerateArray().Select(static column => column.GetProperty("declared")))
            {
                if (declared.GetProperty("Role").GetString() == "Input")
                {
                    if (declared.TryGetProperty("Embedding", out JsonElement length) && length.GetString() != "0")
                    {
                        slots.Add(slot);
                    }

                    slot += int.Parse(declared.GetProperty("Inputs").GetString()!, CultureInfo.InvariantCulture);
                }
            }

            return slots;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"{path}: the metadata's 'encoder' is unknown; if the file is not damaged, it is of a newer version.", error);
        }
    }

    private static void Copy(double[] values, Span<float> destination)
    {
        for (int at = 0; at < values.Length; at++)
        {
            destination[at] = (float)values[at];
        }
    }
}
