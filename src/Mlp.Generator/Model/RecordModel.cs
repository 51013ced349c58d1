namespace Mlp.Generator.Model;

/// <summary>The record whose properties are a network's inputs and targets.</summary>
internal sealed record RecordModel
{
    /// <summary>The type as code: <c>global::My.App.Passenger</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>The type as people call it: <c>Passenger</c>.</summary>
    public required string ShortName { get; init; }

    /// <summary>The type as the compiler's messages write it, for signatures of members.</summary>
    public required string SignatureName { get; init; }

    /// <summary>Whether a row can be null.</summary>
    public required bool IsReference { get; init; }

    /// <summary>Whether every attribute of its properties is known; one that is not may be a column more.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Accessibility of the members that name it: <c>public</c>, or <c>internal</c> where it is less visible than the network.</summary>
    public required string Access { get; init; }

    /// <summary>The properties that the encoder reads, in order of declaration, base class first.</summary>
    public required EquatableArray<ColumnModel> Columns { get; init; }

    /// <summary>The properties that rows of a file or a database can set, constructor parameters first; empty where no row can make a record.</summary>
    public required EquatableArray<PropertyModel> Properties { get; init; }

    /// <summary>Number of inputs.</summary>
    public int Width => Columns.Items.Sum(static column => column.Width);

    /// <summary>Number of values that the first layer sees: in place of the number of an embedding's row, the row.</summary>
    public int ExpandedWidth => Columns.Items.Sum(static column => column.Embedding > 0 ? column.Embedding : column.Width);

    /// <summary>The columns that are learned.</summary>
    public IEnumerable<ColumnModel> Targets => Columns.Items.Where(static column => column.Role == ColumnRole.Target);

    /// <summary>Whether rows of files and databases can make records.</summary>
    public bool CanBeMade => Properties.Count > 0;
}

internal enum ColumnRole
{
    Input,
    Target,
    Weight,
    Group,
    EventTime,
}

internal enum ColumnKind
{
    Number,
    Member,
    Text,
    Integer,
    Time,
}

/// <summary>A property that the encoder reads.</summary>
internal sealed record ColumnModel
{
    /// <summary>Its name, unescaped.</summary>
    public required string Name { get; init; }

    public required ColumnRole Role { get; init; }

    public required ColumnKind Kind { get; init; }

    /// <summary>Its type as code, without the question mark of a nullable one: <c>float</c>, <c>global::My.App.Sex</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>Whether it can be null.</summary>
    public required bool IsNullable { get; init; }

    /// <summary>How it is declared: <c>Numeric(Missing = Median, Indicator = true)</c>.</summary>
    public required string Declaration { get; init; }

    /// <summary>Index of its first input.</summary>
    public int Slot { get; init; }

    /// <summary>Number of its inputs; 0 where it is none.</summary>
    public int Width { get; init; }

    public Scale Scale { get; init; }

    public bool Log { get; init; }

    public Missing Missing { get; init; }

    public bool Indicator { get; init; }

    public int Bins { get; init; }

    public double Clip { get; init; }

    /// <summary>Names of an enum's members in declared order, unescaped; those of equal value once.</summary>
    public EquatableArray<string> Members { get; init; }

    /// <summary>Whether it is an integer, or an enum of integers, of 64 bits without a sign, which is kept as one with a sign.</summary>
    public bool IsUnsigned { get; init; }

    public int Capacity { get; init; }

    public int MinimumCount { get; init; } = 1;

    public int Embedding { get; init; }

    public Cycles Cycles { get; init; }

    /// <summary>Rows of its table of embeddings: one a category; of an enum one a member, and one for null where it can be.</summary>
    public int TableRows => Embedding == 0 ? 0 : Kind == ColumnKind.Member ? Members.Count + (IsNullable ? 1 : 0) : Capacity;

    /// <summary>Whether its inputs are drawn from categories that are learned.</summary>
    public bool IsLearnedCategory => Role == ColumnRole.Input && Kind is ColumnKind.Text or ColumnKind.Integer;
}

internal enum CellKind
{
    /// <summary>A value that text can be parsed to.</summary>
    Value,
    Boolean,
    Text,
    Member,
}

/// <summary>A property that rows of a file or a database can set.</summary>
internal sealed record PropertyModel
{
    /// <summary>Its name, unescaped.</summary>
    public required string Name { get; init; }

    /// <summary>Name of its column.</summary>
    public required string Column { get; init; }

    public required CellKind Kind { get; init; }

    /// <summary>Its type as code, without the question mark of a nullable one.</summary>
    public required string TypeName { get; init; }

    public required bool IsNullable { get; init; }

    /// <summary>Whether a source without the column is refused.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Name of the constructor's parameter, unescaped; null where it is set by an initializer.</summary>
    public string? Parameter { get; init; }

    /// <summary>Names of an enum's members, unescaped.</summary>
    public EquatableArray<string> Members { get; init; }
}
