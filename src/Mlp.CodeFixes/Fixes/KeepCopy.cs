using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Keeps a copy that nobody keeps, or removes the call.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class KeepCopy() : NetworkFix("MLP0094")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Parent: BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax } statement
            || model.GetTypeInfo(statement.Expression).Type is not { } type)
        {
            yield break;
        }

        string name = Loops.FreeName("copy", statement.SpanStart, model);
        yield return new Proposal(
            "Keep the copy", $"{nameof(KeepCopy)}.Keep", Edit.InsertBefore(statement, $"{type.ToMinimalDisplayString(model, statement.SpanStart)} {name} = "));
        yield return new Proposal("Remove the call", $"{nameof(KeepCopy)}.Remove", Edit.RemoveWithLine(statement));
    }
}
