using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Gives data as many classes as the network has outputs, or the network as many outputs as the data have classes.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SetClassCount() : NetworkFix("MLP0091")
{
    private const int Place = 3;

    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<ArgumentSyntax>() is not { } argument
            || argument.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
            || model.GetSymbolInfo(call).Symbol is not IMethodSymbol { ContainingType: { } network }
            || network.GetMembers("OutputSize").OfType<IFieldSymbol>().FirstOrDefault()?.ConstantValue is not int outputs
            || SourceOf(argument.Expression, model) is not { } data
            || CountOf(data) is not { } count
            || model.GetConstantValue(count).Value is not int classes)
        {
            yield break;
        }

        yield return new Proposal($"Give the data {outputs} classes", $"{nameof(SetClassCount)}.Data", Edit.Replace(count, NetworkSyntax.Text(outputs)));
        if (NetworkSyntax.Of(network, model.Compilation) is { Output: { } output } declared
            && classes > 1
            && !declared.IsTrue(output, "Residual")
            && NetworkSyntax.ArgumentOf(output, "units", 0) is { } units)
        {
            yield return new Proposal(
                $"Give '{network.Name}' {classes} outputs", $"{nameof(SetClassCount)}.Network", Edit.Replace(units.Expression, NetworkSyntax.Text(classes)));
        }
    }

    /// <summary>The call that makes the data, here or where a local is declared.</summary>
    private static InvocationExpressionSyntax? SourceOf(ExpressionSyntax data, SemanticModel model) =>
        data is IdentifierNameSyntax && model.GetSymbolInfo(data).Symbol is ILocalSymbol local
            ? (local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as VariableDeclaratorSyntax)?.Initializer?.Value as InvocationExpressionSyntax
            : data as InvocationExpressionSyntax;

    private static ExpressionSyntax? CountOf(InvocationExpressionSyntax data)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = data.ArgumentList.Arguments;
        return (arguments.FirstOrDefault(static argument => argument.NameColon?.Name.Identifier.ValueText == "classCount")
            ?? (arguments.Count > Place && arguments[Place].NameColon is null ? arguments[Place] : null))?.Expression;
    }
}
