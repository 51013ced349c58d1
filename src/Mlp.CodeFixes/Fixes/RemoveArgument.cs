using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Takes out a setting that has no effect, or that is better left to the layer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RemoveArgument() : NetworkFix("MLP0037", "MLP0087")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { NameEquals: { } name, Parent: AttributeArgumentListSyntax list } argument)
        {
            yield return new Proposal($"Remove '{name.Name.Identifier.ValueText}'", nameof(RemoveArgument), Edit.RemoveElement(list.Arguments, argument));
        }
    }
}
