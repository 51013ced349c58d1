using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.Text;

namespace Mlp.CodeFixes.Editing;

/// <summary>A change that an editor offers.</summary>
/// <param name="Title">What it does, in the imperative.</param>
/// <param name="Key">The same for all changes that are made at once when one is chosen for a whole project.</param>
/// <param name="Edits">In any order; they do not overlap.</param>
internal sealed record Proposal(string Title, string Key, params Edit[] Edits)
{
    public CodeAction ToAction(Solution solution) => CodeAction.Create(Title, token => ApplyAsync(solution, token), Key);

    private async Task<Solution> ApplyAsync(Solution solution, CancellationToken token)
    {
        Solution changed = solution;
        foreach (IGrouping<SyntaxTree, Edit> file in Edits.Distinct().GroupBy(static edit => edit.File))
        {
            if (solution.GetDocument(file.Key) is { } document)
            {
                SourceText text = await document.GetTextAsync(token).ConfigureAwait(false);
                IEnumerable<TextChange> changes = file
                .OrderBy(static edit => edit.Span.Start)
                .ThenBy(static edit => edit.Span.Length)
                .Select(static edit => new TextChange(edit.Span, edit.Text));
                changed = changed.WithDocumentText(document.Id, text.WithChanges(changes));
            }
        }

        return changed;
    }
}
