using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mlp.CodeFixes.Editing;

namespace Mlp.CodeFixes.Refactorings;

/// <summary>What an editor offers on the attributes and the name of a network: another layer, a program that trains it, its table as a comment.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(NetworkRefactorings)), Shared]
public sealed class NetworkRefactorings : CodeRefactoringProvider
{
    private const string UsualUnits = "16";

    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        if (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
        {
            return;
        }

        SyntaxNode root = await model.SyntaxTree.GetRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (NetworkSyntax.Around(root.FindNode(context.Span), model) is not { Input: not null, Output: { } output } network
            || context.Span.Start > network.Declaration.Identifier.Span.End
            || model.GetDeclaredSymbol(network.Declaration, context.CancellationToken) is not INamedTypeSymbol type)
        {
            return;
        }

        Proposal?[] proposals = [AddLayer(network, output), WriteTraining(network, type, model), ShowTable(network, type)];
        foreach (Proposal? proposal in proposals)
        {
            if (proposal is not null)
            {
                context.RegisterRefactoring(proposal.ToAction(context.Document.Project.Solution));
            }
        }
    }

    /// <summary>One like the last hidden layer, before the outputs.</summary>
    private static Proposal? AddLayer(NetworkSyntax network, AttributeSyntax output)
    {
        AttributeSyntax? hidden = network.Dense.Length > 1 ? network.Dense[network.Dense.Length - 2] : null;
        string units = hidden is null ? UsualUnits : NetworkSyntax.ArgumentOf(hidden, "units", 0)?.Expression.ToString() ?? UsualUnits;
        string activation = hidden is null ? "Relu" : network.ActivationOf(hidden) ?? "Relu";
        string layer = $"[{network.Qualified("Dense")}({units}, {network.Member("Activation", activation, output)})]";
        return NetworkSyntax.ListOf(output).Attributes.Count > 1
            ? null
            : new Proposal($"Add a hidden layer, {layer}", nameof(AddLayer), Edit.InsertLineBefore(NetworkSyntax.ListOf(output), layer));
    }

    /// <summary>A class that splits data, trains on one part, judges by the other, and saves; for networks that read arrays.</summary>
    private static Proposal? WriteTraining(NetworkSyntax network, INamedTypeSymbol type, SemanticModel model)
    {
        int place = network.Declaration.SpanStart;
        string name = $"{type.Name}Training";
        if (network.Loss is null
            || network.Input!.Name.DescendantNodesAndSelf().OfType<GenericNameSyntax>().Any()
            || type.ContainingType is not null
            || model.LookupNamespacesAndTypes(place, name: name).Any())
        {
            return null;
        }

        string load = network.LossFunction == "CrossEntropy" ? "LoadLabels" : "LoadTargets";
        string console = model.LookupNamespacesAndTypes(place, name: "Console").Any() ? "Console" : "System.Console";
        string mlp = model.LookupNamespacesAndTypes(place, name: "Dataset").Any() ? "" : "Mlp.";
        string[] lines =
        [
            "",
            "",
            $"internal static class {name}",
            "{",
            "    /// <summary>Trains a network, prints how good it is on data that it has not seen, and saves it.</summary>",
            $"    /// <param name=\"data\">Rows of {type.Name}.InputSize columns, such as those of CsvData.{load}(\"data.csv\", target: \"column\").</param>",
            $"    public static {network.Declaration.Identifier} Run({mlp}Dataset data)",
            "    {",
            $"        ({mlp}Dataset train, {mlp}Dataset test) = data.Split(0.8, seed: 1);",
            $"        {network.Declaration.Identifier} net = new(seed: 1);",
            $"        net.Train(train, new {mlp}TrainingOptions {{ Epochs = 20, BatchSize = 32, Optimizer = new {mlp}Adam(1e-3f) }});",
            $"        {console}.WriteLine(net.Report(test));",
            $"        net.Save(\"{type.Name}.safetensors\");",
            "        return net;",
            "    }",
            "}",
        ];
        string text = string.Join(Edit.LineEnd(model.SyntaxTree), lines.Select(line => line.Length == 0 ? line : Edit.Indentation(network.Declaration) + line));
        return new Proposal($"Write a training program for '{type.Name}'", nameof(WriteTraining), Edit.InsertAfter(network.Declaration, text));
    }

    /// <summary>The generated table of layers as a comment above the declaration; none where it stands there already.</summary>
    private static Proposal? ShowTable(NetworkSyntax network, INamedTypeSymbol type)
    {
        string? table = type.GetMembers("Summary").OfType<IPropertySymbol>()
            .SelectMany(static property => property.DeclaringSyntaxReferences)
            .SelectMany(static reference => reference.GetSyntax().DescendantNodes().OfType<LiteralExpressionSyntax>())
            .FirstOrDefault(static literal => literal.IsKind(SyntaxKind.StringLiteralExpression))?.Token.ValueText;
        if (table is null)
        {
            return null;
        }

        string[] lines = [.. table.Split('\n').Select(static line => $"// {line.TrimEnd()}")];
        string lineEnd = Edit.LineEnd(network.Declaration.SyntaxTree) + Edit.Indentation(network.Declaration);
        return network.Declaration.GetLeadingTrivia().ToFullString().Contains(lines[0])
            ? null
            : new Proposal(
                "Show the table of layers",
                nameof(ShowTable),
                Edit.InsertBefore(network.Declaration, string.Concat(lines.Select(line => line + lineEnd))));
    }
}
