using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Makes an optimizer before the loop in which it is used.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class KeepOptimizer() : NetworkFix("MLP0092")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is not { } made || Loops.Outermost(made) is not { } loop)
        {
            yield break;
        }

        const string Title = "Make the optimizer before the loop";
        if (made.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is { Declaration.Variables.Count: 1 } local
            && local.Declaration.Variables[0].Initializer?.Value == made)
        {
            yield return new Proposal(Title, nameof(KeepOptimizer), Edit.InsertLineBefore(loop, local.ToString()), Edit.RemoveWithLine(local));
        }
        else if (made is ObjectCreationExpressionSyntax { ArgumentList: { } arguments, Initializer: null } && made.Parent is ArgumentSyntax)
        {
            string type = ((ObjectCreationExpressionSyntax)made).Type.ToString();
            string simple = model.GetTypeInfo(made).Type?.Name ?? "optimizer";
            string name = Loops.FreeName(char.ToLowerInvariant(simple[0]) + simple.Substring(1), loop.SpanStart, model);
            yield return new Proposal(Title, nameof(KeepOptimizer), Edit.InsertLineBefore(loop, $"{type} {name} = new{arguments};"), Edit.Replace(made, name));
        }
    }
}
