namespace Mlp;

/// <summary>
/// Names when a row came about: a date, a date with a time, or an integer; later is larger. Splits by time train on what is earlier.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class EventTimeAttribute : Attribute
{
    /// <summary>Name of the column in CSV files and database readers; default: the property's name.</summary>
    public string? Column { get; set; }
}
