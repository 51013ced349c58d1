using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Makes an empty array as long as the network's rows; where the numbers of a row are written out, says in [Input] how many there are.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class FitRow() : NetworkFix("MLP0090")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node.FirstAncestorOrSelf<ArgumentSyntax>() is not { } argument
            || argument.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
            || model.GetSymbolInfo(call).Symbol is not IMethodSymbol { ContainingType: { } network } method
            || ParameterOf(argument, method) is not { } parameter)
        {
            yield break;
        }

        bool isInput = parameter.Name is "input" or "inputs";
        string constant = isInput ? "InputSize" : "OutputSize";
        bool isOneRow = method.Name.StartsWith("Predict", StringComparison.Ordinal) && method.Parameters.Length == 1;
        if (argument.Expression is ArrayCreationExpressionSyntax { Initializer: null } array
            && array.Type.RankSpecifiers[0].Sizes[0] is var length
            && model.GetConstantValue(length).Value is int given
            && network.GetMembers(constant).OfType<IFieldSymbol>().FirstOrDefault()?.ConstantValue is int size)
        {
            int rows = isOneRow ? 1 : Math.Max(1, (given + size - 1) / size);
            string row = $"{network.ToMinimalDisplayString(model, call.SpanStart)}.{constant}";
            string text = rows == 1 ? row : $"{NetworkSyntax.Text(rows)} * {row}";
            yield return new Proposal($"Write 'new {array.Type.ElementType}[{text}]'", nameof(FitRow), Edit.Replace(length, text));
        }
        else if (isInput
            && isOneRow
            && CountOf(argument.Expression) is int written and > 0
            && NetworkSyntax.Of(network, model.Compilation)?.Input is { } input
            && NetworkSyntax.ArgumentOf(input, "size", 0) is { } columns)
        {
            string text = NetworkSyntax.Text(written);
            yield return new Proposal(
                $"Give '{network.Name}' {text} inputs, [Input({text})]", $"{nameof(FitRow)}.Input", Edit.Replace(columns.Expression, text));
        }
    }

    private static IParameterSymbol? ParameterOf(ArgumentSyntax argument, IMethodSymbol method)
    {
        int index = argument.Parent is ArgumentListSyntax list ? list.Arguments.IndexOf(argument) : -1;
        return argument.NameColon is { } name
            ? method.Parameters.FirstOrDefault(parameter => parameter.Name == name.Name.Identifier.ValueText)
            : method.Parameters.ElementAtOrDefault(index);
    }

    private static int? CountOf(ExpressionSyntax row) => row switch
    {
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions.Count,
        ImplicitArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions.Count,
        StackAllocArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions.Count,
        ImplicitStackAllocArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions.Count,
        CollectionExpressionSyntax collection => collection.Elements.Count,
        _ => null,
    };
}
