using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>
/// Brings a number into its range: without its sign, or as a share instead of a percentage; or takes the setting out, which leaves its default.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SetNumber() : NetworkFix("MLP0036")
{
    private const string Deviation = "deviation";
    private const string Weights = "ClassWeights";

    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<ExpressionSyntax>() is not { } expression
            || expression.FirstAncestorOrSelf<AttributeArgumentSyntax>() is not { Parent: AttributeArgumentListSyntax { Parent: AttributeSyntax attribute } list } argument
            || NetworkSyntax.Number(model.GetConstantValue(expression).Value) is not double given)
        {
            yield break;
        }

        string setting = argument.NameEquals?.Name.Identifier.ValueText ?? Deviation;
        if (Mend(setting, given, expression) is { } mended)
        {
            yield return new Proposal($"Write {mended}", nameof(SetNumber), Edit.Replace(expression, mended));
        }

        if (setting != Weights)
        {
            bool isWhole = argument.NameEquals is null;
            yield return new Proposal(
                isWhole ? $"Remove [{attribute}]" : $"Remove '{setting}', which leaves its default",
                $"{nameof(SetNumber)}.Remove",
                isWhole ? Edit.RemoveAttribute(attribute) : Edit.RemoveElement(list.Arguments, argument));
        }
    }

    private static string? Mend(string setting, double given, ExpressionSyntax expression)
    {
        double size = Math.Abs(given);
        if (IsInRange(setting, size))
        {
            return expression is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax operand }
                ? operand.ToString()
                : NetworkSyntax.Text(size);
        }

        bool isShare = setting is "LabelSmoothing" or "NormalizationMomentum";
        return isShare && IsInRange(setting, size / 100) ? NetworkSyntax.Text(size / 100) : setting == Weights ? "1" : null;
    }

    /// <summary>As the page of the diagnostic says; what counts is the float that a number becomes.</summary>
    private static bool IsInRange(string setting, double number)
    {
        float value = (float)number;
        return !float.IsNaN(value) && !float.IsInfinity(value) && setting switch
        {
            "LabelSmoothing" => value < 1,
            "NormalizationMomentum" => value is > 0 and <= 1,
            "NormalizationEpsilon" or "Delta" or "PositiveWeight" or "Clip" => value > 0,
            "Bins" => value is >= 2 and <= 1024,
            "Capacity" or "MinimumCount" => value is >= 1 and <= 65_536,
            "Embedding" => value <= 65_536,
            _ => true,
        };
    }
}
