namespace Mlp.Generator.Parsing;

/// <summary>The numbers that a setting can be.</summary>
/// <param name="Text">As messages say it: a number that is …</param>
/// <param name="Contains">Asked for the float that a number becomes, with which the kernels compute.</param>
internal sealed record NumberRange(string Text, Func<float, bool> Contains)
{
    public static readonly NumberRange Finite = new("finite", IsFinite);

    public static readonly NumberRange NotNegative = new("finite and at least 0", static value => IsFinite(value) && value >= 0);

    public static readonly NumberRange Positive = new("finite and above 0", static value => IsFinite(value) && value > 0);

    public static readonly NumberRange LessThanOne = new("at least 0 and less than 1", static value => value is >= 0 and < 1);

    public static readonly NumberRange PartOfOne = new("above 0 and at most 1", static value => value is > 0 and <= 1);

    private static bool IsFinite(float value) => !float.IsNaN(value) && !float.IsInfinity(value);
}
