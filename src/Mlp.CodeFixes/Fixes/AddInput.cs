using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Writes the missing [Input] above the other attributes; how many columns there are is the user's to say.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddInput() : NetworkFix("MLP0010")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is { } network)
        {
            string attribute = $"[{network.Qualified("Input")}(2)]";
            yield return new Proposal(
                $"Add {attribute}, to be given the number of your columns",
                nameof(AddInput),
                Edit.InsertLineBefore(NetworkSyntax.ListOf(network.All[0]), attribute));
        }
    }
}
