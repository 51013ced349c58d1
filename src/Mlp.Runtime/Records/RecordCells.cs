using System.ComponentModel;
using System.Globalization;

namespace Mlp.CompilerServices;

/// <summary>The cells of a row of a file or a database, by properties of the record that generated code makes of it.</summary>
/// <remarks>
/// Texts are read in one way on every machine, whatever its culture: numbers as in code, dates and times in ISO 8601. A cell that does not fit its property
/// throws <see cref="InvalidDataException"/> with its place and the property.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RecordCells : IDisposable
{
    private readonly int[] _columns;

    /// <param name="layout">The record's properties.</param>
    /// <param name="record">The record's name, for messages.</param>
    /// <param name="source">What messages call the file or database.</param>
    /// <param name="names">Names of the source's columns.</param>
    /// <exception cref="InvalidDataException">A column is missing, there twice, or of no property.</exception>
    private protected RecordCells(RecordLayout layout, string record, string source, IReadOnlyList<string> names)
    {
        Layout = layout;
        Source = source;
        _columns = new int[layout.Properties.Length];
        Dictionary<string, int> known = [];
        for (int property = 0; property < _columns.Length; property++)
        {
            _columns[property] = -1;
            known.Add(layout.Properties[property].Column, property);
        }

        for (int column = 0; column < names.Count; column++)
        {
            if (!known.TryGetValue(names[column], out int property))
            {
                throw new InvalidDataException(
                    $"{source}, column {column + 1} ('{QuotedText.Of(names[column])}'): {record} has no property for it. Those of its properties have the columns "
                    + $"{QuotedText.List(known.Keys)}.");
            }

            if (_columns[property] >= 0)
            {
                throw new InvalidDataException($"{source}: two columns are called '{QuotedText.Of(names[column])}'.");
            }

            _columns[property] = column;
        }

        foreach (RecordProperty property in layout.Properties)
        {
            if (property.IsRequired && !names.Contains(property.Column))
            {
                throw new InvalidDataException(
                    $"{source}: there is no column '{QuotedText.Of(property.Column)}', which property {property.Name} needs. There are {QuotedText.List(names)}.");
            }
        }
    }

    /// <summary>What messages call the file or database.</summary>
    internal string Source { get; }

    /// <summary>The record's properties.</summary>
    private protected RecordLayout Layout { get; }

    /// <summary>The value of a property that is not nullable; the type's default where the source has no such column.</summary>
    /// <typeparam name="T">The property's type.</typeparam>
    /// <param name="property">The property's index.</param>
    public T Value<T>(int property) where T : struct, ISpanParsable<T> =>
        IsAbsent(property) ? default : Optional<T>(property) ?? throw Empty(property);

    /// <summary>The value of a property that is nullable; null where the cell is empty or the source has no such column.</summary>
    /// <inheritdoc cref="Value{T}"/>
    public T? Optional<T>(int property) where T : struct, ISpanParsable<T>
    {
        if (IsAbsent(property))
        {
            return null;
        }

        if (TryGet(_columns[property], out T direct))
        {
            return direct;
        }

        ReadOnlySpan<char> text = Cell(_columns[property]);
        return text.IsEmpty ? null
            : CellText.TryParse(text, out T value) ? value
            : throw Error(property, CellText.WhyNot<T>(text));
    }

    /// <summary>A text; null where the cell is empty or the source has no such column.</summary>
    /// <param name="property">The property's index.</param>
    public string? Text(int property)
    {
        if (IsAbsent(property) || Cell(_columns[property]) is not { IsEmpty: false } text)
        {
            return null;
        }

        return text.Contains('\uFFFD')
            ? throw Error(property, $"'{QuotedText.Of(text.ToString())}' holds U+FFFD, in place of letters that were lost when bytes were read in the wrong encoding")
            : text.ToString();
    }

    /// <summary>A text that is not null; an empty one where the source has no such column.</summary>
    /// <param name="property">The property's index.</param>
    public string RequiredText(int property) => Text(property) ?? (IsAbsent(property) ? "" : throw Empty(property));

    /// <summary>A truth value, written 0, 1, false or true in any case; false where the source has no such column.</summary>
    /// <param name="property">The property's index.</param>
    public bool Boolean(int property) => !IsAbsent(property) && (OptionalBoolean(property) ?? throw Empty(property));

    /// <summary>The same; null where the cell is empty or the source has no such column.</summary>
    /// <inheritdoc cref="Boolean"/>
    public bool? OptionalBoolean(int property)
    {
        if (IsAbsent(property))
        {
            return null;
        }

        ReadOnlySpan<char> text = Cell(_columns[property]);
        return text switch
        {
            "" => null,
            "0" => false,
            "1" => true,
            _ => bool.TryParse(text, out bool value) && !text.Contains('\0') ? value : throw Error(property, $"'{Quote(text)}' is none of 0, 1, false and true"),
        };
    }

    /// <summary>
    /// The index of an enum's member in declared order, by its name; <see cref="RecordReading.UnknownMember"/> where the source has no such column.
    /// </summary>
    /// <param name="property">The property's index.</param>
    public int Member(int property) => OptionalMember(property) is int index and not RecordReading.NoMember ? index
        : IsAbsent(property) ? RecordReading.UnknownMember
        : throw Empty(property);

    /// <summary>The same; <see cref="RecordReading.NoMember"/> where the cell is empty or the source has no such column.</summary>
    /// <inheritdoc cref="Member"/>
    public int OptionalMember(int property)
    {
        if (IsAbsent(property) || Cell(_columns[property]) is not { IsEmpty: false } text)
        {
            return RecordReading.NoMember;
        }

        string[] members = Layout.Properties[property].Members;
        for (int index = 0; index < members.Length; index++)
        {
            if (text.SequenceEqual(members[index]))
            {
                return index;
            }
        }

        throw Error(property, $"'{Quote(text)}' is no member; there are {QuotedText.List(members)}");
    }

    /// <summary>Ends the reading.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Goes on to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    internal abstract bool MoveNext();

    /// <summary>An error in the present row.</summary>
    /// <param name="name">A property's name.</param>
    /// <param name="problem">What is wrong with it.</param>
    internal InvalidDataException Error(string name, string problem)
    {
        int property = 0;
        while (property < Layout.Properties.Length && Layout.Properties[property].Name != name)
        {
            property++;
        }

        return property < Layout.Properties.Length ? Error(property, problem) : ErrorAt(-1, $"{name} {problem}.");
    }

    /// <summary>Gives back what the source needed.</summary>
    private protected abstract void Close();

    /// <summary>The text in a column of the present row, valid until the next call; empty for null.</summary>
    private protected abstract ReadOnlySpan<char> Cell(int column);

    /// <summary>A value that the source has in the very type that is asked for.</summary>
    private protected abstract bool TryGet<T>(int column, out T value) where T : struct;

    /// <summary>An error in the present row.</summary>
    /// <param name="column">The column; −1 where the row is meant.</param>
    /// <param name="problem">What is wrong, as a sentence.</param>
    private protected abstract InvalidDataException ErrorAt(int column, string problem);

    private bool IsAbsent(int property) => _columns[property] < 0;

    private InvalidDataException Empty(int property) => Error(property, "the cell is empty, and a value is needed");

    private InvalidDataException Error(int property, string problem) =>
        ErrorAt(_columns[property], string.Create(CultureInfo.InvariantCulture, $"property {Layout.Properties[property].Name}: {problem}."));

    private static string Quote(ReadOnlySpan<char> text) => QuotedText.Of(text.ToString());
}
