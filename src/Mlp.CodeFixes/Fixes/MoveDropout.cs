using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Moves dropout behind the last layer with batch normalization, or takes layer normalization, which has no statistics.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MoveDropout() : NetworkFix("MLP0085")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is not { } network
            || network.Dense.LastOrDefault(dense => network.PropertyName(dense, "Normalization") == "Batch") is not { } last
            || node.FirstAncestorOrSelf<AttributeSyntax>() is not { } layer)
        {
            yield break;
        }

        AttributeSyntax[] early = [.. network.All.Where(attribute => attribute.SpanStart < last.SpanStart && network.KindOf(attribute) == "Dropout")];
        if (last != network.Output && early.Length > 0 && NetworkSyntax.ListOf(last).Attributes.Count == 1)
        {
            AttributeSyntax next = network.Dense[Array.IndexOf(network.Dense, last) + 1];
            bool hasOne = network.All.Any(attribute =>
                attribute.SpanStart > last.SpanStart && attribute.SpanStart < next.SpanStart && network.KindOf(attribute) == "Dropout");
            IEnumerable<Edit> moved = hasOne ? [] : [Edit.InsertLineAfter(NetworkSyntax.ListOf(last), $"[{early[early.Length - 1]}]")];
            yield return new Proposal("Move dropout behind the last normalized layer", nameof(MoveDropout), [.. moved, .. early.Select(Edit.RemoveAttribute)]);
        }

        if (network.UnitsOf(layer) > 1 && NetworkSyntax.PropertyOf(layer, "Normalization") is { } normalization)
        {
            yield return new Proposal(
                "Use Normalization.Layer, which has no statistics",
                $"{nameof(MoveDropout)}.Layer",
                [
                    Edit.Replace(normalization.Expression, network.Member("Normalization", "Layer", normalization)),
                    .. layer.ArgumentList!.Arguments
                        .Where(static argument => argument.NameEquals?.Name.Identifier.ValueText == "NormalizationMomentum")
                        .Select(argument => Edit.RemoveElement(layer.ArgumentList.Arguments, argument)),
                ]);
        }
    }
}
