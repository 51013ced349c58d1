namespace Mlp;

/// <summary>What stands for a missing number: a null, or a NaN.</summary>
public enum Missing
{
    /// <summary>A row with a missing number is refused. The default where the property's type is not nullable.</summary>
    Refuse,

    /// <summary>The mean of the present values. The default where the property's type is nullable.</summary>
    Mean,

    /// <summary>The median of the present values.</summary>
    Median,

    /// <summary>The number 0, before it is scaled like all others.</summary>
    Zero,
}
