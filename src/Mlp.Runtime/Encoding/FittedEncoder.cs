using System.Collections.Frozen;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>
/// What a network's encoder has learned of its records: statistics of numbers, categories and their slots, classes. Immutable; safe for use by many threads
/// at once.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FittedEncoder : RecordReading
{
    private readonly ColumnFit[] _fits;
    private readonly NumberFit[] _numbers;
    private readonly FrozenDictionary<string, int>?[] _texts;
    private readonly FrozenDictionary<long, int>?[] _integers;

    /// <param name="layout">The columns.</param>
    /// <param name="fits">What was learned of each.</param>
    internal FittedEncoder(RecordLayout layout, ColumnFit[] fits)
        : base(layout, SlotsOfMembers(layout, fits))
    {
        _fits = fits;
        _numbers = [.. fits.Select(static fit => fit.Number)];
        _texts = new FrozenDictionary<string, int>?[fits.Length];
        _integers = new FrozenDictionary<long, int>?[fits.Length];
        for (int column = 0; column < fits.Length; column++)
        {
            RecordColumn declared = layout.Columns[column];
            int first = declared.Role == ColumnRole.Input ? 1 : 0;
            if (declared.Kind == ColumnKind.Text)
            {
                _texts[column] = Numbered(fits[column].Texts, first);
            }
            else if (declared.Kind == ColumnKind.Integer)
            {
                _integers[column] = Numbered(fits[column].Integers, first);
            }
        }

        InputNames = RecordNames.OfInputs(layout, fits);
        ClassNames = RecordNames.OfClasses(layout, fits);
    }

    /// <summary>A name for each input.</summary>
    internal IReadOnlyList<string> InputNames { get; }

    /// <summary>The classes' names by label; null where the target is no class.</summary>
    internal IReadOnlyList<string>? ClassNames { get; }

    /// <summary>What was learned of each column.</summary>
    internal ReadOnlySpan<ColumnFit> Fits => _fits;

    /// <summary>What was learned of a number.</summary>
    /// <param name="column">The column's index.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly NumberFit Number(int column) => ref _numbers[column];

    /// <summary>Checks the inputs of a row: a number may be finite, and scaled be more than a float holds.</summary>
    /// <param name="inputs">All inputs.</param>
    /// <exception cref="ArgumentException">One is infinite; names the property.</exception>
    public void CheckInputs(ReadOnlySpan<float> inputs)
    {
        if (!Finiteness.AllFinite(inputs))
        {
            throw new ArgumentException($"{WhyInfinite(Finiteness.IndexOfNonFinite(inputs))}.", "row");
        }
    }

    /// <summary>Why an input is infinite; begins with the property's name.</summary>
    /// <param name="input">Index of the input.</param>
    internal string WhyInfinite(int input)
    {
        RecordColumn[] columns = [.. Layout.Columns];
        RecordColumn column = columns.Last(column => column.Role == ColumnRole.Input && column.Slot <= input);
        return $"{column.Name} is so large that its input is infinite in single precision; Clip or Log in its declaration bounds it";
    }

    internal override Exception Refused(int column, string problem) => new ArgumentException($"{Layout.Columns[column].Name} {problem}.", "row");

    private protected override int SlotOf(int column, string text) => _texts[column]!.GetValueOrDefault(text);

    private protected override int SlotOf(int column, long value) => _integers[column]!.GetValueOrDefault(value);

    private protected override int LabelOf(int column, string text) => Label(column, text) is int label and >= 0 ? label : throw Refused(column, WhyNoClass(column, text));

    private protected override int NumberOfGroup(string text) => throw new UnreachableException("A row alone has no group.");

    /// <summary>The slot of a category, 0 for one that was not seen.</summary>
    internal int Slot(int column, string text) => SlotOf(column, text);

    /// <inheritdoc cref="Slot(int, string)"/>
    internal int Slot(int column, long value) => SlotOf(column, value);

    /// <summary>The label of a class, −1 for an unknown one.</summary>
    internal int Label(int column, string text) => _texts[column]!.TryGetValue(text, out int label) ? label : -1;

    /// <summary>Why a text is no class; goes on after the property's name.</summary>
    internal string WhyNoClass(int column, string text) => $"is '{QuotedText.Of(text)}', which is none of the classes that were fitted, {QuotedText.List(_fits[column].Texts)}";

    /// <summary>For each column, the slots of an enum's members in declared order, where they are not their indices.</summary>
    internal static int[]?[] SlotsOfMembers(RecordLayout layout, ReadOnlySpan<ColumnFit> fits)
    {
        int[]?[] slots = new int[]?[fits.Length];
        for (int column = 0; column < slots.Length; column++)
        {
            string[] fitted = fits[column].Members;
            slots[column] = fitted.Length == 0 ? null : [.. layout.Columns[column].Members.Select(member => Array.IndexOf(fitted, member))];
        }

        return slots;
    }

    private static FrozenDictionary<T, int> Numbered<T>(T[] values, int first) where T : notnull =>
        values.Select((value, index) => KeyValuePair.Create(value, first + index)).ToFrozenDictionary();
}
