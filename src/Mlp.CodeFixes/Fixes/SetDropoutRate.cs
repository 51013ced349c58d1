using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Brings a rate of dropout into its range: a percentage becomes a share.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SetDropoutRate() : NetworkFix("MLP0020")
{
    private const double Usual = 0.5;

    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } argument && NetworkSyntax.Number(model.GetConstantValue(argument.Expression).Value) is double value)
        {
            double given = Math.Abs(value);
            double rate = given switch
            {
                > 1 and < 100 => given / 100,
                < 1 when (float)given < 1 => given,
                _ => Usual,
            };
            string text = NetworkSyntax.Text(rate);
            yield return new Proposal($"Set the rate to {text}", nameof(SetDropoutRate), Edit.Replace(argument.Expression, text));
        }
    }
}
