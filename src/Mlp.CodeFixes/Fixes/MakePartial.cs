using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Makes a class partial, and the types around it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MakePartial() : NetworkFix("MLP0001", "MLP0002")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        TypeDeclarationSyntax[] closed =
        [
            .. node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Where(static type => !type.Modifiers.Any(SyntaxKind.PartialKeyword)),
        ];
        if (closed.Length > 0)
        {
            string names = string.Join(" and ", closed.Select(static type => $"'{type.Identifier.ValueText}'"));
            yield return new Proposal(
                $"Make {names} partial",
                nameof(MakePartial),
                [.. closed.Select(static type => new Edit(type.SyntaxTree, new(type.Keyword.SpanStart, 0), "partial "))]);
        }
    }
}
