using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Lets a network learn the statistics of its inputs before the loop, where there is a data set to learn them from.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class LearnStatistics() : NetworkFix("MLP0093")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { Expression: MemberAccessExpressionSyntax access } call
            || access.Expression is not IdentifierNameSyntax network
            || model.GetSymbolInfo(network).Symbol is not ILocalSymbol local
            || Loops.Outermost(call, behind: local.Locations[0].SourceSpan.End) is not { } loop)
        {
            yield break;
        }

        IEnumerable<string> data = model.LookupSymbols(loop.SpanStart)
            .Where(static symbol => TypeOf(symbol) is { Name: "Dataset", ContainingNamespace.Name: "Mlp" })
            .Where(symbol => symbol is not ILocalSymbol || symbol.Locations[0].SourceSpan.End < loop.SpanStart)
            .OrderBy(static symbol => symbol.Name.IndexOf("train", StringComparison.OrdinalIgnoreCase) >= 0 ? 0 : 1)
            .Select(static symbol => symbol.Name);
        foreach (string name in data)
        {
            string statement = $"{network}.LearnInputStatistics({name});";
            yield return new Proposal(
                $"Call '{statement.TrimEnd(';')}' before the loop", $"{nameof(LearnStatistics)}.{name}", Edit.InsertLineBefore(loop, statement));
        }
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };
}
