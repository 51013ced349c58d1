using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Widens a hidden layer until its last vector is full, and with it the layers that are added to it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class FillVectors() : NetworkFix("MLP0095")
{
    private const int Lanes = 8;

    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is not { } network
            || Array.IndexOf(network.Dense, node.FirstAncestorOrSelf<AttributeSyntax>()) is not (>= 0 and int index)
            || network.UnitsOf(network.Dense[index]) is not int units)
        {
            yield break;
        }

        // A residual layer has as many units as the one before it.
        int first = index;
        while (first > 0 && network.IsTrue(network.Dense[first], "Residual"))
        {
            first--;
        }

        int last = index;
        while (last + 1 < network.Dense.Length && network.IsTrue(network.Dense[last + 1], "Residual"))
        {
            last++;
        }

        if (last < network.Dense.Length - 1 && !network.IsTrue(network.Dense[first], "Residual"))
        {
            string full = NetworkSyntax.Text((units + Lanes - 1) / Lanes * Lanes);
            yield return new Proposal(
                $"Set the width to {full}",
                nameof(FillVectors),
                [
                    .. network.Dense.Skip(first).Take(last - first + 1)
                        .Select(layer => Edit.Replace(NetworkSyntax.ArgumentOf(layer, "units", 0)!.Expression, full)),
                ]);
        }
    }
}
