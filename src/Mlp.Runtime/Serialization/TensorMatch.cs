namespace Mlp;

/// <summary>Which of a file's tensors become which of a network's.</summary>
internal sealed class TensorMatch
{
    private readonly HashSet<string> _fresh = [];

    /// <summary>Matches tensors by name.</summary>
    /// <param name="tensors">The network's tensors.</param>
    /// <param name="entries">The file's tensors.</param>
    /// <param name="passedOver">Tensors of the file that may be left, by the network's names.</param>
    /// <param name="options">Names and exceptions; null where all tensors must be there and no others.</param>
    /// <param name="source">What messages call the file.</param>
    /// <exception cref="ArgumentException">An item of <see cref="LoadOptions.Fresh"/> is neither tensor nor layer.</exception>
    /// <exception cref="InvalidDataException">A tensor is missing, there twice, or unknown.</exception>
    public TensorMatch(
        IReadOnlyList<StoredTensor> tensors, IReadOnlyList<TensorEntry> entries, IReadOnlySet<string> passedOver, LoadOptions? options, string source)
    {
        foreach (string name in options?.Fresh ?? [])
        {
            AddFresh(name, tensors);
        }

        Dictionary<string, StoredTensor> wanted = tensors.Where(tensor => !_fresh.Contains(tensor.Name)).ToDictionary(static tensor => tensor.Name);
        Dictionary<string, string> origins = [];
        List<string> unused = [];
        List<string> unknown = [];
        foreach (TensorEntry entry in entries)
        {
            string name = options?.Rename is { } rename ? rename(entry.Name) ?? "" : entry.Name;
            if (!wanted.TryGetValue(name, out StoredTensor? tensor))
            {
                (options is null && !passedOver.Contains(name) ? unknown : unused).Add(entry.Name);
            }
            else if (!origins.TryAdd(name, entry.Name))
            {
                throw new InvalidDataException(
                    $"{source}: '{QuotedText.Of(origins[name])}' and '{QuotedText.Of(entry.Name)}' are both renamed to {name}; give them different names.");
            }
            else
            {
                Taken.Add(entry.Name, tensor);
            }
        }

        string[] missing = [.. wanted.Keys.Where(name => !origins.ContainsKey(name))];
        if (missing.Length > 0 || unknown.Count > 0)
        {
            string way = options is null ? $"{nameof(LoadOptions)} can rename tensors and leave some" : $"{nameof(LoadOptions)}.{nameof(LoadOptions.Fresh)} can name what is not to be loaded";
            throw new InvalidDataException(
                $"{source}: the tensors' names do not fit the network{Listed("missing", missing)}{Listed("unknown", [.. unknown.Order(StringComparer.Ordinal)])}; {way}.");
        }

        Report = new LoadReport(
            [.. wanted.Keys], [.. tensors.Select(static tensor => tensor.Name).Where(_fresh.Contains)], unused);
    }

    /// <summary>The tensors to be read, by their names in the file.</summary>
    public Dictionary<string, StoredTensor> Taken { get; } = [];

    /// <summary>What becomes of all tensors.</summary>
    public LoadReport Report { get; }

    /// <summary>Whether a layer's weights are read, and not fresh.</summary>
    public bool TakesWeightsOf(DenseLayout layer) => !_fresh.Contains($"{layer.Name}.{layer.TensorOf("weight")}");

    private void AddFresh(string name, IReadOnlyList<StoredTensor> tensors)
    {
        string[] named = [.. tensors.Where(tensor => tensor.Name == name || tensor.Layer == name).Select(static tensor => tensor.Name)];
        _fresh.UnionWith(named);
        if (named.Length == 0)
        {
            throw new ArgumentException(
                $"{nameof(LoadOptions.Fresh)} names '{QuotedText.Of(name)}', which is neither a tensor nor a layer of the network"
                + $"{Listed("layers", [.. tensors.Select(static tensor => tensor.Layer).Distinct()])}{Listed("tensors", [.. tensors.Select(static tensor => tensor.Name)])}.",
                "options");
        }
    }

    private static string Listed(string what, IReadOnlyCollection<string> names) => names.Count == 0
        ? ""
        : $"; {what}: {QuotedText.Of(string.Join(", ", names.Take(10)))}{(names.Count > 10 ? $" and {names.Count - 10} more" : "")}";
}
