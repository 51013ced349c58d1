namespace Mlp;

/// <summary>What a checkpoint holds of a training run beside the network: a text, and sets of numbers laid out like parameters.</summary>
/// <param name="Run">The state of the run, as text that only its reader understands.</param>
/// <param name="Weights">Sets of parameters, and of running statistics where they belong to these, by name.</param>
internal sealed record Checkpoint(ReadOnlyMemory<byte> Run, IReadOnlyDictionary<string, WeightsCopy> Weights)
{
    /// <summary>What names of the run's tensors begin with. A layer's name, an identifier, never does.</summary>
    public const string Prefix = "checkpoint/";

    /// <summary>Name of the tensor of bytes that holds the state of the run.</summary>
    public const string RunName = Prefix + "run";

    /// <summary>More sets of weights than any checkpoint has.</summary>
    private const int MostSets = 16;

    /// <summary>Writes a checkpoint, which appears complete or not at all.</summary>
    /// <exception cref="IOException">It cannot be written; an older file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; an older file is as it was.</exception>
    public void Save(NetworkState network, string path)
    {
        (ReadOnlyMemory<byte> header, List<TensorData> tensors) = NetworkFile.Contents(network, this);
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, header, tensors));
    }

    /// <summary>Reads the state of the run from a checkpoint of any network, and makes sure that the file is whole.</summary>
    /// <param name="layout">The architecture that is expected, which bounds what is read.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or no checkpoint.</exception>
    public static ReadOnlyMemory<byte> LoadRun(NetworkLayout layout, string path)
    {
        using FileStream stream = File.OpenRead(path);
        SafetensorsReader reader = new(stream, path, NetworkFile.MaxHeaderLength(layout));
        NetworkMetadata metadata = new(reader.Metadata, path);
        using MemoryStream run = new();
        List<TensorDigest> digests = [];
        reader.ReadInto(new Dictionary<string, StoredTensor>(), digests, new Dictionary<string, MemoryStream> { [RunName] = run });
        if (!metadata.IsCheckpoint || run.Length == 0)
        {
            throw new InvalidDataException($"{path} holds no state of a training run, as a checkpoint does.");
        }

        metadata.CheckDigest(digests);
        return run.ToArray();
    }

    /// <summary>Reads the sets of weights from a checkpoint of a network with this architecture.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="path">The file, which is whole.</param>
    /// <exception cref="InvalidDataException">A set lacks a tensor, or has one of another shape.</exception>
    public static IReadOnlyDictionary<string, WeightsCopy> LoadWeights(NetworkLayout layout, string path)
    {
        using FileStream stream = File.OpenRead(path);
        SafetensorsReader reader = new(stream, path, NetworkFile.MaxHeaderLength(layout));
        HashSet<string> names = [.. reader.Entries.Select(static entry => entry.Name)];
        Dictionary<string, WeightsCopy> sets = [];
        Dictionary<string, StoredTensor> taken = [];
        foreach (string set in names.Select(SetOf).OfType<string>().Distinct().Take(MostSets))
        {
            WeightsCopy weights = new(layout, hasStatistics: names.Any(name => SetOf(name) == set && name.EndsWith(".norm.running_mean", StringComparison.Ordinal)));
            sets.Add(set, weights);
            foreach (StoredTensor tensor in Tensors(layout, set, weights))
            {
                taken.Add(tensor.Name, names.Contains(tensor.Name) ? tensor : throw new InvalidDataException($"{path} lacks the tensor '{tensor.Name}'."));
            }
        }

        reader.ReadInto(taken, digests: null);
        return sets;
    }

    /// <summary>The tensors of all sets.</summary>
    public IEnumerable<StoredTensor> Tensors(NetworkLayout layout) => Weights.SelectMany(set => Tensors(layout, set.Key, set.Value));

    // Running values of optimizers may be infinite between two of their flushes.
    private static List<StoredTensor> Tensors(NetworkLayout layout, string set, WeightsCopy weights) => NetworkFile.Tensors(
        layout, () => weights.Store.Span, weights.Statistics.Length > 0 ? () => weights.Statistics.Span : null, $"{Prefix}{set}/", takesAnything: true);

    /// <summary>The set that a tensor belongs to; null for those of the network, and the run's text.</summary>
    private static string? SetOf(string name)
    {
        int end = name.StartsWith(Prefix, StringComparison.Ordinal) ? name.IndexOf('/', Prefix.Length) : -1;
        return end < 0 ? null : name[Prefix.Length..end];
    }
}
