using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Gives hidden layers that are all linear an activation, and one with Softmax another.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ActivateHiddenLayers() : NetworkFix("MLP0018", "MLP0080")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is { Dense.Length: > 1 } network)
        {
            bool isOne = diagnostic.Id == "MLP0018";
            IEnumerable<AttributeSyntax> layers = network.Dense.Take(network.Dense.Length - 1);
            yield return new Proposal(
                isOne ? "Give the layer Relu" : "Give the hidden layers Relu",
                nameof(ActivateHiddenLayers),
                [.. layers.Where(layer => !isOne || layer.Contains(node)).SelectMany(layer => network.SetActivation(layer, "Relu"))]);
        }
    }
}
