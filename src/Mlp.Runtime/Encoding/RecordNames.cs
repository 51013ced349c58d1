using System.Globalization;

namespace Mlp.CompilerServices;

/// <summary>
/// Names of the inputs that columns of records become. They are all different whatever categories are called, as no property's name has a blank or an
/// equals sign.
/// </summary>
/// <remarks>
/// A number is called by its property, <c>Age</c>, or its bins <c>Age bin 1</c>, <c>Age bin 2</c>, …; its indicator <c>Age missing</c>; a member or a category
/// <c>Port=Lisbon</c>; slot 0 of categories <c>Port unseen</c>, and slots that are left <c>Port unused 7</c>, by their number; an embedding by its property;
/// cycles <c>Boarded sin DayOfWeek</c> and <c>Boarded cos DayOfWeek</c>.
/// </remarks>
internal static class RecordNames
{
    private static readonly Cycles[] AllCycles = [Cycles.Hour, Cycles.DayOfWeek, Cycles.DayOfYear];

    /// <summary>A name for each input.</summary>
    /// <param name="layout">The columns.</param>
    /// <param name="fits">What was learned of each.</param>
    public static string[] OfInputs(RecordLayout layout, ColumnFit[] fits)
    {
        List<string> names = [];
        for (int column = 0; column < fits.Length; column++)
        {
            if (layout.Columns[column].Role == ColumnRole.Input)
            {
                names.AddRange(OfColumn(layout.Columns[column], fits[column]));
            }
        }

        return [.. names];
    }

    /// <summary>The classes' names by label; null where the target is no class.</summary>
    /// <param name="layout">The columns.</param>
    /// <param name="fits">What was learned of each.</param>
    public static string[]? OfClasses(RecordLayout layout, ColumnFit[] fits) => layout.ClassColumn is int column
        ? layout.Columns[column].Kind == ColumnKind.Text ? fits[column].Texts : OfMembers(layout.Columns[column], fits[column])
        : null;

    /// <summary>Names of an enum's members by slot.</summary>
    public static string[] OfMembers(RecordColumn column, ColumnFit fit) => fit.Members.Length > 0 ? fit.Members : column.Members;

    private static IEnumerable<string> OfColumn(RecordColumn column, ColumnFit fit)
    {
        string name = column.Name;
        return column switch
        {
            { Kind: ColumnKind.Number } =>
            [
                .. column.Bins > 0 ? Enumerable.Range(1, column.Bins).Select(bin => Numbered($"{name} bin", bin)) : [name],
                .. column.Indicator ? (string[])[$"{name} missing"] : [],
            ],
            { Embedding: > 0 } => [name],
            { Kind: ColumnKind.Member } => OfMembers(column, fit).Select(member => $"{name}={member}"),
            { Kind: ColumnKind.Time } => AllCycles.Where(cycle => column.Cycles.HasFlag(cycle)).SelectMany(cycle => (string[])[$"{name} sin {cycle}", $"{name} cos {cycle}"]),
            _ => Enumerable.Range(0, column.Capacity).Select(slot => OfSlot(column, fit, slot)),
        };
    }

    private static string OfSlot(RecordColumn column, ColumnFit fit, int slot) => slot switch
    {
        0 => $"{column.Name} unseen",
        _ when slot <= fit.Texts.Length => $"{column.Name}={fit.Texts[slot - 1]}",
        _ when slot <= fit.Integers.Length => $"{column.Name}={column.Written(fit.Integers[slot - 1])}",
        _ => Numbered($"{column.Name} unused", slot),
    };

    private static string Numbered(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name} {number}");
}
