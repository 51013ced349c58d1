using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mlp.Generator.Parsing;

internal enum ColumnAttributeKind
{
    Numeric,
    Category,
    Time,
    Target,
    Weight,
    Group,
    EventTime,
}

/// <summary>One of our attributes on a property of a record, or on the parameter that it is made of; in source or in another assembly.</summary>
internal sealed class ColumnAttribute
{
    private static readonly Dictionary<string, ColumnAttributeKind> Kinds = Enum.GetValues(typeof(ColumnAttributeKind))
        .Cast<ColumnAttributeKind>().ToDictionary(static kind => $"{kind}Attribute", StringComparer.Ordinal);

    private readonly AttributeData _data;
    private readonly AttributeSyntax? _syntax;

    private ColumnAttribute(ColumnAttributeKind kind, AttributeData data, Location fallback, Compilation compilation, CancellationToken token)
    {
        Kind = kind;
        _data = data;
        SyntaxReference? source = data.ApplicationSyntaxReference;
        _syntax = RecordProperty.IsIn(compilation, source?.SyntaxTree) ? source!.GetSyntax(token) as AttributeSyntax : null;
        Place = _syntax?.GetLocation() ?? fallback;
    }

    public ColumnAttributeKind Kind { get; }

    public Location Place { get; }

    /// <summary>Our attributes on a property or parameter.</summary>
    public static IEnumerable<ColumnAttribute> On(ISymbol symbol, Location fallback, Compilation compilation, CancellationToken token) =>
        from data in symbol.GetAttributes()
        where data.AttributeClass is { ContainingType: null, ContainingNamespace: { Name: nameof(Mlp), ContainingNamespace.IsGlobalNamespace: true } }
            && Kinds.ContainsKey(data.AttributeClass.MetadataName)
        select new ColumnAttribute(Kinds[data.AttributeClass!.MetadataName], data, fallback, compilation, token);

    /// <summary>Value of the first constructor parameter; null where the argument is an error.</summary>
    public T? Argument<T>() where T : struct =>
        _data.ConstructorArguments.Length > 0 && _data.ConstructorArguments[0] is { Kind: not TypedConstantKind.Error, Value: T value } ? value : null;

    /// <summary>Value of a property; null where it is not set.</summary>
    public T? Property<T>(string name) where T : struct => Find(name) is { Kind: not TypedConstantKind.Error, Value: T value } ? value : null;

    /// <summary>Text of a property; null where it is not set.</summary>
    public string? Text(string name) => Find(name) is { Kind: not TypedConstantKind.Error, Value: string text } ? text : null;

    /// <summary>Whether a property is set, even if its value is an error.</summary>
    public bool IsSet(string name) => Find(name) is not null;

    /// <summary>Where the value of a property stands; the attribute where it is not set.</summary>
    public Location PlaceOf(string name) =>
        _syntax?.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == name)?.Expression.GetLocation() ?? Place;

    /// <summary>As it is written, by the values of its arguments: <c>Numeric(Missing = Median, Indicator = true)</c>.</summary>
    public override string ToString()
    {
        IEnumerable<string> arguments = _data.ConstructorArguments.Select(Written)
            .Concat(_data.NamedArguments.Where(static argument => argument.Key != "Column").Select(static argument => $"{argument.Key} = {Written(argument.Value)}"));
        string list = string.Join(", ", arguments);
        return list.Length == 0 ? $"{Kind}" : $"{Kind}({list})";
    }

    private TypedConstant? Find(string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in _data.NamedArguments)
        {
            if (argument.Key == name)
            {
                return argument.Value;
            }
        }

        return null;
    }

    private static string Written(TypedConstant constant) => constant.Value switch
    {
        int value when constant.Type?.Name == nameof(Scale) => $"{(Scale)value}",
        int value when constant.Type?.Name == nameof(Missing) => $"{(Missing)value}",
        int value when constant.Type?.Name == nameof(Cycles) => $"{(Cycles)value}".Replace(",", " |"),
        double value => Emit.Literals.Short(value),
        bool value => value ? "true" : "false",
        int value => LayerReader.Format(value),
        _ => "?",
    };
}
