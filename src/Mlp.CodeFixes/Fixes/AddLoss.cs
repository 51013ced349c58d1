using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Adds the loss that fits the outputs to a network of which a training member is called.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddLoss() : NetworkFix("MLP0047")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (FindNetwork(ReceiverOf(node, model), model.Compilation) is { Output: { } output, Loss: null } network)
        {
            string loss = LossFor(network.ActivationOf(output));
            string attribute = $"[{network.Qualified("Loss")}({network.Member("LossFunction", loss, output)})]";
            yield return new Proposal(
                $"Add {attribute} to '{network.Declaration.Identifier.ValueText}'",
                nameof(AddLoss),
                Edit.InsertLineAfter(NetworkSyntax.ListOf(network.All[network.All.Length - 1]), attribute));
        }
    }

    private static string LossFor(string? activation) => activation switch
    {
        "Sigmoid" => "BCE",
        "Softmax" => "CrossEntropy",
        "Exp" => "Poisson",
        _ => "MSE",
    };

    private static ITypeSymbol? ReceiverOf(SyntaxNode name, SemanticModel model) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => model.GetTypeInfo(access.Expression).Type,
        MemberBindingExpressionSyntax when name.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } access =>
            model.GetTypeInfo(access.Expression).Type,
        _ => model.GetEnclosingSymbol(name.SpanStart)?.ContainingType,
    };

    /// <summary>The type, or the first of its base classes, that is a network of this project.</summary>
    private static NetworkSyntax? FindNetwork(ITypeSymbol? type, Compilation compilation)
    {
        NetworkSyntax? network = null;
        for (ITypeSymbol? candidate = type; candidate is not null && network is null; candidate = candidate.BaseType)
        {
            network = NetworkSyntax.Of(candidate, compilation);
        }

        return network;
    }
}
