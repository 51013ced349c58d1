using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Lets the hidden layers of a deep network add their inputs where widths allow it, or normalizes them.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class HelpGradients() : NetworkFix("MLP0089")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is not { Input: { } input, Dense.Length: > 1 } network)
        {
            yield break;
        }

        AttributeSyntax[] hidden = [.. network.Dense.Take(network.Dense.Length - 1)];
        int?[] widths = [network.ValueOf(NetworkSyntax.ArgumentOf(input, "size", 0)) as int?, .. hidden.Select(network.UnitsOf)];
        AttributeSyntax[] equal = [.. hidden.Where((_, index) => widths[index] is not null && widths[index] == widths[index + 1])];
        if (equal.Length > 0)
        {
            yield return new Proposal(
                "Let layers of equal width add their inputs (Residual)",
                $"{nameof(HelpGradients)}.Residual",
                [.. equal.SelectMany(static layer => Add(layer, "Residual = true"))]);
        }

        AttributeSyntax[] wide = [.. hidden.Where(layer => network.UnitsOf(layer) > 1)];
        if (wide.Length > 0)
        {
            yield return new Proposal(
                "Normalize the hidden layers",
                $"{nameof(HelpGradients)}.Normalization",
                [.. wide.SelectMany(layer => Add(layer, $"Normalization = {network.Member("Normalization", "Layer", layer)}"))]);
        }
    }

    private static IEnumerable<Edit> Add(AttributeSyntax layer, string setting) =>
        layer.ArgumentList is { Arguments: { Count: > 0 } arguments } ? [Edit.InsertAfter(arguments[arguments.Count - 1], $", {setting}")] : [];
}
