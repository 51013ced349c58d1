using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Names;

/// <summary>
/// Where the compiler does not know a name in one of our attributes, offers ours: for <c>ReLU</c>, <c>"relu"</c>, <c>CategoricalCrossEntropy</c>,
/// <c>nn.Linear</c>, <c>Standardise</c>, <c>units = 8</c>; on properties of records too.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class NameKnownElsewhere() : NetworkFix(UnknownName, UnknownMember, UnknownType, WrongType, WrongSetting, NoSetting)
{
    private const string UnknownName = "CS0103";
    private const string UnknownMember = "CS0117";
    private const string UnknownType = "CS0246";
    private const string WrongType = "CS1503";
    private const string WrongSetting = "CS0029";
    private const string NoSetting = "CS0617";

    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute || !IsAmongOurs(attribute, model))
        {
            yield break;
        }

        Proposal? proposal = NetworkSyntax.KindOf(attribute, model) is null
            ? ForAttribute(attribute, diagnostic, model)
            : node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } argument
                ? diagnostic.Id is UnknownType or NoSetting ? ForProperty(argument, node, attribute, model) : ForValue(argument, attribute, model)
                : null;
        if (proposal is not null)
        {
            yield return proposal;
        }
    }

    /// <summary>Whether one of ours stands on the same declaration or on what it contains.</summary>
    private static bool IsAmongOurs(AttributeSyntax attribute, SemanticModel model) =>
        attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration
        && declaration.DescendantNodes().OfType<AttributeSyntax>().Any(other => NetworkSyntax.KindOf(other, model) is not null);

    /// <summary>An attribute that there is not, on a class that has ours: <c>[Linear(8)]</c>.</summary>
    private static Proposal? ForAttribute(AttributeSyntax attribute, Diagnostic diagnostic, SemanticModel model)
    {
        INamespaceSymbol? ours = model.Compilation.GetTypeByMetadataName("Mlp.InputAttribute")?.ContainingNamespace;
        if (diagnostic.Id is not (UnknownType or UnknownName) || ours is null || model.GetTypeInfo(attribute).Type is not null and not IErrorTypeSymbol)
        {
            return null;
        }

        IEnumerable<string> names = ours.GetTypeMembers()
            .Where(type => type.DeclaredAccessibility == Accessibility.Public && type.Name.EndsWith("Attribute", StringComparison.Ordinal))
            .Select(static type => type.Name.Substring(0, type.Name.Length - "Attribute".Length));
        string written = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText : attribute.Name.ToString();
        if (KnownNames.Nearest(written, "attribute", names) is not { } name)
        {
            return null;
        }

        List<Edit> edits = [Edit.Replace(attribute.Name, name)];
        if (name == "Dense"
            && attribute.ArgumentList is { Arguments: { Count: > 1 } list }
            && list[1].NameEquals is null
            && model.GetTypeInfo(list[1].Expression).Type?.SpecialType == SpecialType.System_Int32)
        {
            // Other libraries ask for the inputs too, which follow from the layer before.
            edits.Add(Edit.RemoveElement(list, list[0]));
        }

        return Offer(name, [.. edits]);
    }

    /// <summary>A setting that there is not: <c>Standardise = true</c>.</summary>
    private static Proposal? ForProperty(AttributeArgumentSyntax argument, SyntaxNode node, AttributeSyntax attribute, SemanticModel model)
    {
        if (argument.NameEquals is not { } written || !written.Span.Contains(node.Span) || model.GetTypeInfo(attribute).Type is not { } type)
        {
            return null;
        }

        string name = written.Name.Identifier.ValueText;
        if (ParameterOf(type, name) is not null)
        {
            // A parameter is named with a colon.
            Edit[] edits =
            [
                .. attribute.ArgumentList!.Arguments.Select(static other => other.NameEquals).OfType<NameEqualsSyntax>()
                    .Select(other => (Written: other, Parameter: ParameterOf(type, other.Name.Identifier.ValueText)))
                    .Where(static pair => pair.Parameter is not null)
                    .Select(static pair => Edit.Replace(pair.Written, $"{pair.Parameter}:")),
            ];
            return Offer($"{ParameterOf(type, name)}:", edits);
        }

        IEnumerable<string> settings = type.GetMembers().OfType<IPropertySymbol>()
            .Where(static property => property.SetMethod is not null)
            .Select(static property => property.Name);
        return KnownNames.Nearest(name, "property", settings) is { } known ? Offer(known, Edit.Replace(written.Name, known)) : null;
    }

    /// <summary>The constructor's parameter of a name, whatever its case; null where there is none.</summary>
    private static string? ParameterOf(ITypeSymbol attribute, string name) => ((INamedTypeSymbol)attribute).InstanceConstructors
        .SelectMany(static constructor => constructor.Parameters)
        .FirstOrDefault(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase))?.Name;

    /// <summary>A value that there is not: <c>ReLU</c>, <c>nn.ReLU</c>, <c>Activation.ReLU</c>, <c>"relu"</c>.</summary>
    private static Proposal? ForValue(AttributeArgumentSyntax argument, AttributeSyntax attribute, SemanticModel model)
    {
        string? written = argument.Expression switch
        {
            IdentifierNameSyntax name => name.Identifier.ValueText,
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            InvocationExpressionSyntax { Expression: IdentifierNameSyntax name, ArgumentList.Arguments.Count: 0 } => name.Identifier.ValueText,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments.Count: 0 } => access.Name.Identifier.ValueText,
            LiteralExpressionSyntax { Token.Value: string text } => text,
            _ => null,
        };
        if (written is null || TypeOf(argument, attribute, model) is not { } type)
        {
            return null;
        }

        if (type.TypeKind != TypeKind.Enum)
        {
            // A number or a truth in quotation marks.
            return argument.Expression is LiteralExpressionSyntax { Token.Value: string } && IsValue(written, type)
                ? Offer(written, Edit.Replace(argument.Expression, written))
                : null;
        }

        if (KnownNames.Nearest(written, type.Name, type.GetMembers().OfType<IFieldSymbol>().Select(static field => field.Name)) is not { } known)
        {
            return null;
        }

        string member = NetworkSyntax.Member(type.Name, known, argument, model);
        return Offer(member, Edit.Replace(argument.Expression, member));
    }

    private static bool IsValue(string written, ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Int32 => int.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        SpecialType.System_Double =>
            double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && char.IsDigit(written[written.Length - 1]),
        SpecialType.System_Boolean => written is "true" or "false",
        _ => false,
    };

    /// <summary>What an argument is given to takes.</summary>
    private static ITypeSymbol? TypeOf(AttributeArgumentSyntax argument, AttributeSyntax attribute, SemanticModel model)
    {
        if (model.GetTypeInfo(attribute).Type is not INamedTypeSymbol type)
        {
            return null;
        }

        int index = attribute.ArgumentList!.Arguments.IndexOf(argument);
        return argument.NameEquals is { } property
            ? type.GetMembers(property.Name.Identifier.ValueText).OfType<IPropertySymbol>().FirstOrDefault()?.Type
            : type.InstanceConstructors.SelectMany(static constructor => constructor.Parameters)
                .FirstOrDefault(parameter => argument.NameColon is { } name ? parameter.Name == name.Name.Identifier.ValueText : parameter.Ordinal == index)
                ?.Type;
    }

    private static Proposal Offer(string name, params Edit[] edits) => new($"Write '{name}'", $"{nameof(NameKnownElsewhere)}.{name}", edits);
}
