using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mlp.CodeFixes.Editing;

/// <summary>Our attributes on one declaration, as written.</summary>
internal sealed class NetworkSyntax
{
    private readonly SemanticModel _model;

    private NetworkSyntax(TypeDeclarationSyntax declaration, SemanticModel model)
    {
        _model = model;
        Declaration = declaration;
        All = [.. declaration.AttributeLists.SelectMany(static list => list.Attributes).Where(attribute => KindOf(attribute, model) is not null)];
        Dense = [.. All.Where(attribute => KindOf(attribute, model) == "Dense")];
    }

    public TypeDeclarationSyntax Declaration { get; }

    /// <summary>In source order.</summary>
    public AttributeSyntax[] All { get; }

    public AttributeSyntax[] Dense { get; }

    public AttributeSyntax? Input => Find("Input");

    public AttributeSyntax? Loss => Find("Loss");

    /// <summary>The output layer.</summary>
    public AttributeSyntax? Output => Dense.LastOrDefault();

    /// <summary>The declaration around a node; null where it has none of our attributes.</summary>
    public static NetworkSyntax? Around(SyntaxNode node, SemanticModel model) =>
        node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration && new NetworkSyntax(declaration, model) is { All.Length: > 0 } network
            ? network
            : null;

    /// <summary>The declaration of a type that has [Input]; null where the type is no network of this project.</summary>
    public static NetworkSyntax? Of(ITypeSymbol type, Compilation compilation) => type.DeclaringSyntaxReferences
        .Select(static reference => reference.GetSyntax())
        .OfType<TypeDeclarationSyntax>()
        .Where(declaration => compilation.ContainsSyntaxTree(declaration.SyntaxTree))
        .Select(declaration => new NetworkSyntax(declaration, compilation.GetSemanticModel(declaration.SyntaxTree)))
        .FirstOrDefault(static network => network.Input is not null);

    /// <summary>The networks of this project that read a record.</summary>
    public static IEnumerable<NetworkSyntax> OfRecord(INamedTypeSymbol record, Compilation compilation) =>
        from file in compilation.SyntaxTrees
        let model = compilation.GetSemanticModel(file)
        from name in file.GetRoot().DescendantNodes().OfType<GenericNameSyntax>()
        where name.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute && KindOf(attribute, model) == "Input"
            && name.TypeArgumentList.Arguments.Count == 1
            && SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(name.TypeArgumentList.Arguments[0]).Type, record)
        let network = Around(name, model)
        where network is not null
        select network;

    /// <summary>Our attribute's name without its ending; null for others.</summary>
    public static string? KindOf(AttributeSyntax attribute, SemanticModel model) =>
        model.GetTypeInfo(attribute).Type is INamedTypeSymbol { ContainingNamespace: { Name: "Mlp", ContainingNamespace.IsGlobalNamespace: true } } type
            && type.Name.EndsWith("Attribute", StringComparison.Ordinal)
            ? type.Name.Substring(0, type.Name.Length - "Attribute".Length)
            : null;

    public string? KindOf(AttributeSyntax attribute) => KindOf(attribute, _model);

    public AttributeSyntax? Find(string kind) => All.FirstOrDefault(attribute => KindOf(attribute) == kind);

    /// <summary>The argument of a constructor's parameter, by name or by place; null where it is left out.</summary>
    public static AttributeArgumentSyntax? ArgumentOf(AttributeSyntax attribute, string parameter, int index)
    {
        SeparatedSyntaxList<AttributeArgumentSyntax> arguments = attribute.ArgumentList?.Arguments ?? default;
        return arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == parameter)
            ?? (index < arguments.Count && arguments[index] is { NameColon: null, NameEquals: null } positional ? positional : null);
    }

    /// <summary>The argument that sets a property; null where none does.</summary>
    public static AttributeArgumentSyntax? PropertyOf(AttributeSyntax attribute, string name) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == name);

    /// <summary>Units of a layer; null where they are no constant.</summary>
    public int? UnitsOf(AttributeSyntax dense) => ValueOf(ArgumentOf(dense, "units", 0)) is int units ? units : null;

    /// <summary>Name of a layer's activation; null where it has none of ours.</summary>
    public string? ActivationOf(AttributeSyntax dense) => ArgumentOf(dense, "activation", 1) is { } argument ? EnumName(argument, "Activation") : "Linear";

    /// <summary>Name of the loss; null where it is none of ours.</summary>
    public string? LossFunction => Loss is { } loss && ArgumentOf(loss, "loss", 0) is { } argument ? EnumName(argument, "LossFunction") : null;

    public bool IsTrue(AttributeSyntax attribute, string property) => ValueOf(PropertyOf(attribute, property)) is true;

    public string? PropertyName(AttributeSyntax attribute, string property) =>
        PropertyOf(attribute, property) is { } argument ? EnumName(argument, property) : null;

    public object? ValueOf(AttributeArgumentSyntax? argument) => argument is null ? null : _model.GetConstantValue(argument.Expression).Value;

    /// <summary>Gives a layer an activation, and takes away a slope that the new one has no use for.</summary>
    public IEnumerable<Edit> SetActivation(AttributeSyntax dense, string activation)
    {
        AttributeArgumentSyntax? argument = ArgumentOf(dense, "activation", 1);
        SeparatedSyntaxList<AttributeArgumentSyntax> arguments = dense.ArgumentList?.Arguments ?? default;
        if (arguments.Count == 0)
        {
            yield break;
        }

        if (argument is null)
        {
            AttributeArgumentSyntax units = ArgumentOf(dense, "units", 0) ?? arguments[0];
            string name = units.NameColon is null ? "" : "activation: ";
            yield return Edit.InsertAfter(units, $", {name}{Member("Activation", activation, dense)}");
        }
        else if (activation == "Linear")
        {
            yield return Edit.RemoveElement(arguments, argument);
        }
        else
        {
            yield return Edit.Replace(argument.Expression, Member("Activation", activation, argument));
        }

        if (PropertyOf(dense, "Alpha") is { } slope && activation is not ("LeakyRelu" or "PRelu" or "Elu"))
        {
            yield return Edit.RemoveElement(arguments, slope);
        }
    }

    /// <summary>Changes the loss, and takes away settings that the new one has no use for.</summary>
    public IEnumerable<Edit> SetLoss(string loss)
    {
        if (Loss is not { } attribute || ArgumentOf(attribute, "loss", 0) is not { } argument)
        {
            yield break;
        }

        yield return Edit.Replace(argument.Expression, Member("LossFunction", loss, argument));
        foreach (AttributeArgumentSyntax setting in attribute.ArgumentList!.Arguments)
        {
            if (setting.NameEquals is { } name && !IsUsed(name.Name.Identifier.ValueText, loss))
            {
                yield return Edit.RemoveElement(attribute.ArgumentList.Arguments, setting);
            }
        }
    }

    /// <summary>A member of one of our enums as it can be written at a place: alone where usings and names in scope allow it.</summary>
    public string Member(string type, string name, SyntaxNode place) => Member(type, name, place, _model);

    /// <inheritdoc cref="Member(string, string, SyntaxNode)"/>
    public static string Member(string type, string name, SyntaxNode place, SemanticModel model) =>
        new[] { name, $"{type}.{name}", $"Mlp.{type}.{name}" }.FirstOrDefault(text => IsMember(text, type, place, model)) ?? $"global::Mlp.{type}.{name}";

    /// <summary>An attribute's name as the others of the declaration are written.</summary>
    public string Qualified(string attribute) => (All[0].Name as QualifiedNameSyntax)?.Left is { } left ? $"{left}.{attribute}" : attribute;

    /// <summary>Where the list of an attribute begins and ends.</summary>
    public static AttributeListSyntax ListOf(AttributeSyntax attribute) => (AttributeListSyntax)attribute.Parent!;

    /// <summary>A constant as a number; null where it is none.</summary>
    public static double? Number(object? constant) => constant switch
    {
        char letter => letter,
        IConvertible number and not (string or bool) => number.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };

    public static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsMember(string text, string type, SyntaxNode place, SemanticModel model) =>
        model.GetSpeculativeSymbolInfo(place.SpanStart, SyntaxFactory.ParseExpression(text), SpeculativeBindingOption.BindAsExpression).Symbol
            is IFieldSymbol { ContainingType: { ContainingNamespace.Name: "Mlp" } found } && found.Name == type;

    private static bool IsUsed(string setting, string loss) => setting switch
    {
        "Delta" => loss == "Huber",
        "LabelSmoothing" => loss is "CrossEntropy" or "BCE",
        "ClassWeights" => loss == "CrossEntropy",
        "PositiveWeight" => loss == "BCE",
        "StandardizeTargets" => loss is "MSE" or "MAE" or "Huber" or "LogCosh",
        _ => true,
    };

    private string? EnumName(AttributeArgumentSyntax argument, string type)
    {
        object? value = ValueOf(argument);
        return value is null
            ? null
            : _model.Compilation.GetTypeByMetadataName($"Mlp.{type}")?.GetMembers().OfType<IFieldSymbol>()
                .FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value))?.Name;
    }
}
