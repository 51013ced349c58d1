using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Mlp.CodeFixes.Editing;

/// <summary>
/// One change for all places of a file, a project or all projects. Edits that several places ask for, such as of the type around two networks, are made once;
/// a place whose edits contradict those of another is left for the next time.
/// </summary>
internal sealed class AllAtOnce : FixAllProvider
{
    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        NetworkFix fix = (NetworkFix)context.CodeFixProvider;
        List<Edit> edits = [];
        string title = "";
        foreach (Diagnostic diagnostic in await DiagnosticsAsync(context).ConfigureAwait(false))
        {
            if (context.Solution.GetDocument(diagnostic.Location.SourceTree) is not { } document)
            {
                continue;
            }

            IEnumerable<Proposal> proposals = await fix.ProposeAsync(document, diagnostic, context.CancellationToken).ConfigureAwait(false);
            if (proposals.FirstOrDefault(proposal => proposal.Key == context.CodeActionEquivalenceKey) is { } chosen
                && !chosen.Edits.Any(edit => edits.Any(edit.Contradicts)))
            {
                edits.AddRange(chosen.Edits);
                title = chosen.Title;
            }
        }

        return edits.Count == 0 ? null : new Proposal(title, context.CodeActionEquivalenceKey ?? "", [.. edits]).ToAction(context.Solution);
    }

    private static async Task<IEnumerable<Diagnostic>> DiagnosticsAsync(FixAllContext context)
    {
        if (context is { Scope: FixAllScope.Document, Document: { } document })
        {
            return await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
        }

        List<Diagnostic> all = [];
        foreach (Project project in context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project])
        {
            ImmutableArray<Diagnostic> diagnostics = await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
            all.AddRange(diagnostics.Where(static diagnostic => diagnostic.Location.IsInSource));
        }

        return all;
    }
}
