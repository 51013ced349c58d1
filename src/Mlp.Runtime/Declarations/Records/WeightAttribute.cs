namespace Mlp;

/// <summary>
/// Names how much a row counts: a number, finite and at least 0. What it does in training and judging is said at <see cref="Dataset.Weights"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class WeightAttribute : Attribute
{
    /// <summary>Name of the column in CSV files and database readers; default: the property's name.</summary>
    public string? Column { get; set; }
}
