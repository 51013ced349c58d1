using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Makes one noise of two in the same place, and moves noise from behind the output layer to before it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class PlaceNoise() : NetworkFix("MLP0021", "MLP0023")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is not { } network
            || node.FirstAncestorOrSelf<AttributeSyntax>() is not { } noise
            || network.KindOf(noise) is not { } kind)
        {
            yield break;
        }

        if (diagnostic.Id == "MLP0021")
        {
            if (network is { Output: { } output, Dense.Length: > 1 } && FindBefore(network, output, kind) is null)
            {
                yield return new Proposal(
                    $"Move [{noise}] before the output layer",
                    $"{nameof(PlaceNoise)}.Move",
                    Edit.InsertLineBefore(NetworkSyntax.ListOf(output), $"[{noise}]"),
                    Edit.RemoveAttribute(noise));
            }
        }
        else if (FindBefore(network, noise, kind)?.ArgumentList is { Arguments: { Count: 1 } given }
            && noise.ArgumentList is { Arguments: { Count: 1 } added }
            && NetworkSyntax.Number(network.ValueOf(given[0])) is double first && NetworkSyntax.Number(network.ValueOf(added[0])) is double second)
        {
            string amount = NetworkSyntax.Text(Merge(kind, first, second));
            yield return new Proposal(
                $"Write [{kind}({amount})] for both",
                $"{nameof(PlaceNoise)}.Merge",
                Edit.Replace(given[0].Expression, amount),
                Edit.RemoveAttribute(noise));
        }

        yield return new Proposal($"Remove [{noise}]", $"{nameof(PlaceNoise)}.Remove", Edit.RemoveAttribute(noise));
    }

    /// <summary>The nearest noise of the kind that stands before an attribute, with no layer in between; null where there is none.</summary>
    private static AttributeSyntax? FindBefore(NetworkSyntax network, AttributeSyntax attribute, string kind) => network.All
        .TakeWhile(other => other != attribute)
        .Reverse()
        .TakeWhile(other => network.KindOf(other) != "Dense")
        .FirstOrDefault(other => network.KindOf(other) == kind);

    /// <summary>Shares that are kept multiply; variances add up. A sum in binary has digits that nobody wrote.</summary>
    private static double Merge(string kind, double first, double second) =>
        Math.Round(kind == "Dropout" ? 1 - ((1 - first) * (1 - second)) : Math.Sqrt((first * first) + (second * second)), digits: 6);
}
