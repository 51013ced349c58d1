namespace Mlp;

/// <summary>
/// Names what a row belongs to, such as a person or a device with several rows: an integer or text. Text and integers beyond 32 bits are numbered by first
/// appearance. Splits and folds by group keep groups together.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class GroupAttribute : Attribute
{
    /// <summary>Name of the column in CSV files and database readers; default: the property's name.</summary>
    public string? Column { get; set; }
}
