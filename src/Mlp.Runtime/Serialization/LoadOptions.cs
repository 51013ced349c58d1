namespace Mlp;

/// <summary>How to load a file that is not simply this network's: another program's names, a part of the layers, no statistics.</summary>
/// <remarks>
/// With options, tensors that the network has no use for are left and reported as <see cref="LoadReport.Unused"/>; without, they are refused.
/// With <see cref="Rename"/> or <see cref="Fresh"/> the file may be another network's: architectures are not compared, shapes are. A part
/// brings what was learned with it: statistics and names of inputs come with the first layer's weights, those of targets and classes with
/// the last layer's. The seed is the file's where <c>Save</c> wrote it, else 0.
/// </remarks>
public sealed class LoadOptions
{
    /// <summary>The network's name of a file's tensor, such as <c>Hidden.weight</c> of <c>body.0.weight</c>; null where names are equal.</summary>
    public Func<string, string>? Rename { get; init; }

    /// <summary>
    /// What keeps the fresh weights of a new network, whatever the file has: names of the network's tensors (<c>Layer3.bias</c>) or of layers
    /// (<c>Layer3</c>, all its tensors).
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
    /// Whether a network that standardises comes without its statistics, whether the file has them or not: as of a new network, with mean 0
    /// and scale 1, until it learns its own.
    /// </summary>
    public bool WithoutStatistics { get; init; }
}
