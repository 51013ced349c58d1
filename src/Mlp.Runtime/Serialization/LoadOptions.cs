namespace Mlp;

/// <summary>How to load a file that differs from the network: another program's names, a part of the layers, no statistics.</summary>
/// <remarks>
/// With options, tensors that the network has no use for are skipped and reported as <see cref="LoadReport.Unused"/>; without, they are errors.
/// With <see cref="Rename"/> or <see cref="Fresh"/> the file may be another network's: only the tensors' shapes are compared. Statistics and
/// names of inputs come with the first layer's weights, those of targets and classes with the last layer's. The seed is the file's where
/// <c>Save</c> wrote it, else 0.
/// </remarks>
public sealed class LoadOptions
{
    /// <summary>The network's name of a file's tensor, such as <c>Hidden.weight</c> of <c>body.0.weight</c>; null where names are equal.</summary>
    public Func<string, string>? Rename { get; init; }

    /// <summary>
    /// What keeps the initial weights of a new network, even if the file has others: names of the network's tensors (<c>Layer3.bias</c>) or of
    /// layers (<c>Layer3</c>, all its tensors).
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">One of the names is null.</exception>
    public IReadOnlyList<string> Fresh
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value.Contains(null!) ? throw new ArgumentException("A name of what is fresh is null.", nameof(value)) : value;
        }
    } = [];

    /// <summary>
    /// Whether a network that standardises ignores the statistics of the file, if any: it begins like a new network, with mean 0 and scale 1, until
    /// it learns its own. A network over records is not fitted then.
    /// </summary>
    public bool WithoutStatistics { get; init; }
}
