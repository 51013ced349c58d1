using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>Reads properties of a record into the encoder's columns: numbers checked, members and categories as slots, times as ticks.</summary>
/// <remarks>
/// What is refused throws <see cref="ArgumentException"/>, or for rows of files and databases <see cref="InvalidDataException"/>, with the property's name and,
/// where there are many rows, the row's place.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RecordReading
{
    /// <summary>The index of a member that is null.</summary>
    public const int NoMember = -1;

    /// <summary>The index of a value that is no member.</summary>
    public const int UnknownMember = -2;

    /// <summary>The ticks of a missing point in time.</summary>
    public const long NoInstant = long.MinValue;

    private readonly int[]?[] _slotsOfMembers;

    /// <param name="layout">The columns.</param>
    /// <param name="slotsOfMembers">For each column, the slots of an enum's members in declared order; null where they are their indices.</param>
    private protected RecordReading(RecordLayout layout, int[]?[] slotsOfMembers)
    {
        Layout = layout;
        _slotsOfMembers = slotsOfMembers;
    }

    /// <summary>The columns.</summary>
    public RecordLayout Layout { get; }

    /// <summary>A finite number, or where missing numbers are taken, NaN.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="value">The number; NaN where it is missing.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Number(int column, float value)
    {
        if (!float.IsFinite(value))
        {
            CheckMissing(column, value);
        }

        return value;
    }

    /// <inheritdoc cref="Number(int, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Number(int column, double value)
    {
        if (!double.IsFinite(value))
        {
            CheckMissing(column, value);
        }

        return value;
    }

    /// <summary>The slot of an enum's member; <see cref="NoMember"/> for a null where the column takes it.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="index">The member's index in declared order, <see cref="NoMember"/>, or <see cref="UnknownMember"/>.</param>
    /// <param name="value">The enum's value, for messages.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Member(int column, int index, long value)
    {
        if (index < 0)
        {
            return CheckNoMember(column, index, value);
        }

        return _slotsOfMembers[column] is int[] slots ? slots[index] : index;
    }

    /// <summary>The slot of a learned category; 0 where it is missing or was not seen.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="text">The text; a missing one is null or empty.</param>
    public int Category(int column, string? text) => string.IsNullOrEmpty(text) ? 0 : SlotOf(column, text);

    /// <inheritdoc cref="Category(int, string?)"/>
    /// <param name="column">The column's index.</param>
    /// <param name="value">The integer, or null.</param>
    public int Category(int column, long? value) => value is long known ? SlotOf(column, known) : 0;

    /// <summary>The ticks of a date's beginning; <see cref="NoInstant"/> for null.</summary>
    public static long Ticks(DateOnly? date) => date is DateOnly value ? value.DayNumber * TimeSpan.TicksPerDay : NoInstant;

    /// <summary>The ticks of a point in time by its own clock; <see cref="NoInstant"/> for null.</summary>
    public static long Ticks(DateTime? time) => time?.Ticks ?? NoInstant;

    /// <inheritdoc cref="Ticks(DateTime?)"/>
    public static long Ticks(DateTimeOffset? time) => time?.Ticks ?? NoInstant;

    /// <summary>The ticks since midnight; <see cref="NoInstant"/> for null.</summary>
    public static long Ticks(TimeOnly? time) => time?.Ticks ?? NoInstant;

    /// <summary>A target: finite.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="value">The number; NaN where it is missing.</param>
    public float Target(int column, float value) => float.IsFinite(value) ? value : throw RefusedNumber(column, value);

    /// <inheritdoc cref="Target(int, float)"/>
    public float Target(int column, double value)
    {
        float target = (float)value;
        return float.IsFinite(target) ? target : throw RefusedNumber(column, value);
    }

    /// <summary>The label of a class that is called by a text.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="text">The text, not empty.</param>
    public int Class(int column, string? text) => string.IsNullOrEmpty(text) ? throw RefusedMissing(column) : LabelOf(column, text);

    /// <summary>A weight: finite and at least 0.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="value">The number; NaN where it is missing.</param>
    public float Weight(int column, double value)
    {
        float weight = (float)value;
        return float.IsFinite(weight) && weight >= 0 ? weight
            : double.IsFinite(value) ? throw Refused(column, $"is {Text(value)}; weights must be at least 0, and no larger than a float")
            : throw RefusedNumber(column, value);
    }

    /// <summary>A group that is called by a number, which is its own.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="value">The number; a missing one is null.</param>
    public int Group(int column, int? value) => value ?? throw RefusedMissing(column);

    /// <summary>The number of a group, counted from 0 as groups appear.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="value">What the group is called by; a missing one is null.</param>
    public int Group(int column, long? value) => value is long known ? NumberOfGroup(known.ToString(CultureInfo.InvariantCulture)) : throw RefusedMissing(column);

    /// <inheritdoc cref="Group(int, long?)"/>
    /// <param name="column">The column's index.</param>
    /// <param name="text">What the group is called by; a missing one is null.</param>
    public int Group(int column, string? text) => text is null ? throw RefusedMissing(column) : NumberOfGroup(text);

    /// <summary>A point in time.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="ticks">Its ticks, or another number; a missing one is null or <see cref="NoInstant"/>.</param>
    public long EventTime(int column, long? ticks)
    {
        RecordColumn declared = Layout.Columns[column];
        return ticks is not long known || (known == NoInstant && declared.Kind == ColumnKind.Time) ? throw RefusedMissing(column)
            : known < 0 && declared.IsUnsigned ? throw Refused(column, $"is {declared.Written(known)}; times are compared as integers of 64 bits with a sign")
            : known;
    }

    /// <summary>The error of a property that cannot be read.</summary>
    /// <param name="column">The column's index.</param>
    /// <param name="problem">What is wrong; goes on after the property's name.</param>
    internal abstract Exception Refused(int column, string problem);

    /// <summary>The slot of a category.</summary>
    private protected abstract int SlotOf(int column, string text);

    /// <inheritdoc cref="SlotOf(int, string)"/>
    private protected abstract int SlotOf(int column, long value);

    /// <summary>The label of a class.</summary>
    private protected abstract int LabelOf(int column, string text);

    /// <summary>The number of a group.</summary>
    private protected abstract int NumberOfGroup(string text);

    private void CheckMissing(int column, double value)
    {
        if (double.IsInfinity(value) || Layout.Columns[column].Missing == Missing.Refuse)
        {
            throw RefusedNumber(column, value);
        }
    }

    private int CheckNoMember(int column, int index, long value)
    {
        RecordColumn declared = Layout.Columns[column];
        if (index == UnknownMember)
        {
            throw Refused(column, $"is {declared.Written(value)}, which is no member; there are {QuotedText.List(declared.Members)}");
        }

        return declared.IsNullable && declared.Role == ColumnRole.Input ? NoMember : throw RefusedMissing(column);
    }

    private Exception RefusedNumber(int column, double value) => double.IsNaN(value)
        ? RefusedMissing(column)
        : Refused(column, $"is {Text(value)}; numbers must be finite{(double.IsFinite(value) ? " in single precision" : "")}");

    private Exception RefusedMissing(int column) => Refused(column, Layout.Columns[column] is { Role: ColumnRole.Input, Kind: ColumnKind.Number }
        ? $"is missing; [Numeric(Missing = …)] says what stands for it"
        : "is missing");

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
