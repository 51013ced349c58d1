namespace Mlp;

/// <summary>
/// A part of a training run with a state of its own, which checkpoints keep: the mean of the weights, the best epoch, a schedule that watches validation.
/// </summary>
internal interface IRunPart
{
    /// <summary>Its name in checkpoints: lower case, unique in a run.</summary>
    string Name { get; }

    /// <summary>Writes down all that it needs to go on.</summary>
    void Save(PartState state);

    /// <summary>Takes back what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Something is missing.</exception>
    void Restore(PartState state);
}

/// <summary>What a part of a run keeps: numbers and sets of weights, by name.</summary>
internal sealed class PartState
{
    private readonly Dictionary<string, double> _numbers = [];
    private readonly Dictionary<string, WeightsCopy> _weights = [];

    /// <summary>The numbers. Counts are exact up to 2⁵³.</summary>
    public IReadOnlyDictionary<string, double> Numbers => _numbers;

    /// <summary>The sets of weights.</summary>
    public IReadOnlyDictionary<string, WeightsCopy> Weights => _weights;

    /// <summary>Keeps a number.</summary>
    public void Set(string name, double value) => _numbers.Add(name, value);

    /// <summary>Keeps weights, without copying them.</summary>
    public void Set(string name, WeightsCopy weights) => _weights.Add(name, weights);

    /// <summary>A number that was kept.</summary>
    public double Number(string name) => _numbers.TryGetValue(name, out double value) ? value : throw Missing(name);

    /// <summary>Weights that were kept.</summary>
    public WeightsCopy WeightsOf(string name) => _weights.TryGetValue(name, out WeightsCopy? weights) ? weights : throw Missing(name);

    private static InvalidDataException Missing(string name) => new($"The checkpoint lacks '{name}'.");
}
