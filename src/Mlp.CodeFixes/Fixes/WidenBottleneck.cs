using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Gives a hidden layer of one unit more of them.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class WidenBottleneck() : NetworkFix("MLP0086")
{
    private const string Usual = "16";

    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        // What a residual layer is added to has its width.
        if (NetworkSyntax.Around(node, model) is { } network
            && Array.IndexOf(network.Dense, node.FirstAncestorOrSelf<AttributeSyntax>()) is >= 0 and int index
            && !network.Dense.Skip(index).Take(2).Any(layer => network.IsTrue(layer, "Residual"))
            && NetworkSyntax.ArgumentOf(network.Dense[index], "units", 0) is { } units)
        {
            yield return new Proposal($"Give the layer {Usual} units", nameof(WidenBottleneck), Edit.Replace(units.Expression, Usual));
        }
    }
}
