namespace Mlp.CompilerServices;

/// <summary>What was learned of a column.</summary>
internal sealed record ColumnFit
{
    /// <summary>That of a column of which nothing is learned.</summary>
    public static ColumnFit None { get; } = new();

    /// <summary>The statistics of a number.</summary>
    public NumberFit Number { get; init; } = new(0, 0, 1, []);

    /// <summary>Texts of categories, those of slots 1, 2, …; or of classes by label.</summary>
    public string[] Texts { get; init; } = [];

    /// <summary>Integers that are categories, those of slots 1, 2, …</summary>
    public long[] Integers { get; init; } = [];

    /// <summary>Names of an enum's members by slot; empty where they are those of the declaration, in its order.</summary>
    public string[] Members { get; init; } = [];
}
