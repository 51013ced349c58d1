using Microsoft.CodeAnalysis;

namespace Mlp.Generator.Parsing;

/// <summary>A property of a record, with our attributes on it or on the parameter of the same name.</summary>
/// <param name="Symbol">The property.</param>
/// <param name="Attributes">Our attributes.</param>
/// <param name="Place">Where its name stands, or the record's in the network's declaration.</param>
/// <param name="IsReadable">Whether the network can read it.</param>
internal sealed record RecordProperty(IPropertySymbol Symbol, ColumnAttribute[] Attributes, Location Place, bool IsReadable)
{
    public string Name => Symbol.Name;

    /// <summary>The type, without the question mark of a nullable one.</summary>
    public ITypeSymbol Type => Symbol.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
        ? nullable.TypeArguments[0]
        : Symbol.Type;

    /// <summary>Whether it can be null, as far as the type says.</summary>
    public bool IsNullable => !SymbolEqualityComparer.Default.Equals(Type, Symbol.Type) || (Type.IsReferenceType && Symbol.NullableAnnotation != NullableAnnotation.NotAnnotated);

    /// <summary>The type as people call it.</summary>
    public string TypeText => Symbol.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    /// <summary>Name of its column: as an attribute says, else its own.</summary>
    public string Column => Attributes.Select(static attribute => attribute.Text("Column")).FirstOrDefault(static name => name is not null) ?? Name;

    /// <summary>The properties of a type in order of declaration, base class first; those that another of the same name hides or overrides are left out.</summary>
    public static IEnumerable<RecordProperty> Of(ITypeSymbol type, INamedTypeSymbol network, Location fallback, CancellationToken token)
    {
        Compilation compilation = ((ISourceAssemblySymbol)network.ContainingAssembly).Compilation;
        ITypeSymbol[] chain = [.. TypesOf(type)];
        List<IPropertySymbol> all = [];
        foreach (IPropertySymbol property in Enumerable.Reverse(chain).SelectMany(static part => part.GetMembers().OfType<IPropertySymbol>()))
        {
            int known = all.FindIndex(other => other.Name == property.Name);
            if (known < 0)
            {
                all.Add(property);
            }
            else
            {
                all[known] = property;
            }
        }

        foreach (IPropertySymbol property in all.Where(static property => property is { IsImplicitlyDeclared: false } || property.DeclaredAccessibility == Accessibility.Public))
        {
            Location place = property.Locations.FirstOrDefault(location => IsIn(compilation, location.SourceTree)) ?? fallback;
            ColumnAttribute[] attributes = [.. SymbolsOf(property, chain)
                .Select(symbols => symbols.SelectMany(symbol => ColumnAttribute.On(symbol, place, compilation, token)).ToArray())
                .FirstOrDefault(static found => found.Length > 0) ?? []];
            bool isReadable = property is { IsStatic: false, IsIndexer: false, GetMethod: { } getter } && compilation.IsSymbolAccessibleWithin(getter, network);
            yield return new RecordProperty(property, attributes, place, isReadable);
        }
    }

    /// <summary>Whether an attribute is unknown to the compiler: one of ours, perhaps, with a name that is half typed.</summary>
    public static bool AnyHasUnknown(ITypeSymbol type, RecordProperty[] properties) =>
        properties.Any(static property => NetworkAttribute.HasUnknown(property.Symbol)) || ParametersOf(type).Any(NetworkAttribute.HasUnknown);

    /// <summary>Whether a tree is of this project: what another project of the solution declares may have source, but no place in this one.</summary>
    public static bool IsIn(Compilation compilation, SyntaxTree? tree) => tree is not null && compilation.ContainsSyntaxTree(tree);

    /// <summary>Attributes on parameters of a record's constructors that no property is called like.</summary>
    public static IEnumerable<(IParameterSymbol Parameter, ColumnAttribute Attribute)> WithoutProperty(
        ITypeSymbol type, INamedTypeSymbol network, RecordProperty[] properties, Location fallback, CancellationToken token) =>
        from parameter in ParametersOf(type)
        where !properties.Any(property => IsOf(parameter, property.Symbol))
        from attribute in ColumnAttribute.On(parameter, fallback, ((ISourceAssemblySymbol)network.ContainingAssembly).Compilation, token)
        select (parameter, attribute);

    /// <summary>A type and those that it has its properties from, base last.</summary>
    private static IEnumerable<ITypeSymbol> TypesOf(ITypeSymbol type)
    {
        for (ITypeSymbol? part = type; part is { SpecialType: SpecialType.None }; part = part.BaseType)
        {
            yield return part;
        }

        foreach (INamedTypeSymbol part in type.TypeKind == TypeKind.Interface ? type.AllInterfaces : [])
        {
            yield return part;
        }
    }

    private static IEnumerable<IParameterSymbol> ParametersOf(ITypeSymbol type) =>
        type is INamedTypeSymbol named ? named.InstanceConstructors.SelectMany(static constructor => constructor.Parameters) : [];

    /// <summary>
    /// What may say what a property is, the most derived type first, which has the say: the property, what it overrides, and parameters that it is made of or
    /// handed on by.
    /// </summary>
    private static IEnumerable<IEnumerable<ISymbol>> SymbolsOf(IPropertySymbol property, ITypeSymbol[] chain)
    {
        IPropertySymbol? declared = property;
        foreach (ITypeSymbol part in chain.TakeWhile(_ => declared is not null))
        {
            bool isHere = SymbolEqualityComparer.Default.Equals(part, declared!.ContainingType);
            IEnumerable<ISymbol> parameters = ParametersOf(part).Where(parameter => IsOf(parameter, property));
            yield return isHere ? [declared, .. parameters] : parameters;
            declared = isHere ? declared.OverriddenProperty : declared;
        }
    }

    /// <summary>Whether a constructor's parameter is of a property's type and called like it, in another case only where no property has the very name.</summary>
    public static bool IsOf(IParameterSymbol parameter, IPropertySymbol property) =>
        SymbolEqualityComparer.Default.Equals(parameter.Type, property.Type)
        && (parameter.Name == property.Name
            || (string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase)
                && !property.ContainingType.GetMembers(parameter.Name).OfType<IPropertySymbol>().Any()));
}
