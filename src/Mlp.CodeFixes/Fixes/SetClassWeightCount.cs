using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Cuts class weights off at the number of classes, or fills them up with 1, the weight of a class without one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SetClassWeightCount() : NetworkFix("MLP0041")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is not { Output: { } output, Loss: { } loss } network
            || network.UnitsOf(output) is not int units
            || NetworkSyntax.PropertyOf(loss, "ClassWeights")?.Expression is not { } array
            || ElementsOf(array) is not var (elements, open))
        {
            yield break;
        }

        List<Edit> edits = [];
        if (elements.Length > units)
        {
            TextSpan tail = TextSpan.FromBounds(units > 0 ? elements[units - 1].Span.End : elements[0].SpanStart, elements[elements.Length - 1].Span.End);
            edits.Add(new Edit(array.SyntaxTree, tail, ""));
        }
        else
        {
            string more = string.Join(", ", Enumerable.Repeat("1.0", units - elements.Length));
            edits.Add(elements.Length > 0
                ? Edit.InsertAfter(elements[elements.Length - 1], $", {more}")
                : new Edit(array.SyntaxTree, new TextSpan(open, 0), more));
        }

        if (array is ArrayCreationExpressionSyntax created && created.Type.RankSpecifiers[0].Sizes[0] is not OmittedArraySizeExpressionSyntax and var size)
        {
            edits.Add(Edit.Replace(size, NetworkSyntax.Text(units)));
        }

        yield return new Proposal($"Write {NetworkSyntax.Text(units)} class weights", nameof(SetClassWeightCount), [.. edits]);
    }

    /// <summary>The elements that are written out, and where the first would stand; null where they are not.</summary>
    private static (SyntaxNode[] Elements, int Open)? ElementsOf(ExpressionSyntax array) => array switch
    {
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => ([.. initializer.Expressions], initializer.OpenBraceToken.Span.End),
        ImplicitArrayCreationExpressionSyntax { Initializer: { } initializer } => ([.. initializer.Expressions], initializer.OpenBraceToken.Span.End),
        CollectionExpressionSyntax collection when collection.Elements.All(static element => element is ExpressionElementSyntax) =>
            ([.. collection.Elements], collection.OpenBracketToken.Span.End),
        _ => null,
    };
}
