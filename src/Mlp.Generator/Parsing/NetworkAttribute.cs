using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mlp.Generator.Parsing;

internal enum AttributeKind
{
    Input,

    /// <summary><c>[Input&lt;TRecord&gt;]</c></summary>
    RecordInput,
    Dense,
    Dropout,
    GaussianNoise,
    Ensemble,
    Loss,
    Weights,
}

/// <summary>
/// One of our attributes on a type: its values, and where each was written. Where one argument is wrong, the compiler binds none; what the others say is read
/// from the text then.
/// </summary>
internal sealed class NetworkAttribute
{
    private const string Namespace = nameof(Mlp);

    private static readonly Dictionary<string, AttributeKind> Kinds =
        Enum.GetValues(typeof(AttributeKind)).Cast<AttributeKind>().ToDictionary(TypeName, StringComparer.Ordinal);

    private readonly AttributeData _data;
    private readonly AttributeSyntax _syntax;
    private readonly Compilation _compilation;

    private NetworkAttribute(AttributeKind kind, AttributeData data, AttributeSyntax syntax, TypeDeclarationSyntax declaration, Compilation compilation)
    {
        Kind = kind;
        _data = data;
        _syntax = syntax;
        _compilation = compilation;
        Declaration = declaration;
    }

    /// <summary>The names of the attributes' classes, without type parameters: <c>InputAttribute</c>.</summary>
    public static IEnumerable<string> ClassNames => Kinds.Keys.Select(static name => name.Split('`')[0]);

    public AttributeKind Kind { get; }

    /// <summary>Whether the compiler knows no attribute of its name, and its arguments alone say what it is meant to be.</summary>
    public bool IsGuessed => IsUnknown(_data);

    /// <summary>Whether it makes the class a network.</summary>
    public bool IsInput => Kind is AttributeKind.Input or AttributeKind.RecordInput;

    /// <summary>The record of an <c>[Input&lt;TRecord&gt;]</c>; null where it is an error.</summary>
    public ITypeSymbol? Record => _data.AttributeClass?.TypeArguments.FirstOrDefault() is { TypeKind: not TypeKind.Error } type ? type : null;

    /// <summary>Where the record stands.</summary>
    public Location PlaceOfRecord => (_syntax.DescendantNodes().OfType<TypeArgumentListSyntax>().FirstOrDefault()?.Arguments.FirstOrDefault() as SyntaxNode ?? _syntax).GetLocation();

    /// <summary>The part of the class on which the attribute stands.</summary>
    public TypeDeclarationSyntax Declaration { get; }

    public int Position => _syntax.SpanStart;

    public Location Place => _syntax.GetLocation();

    /// <summary>Whether a place lies within the attribute.</summary>
    public bool Contains(Location place) => place.SourceTree == _syntax.SyntaxTree && _syntax.Span.Contains(place.SourceSpan);

    /// <summary>Whether the type is declared as a network, here or in another project.</summary>
    public static bool IsNetwork(INamedTypeSymbol type) => Has(type, AttributeKind.Input) || Has(type, AttributeKind.RecordInput);

    /// <summary>Whether the type has an attribute of the kind, here or in another project.</summary>
    public static bool Has(INamedTypeSymbol type, AttributeKind kind) =>
        type.GetAttributes().Any(attribute => KindOf(attribute.AttributeClass) == kind);

    /// <summary>Whether a type, property or parameter has an attribute that the compiler does not know: one of ours, perhaps, with a name that is half typed or of another library.</summary>
    public static bool HasUnknown(ISymbol symbol) => symbol.GetAttributes().Any(IsUnknown);

    /// <summary>Our attributes on all declarations of the type, in any order; beside them, unknown ones that have arguments of ours.</summary>
    public static IEnumerable<NetworkAttribute> On(INamedTypeSymbol type, CancellationToken token)
    {
        ImmutableArray<AttributeData> all = type.GetAttributes();
        if (type.ContainingAssembly is not ISourceAssemblySymbol { Compilation: { } compilation } || !all.Any(static data => KindOf(data.AttributeClass) is not null))
        {
            yield break;
        }

        bool hasInput = IsNetwork(type);
        foreach (AttributeData data in all)
        {
            if (data.ApplicationSyntaxReference?.GetSyntax(token) is AttributeSyntax syntax
                && syntax.Parent?.Parent is TypeDeclarationSyntax declaration
                && (KindOf(data.AttributeClass) ?? (IsUnknown(data) ? Guess(syntax, hasInput, compilation) : null)) is AttributeKind kind)
            {
                hasInput |= kind is AttributeKind.Input or AttributeKind.Dense;
                yield return new NetworkAttribute(kind, data, syntax, declaration, compilation);
            }
        }
    }

    /// <summary>The arguments as written; of arrays, their elements and sizes.</summary>
    public IEnumerable<ExpressionSyntax> Arguments =>
        _syntax.ArgumentList?.Arguments.SelectMany(static argument => SizesOf(argument.Expression).Concat(ElementsOf(argument.Expression))) ?? [];

    /// <summary>Whether the compiler reports an error in the attribute or in an argument.</summary>
    public bool HasErrors =>
        !IsBound
        || _data.ConstructorArguments.Concat(_data.NamedArguments.Select(static argument => argument.Value)).Any(IsError)
        || (_syntax.ArgumentList?.Arguments.Any(argument => argument.NameEquals is { } name && TypeOfProperty(name.Name.Identifier.ValueText) is null) ?? false);

    /// <summary>Value of a constructor parameter; null where the argument is an error.</summary>
    public T? Argument<T>(int index) where T : struct
    {
        if (IsBound)
        {
            return index < _data.ConstructorArguments.Length ? Value<T>(_data.ConstructorArguments[index]) : null;
        }

        if (ParameterAt(index) is not { } parameter)
        {
            return null;
        }

        return FindArgument(parameter.Name, index) is { } argument
            ? Written<T>(argument.Expression, parameter.Type)
            : parameter.HasExplicitDefaultValue ? Converted<T>(parameter.ExplicitDefaultValue) : null;
    }

    /// <summary>Text of a constructor parameter; null where the argument is an error, or null.</summary>
    public string? TextArgument(int index) =>
        index < _data.ConstructorArguments.Length && _data.ConstructorArguments[index] is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : null;

    /// <summary>Value of a property; null where it is not set.</summary>
    public T? Property<T>(string name) where T : struct =>
        IsBound ? Find(name) is { } constant ? Value<T>(constant) : null
        : ExpressionOf(name) is { } expression && TypeOfProperty(name) is { } type ? Written<T>(expression, type)
        : null;

    /// <summary>Whether a property is set, even if its value is an error.</summary>
    public bool IsSet(string name) => ExpressionOf(name) is not null;

    /// <summary>Whether a property is set to a value other than null.</summary>
    public bool HasValue(string name) => IsBound
        ? Find(name) is { Kind: not TypedConstantKind.Error, IsNull: false }
        : ExpressionOf(name) is { } expression && !expression.IsKind(SyntaxKind.NullLiteralExpression);

    /// <summary>Elements of a property; null where it is not set or an error.</summary>
    public ImmutableArray<double>? Numbers(string name) =>
        Find(name) is { Kind: TypedConstantKind.Array, IsNull: false } array && !IsError(array)
            ? [.. array.Values.Select(static element => Value<double>(element) ?? 0)]
            : null;

    /// <summary>Text of a property; null where it is not set.</summary>
    public string? Text(string name) => IsBound
        ? Find(name) is { Kind: not TypedConstantKind.Error, Value: string text } ? text : null
        : ExpressionOf(name) is { } expression ? ModelOf(expression).GetConstantValue(expression).Value as string : null;

    /// <summary>Where the argument of a constructor parameter stands, by name or by position; the attribute where it is left out.</summary>
    public Location PlaceOfArgument(string parameter, int index) => FindArgument(parameter, index)?.Expression.GetLocation() ?? Place;

    /// <summary>Where the value of a property stands; the attribute where it is not set.</summary>
    public Location PlaceOfProperty(string name) => ExpressionOf(name)?.GetLocation() ?? Place;

    /// <summary>The elements of a property's array as written; fewer than there are where they are not written out.</summary>
    public ImmutableArray<ExpressionSyntax> ElementsOfProperty(string name) =>
        ExpressionOf(name) is { } array ? [.. ElementsOf(array)] : [];

    private static bool IsError(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error
        || (constant is { Kind: TypedConstantKind.Array, IsNull: false } && constant.Values.Any(IsError));

    /// <summary>The elements of an array that is written out; what is no array is its only element.</summary>
    private static IEnumerable<ExpressionSyntax> ElementsOf(ExpressionSyntax value) => value switch
    {
        ArrayCreationExpressionSyntax array => array.Initializer?.Expressions ?? [],
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
        CollectionExpressionSyntax collection =>
            collection.Elements.OfType<ExpressionElementSyntax>().Select(static element => element.Expression),
        _ => [value],
    };

    private static IEnumerable<ExpressionSyntax> SizesOf(ExpressionSyntax value) =>
        value is ArrayCreationExpressionSyntax array
            ? array.Type.RankSpecifiers.SelectMany(static rank => rank.Sizes).Where(static size => size is not OmittedArraySizeExpressionSyntax)
            : [];

    /// <summary>Whether the compiler has matched arguments and parameters, so that their values are known to it.</summary>
    private bool IsBound => _data.AttributeConstructor is not null;

    /// <summary>The attribute's class; of an unknown one, that of the attribute that it is meant to be.</summary>
    private INamedTypeSymbol? Class => IsGuessed ? _compilation.GetTypeByMetadataName($"{Namespace}.{TypeName(Kind)}") : _data.AttributeClass;

    /// <summary>What an unknown attribute is meant to be: with a loss, [Loss]; with a number first, the input if there is none yet, else a layer.</summary>
    private static AttributeKind? Guess(AttributeSyntax syntax, bool hasInput, Compilation compilation)
    {
        SeparatedSyntaxList<AttributeArgumentSyntax> arguments = syntax.ArgumentList?.Arguments ?? default;
        if (arguments.Count == 0 || !compilation.ContainsSyntaxTree(syntax.SyntaxTree))
        {
            return null;
        }

        ITypeSymbol? first = compilation.GetSemanticModel(syntax.SyntaxTree).GetTypeInfo(arguments[0].Expression).Type;
        bool isAlone = arguments.Count(static argument => argument.NameEquals is null) == 1;
        return first switch
        {
            { Name: nameof(LossFunction), ContainingNamespace.Name: Namespace } => AttributeKind.Loss,
            { SpecialType: SpecialType.System_Int32 } => isAlone && !hasInput ? AttributeKind.Input : AttributeKind.Dense,
            _ => null,
        };
    }

    private static bool IsUnknown(AttributeData data) => data.AttributeClass is null or { TypeKind: TypeKind.Error };

    private static T? Value<T>(TypedConstant constant) where T : struct =>
        constant is { Kind: not (TypedConstantKind.Error or TypedConstantKind.Array), Value: T value } ? value : null;

    /// <summary>The value of an expression, if it is one that a parameter or property of the type takes.</summary>
    private T? Written<T>(ExpressionSyntax expression, ITypeSymbol type) where T : struct
    {
        SemanticModel model = ModelOf(expression);
        return model.GetTypeInfo(expression).Type is { } given && _compilation.ClassifyCommonConversion(given, type).IsImplicit
            ? Converted<T>(model.GetConstantValue(expression).Value)
            : null;
    }

    private static T? Converted<T>(object? value) where T : struct => value switch
    {
        T same => same,
        char letter => Converted<T>((int)letter),
        IConvertible number => (T)Convert.ChangeType(number, typeof(T), CultureInfo.InvariantCulture),
        _ => null,
    };

    private SemanticModel ModelOf(SyntaxNode node) => _compilation.GetSemanticModel(node.SyntaxTree);

    private IParameterSymbol? ParameterAt(int index) => Class?.InstanceConstructors
        .Select(constructor => constructor.Parameters.ElementAtOrDefault(index))
        .FirstOrDefault(static parameter => parameter is not null);

    private ITypeSymbol? TypeOfProperty(string name) => Class?.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault()?.Type;

    private AttributeArgumentSyntax? FindArgument(string parameter, int index)
    {
        SeparatedSyntaxList<AttributeArgumentSyntax> arguments = _syntax.ArgumentList?.Arguments ?? default;
        return arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == parameter)
            ?? (index < arguments.Count && arguments[index] is { NameColon: null, NameEquals: null } positional ? positional : null);
    }

    private ExpressionSyntax? ExpressionOf(string property) =>
        _syntax.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == property)?.Expression;

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

    private static string TypeName(AttributeKind kind) => kind == AttributeKind.RecordInput ? "InputAttribute`1" : $"{kind}Attribute";

    private static AttributeKind? KindOf(INamedTypeSymbol? attribute) =>
        attribute is { ContainingType: null, ContainingNamespace: { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } }
            && Kinds.TryGetValue(attribute.MetadataName, out AttributeKind kind)
            ? kind
            : null;
}
