using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Mlp.CompilerServices;

/// <summary>Networks in safetensors files. Generated classes' <c>Save</c> and <c>Load</c> call it.</summary>
/// <remarks>
/// A layer called Hidden is stored as F32 tensors of PyTorch's shapes: <c>Hidden.weight</c> [outputs × inputs] and <c>Hidden.bias</c>
/// [outputs], of an ensemble's members <c>Hidden.0.weight</c>, <c>Hidden.1.weight</c> and so on, and before all layers <c>MemberScales.weight</c>
/// [members × inputs]; with normalization its gains <c>Hidden.norm.weight</c> and shifts <c>Hidden.norm.bias</c>, with that of the batch also
/// <c>Hidden.norm.running_mean</c> and <c>Hidden.norm.running_var</c>, all [outputs]; with a learned slope <c>Hidden.prelu.weight</c> [1].
/// The metadata holds the architecture, the seed, the statistics and names of inputs and outputs, the threshold, and a SHA-256 over everything. Files that
/// other programs wrote load by names and shapes alone; PyTorch's <c>Hidden.norm.num_batches_tracked</c> is passed over.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NetworkFile
{
    /// <summary>What the names of weights begin with among an assembly's resources.</summary>
    public const string ResourcePrefix = "Mlp.Weights/";

    private const string UnnamedSource = "The stream";

    /// <summary>
    /// Writes a network to a file. The file appears complete or not at all, and outlives a loss of power: it is written beside its place,
    /// moved there, and both are synced. Links are followed; an older file's mode is kept, on Linux its owner too where that is allowed.
    /// What a killed process left beside the file is removed. Of several saves at once the last wins.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="InvalidOperationException">
    /// A parameter or statistic is not finite, a variance is negative, a scale not positive, or the names are too long; nothing was written.
    /// </exception>
    /// <exception cref="IOException">The path leads to no regular file, or the file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    public static void Save(NetworkState network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        (ReadOnlyMemory<byte> header, List<TensorData> tensors) = Contents(network, checkpoint: null);
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, header, tensors));
    }

    /// <summary>Writes a network to a stream, from its present position on, flushes it and leaves it open.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">A stream that can be written; it need not be able to seek.</param>
    /// <exception cref="InvalidOperationException">
    /// A parameter or statistic is not finite, a variance is negative, a scale not positive, or the names are too long; nothing was written.
    /// </exception>
    public static void Save(NetworkState network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        (ReadOnlyMemory<byte> header, List<TensorData> tensors) = Contents(network, checkpoint: null);
        SafetensorsWriter.Write(stream, header, tensors);
        stream.Flush();
    }

    /// <summary>Reads a network of a given architecture from a file.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="path">The file.</param>
    /// <returns>
    /// A new network with the file's parameters and statistics and, where <see cref="Save(NetworkState, string)"/> wrote them, its seed and names.
    /// </returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, belongs to another architecture, or holds other tensors or shapes, a value that is not finite, a negative
    /// variance, or a type other than F32 and F64, or lacks the statistics by which the network standardises. The message names the path,
    /// the tensor, and what was found and expected.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static NetworkState Load(NetworkLayout layout, string path)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return Read(layout, stream, path, options: null, out _);
    }

    /// <summary>Reads a network from a file that is not simply its own.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What to take from it.</param>
    /// <param name="report">What was taken.</param>
    /// <exception cref="ArgumentException"><see cref="LoadOptions.Fresh"/> names what is neither tensor nor layer.</exception>
    /// <inheritdoc cref="Load(NetworkLayout, string)"/>
    public static NetworkState Load(NetworkLayout layout, string path, LoadOptions options, out LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        using FileStream stream = File.OpenRead(path);
        return Read(layout, stream, path, options, out report);
    }

    /// <summary>Reads a network of a given architecture from a stream, from its present position to its end, and leaves it open.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="stream">A stream that can be read; it need not be able to seek.</param>
    /// <inheritdoc cref="Load(NetworkLayout, string)"/>
    public static NetworkState Load(NetworkLayout layout, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(stream);
        return Read(layout, stream, UnnamedSource, options: null, out _);
    }

    /// <summary>Reads a network from a stream that is not simply its own file, from its present position to its end, and leaves it open.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="stream">A stream that can be read; it need not be able to seek.</param>
    /// <param name="options">What to take from it.</param>
    /// <param name="report">What was taken.</param>
    /// <inheritdoc cref="Load(NetworkLayout, string, LoadOptions, out LoadReport)"/>
    public static NetworkState Load(NetworkLayout layout, Stream stream, LoadOptions options, out LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        return Read(layout, stream, UnnamedSource, options, out report);
    }

    /// <summary>The read-only network of a file that the build has checked and put into an assembly. The generated <c>Trained</c> calls it once.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="assembly">The assembly of the network's class.</param>
    /// <param name="name">Name of the <c>MlpWeights</c> item, as <c>[Weights]</c> has it.</param>
    /// <returns>The network. Its parameters are copied once, from where the system has mapped the assembly.</returns>
    /// <exception cref="InvalidOperationException">The assembly holds no such file: a tool that rewrote it has left it out.</exception>
    /// <exception cref="InvalidDataException">It is not the file that was checked.</exception>
    public static NetworkState LoadEmbedded(NetworkLayout layout, Assembly assembly, string name)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(assembly);
        using Stream stream = assembly.GetManifestResourceStream(ResourcePrefix + name) ?? throw new InvalidOperationException(
            $"Assembly {assembly.GetName().Name} does not hold the weights '{name}', with which it was built; a tool that rewrote it has left out its resources.");
        NetworkState network = Read(layout, stream, $"Weights '{name}'", options: null, out _, isResource: true);
        network.MakeReadOnly();
        return network;
    }

    private static NetworkState Read(NetworkLayout layout, Stream stream, string source, LoadOptions? options, out LoadReport report, bool isResource = false)
    {
        SafetensorsReader reader = new(stream, source, MaxHeaderLength(layout), isResource);
        NetworkMetadata metadata = new(reader.Metadata, source);
        bool isOwn = options is null or { Rename: null, Fresh.Count: 0 };
        FittedEncoder? encoder = null;
        if (isOwn)
        {
            // First, as other columns of records make another architecture, and their names say more.
            if (options is not { WithoutStatistics: true })
            {
                encoder = metadata.Encoder(layout, takesInputs: true, takesTargets: true);
            }

            metadata.CheckArchitecture(layout, withoutStatistics: options is { WithoutStatistics: true });
        }

        NetworkState network = new(layout, metadata.Seed, drawsWeights: options is { Fresh.Count: > 0 });
        IReadOnlyList<TensorEntry> entries = metadata.IsCheckpoint
            ? [.. reader.Entries.Where(static entry => !entry.Name.StartsWith(Checkpoint.Prefix, StringComparison.Ordinal))]
            : reader.Entries;
        TensorMatch match = new(Tensors(network), entries, PassedOver(layout), options, source);
        bool takesInputs = match.TakesWeightsOf(layout.Layers[0]);
        bool takesOutputs = match.TakesWeightsOf(layout.Layers[^1]);
        if (options is not { WithoutStatistics: true })
        {
            metadata.ReadStatistics(network, takesInputs, takesOutputs);
            network.Fitted = isOwn ? encoder : metadata.Encoder(layout, takesInputs, takesOutputs);
        }

        metadata.ReadNames(network, takesInputs, takesOutputs);
        metadata.ReadThreshold(network, takesOutputs);

        // The build has checked the digest of what it has put into the assembly.
        List<TensorDigest>? digests = metadata.HasDigest && !isResource ? [] : null;
        reader.ReadInto(match.Taken, digests);
        if (digests is not null)
        {
            metadata.CheckDigest(digests);
        }

        report = match.Report;
        return network;
    }

    /// <summary>Header and tensors of a file: a copy, which keeps the digest right while the network is trained on.</summary>
    /// <param name="network">The network.</param>
    /// <param name="checkpoint">What a checkpoint holds beside it; null for a network alone.</param>
    internal static (ReadOnlyMemory<byte> Header, List<TensorData> Tensors) Contents(NetworkState network, Checkpoint? checkpoint)
    {
        List<TensorData> tensors = [.. CheckedTensors(network, checkpoint)];
        List<KeyValuePair<string, string>> metadata = NetworkMetadata.Of(network);
        if (checkpoint is not null)
        {
            tensors.Add(new ByteTensor(Checkpoint.RunName, checkpoint.Run));
            NetworkMetadata.AddCheckpoint(metadata);
        }

        NetworkMetadata.AddDigest(metadata, [.. tensors.Select(SafetensorsWriter.DigestOf)]);
        ReadOnlyMemory<byte> header = SafetensorsWriter.Header(metadata, tensors);
        int most = MaxHeaderLength(network.Layout);
        return header.Length <= most ? (header, tensors) : throw new InvalidOperationException(
            $"The names of columns and classes make the file's header {header.Length} bytes long, more than the {most} that are read; give them shorter names.");
    }

    /// <summary>A copy of all tensors that a file holds. The check makes sure that the file can be loaded again.</summary>
    /// <param name="network">The network.</param>
    /// <param name="checkpoint">What a checkpoint holds beside it; null for a network alone.</param>
    /// <exception cref="InvalidOperationException">An element is not finite, or a variance is negative.</exception>
    internal static IEnumerable<FloatTensor> CheckedTensors(NetworkState network, Checkpoint? checkpoint)
    {
        foreach (StoredTensor tensor in Tensors(network).Concat(checkpoint?.Tensors(network.Layout) ?? []))
        {
            float[] values = tensor.ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                if (tensor.ProblemOf(values[i]) is string problem)
                {
                    throw new InvalidOperationException(
                        $"{tensor.Name}{tensor.IndexText(i)} is {values[i].ToString(CultureInfo.InvariantCulture)}, {problem}; "
                        + "the network was not saved, as its file could not be loaded.");
                }
            }

            yield return new FloatTensor(tensor.Name, [.. tensor.Shape], values);
        }
    }

    /// <summary>
    /// The longest header that is read: many times that of this network, for files of other programs with more tensors, longer names and more
    /// metadata, yet small enough to be harmless.
    /// </summary>
    internal static int MaxHeaderLength(NetworkLayout layout)
    {
        const long Base = 1 << 20;
        const long Column = 512;
        const long Tensor = 1024;
        long names = layout.Layers.ToArray().Sum(static layer => 8 * (Tensor + (8L * layer.Name.Length)));
        return (int)Math.Min(Base + names + (Column * (layout.InputSize + (long)layout.OutputSize)) + EncoderMetadata.MaxLength(layout.Record), SafetensorsReader.MaxHeaderLength);
    }

    /// <summary>The network's tensors, in the order in which files hold them.</summary>
    private static List<StoredTensor> Tensors(NetworkState network) =>
        Tensors(network.Layout, () => network.Store, network.Layout.StatisticsSize > 0 ? () => network.RunningStatistics : null);

    /// <summary>The tensors of parameters, and of running statistics where there are any, wherever they lie.</summary>
    /// <param name="layout">The network's architecture.</param>
    /// <param name="store">The parameters, laid out like the network's store.</param>
    /// <param name="statistics">The running statistics, laid out like the network's; null for none.</param>
    /// <param name="prefix">What the tensors' names begin with.</param>
    /// <param name="takesAnything">Whether elements may be infinite or NaN.</param>
    internal static List<StoredTensor> Tensors(
        NetworkLayout layout, Func<Span<float>> store, Func<Span<float>>? statistics, string prefix = "", bool takesAnything = false)
    {
        List<StoredTensor> tensors = [];
        foreach (ParameterMatrix matrix in layout.BeforeLayers)
        {
            tensors.Add(new StoredTensor(store, matrix.Name, "weight", [matrix.Rows, matrix.Columns], matrix.Offset, [matrix.Stride, 1])
            {
                Prefix = prefix,
                TakesAnything = takesAnything,
            });
        }

        foreach (DenseLayout layer in layout.Layers)
        {
            Add(store, "weight", [layer.Outputs, layer.Inputs], layer.WeightsOffset, [layer.OutputStride, layer.InputStride]);
            foreach (ParameterVector vector in layer.Vectors())
            {
                Add(store, vector.Tensor, [vector.Count], vector.Offset, [1]);
            }

            if (statistics is not null && layer.Normalization == Normalization.Batch)
            {
                Add(statistics, "norm.running_mean", [layer.Outputs], layer.StatisticsOffset, [1]);
                Add(statistics, "norm.running_var", [layer.Outputs], layer.StatisticsOffset + layer.VectorLength, [1], minimum: 0);
            }

            void Add(Func<Span<float>> values, string part, int[] shape, int offset, int[] strides, float minimum = float.NegativeInfinity) =>
                tensors.Add(new StoredTensor(values, layer.Name, layer.TensorOf(part), shape, offset, strides) { Prefix = prefix, Minimum = minimum, TakesAnything = takesAnything });
        }

        return tensors;
    }

    /// <summary>Tensors of PyTorch's files that a network has no use for.</summary>
    private static HashSet<string> PassedOver(NetworkLayout layout) =>
    [
        .. layout.Layers.ToArray()
            .Where(static layer => layer.Normalization == Normalization.Batch)
            .Select(static layer => $"{layer.Name}.{layer.TensorOf("norm.num_batches_tracked")}"),
    ];
}
