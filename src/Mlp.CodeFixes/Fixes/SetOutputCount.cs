using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Gives the output layer one unit a target, or a member of the target's enum.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SetOutputCount() : NetworkFix("MLP0063")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is { Output: { } output } network
            && !network.IsTrue(output, "Residual")
            && NetworkSyntax.ArgumentOf(output, "units", 0) is { } units
            && ArgumentOf(diagnostic, 2) is { } needed)
        {
            yield return new Proposal($"Write {needed} units", nameof(SetOutputCount), Edit.Replace(units.Expression, needed));
        }
    }
}
