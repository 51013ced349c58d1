using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The columns of a network's records. Generated code makes one a class.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RecordLayout
{
    private readonly RecordColumn[] _columns;
    private readonly RecordProperty[] _properties;

    /// <summary>Describes records.</summary>
    /// <param name="columns">The properties that the encoder reads, in order of declaration, base class first.</param>
    /// <param name="properties">The properties that rows of a CSV file or a database can set.</param>
    public RecordLayout(RecordColumn[] columns, RecordProperty[] properties)
    {
        _columns = columns;
        _properties = properties;
        TargetColumns = Find(ColumnRole.Target);
        LabelColumn = TargetColumns is [int label] && columns[label].Kind != ColumnKind.Number ? label : null;
        ClassColumn = TargetColumns is [int target] && columns[target].IsTruth ? target : LabelColumn;
        WeightColumn = Find(ColumnRole.Weight) is [int weight] ? weight : null;
        GroupColumn = Find(ColumnRole.Group) is [int group] ? group : null;
        TimeColumn = Find(ColumnRole.EventTime) is [int time] ? time : null;

        int[] Find(ColumnRole role) => [.. Enumerable.Range(0, columns.Length).Where(column => columns[column].Role == role)];
    }

    /// <summary>The properties that the encoder reads. Other members name them by their index here.</summary>
    public ReadOnlySpan<RecordColumn> Columns => _columns;

    /// <summary>The properties that rows of a CSV file or a database can set.</summary>
    public ReadOnlySpan<RecordProperty> Properties => _properties;

    /// <summary>Indices of the target columns.</summary>
    internal int[] TargetColumns { get; }

    /// <summary>Index of the target column whose values are classes: an enum, text, or a lone <see cref="bool"/>; null where there is none.</summary>
    internal int? ClassColumn { get; }

    /// <summary>Index of the target column whose values are labels, an enum or text; null where there is none, and targets are numbers.</summary>
    internal int? LabelColumn { get; }

    /// <summary>Index of the column of weights; null where there is none.</summary>
    internal int? WeightColumn { get; }

    /// <summary>Index of the column of groups; null where there is none.</summary>
    internal int? GroupColumn { get; }

    /// <summary>Index of the column of times; null where there is none.</summary>
    internal int? TimeColumn { get; }
}
