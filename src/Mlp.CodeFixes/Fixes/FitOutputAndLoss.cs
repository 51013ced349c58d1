using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Fixes;

/// <summary>Changes the output's activation to fit the loss, or the loss to fit the output.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class FitOutputAndLoss() : NetworkFix("MLP0012", "MLP0013", "MLP0019", "MLP0035", "MLP0049", "MLP0081", "MLP0082", "MLP0083", "MLP0084")
{
    private protected override IEnumerable<Proposal> Propose(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (NetworkSyntax.Around(node, model) is not { Output: { } output } network || network.ActivationOf(output) is not { } activation)
        {
            yield break;
        }

        if (diagnostic.Id == "MLP0019" && network.LossFunction is not "CrossEntropy")
        {
            yield return ToOutputs("Sigmoid");
            yield break;
        }

        if (network.LossFunction is not { } loss)
        {
            yield break;
        }

        bool isOne = network.UnitsOf(output) == 1;
        if (isOne && loss == "CrossEntropy")
        {
            // Softmax of one unit is 1 whatever its sum is: one probability is Sigmoid's.
            IEnumerable<Edit> outputs = activation == "Sigmoid" ? [] : network.SetActivation(output, "Sigmoid");
            yield return new Proposal("Write Sigmoid and [Loss(BCE)]", $"{nameof(FitOutputAndLoss)}.Binary", [.. outputs, .. network.SetLoss("BCE")]);
            yield break;
        }

        // Advice on a bounded output of numbers: first what keeps the meaning of the targets.
        bool changesLossFirst = diagnostic.Id is "MLP0082" || (diagnostic.Id == "MLP0081" && activation == "Sigmoid");
        string? other = LossFor(activation, loss);
        if (changesLossFirst && other is not null)
        {
            yield return ToLoss(other);
        }

        foreach (string wanted in OutputsFor(diagnostic.Id, loss))
        {
            yield return ToOutputs(wanted);
        }

        if (!changesLossFirst && other is not null)
        {
            yield return ToLoss(other);
        }

        Proposal ToOutputs(string wanted) =>
            new($"Give the outputs {wanted}", $"{nameof(FitOutputAndLoss)}.{wanted}", [.. network.SetActivation(output, wanted)]);

        Proposal ToLoss(string wanted) => new($"Train by [Loss({wanted})]", $"{nameof(FitOutputAndLoss)}.{wanted}", [.. network.SetLoss(wanted)]);
    }

    private static IEnumerable<string> OutputsFor(string id, string loss) => loss switch
    {
        "BCE" => ["Sigmoid"],
        "CrossEntropy" => ["Softmax"],
        "Poisson" => ["Exp", "Softplus"],
        _ when id == "MLP0084" => ["Softplus", "Linear"],
        _ => ["Linear"],
    };

    /// <summary>The loss for which an activation is made; null where another activation is the better way out.</summary>
    private static string? LossFor(string activation, string loss) => (activation, loss) switch
    {
        ("Sigmoid", _) => "BCE",
        ("Softmax", _) => "CrossEntropy",
        ("Exp", "BCE" or "CrossEntropy") => "Poisson",
        ("Linear", "BCE" or "CrossEntropy" or "Poisson") => "MSE",
        _ => null,
    };
}
