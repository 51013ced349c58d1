using System.ComponentModel;
using System.Globalization;

namespace Mlp.CompilerServices;

/// <summary>What a property of a record is for.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ColumnRole
{
    /// <summary>An input.</summary>
    Input,

    /// <summary>What the network learns.</summary>
    Target,

    /// <summary>How much the row counts.</summary>
    Weight,

    /// <summary>What the row belongs to.</summary>
    Group,

    /// <summary>When the row came about.</summary>
    EventTime,
}

/// <summary>What the values of a property are.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ColumnKind
{
    /// <summary>A number, or a <see cref="bool"/> as 0 and 1.</summary>
    Number,

    /// <summary>A member of an enum.</summary>
    Member,

    /// <summary>Text, of which categories, classes or groups are learned.</summary>
    Text,

    /// <summary>An integer or <see cref="bool"/>, of which categories or groups are learned.</summary>
    Integer,

    /// <summary>A point in time.</summary>
    Time,
}

/// <summary>A property of a record that the encoder reads: how it is declared, and which inputs it becomes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RecordColumn
{
    /// <summary>The property's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public ColumnRole Role { get; init; }

    /// <summary>What its values are.</summary>
    public required ColumnKind Kind { get; init; }

    /// <summary>Index of the first of its inputs; 0 where it is none.</summary>
    public int Slot { get; init; }

    /// <summary>Number of its inputs; 0 where it is none.</summary>
    public int Width { get; init; }

    /// <summary>Whether a missing value is taken.</summary>
    public bool IsNullable { get; init; }

    /// <summary>How a number is scaled.</summary>
    public Scale Scale { get; init; }

    /// <summary>Whether a number's logarithm is taken.</summary>
    public bool Log { get; init; }

    /// <summary>What stands for a missing number.</summary>
    public Missing Missing { get; init; }

    /// <summary>Whether an input says that the number is missing.</summary>
    public bool Indicator { get; init; }

    /// <summary>Number of bins; 0 where the number is scaled.</summary>
    public int Bins { get; init; }

    /// <summary>The largest absolute value of the scaled number; 0 where there is no limit.</summary>
    public double Clip { get; init; }

    /// <summary>Names of an enum's members in declared order; of a <see cref="bool"/> target <c>false</c> and <c>true</c>.</summary>
    public string[] Members { get; init; } = [];

    /// <summary>Whether its integers have 64 bits without a sign, which are kept as if the first were one.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>Number of slots of learned categories, slot 0 included.</summary>
    public int Capacity { get; init; }

    /// <summary>Rows that a learned category must have.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>Length of the vector that stands for each category; 0 where inputs are one-hot.</summary>
    public int Embedding { get; init; }

    /// <summary>The cycles of a point in time.</summary>
    public Cycles Cycles { get; init; }

    /// <summary>Whether it is a number that says false or true, and is a target.</summary>
    internal bool IsTruth => Kind == ColumnKind.Number && Members.Length > 0;

    /// <summary>Whether it is an input whose categories are learned, with slot 0 for what was not seen and what is missing.</summary>
    internal bool IsLearnedCategory => Role == ColumnRole.Input && Kind is ColumnKind.Text or ColumnKind.Integer;

    /// <summary>The order of its integers.</summary>
    internal Comparer<long> Order => IsUnsigned ? Comparer<long>.Create(static (first, second) => ((ulong)first).CompareTo((ulong)second)) : Comparer<long>.Default;

    /// <summary>One of its integers as people write it.</summary>
    internal string Written(long integer) => IsUnsigned ? ((ulong)integer).ToString(CultureInfo.InvariantCulture) : integer.ToString(CultureInfo.InvariantCulture);
}
