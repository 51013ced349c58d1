namespace Mlp;

/// <summary>
/// Names what the network learns: a <see cref="bool"/> with the loss BCE, an enum or text with CrossEntropy, a number, or several properties
/// that are numbers, with a loss of regression. Predictions do not read it.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TargetAttribute : Attribute
{
    /// <summary>Name of the column in CSV files and database readers; default: the property's name.</summary>
    public string? Column { get; set; }
}
