using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Gives a layer a name that no other has.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RenameLayer() : NetworkFix("MLP0026")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is not { } network
            || Array.IndexOf(network.Dense, node.FirstAncestorOrSelf<AttributeSyntax>()) is not (>= 0 and int index)
            || NetworkSyntax.PropertyOf(network.Dense[index], "Name") is not { } argument
            || network.ValueOf(argument) is not string name)
        {
            yield break;
        }

        IEnumerable<string> names =
            network.Dense.Select((layer, place) => network.ValueOf(NetworkSyntax.PropertyOf(layer, "Name")) as string ?? Default(place));
        HashSet<string> taken = new(names, StringComparer.Ordinal);
        taken.UnionWith((model.GetDeclaredSymbol(network.Declaration) as INamedTypeSymbol)?.MemberNames ?? []);

        // The number of the layer's place differs from every other's; names such as Layer2 are those of places.
        string stem = name.StartsWith("Layer", StringComparison.Ordinal) ? "Hidden" : name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        string renamed = stem + NetworkSyntax.Text(index + 1);
        while (taken.Contains(renamed))
        {
            renamed += "_";
        }

        yield return new Proposal($"Call it '{renamed}'", nameof(RenameLayer), Edit.Replace(argument.Expression, $"\"{renamed}\""));
    }

    private static string Default(int index) => $"Layer{NetworkSyntax.Text(index + 1)}";
}
