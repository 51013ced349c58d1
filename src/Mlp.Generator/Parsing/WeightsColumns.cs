using System.Globalization;
using Mlp.Build;
using Mlp.Generator.Emit;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>Compares a record with the columns by which a file's encoder was fitted, as the runtime's <c>EncoderMetadata</c> does.</summary>
internal static class WeightsColumns
{
    /// <summary>The first difference; null where there is none.</summary>
    public static string? Compare(RecordModel record, JsonValue encoder)
    {
        ColumnModel[] wanted = [.. record.Columns.Items.Where(static column => column.Role is ColumnRole.Input or ColumnRole.Target)];
        JsonValue[] found = [.. encoder.Items ?? []];
        string[] names = [.. found.Select(static column => column.Find("name")?.Text ?? "")];
        for (int i = 0; i < Math.Max(wanted.Length, found.Length); i++)
        {
            string? here = i < wanted.Length ? wanted[i].Name : null;
            string? there = i < names.Length ? names[i] : null;
            if (here != there)
            {
                return here is not null && !names.Contains(here) ? $"property {here} is a column of this record, and none of the file's"
                    : there is not null && !wanted.Any(column => column.Name == there) ? $"property {there} is a column of the file, and none of this record"
                    : $"property {here ?? there} is in another place among the columns of the file, {string.Join(", ", names)}";
            }
        }

        return wanted.Select((column, index) => Compare(column, found[index])).FirstOrDefault(static difference => difference is not null);
    }

    private static string? Compare(ColumnModel column, JsonValue found)
    {
        string[] members = [.. found.Find("members")?.Items?.Select(static member => member.Text ?? "") ?? []];
        if (column.Kind == ColumnKind.Member && members.Length > 0)
        {
            if (members.Except(column.Members).FirstOrDefault() is string unknown)
            {
                return $"property {column.Name} differs: '{unknown}' is a member of the enum in the file, and none here";
            }

            if (column.Members.Except(members).FirstOrDefault() is string added)
            {
                return $"property {column.Name} differs: '{added}' is a member of the enum here, and none in the file";
            }
        }

        JsonValue? declared = found.Find("declared");
        foreach ((string name, string here) in Facts(column))
        {
            string there = declared?.Find(name)?.Text ?? "not known";
            if (there != here && !(double.TryParse(there, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Literals.Short(number) == here))
            {
                return $"property {column.Name} differs: {name} is {there} in the file, and {here} here";
            }
        }

        return null;
    }

    /// <summary>What a column declares that its inputs depend on, by the names of files.</summary>
    private static IEnumerable<(string Name, string Text)> Facts(ColumnModel column)
    {
        yield return (nameof(column.Role), $"{column.Role}");
        yield return (nameof(column.Kind), $"{column.Kind}");
        if (column.Role != ColumnRole.Input)
        {
            yield break;
        }

        yield return ("Inputs", Literals.Of(column.Width));
        switch (column.Kind)
        {
            case ColumnKind.Number:
                yield return (nameof(column.Scale), $"{column.Scale}");
                yield return (nameof(column.Log), $"{column.Log}");
                yield return (nameof(column.Missing), $"{column.Missing}");
                yield return (nameof(column.Indicator), $"{column.Indicator}");
                yield return (nameof(column.Bins), Literals.Of(column.Bins));
                yield return (nameof(column.Clip), Literals.Short(column.Clip));
                break;
            case ColumnKind.Time:
                yield return (nameof(column.Cycles), $"{column.Cycles}");
                break;
            default:
                yield return (nameof(column.Capacity), Literals.Of(column.IsLearnedCategory ? column.Capacity : 0));
                yield return (nameof(column.Embedding), Literals.Of(column.Embedding));
                break;
        }
    }
}
