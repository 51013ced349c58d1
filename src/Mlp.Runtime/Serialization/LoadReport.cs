namespace Mlp;

/// <summary>What a network took from a file.</summary>
public sealed class LoadReport
{
    internal LoadReport(IReadOnlyList<string> loaded, IReadOnlyList<string> fresh, IReadOnlyList<string> unused) =>
        (Loaded, Fresh, Unused) = (loaded, fresh, unused);

    /// <summary>The network's tensors that came from the file, by the network's names.</summary>
    public IReadOnlyList<string> Loaded { get; }

    /// <summary>The network's tensors that are as in a new network, by the network's names.</summary>
    public IReadOnlyList<string> Fresh { get; }

    /// <summary>The file's tensors that the network did not take, by the file's names.</summary>
    public IReadOnlyList<string> Unused { get; }
}
