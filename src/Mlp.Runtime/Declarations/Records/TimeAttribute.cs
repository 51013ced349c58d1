namespace Mlp;

/// <summary>
/// Makes a <see cref="DateOnly"/>, <see cref="DateTime"/>, <see cref="DateTimeOffset"/> or <see cref="TimeOnly"/>, nullable or not, an input: the sine and the
/// cosine of each named cycle, in the order hour, day of the week, day of the year. The clock is the value's own. A missing value is all zeros.
/// </summary>
/// <param name="cycles">At least one cycle that the type has: a date has no hour, a time of day no day.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class TimeAttribute(Cycles cycles) : Attribute
{
    /// <summary>The cycles.</summary>
    public Cycles Cycles { get; } = cycles;

    /// <summary>Name of the column in CSV files and database readers; default: the property's name.</summary>
    public string? Column { get; set; }
}
