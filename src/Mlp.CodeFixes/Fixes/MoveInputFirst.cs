using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Moves [Input] above the layers.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MoveInputFirst() : NetworkFix("MLP0088")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is { Input: { } input } network && NetworkSyntax.ListOf(network.All[0]) != NetworkSyntax.ListOf(input))
        {
            yield return new Proposal(
                "Move [Input] above the layers",
                nameof(MoveInputFirst),
                Edit.InsertLineBefore(NetworkSyntax.ListOf(network.All[0]), $"[{input}]"),
                Edit.RemoveAttribute(input));
        }
    }
}
