using Microsoft.CodeAnalysis;
using Mlp.Generator.Diagnostics;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>How a record is made of a row of a file or a database: by a constructor, and by setting properties.</summary>
internal static class RecordMaker
{
    /// <summary>The properties that are set, constructor parameters first; none where no record can be made.</summary>
    public static EquatableArray<PropertyModel> Read(ITypeSymbol type, INamedTypeSymbol network, RecordProperty[] properties, ProblemList problems)
    {
        if (type is not INamedTypeSymbol { IsAbstract: false, TypeKind: TypeKind.Class or TypeKind.Struct } named)
        {
            return default;
        }

        Compilation compilation = ((ISourceAssemblySymbol)network.ContainingAssembly).Compilation;
        Dictionary<string, RecordProperty> supported = properties.Where(IsSupported).ToDictionary(static property => property.Name, StringComparer.Ordinal);
        IMethodSymbol? constructor = named.InstanceConstructors
            .Where(candidate => compilation.IsSymbolAccessibleWithin(candidate, network))
            .Where(candidate => candidate.Parameters.All(parameter => PropertyOf(parameter, supported) is not null))
            .OrderBy(candidate => properties.Count(property => property.Attributes.Length > 0 && !CanBeSet(property) && !Takes(candidate, property)))
            .ThenBy(static candidate => candidate.Parameters.Length)
            .FirstOrDefault();
        if (constructor is null)
        {
            return default;
        }

        List<PropertyModel> made = [];
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            made.Add(Model(PropertyOf(parameter, supported)!, parameter));
        }

        foreach (RecordProperty property in properties.Where(property => made.TrueForAll(other => other.Name != property.Name)))
        {
            if (CanBeSet(property) && supported.ContainsKey(property.Name))
            {
                made.Add(Model(property, parameter: null));
            }
            else if (property.Symbol.IsRequired)
            {
                return default;
            }
        }

        foreach (IGrouping<string, PropertyModel> column in made.GroupBy(static property => property.Column, StringComparer.Ordinal).Where(static group => group.Count() > 1))
        {
            PropertyModel second = column.ElementAt(1);
            problems.Add(Descriptors.SecondColumn, supported[second.Name].Place, second.Name, column.Key, column.First().Name);
        }

        return new([.. made]);

        bool CanBeSet(RecordProperty property) =>
            property.Symbol is { IsStatic: false, IsIndexer: false, SetMethod: { } setter } && compilation.IsSymbolAccessibleWithin(setter, network);

        bool Takes(IMethodSymbol candidate, RecordProperty property) => candidate.Parameters.Any(parameter => PropertyOf(parameter, supported) == property);
    }

    private static RecordProperty? PropertyOf(IParameterSymbol parameter, Dictionary<string, RecordProperty> properties) =>
        properties.Values.FirstOrDefault(property => RecordProperty.IsOf(parameter, property.Symbol));

    private static bool IsSupported(RecordProperty property) => KindOf(property.Type) is not null;

    private static CellKind? KindOf(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_String ? CellKind.Text
        : type.SpecialType == SpecialType.System_Boolean ? CellKind.Boolean
        : type.TypeKind == TypeKind.Enum ? CellKind.Member
        : type.IsValueType && type.AllInterfaces.Any(static part => part.MetadataName == "ISpanParsable`1" && part.ContainingNamespace.ToDisplayString() == "System")
            ? CellKind.Value
            : null;

    private static PropertyModel Model(RecordProperty property, IParameterSymbol? parameter)
    {
        CellKind kind = KindOf(property.Type)!.Value;
        return new PropertyModel
        {
            Name = property.Name,
            Column = property.Column,
            Kind = kind,
            TypeName = RecordReader.CodeName(property.Type),
            IsNullable = property.IsNullable,
            IsRequired = property.Attributes.Length > 0 || property.Symbol.IsRequired || parameter is { HasExplicitDefaultValue: false },
            Parameter = parameter?.Name,
            Members = kind == CellKind.Member ? ColumnReader.NamesOf(property.Type) : default,
        };
    }
}
