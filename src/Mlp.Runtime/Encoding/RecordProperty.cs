using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>A property that rows of a CSV file or a database can set.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Column">Name of its column.</param>
/// <param name="IsRequired">Whether a source without the column is refused.</param>
/// <param name="Members">Names of the members where it is an enum, in declared order; else empty.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record RecordProperty(string Name, string Column, bool IsRequired, params string[] Members);
