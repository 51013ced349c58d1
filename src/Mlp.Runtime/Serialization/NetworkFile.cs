using System.ComponentModel;
using System.Globalization;

namespace Mlp.CompilerServices;

/// <summary>Networks in safetensors files. Generated classes' <c>Save</c> and <c>Load</c> call it.</summary>
/// <remarks>
/// A layer called Hidden is stored as F32 tensors of PyTorch's shapes: <c>Hidden.weight</c> [outputs × inputs] and <c>Hidden.bias</c>
/// [outputs]; with normalization its gains <c>Hidden.norm.weight</c> and shifts <c>Hidden.norm.bias</c>, with that of the batch also
/// <c>Hidden.norm.running_mean</c> and <c>Hidden.norm.running_var</c>, all [outputs]; with a learned slope <c>Hidden.prelu.weight</c> [1].
/// The metadata holds the architecture, the seed and, where the network standardises, the statistics of its inputs. Files that other
/// programs wrote load by names and shapes alone; inputs are then neither centred nor scaled, and PyTorch's
/// <c>Hidden.norm.num_batches_tracked</c> is passed over.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NetworkFile
{
    private const string FormatKey = "format";
    private const string Format = "mlpgen";
    private const string ArchitectureKey = "architecture";
    private const string SeedKey = "seed";
    private const string MeansKey = "input_means";
    private const string ScalesKey = "input_scales";
    private const string UnnamedSource = "The stream";

    /// <summary>
    /// Writes a network to a file. The file appears complete or not at all: it is written beside its place and then moved there.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="InvalidOperationException">A parameter or statistic is not finite, or a variance is negative; nothing was written.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    public static void Save(NetworkState network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckValues(network);

        // In the same folder, because a move between file systems is a copy and can stop half-way.
        string destination = Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(destination) ?? destination, $".mlpgen-{Path.GetRandomFileName()}.tmp");
        FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write);
        try
        {
            using (stream)
            {
                SafetensorsWriter.Write(stream, Metadata(network), Tensors(network));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, destination, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a network to a stream, from its present position on, and leaves it open.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">A stream that can be written; it need not be able to seek.</param>
    /// <exception cref="InvalidOperationException">A parameter or statistic is not finite, or a variance is negative; nothing was written.</exception>
    public static void Save(NetworkState network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        CheckValues(network);
        SafetensorsWriter.Write(stream, Metadata(network), Tensors(network));
    }

    /// <summary>Reads a network of a given architecture from a file.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="path">The file.</param>
    /// <returns>
    /// A new network with the file's parameters and, where <see cref="Save(NetworkState, string)"/> wrote it, its seed and input statistics.
    /// </returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, belongs to another architecture, or holds other tensors or shapes, a value that is not finite, a negative
    /// variance, or a type other than F32 and F64. The message names the path, the tensor, and what was found and expected.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static NetworkState Load(NetworkLayout layout, string path)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return Read(layout, stream, path);
    }

    /// <summary>Reads a network of a given architecture from a stream, from its present position to its end, and leaves it open.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="stream">A stream that can be read; it need not be able to seek.</param>
    /// <inheritdoc cref="Load(NetworkLayout, string)"/>
    public static NetworkState Load(NetworkLayout layout, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(stream);
        return Read(layout, stream, UnnamedSource);
    }

    private static NetworkState Read(NetworkLayout layout, Stream stream, string source)
    {
        SafetensorsReader reader = new(stream, source);
        IReadOnlyDictionary<string, string> metadata = reader.Metadata;
        bool isOurs = metadata.TryGetValue(FormatKey, out string? format) && format == Format;
        if (isOurs)
        {
            string architecture = Required(metadata, ArchitectureKey, source);
            if (architecture != layout.Architecture)
            {
                throw new InvalidDataException($"{source} holds another network: {architecture}. This one is {layout.Architecture}.");
            }
        }

        NetworkState network = new(layout, isOurs ? Seed(metadata, source) : 0, drawsWeights: false);
        if (isOurs && layout.Standardize)
        {
            Statistics(metadata, MeansKey, network.InputMeans, source);
            Statistics(metadata, ScalesKey, network.InputScales, source);
        }

        reader.ReadInto(Tensors(network), PassedOver(layout));
        return network;
    }

    /// <summary>The network's tensors, in the order in which files hold them.</summary>
    private static List<StoredTensor> Tensors(NetworkState network)
    {
        List<StoredTensor> tensors = [];
        foreach (DenseLayout layer in network.Layout.Layers)
        {
            int[] shape = [layer.Outputs, layer.Inputs];
            int[] strides = [layer.OutputStride, layer.InputStride];
            tensors.Add(new StoredTensor(() => network.Store, $"{layer.Name}.weight", shape, layer.WeightsOffset, strides));
            foreach (ParameterVector vector in layer.Vectors())
            {
                tensors.Add(new StoredTensor(() => network.Store, $"{layer.Name}.{vector.Tensor}", [vector.Count], vector.Offset, [1]));
            }

            if (layer.Normalization == Normalization.Batch)
            {
                tensors.Add(Statistic("running_mean", layer.StatisticsOffset, float.NegativeInfinity));
                tensors.Add(Statistic("running_var", layer.StatisticsOffset + layer.VectorLength, 0));
            }

            StoredTensor Statistic(string name, int offset, float minimum) =>
                new(() => network.RunningStatistics, $"{layer.Name}.norm.{name}", [layer.Outputs], offset, [1]) { Minimum = minimum };
        }

        return tensors;
    }

    /// <summary>Tensors of PyTorch's files that a network has no use for.</summary>
    private static HashSet<string> PassedOver(NetworkLayout layout) =>
    [
        .. layout.Layers.ToArray()
            .Where(static layer => layer.Normalization == Normalization.Batch)
            .Select(static layer => $"{layer.Name}.norm.num_batches_tracked"),
    ];

    private static List<KeyValuePair<string, string>> Metadata(NetworkState network)
    {
        List<KeyValuePair<string, string>> metadata =
        [
            new(FormatKey, Format),
            new(ArchitectureKey, network.Layout.Architecture),
            new(SeedKey, network.Seed.ToString(CultureInfo.InvariantCulture)),
        ];
        if (network.Layout.Standardize)
        {
            metadata.Add(new(MeansKey, Text(network.InputMeans)));
            metadata.Add(new(ScalesKey, Text(network.InputScales)));
        }

        return metadata;
    }

    /// <summary>A file that could not be loaded again would be lost work, noticed too late.</summary>
    private static void CheckValues(NetworkState network)
    {
        foreach (StoredTensor tensor in Tensors(network))
        {
            for (int i = 0; i < tensor.Length; i++)
            {
                if (tensor.ProblemOf(tensor[i]) is string problem)
                {
                    throw new InvalidOperationException(
                        $"{tensor.Name}{tensor.IndexText(i)} is {Number(tensor[i])}, {problem}; the network was not saved, as its file could not be loaded.");
                }
            }
        }
    }

    private static int Seed(IReadOnlyDictionary<string, string> metadata, string source)
    {
        string text = Required(metadata, SeedKey, source);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : throw new InvalidDataException($"{source}: the metadata's '{SeedKey}' is '{text}', not an integer.");
    }

    private static void Statistics(IReadOnlyDictionary<string, string> metadata, string key, Span<float> destination, string source)
    {
        string[] texts = Required(metadata, key, source).Split(' ');
        if (texts.Length != destination.Length)
        {
            throw new InvalidDataException(
                $"{source}: the metadata's '{key}' holds {texts.Length} numbers; the network has {destination.Length} input columns.");
        }

        for (int column = 0; column < texts.Length; column++)
        {
            if (!float.TryParse(texts[column], NumberStyles.Float, CultureInfo.InvariantCulture, out float value) || !float.IsFinite(value))
            {
                throw new InvalidDataException(
                    $"{source}: column {column} of the metadata's '{key}' is '{texts[column]}', not a finite number.");
            }

            destination[column] = value;
        }
    }

    private static string Required(IReadOnlyDictionary<string, string> metadata, string key, string source) =>
        metadata.TryGetValue(key, out string? text)
            ? text
            : throw new InvalidDataException($"{source} has no '{key}' in its metadata, which a file of this network must have.");

    // The default format of a float is the shortest text that reads back as the same bits.
    private static string Text(ReadOnlySpan<float> values) => string.Join(' ', values.ToArray().Select(Number));

    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);
}
