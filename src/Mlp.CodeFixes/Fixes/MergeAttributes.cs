using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Moves attributes of a network's other declarations behind those of the one with [Input].</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MergeAttributes() : NetworkFix("MLP0014")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is not { } other
            || model.GetDeclaredSymbol(other.Declaration) is not INamedTypeSymbol type
            || NetworkSyntax.Of(type, model.Compilation) is not { } network)
        {
            yield break;
        }

        AttributeSyntax[] strays = [.. other.All.Where(attribute => other.KindOf(attribute) != "Input")];
        string lines = string.Join(
            Edit.LineEnd(network.Declaration.SyntaxTree) + Edit.Indentation(network.Declaration),
            strays.Select(static attribute => $"[{attribute}]"));

        // Layers stay before the loss, where a reader looks for them.
        AttributeListSyntax last = NetworkSyntax.ListOf(network.All[network.All.Length - 1]);
        Edit moved = network.Loss is { } loss && NetworkSyntax.ListOf(loss) == last && last.Attributes.Count == 1
            ? Edit.InsertLineBefore(last, lines)
            : Edit.InsertLineAfter(last, lines);
        yield return new Proposal("Move the attributes to the declaration with [Input]", nameof(MergeAttributes), [moved, .. RemovalsOf(strays)]);
    }

    private static IEnumerable<Edit> RemovalsOf(AttributeSyntax[] strays) => strays
        .GroupBy(NetworkSyntax.ListOf)
        .SelectMany(static group => group.Count() == group.Key.Attributes.Count ? [Edit.RemoveWithLine(group.Key)] : group.Select(Edit.RemoveAttribute));
}
