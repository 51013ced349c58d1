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

/// <summary>What a part of a run keeps: numbers by name, and at most one set of weights.</summary>
internal sealed class PartState
{
    private readonly Dictionary<string, double> _numbers = [];

    /// <summary>The numbers. Counts are exact up to 2⁵³.</summary>
    public IReadOnlyDictionary<string, double> Numbers => _numbers;

    /// <summary>The weights, which are copied before the run goes on; null for none.</summary>
    public WeightsCopy? Weights { get; set; }

    /// <summary>Keeps a number.</summary>
    public void Set(string name, double value) => _numbers.Add(name, value);

    /// <summary>A number that was kept.</summary>
    public double Number(string name) => _numbers.TryGetValue(name, out double value) ? value : throw new InvalidDataException($"The checkpoint lacks '{name}'.");

    /// <summary>The weights that were kept.</summary>
    public WeightsCopy RequiredWeights() => Weights ?? throw new InvalidDataException("The checkpoint lacks weights.");
}
