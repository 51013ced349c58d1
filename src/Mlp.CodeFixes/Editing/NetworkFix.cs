using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Mlp.CodeFixes.Editing;

/// <summary>A fix for some of our diagnostics, or of the compiler's in our attributes: offered on the token that they mark.</summary>
/// <param name="ids">The diagnostics.</param>
public abstract class NetworkFix(params string[] ids) : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. ids];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => new AllAtOnce();

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            foreach (Proposal proposal in await ProposeAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false))
            {
                context.RegisterCodeFix(proposal.ToAction(context.Document.Project.Solution), diagnostic);
            }
        }
    }

    internal async Task<IEnumerable<Proposal>> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken token)
    {
        if (await document.GetSemanticModelAsync(token).ConfigureAwait(false) is not { } model)
        {
            return [];
        }

        SyntaxNode root = await model.SyntaxTree.GetRootAsync(token).ConfigureAwait(false);
        return Propose(root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true), diagnostic, model);
    }

    /// <summary>What stands in the place of {0}, {1}, … of our message; null where the diagnostic is none of ours.</summary>
    private protected static string? ArgumentOf(Diagnostic diagnostic, int index) =>
        diagnostic.Properties.TryGetValue(NetworkSyntax.Text(index), out string? argument) ? argument : null;

    /// <summary>The ways out of a diagnostic, the likeliest first; none where there is none that surely helps.</summary>
    private protected abstract IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model);
}
