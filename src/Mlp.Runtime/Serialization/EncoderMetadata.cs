using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mlp;

/// <summary>What a network's encoder of records has learned, as JSON in a file's metadata, with the declarations that it was learned by.</summary>
/// <remarks>
/// Inputs and targets are there, as predictions depend on them alone. Declarations are texts that are compared; an enum's members are compared by name, and
/// their slots are those of the file, so that an enum in another order means the same.
/// </remarks>
internal static class EncoderMetadata
{
    private const string NameKey = "name";
    private const string DeclaredKey = "declared";
    private const string MembersKey = "members";
    private const string FillKey = "fill";
    private const string CenterKey = "center";
    private const string SpreadKey = "spread";
    private const string EdgesKey = "edges";
    private const string TextsKey = "texts";
    private const string IntegersKey = "integers";

    // The text is not for HTML, so quotes and letters stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Each data set that an encoder makes holds its text, and each run compares it.
    private static readonly ConditionalWeakTable<FittedEncoder, string> Written = [];

    /// <summary>An encoder as JSON, written once. Encoders with the same text make the same numbers of a record.</summary>
    public static string JsonOf(FittedEncoder encoder) => Written.GetValue(encoder, Write);

    private static string Write(FittedEncoder encoder)
    {
        ArrayBufferWriter<byte> text = new();
        using (Utf8JsonWriter json = new(text, Readable))
        {
            json.WriteStartArray();
            for (int column = 0; column < encoder.Fits.Length; column++)
            {
                if (IsStored(encoder.Layout.Columns[column]))
                {
                    Write(json, encoder.Layout.Columns[column], encoder.Fits[column]);
                }
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Reads an encoder.</summary>
    /// <param name="layout">The columns as they are declared here.</param>
    /// <param name="text">The JSON.</param>
    /// <param name="takesTargets">Whether the targets matter, so that they are compared.</param>
    /// <param name="source">What messages call what holds it, a file or a data set.</param>
    /// <exception cref="InvalidDataException">It is no encoder, or of other columns; names the property.</exception>
    public static FittedEncoder Read(RecordLayout layout, string text, bool takesTargets, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Read(layout, document.RootElement, takesTargets, source);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{source} holds an encoder of records that cannot be read: {QuotedText.Of(error.Message)}", error);
        }
    }

    /// <summary>The longest JSON that an encoder is expected to have: room for long names and categories.</summary>
    public static long MaxLength(RecordLayout? layout)
    {
        const long Column = 2048;
        const long Category = 1024;
        const long Edge = 32;
        long length = 0;
        foreach (RecordColumn column in layout is null ? [] : layout.Columns)
        {
            length += Column + (8L * column.Name.Length) + (Category * column.Capacity) + (Edge * column.Bins) + column.Members.Sum(static member => 8L * (member.Length + 4));
        }

        return length;
    }

    private static bool IsStored(RecordColumn column) => column.Role is ColumnRole.Input or ColumnRole.Target;

    private static void Write(Utf8JsonWriter json, RecordColumn column, ColumnFit fit)
    {
        json.WriteStartObject();
        json.WriteString(NameKey, column.Name);
        json.WriteStartObject(DeclaredKey);
        foreach ((string name, string text) in Facts(column))
        {
            json.WriteString(name, text);
        }

        json.WriteEndObject();
        if (column.Members.Length > 0)
        {
            WriteTexts(json, MembersKey, fit.Members.Length > 0 ? fit.Members : column.Members);
        }

        if (column is { Kind: ColumnKind.Number, Role: ColumnRole.Input })
        {
            json.WriteNumber(FillKey, fit.Number.Fill);
            json.WriteNumber(CenterKey, fit.Number.Center);
            json.WriteNumber(SpreadKey, fit.Number.Spread);
            json.WriteStartArray(EdgesKey);
            foreach (double edge in fit.Number.Edges)
            {
                json.WriteNumberValue(edge);
            }

            json.WriteEndArray();
        }
        else if (column.Kind == ColumnKind.Text)
        {
            WriteTexts(json, TextsKey, fit.Texts);
        }
        else if (column.Kind == ColumnKind.Integer)
        {
            json.WriteStartArray(IntegersKey);
            foreach (long integer in fit.Integers)
            {
                json.WriteNumberValue(integer);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string key, string[] texts)
    {
        json.WriteStartArray(key);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>What a column declares that its inputs depend on.</summary>
    private static IEnumerable<(string Name, string Text)> Facts(RecordColumn column)
    {
        yield return (nameof(column.Role), $"{column.Role}");
        yield return (nameof(column.Kind), $"{column.Kind}");
        if (column.Role != ColumnRole.Input)
        {
            yield break;
        }

        yield return ("Inputs", Text(column.Width));
        switch (column.Kind)
        {
            case ColumnKind.Number:
                yield return (nameof(column.Scale), $"{column.Scale}");
                yield return (nameof(column.Log), $"{column.Log}");
                yield return (nameof(column.Missing), $"{column.Missing}");
                yield return (nameof(column.Indicator), $"{column.Indicator}");
                yield return (nameof(column.Bins), Text(column.Bins));
                yield return (nameof(column.Clip), Text(column.Clip));
                break;
            case ColumnKind.Time:
                yield return (nameof(column.Cycles), $"{column.Cycles}");
                break;
            default:
                yield return (nameof(column.Capacity), Text(column.Capacity));
                yield return (nameof(column.Embedding), Text(column.Embedding));
                break;
        }
    }

    private static FittedEncoder Read(RecordLayout layout, JsonElement root, bool takesTargets, string source)
    {
        ColumnFit[] fits = new ColumnFit[layout.Columns.Length];
        Array.Fill(fits, ColumnFit.None);
        int[] wanted = [.. Enumerable.Range(0, fits.Length).Where(column => IsCompared($"{layout.Columns[column].Role}"))];
        JsonElement[] found = [.. root.EnumerateArray().Where(column => IsCompared(column.GetProperty(DeclaredKey).GetProperty(nameof(RecordColumn.Role)).GetString()))];
        string[] names = [.. found.Select(static column => column.GetProperty(NameKey).GetString()!)];
        for (int i = 0; i < Math.Max(wanted.Length, found.Length); i++)
        {
            string? here = i < wanted.Length ? layout.Columns[wanted[i]].Name : null;
            string? there = i < names.Length ? names[i] : null;
            if (here != there)
            {
                throw Error(source, here is not null && !names.Contains(here) ? $"property {here} is a column of this record, and none there"
                    : there is not null && !wanted.Any(column => layout.Columns[column].Name == there) ? $"property {QuotedText.Of(there)} is a column there, and none of this record"
                    : $"property {here ?? QuotedText.Of(there!)} is in another place among the columns there, {QuotedText.List(names)}");
            }
        }

        for (int i = 0; i < wanted.Length; i++)
        {
            RecordColumn column = layout.Columns[wanted[i]];
            string[] members = found[i].TryGetProperty(MembersKey, out JsonElement list) ? Texts(list) : [];
            Compare(column, found[i], members, source);
            fits[wanted[i]] = ReadFit(column, found[i], members, source);
        }

        return new FittedEncoder(layout, fits);

        bool IsCompared(string? role) => role == nameof(ColumnRole.Input) || (takesTargets && role == nameof(ColumnRole.Target));
    }

    private static void Compare(RecordColumn column, JsonElement found, string[] members, string source)
    {
        if (column.Kind == ColumnKind.Number && members.Length != column.Members.Length)
        {
            throw Error(source, $"property {column.Name} differs: it is a {(members.Length > 0 ? "bool there, and a number" : "number there, and a bool")} here");
        }

        // First, as more members make more inputs, and their names say more.
        if (members.Except(column.Members).FirstOrDefault() is string unknown)
        {
            throw Error(source, $"property {column.Name} differs: '{QuotedText.Of(unknown)}' is a member of the enum there, and none here");
        }

        if (members.Length > 0 && column.Members.Except(members).FirstOrDefault() is string added)
        {
            throw Error(source, $"property {column.Name} differs: '{added}' is a member of the enum here, and none there");
        }

        JsonElement declared = found.GetProperty(DeclaredKey);
        foreach ((string name, string here) in Facts(column))
        {
            string there = declared.TryGetProperty(name, out JsonElement text) ? text.GetString()! : "not known";
            if (there != here)
            {
                throw Error(source, $"property {column.Name} differs: {name} is {QuotedText.Of(there)} there, and {here} here");
            }
        }
    }

    private static ColumnFit ReadFit(RecordColumn column, JsonElement found, string[] members, string source)
    {
        ColumnFit fit = new() { Members = members.SequenceEqual(column.Members) ? [] : members };
        fit = column switch
        {
            { Kind: ColumnKind.Number, Role: ColumnRole.Input } => fit with
            {
                Number = new NumberFit(
                    found.GetProperty(FillKey).GetDouble(),
                    found.GetProperty(CenterKey).GetDouble(),
                    found.GetProperty(SpreadKey).GetDouble(),
                    [.. found.GetProperty(EdgesKey).EnumerateArray().Select(static edge => edge.GetDouble())]),
            },
            { Kind: ColumnKind.Text } => fit with { Texts = Texts(found.GetProperty(TextsKey)) },
            { Kind: ColumnKind.Integer } => fit with { Integers = [.. found.GetProperty(IntegersKey).EnumerateArray().Select(static integer => integer.GetInt64())] },
            _ => fit,
        };
        return IsWhole(column, fit, members.Length) ? fit : throw Error(source, $"what was learned of property {column.Name} is none that could be");
    }

    /// <summary>Whether something like this can have been learned, so that no number of the file leads beyond a column's inputs.</summary>
    private static bool IsWhole(RecordColumn column, ColumnFit fit, int members)
    {
        NumberFit number = fit.Number;
        bool areCategories = column.Role != ColumnRole.Input || Math.Max(fit.Texts.Length, fit.Integers.Length) < Math.Max(column.Capacity, 1);
        return double.IsFinite(number.Fill) && double.IsFinite(number.Center) && double.IsFinite(number.Spread) && number.Spread > 0
            && number.Edges.Length == (column.Bins > 0 ? column.Bins + 1 : 0)
            && number.Edges.All(double.IsFinite)
            && number.Edges.Zip(number.Edges.Skip(1)).All(static pair => pair.First <= pair.Second)
            && areCategories && members == column.Members.Length
            && fit.Texts.Distinct().Count() == fit.Texts.Length && fit.Integers.Distinct().Count() == fit.Integers.Length;
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(static text => text.GetString() ?? throw new FormatException("A text is null."))];

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static InvalidDataException Error(string source, string problem) => new($"{source} was made with other records: {problem}.");
}
