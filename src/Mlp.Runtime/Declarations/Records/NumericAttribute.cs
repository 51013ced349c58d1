namespace Mlp;

/// <summary>Makes a number an input: a property of any number type or <see cref="bool"/>, nullable or not.</summary>
/// <remarks>
/// Missing is null, or NaN. Infinity is refused. In order: what is missing is replaced (<see cref="Missing"/>), the logarithm is taken
/// (<see cref="Log"/>), the number is scaled (<see cref="Scale"/>) or split into bins (<see cref="Bins"/>), and limited (<see cref="Clip"/>). All is computed
/// in double precision and rounded once. A number that is missing in all fitted rows is 0 as an input whatever comes later, unless it is not scaled.
/// </remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class NumericAttribute : Attribute
{
    /// <summary>How the number is scaled; default: <see cref="Scale.Standard"/>.</summary>
    public Scale Scale { get; set; }

    /// <summary>Whether sign(x)·ln(1 + |x|) takes the place of x, for numbers that spread over orders of magnitude.</summary>
    public bool Log { get; set; }

    /// <summary>What stands for a missing number; default: <see cref="Missing.Mean"/> where the type is nullable, else <see cref="Missing.Refuse"/>.</summary>
    public Missing Missing { get; set; }

    /// <summary>Whether a second input follows that is 1 where the number is missing and 0 elsewhere.</summary>
    public bool Indicator { get; set; }

    /// <summary>
    /// Number of inputs by which the number is encoded piecewise linearly, in place of one that is scaled; 0 for none, else at least 2. The bins' edges are
    /// quantiles of the fitted rows; input t is 0 below bin t, 1 above it, and grows linearly within.
    /// </summary>
    /// <remarks>Gorishniy, Rubachev and Babenko (2022), section 3.1; values beyond the outer edges are held at 0 and 1, and an empty bin is a step.</remarks>
    public int Bins { get; set; }

    /// <summary>The largest absolute value that the scaled number may have, above 0; 0 for no limit.</summary>
    public double Clip { get; set; }

    /// <summary>Name of the column in CSV files and database readers; default: the property's name.</summary>
    public string? Column { get; set; }
}
