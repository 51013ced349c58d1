using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The columns of a network's records. Generated code makes one a class.</summary>
/// <param name="columns">The properties that the encoder reads, in order of declaration, base class first.</param>
/// <param name="properties">The properties that rows of a CSV file or a database can set.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RecordLayout(RecordColumn[] columns, RecordProperty[] properties)
{
    /// <summary>The properties that the encoder reads. Other members name them by their index here.</summary>
    public ReadOnlySpan<RecordColumn> Columns => columns;

    /// <summary>The properties that rows of a CSV file or a database can set.</summary>
    public ReadOnlySpan<RecordProperty> Properties => properties;
}
