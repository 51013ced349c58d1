using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>Reads what the attribute on a property says, and whether the property's type is one for it.</summary>
internal static class ColumnReader
{
    private const int DefaultCapacity = 64;
    private const int MostBins = 1024;

    /// <summary>Names of number types beside those of the language.</summary>
    private static readonly string[] OtherNumbers = ["System.Half", "System.Int128", "System.UInt128"];

    private static readonly string[] Times = ["System.DateOnly", "System.DateTime", "System.DateTimeOffset", "System.TimeOnly"];

    /// <summary>Reads a property with attributes; null where no column can be made of it, which is reported.</summary>
    public static ColumnModel? Read(RecordProperty property, int slot, ProblemList problems)
    {
        ColumnAttribute attribute = property.Attributes[0];
        if (property.Attributes.Length > 1)
        {
            problems.Add(Descriptors.TwoColumnKinds, property.Attributes[1].Place, property.Name, $"{attribute.Kind}", $"{property.Attributes[1].Kind}");
        }

        if (!property.IsReadable)
        {
            problems.Add(Descriptors.UnreadableProperty, attribute.Place, property.Name, $"{attribute.Kind}");
            return null;
        }

        if (KindOf(property.Type, attribute.Kind) is not { } kind)
        {
            problems.Add(Descriptors.UnsupportedColumnType, attribute.Place, $"{attribute.Kind}", property.Name, property.TypeText, Supported(attribute.Kind));
            return null;
        }

        ColumnModel column = new()
        {
            Name = property.Name,
            Role = attribute.Kind switch
            {
                ColumnAttributeKind.Target => ColumnRole.Target,
                ColumnAttributeKind.Weight => ColumnRole.Weight,
                ColumnAttributeKind.Group => ColumnRole.Group,
                ColumnAttributeKind.EventTime => ColumnRole.EventTime,
                _ => ColumnRole.Input,
            },
            Kind = kind,
            TypeName = RecordReader.CodeName(property.Type),
            IsNullable = property.IsNullable,
            Declaration = attribute.ToString(),
            Members = kind == ColumnKind.Member ? MembersOf(property.Type) : default,
            IsUnsigned = kind != ColumnKind.Number && ((property.Type as INamedTypeSymbol)?.EnumUnderlyingType ?? property.Type).SpecialType == SpecialType.System_UInt64,
        };
        if (kind == ColumnKind.Member && column.Members.Count < 2)
        {
            problems.Add(Descriptors.EnumOfOne, attribute.Place, property.TypeText, LayerReader.Format(column.Members.Count), property.Name);
        }

        return attribute.Kind switch
        {
            ColumnAttributeKind.Numeric => ReadNumber(column, attribute, slot, problems),
            ColumnAttributeKind.Category => ReadCategory(column, attribute, slot, problems),
            ColumnAttributeKind.Time => ReadTime(column, property, attribute, slot, problems),
            _ => column,
        };
    }

    /// <summary>Whether a type is a number.</summary>
    public static bool IsNumber(ITypeSymbol type) => type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_Double
        or SpecialType.System_IntPtr or SpecialType.System_UIntPtr || OtherNumbers.Contains(type.ToDisplayString());

    /// <summary>Names of an enum's members in declared order; of members of the same value the first.</summary>
    public static EquatableArray<string> MembersOf(ITypeSymbol type) =>
        new([.. FieldsOf(type).GroupBy(static field => field.ConstantValue).Select(static group => group.First().Name)]);

    /// <summary>All names of an enum's members in declared order.</summary>
    public static EquatableArray<string> NamesOf(ITypeSymbol type) => new([.. FieldsOf(type).Select(static field => field.Name)]);

    private static IEnumerable<IFieldSymbol> FieldsOf(ITypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue);

    private static bool IsInteger(ITypeSymbol type) => type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;

    private static ColumnKind? KindOf(ITypeSymbol type, ColumnAttributeKind attribute)
    {
        bool isTime = Times.Contains(type.ToDisplayString());
        bool isBoolean = type.SpecialType == SpecialType.System_Boolean;
        bool isText = type.SpecialType == SpecialType.System_String;
        bool isEnum = type.TypeKind == TypeKind.Enum;
        return attribute switch
        {
            ColumnAttributeKind.Numeric => IsNumber(type) || isBoolean ? ColumnKind.Number : null,
            ColumnAttributeKind.Category =>
                isEnum ? ColumnKind.Member : isText ? ColumnKind.Text : IsInteger(type) || isBoolean ? ColumnKind.Integer : null,
            ColumnAttributeKind.Time => isTime ? ColumnKind.Time : null,
            ColumnAttributeKind.Target =>
                isEnum ? ColumnKind.Member : isText ? ColumnKind.Text : IsNumber(type) || isBoolean ? ColumnKind.Number : null,
            ColumnAttributeKind.Weight => IsNumber(type) ? ColumnKind.Number : null,
            ColumnAttributeKind.Group => isText ? ColumnKind.Text : IsInteger(type) ? ColumnKind.Integer : null,
            _ => isTime && type.Name != "TimeOnly" ? ColumnKind.Time : IsInteger(type) ? ColumnKind.Integer : null,
        };
    }

    private static string Supported(ColumnAttributeKind attribute) => attribute switch
    {
        ColumnAttributeKind.Numeric => "a number or bool",
        ColumnAttributeKind.Category => "an enum, text, an integer or bool",
        ColumnAttributeKind.Time => "DateOnly, DateTime, DateTimeOffset or TimeOnly",
        ColumnAttributeKind.Target => "bool, an enum, text or a number",
        ColumnAttributeKind.Weight => "a number",
        ColumnAttributeKind.Group => "text or an integer",
        _ => "DateOnly, DateTime, DateTimeOffset or an integer",
    };

    private static ColumnModel ReadNumber(ColumnModel column, ColumnAttribute attribute, int slot, ProblemList problems)
    {
        Scale scale = LayerReader.Defined<Scale>(attribute.Property<int>("Scale"), attribute.PlaceOf("Scale"), problems) ?? Scale.Standard;
        Missing missing = LayerReader.Defined<Missing>(attribute.Property<int>("Missing"), attribute.PlaceOf("Missing"), problems)
            ?? (column.IsNullable ? Missing.Mean : Missing.Refuse);
        int bins = attribute.Property<int>("Bins") ?? 0;
        double clip = attribute.Property<double>("Clip") ?? 0;
        if (bins is not 0 and (< 2 or > MostBins))
        {
            problems.Add(
                Descriptors.NumberOutOfRange, attribute.PlaceOf("Bins"), "Bins", column.Name, LayerReader.Format(bins), $"0, or from 2 to {LayerReader.Format(MostBins)}");
            bins = 0;
        }

        if (!(clip >= 0) || double.IsInfinity(clip))
        {
            problems.Add(Descriptors.NumberOutOfRange, attribute.PlaceOf("Clip"), "Clip", column.Name, NumberSettings.Format(clip), "finite and above 0");
            clip = 0;
        }

        foreach (string unused in new[] { "Scale", "Clip" }.Where(name => bins > 0 && attribute.IsSet(name)))
        {
            problems.Add(Descriptors.UnusedSetting, attribute.PlaceOf(unused), unused, column.Name, "Bins", "one of the two");
        }

        bool indicator = attribute.Property<bool>("Indicator") ?? false;
        if (indicator && missing == Missing.Refuse)
        {
            problems.Add(Descriptors.UnusedSetting, attribute.PlaceOf("Indicator"), "Indicator", column.Name, "Missing.Refuse", "another Missing");
        }

        return column with
        {
            Slot = slot,
            Width = Math.Max(bins, 1) + (indicator ? 1 : 0),
            Scale = scale,
            Log = attribute.Property<bool>("Log") ?? false,
            Missing = missing,
            Indicator = indicator,
            Bins = bins,
            Clip = clip,
        };
    }

    private static ColumnModel ReadCategory(ColumnModel column, ColumnAttribute attribute, int slot, ProblemList problems)
    {
        bool isMember = column.Kind == ColumnKind.Member;
        foreach (string unused in new[] { "Capacity", "MinimumCount" }.Where(name => isMember && attribute.IsSet(name)))
        {
            problems.Add(Descriptors.UnusedSetting, attribute.PlaceOf(unused), unused, column.Name, "an enum, whose members are all known", "text");
        }

        int capacity = Read("Capacity", least: 2, LayerReader.MaxSize, unset: DefaultCapacity);
        int embedding = Read("Embedding", least: 0, LayerReader.MaxSize, unset: 0);
        return column with
        {
            Slot = slot,
            Capacity = isMember ? 0 : capacity,
            MinimumCount = Read("MinimumCount", least: 1, int.MaxValue, unset: 1),
            Embedding = embedding,
            Width = embedding > 0 ? 1 : isMember ? column.Members.Count : capacity,
        };

        int Read(string name, int least, int most, int unset)
        {
            if (attribute.Property<int>(name) is not int value || (value >= least && value <= most))
            {
                return attribute.Property<int>(name) ?? unset;
            }

            string range = most == int.MaxValue ? $"at least {LayerReader.Format(least)}" : $"from {LayerReader.Format(least)} to {LayerReader.Format(most)}";
            problems.Add(Descriptors.NumberOutOfRange, attribute.PlaceOf(name), name, column.Name, LayerReader.Format(value), range);
            return unset;
        }
    }

    private static ColumnModel ReadTime(ColumnModel column, RecordProperty property, ColumnAttribute attribute, int slot, ProblemList problems)
    {
        Cycles? written = (Cycles?)attribute.Argument<int>();
        Cycles cycles = written ?? Cycles.None;
        Cycles possible = property.Type.Name switch
        {
            "DateOnly" => Cycles.DayOfWeek | Cycles.DayOfYear,
            "TimeOnly" => Cycles.Hour,
            _ => Cycles.Hour | Cycles.DayOfWeek | Cycles.DayOfYear,
        };
        if (written is not null && (cycles == Cycles.None || (cycles & ~possible) != 0))
        {
            string found = cycles == Cycles.None ? "no cycle" : $"{cycles & ~possible}";
            problems.Add(Descriptors.CycleOfNoUse, attribute.Place, property.Name, property.TypeText, found, $"{possible}");
        }

        cycles &= possible;
        int count = new[] { Cycles.Hour, Cycles.DayOfWeek, Cycles.DayOfYear }.Count(cycle => (cycles & cycle) != 0);
        return column with { Slot = slot, Width = 2 * count, Cycles = cycles };
    }
}
