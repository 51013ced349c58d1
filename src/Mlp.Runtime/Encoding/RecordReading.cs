using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Reads properties of a record into the encoder's columns: numbers checked, members and categories as slots, times as ticks.</summary>
/// <param name="layout">The columns.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RecordReading(RecordLayout layout)
{
    /// <summary>The index of a member that is null.</summary>
    public const int NoMember = -1;

    /// <summary>The index of a value that is no member.</summary>
    public const int UnknownMember = -2;

    /// <summary>The ticks of a missing point in time.</summary>
    public const long NoInstant = long.MinValue;

    /// <summary>The columns.</summary>
    public RecordLayout Layout { get; } = layout;

    /// <summary>Number of the row in its source, from 0; −1 where there is one row alone.</summary>
    protected virtual long Row => -1;
}
