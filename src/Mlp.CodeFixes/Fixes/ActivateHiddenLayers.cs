using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Gives hidden layers that are all linear an activation.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ActivateHiddenLayers() : NetworkFix("MLP0080")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is { Dense.Length: > 1 } network)
        {
            yield return new Proposal(
                "Give the hidden layers Relu",
                nameof(ActivateHiddenLayers),
                [.. network.Dense.Take(network.Dense.Length - 1).SelectMany(layer => network.SetActivation(layer, "Relu"))]);
        }
    }
}
