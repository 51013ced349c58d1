using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>
/// Gives the networks of a record the loss and the outputs of its target: of a bool a probability, of an enum or text one a class, of a number the number. An
/// integer that numbers classes is left to its author, who alone knows how many there are.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class FitLossToTarget() : NetworkFix("MLP0062")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<AttributeListSyntax>()?.Parent is not { } target
            || TypeOf(target) is not { } written
            || model.GetTypeInfo(written).Type is not { } type
            || target.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } record
            || record.DescendantNodes().OfType<AttributeSyntax>().Count(attribute => NetworkSyntax.KindOf(attribute, model) == "Target") != 1
            || model.GetDeclaredSymbol(record) is not INamedTypeSymbol symbol)
        {
            yield break;
        }

        ITypeSymbol kind = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        string title = "";
        List<Edit> edits = [];
        foreach (NetworkSyntax network in NetworkSyntax.OfRecord(symbol, model.Compilation))
        {
            if (network is { Output: { } output, LossFunction: { } loss }
                && !network.IsTrue(output, "Residual")
                && NetworkSyntax.ArgumentOf(output, "units", 0) is { } units
                && WayOut(kind, loss, network.UnitsOf(output)) is var (fitting, activation, count))
            {
                title = $"Write [Dense({count}{(activation == "Linear" ? "" : $", {activation}")})] and [Loss({fitting})]";
                edits.Add(Edit.Replace(units.Expression, count));
                edits.AddRange(network.ActivationOf(output) == activation ? [] : network.SetActivation(output, activation));
                edits.AddRange(network.SetLoss(fitting));
            }
        }

        if (edits.Count > 0)
        {
            yield return new Proposal(title, nameof(FitLossToTarget), [.. edits]);
        }
    }

    private static TypeSyntax? TypeOf(SyntaxNode target) => target switch
    {
        ParameterSyntax parameter => parameter.Type,
        PropertyDeclarationSyntax property => property.Type,
        _ => null,
    };

    /// <summary>Loss, activation and units for a target; null where the loss fits, or where the type does not say what was meant.</summary>
    private static (string Loss, string Activation, string Units)? WayOut(ITypeSymbol target, string loss, int? units)
    {
        if (target.SpecialType == SpecialType.System_Boolean)
        {
            return loss is "BCE" or "Hinge" ? null : ("BCE", "Sigmoid", "1");
        }

        if (target.TypeKind == TypeKind.Enum || target.SpecialType == SpecialType.System_String)
        {
            int classes = target.TypeKind == TypeKind.Enum
                ? target.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue).Select(static field => field.ConstantValue).Distinct().Count()
                : units ?? 0;
            return loss == "CrossEntropy" || classes < 2 ? null : ("CrossEntropy", "Softmax", NetworkSyntax.Text(classes));
        }

        return target.SpecialType is SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal && loss == "CrossEntropy"
            ? ("MSE", "Linear", "1")
            : null;
    }
}
