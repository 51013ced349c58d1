using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mlp.CodeFixes.Editing;

/// <summary>Where a statement can stand so that it runs once.</summary>
internal static class Loops
{
    /// <summary>The outermost loop of the same method around a node that still begins behind a position; null where no line can stand before it.</summary>
    public static StatementSyntax? Outermost(SyntaxNode node, int behind = -1)
    {
        StatementSyntax? loop = null;
        for (SyntaxNode? around = node.Parent;
            around is not (null or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax);
            around = around.Parent)
        {
            if (around is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax && around.SpanStart > behind)
            {
                loop = (StatementSyntax)around;
            }
        }

        return loop is { Parent: BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax } ? loop : null;
    }

    /// <summary>A name that nothing else in scope has: the given one, or with a number behind it.</summary>
    public static string FreeName(string wanted, int position, SemanticModel model)
    {
        string name = wanted;
        for (int number = 2; !model.LookupSymbols(position, name: name).IsEmpty; number++)
        {
            name = wanted + NetworkSyntax.Text(number);
        }

        return name;
    }
}
