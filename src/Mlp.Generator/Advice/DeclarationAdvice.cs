using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Mlp.Generator.Model;
using Mlp.Generator.Parsing;

namespace Mlp.Generator.Advice;

/// <summary>Advice about a network's layers and its loss.</summary>
internal static class DeclarationAdvice
{
    /// <summary>From so many hidden layers on, gradients hardly reach the first without help.</summary>
    private const int ManyLayers = 10;

    /// <summary>Units that a 256-bit vector holds.</summary>
    private const int Lanes = 8;

    private const int CacheKibibytes = 1024;

    /// <summary>Rows for each weight, for an error of 10 %.</summary>
    private const int RowsPerWeight = 10;

    public static void Check(SymbolAnalysisContext context)
    {
        INamedTypeSymbol type = (INamedTypeSymbol)context.Symbol;
        if (!NetworkAttribute.IsNetwork(type) || NetworkParser.ReadSound(type, context.CancellationToken) is not { } model)
        {
            return;
        }

        NetworkAttribute[] all = [.. NetworkAttribute.On(type, context.CancellationToken).OrderBy(static attribute => attribute.Position)];
        NetworkAttribute input = all.First(static attribute => attribute.IsInput);
        NetworkAttribute[] dense = [.. all.Where(static attribute => attribute.Kind == AttributeKind.Dense)];
        if (dense.Length != model.Layers.Count)
        {
            return;
        }

        Action<DiagnosticDescriptor, Location, object[]> report = (rule, place, arguments) => context.ReportDiagnostic(Diagnostic.Create(rule, place, arguments));
        CheckOrder(input, dense[0], type, report);
        CheckHidden(model, dense, type, report);
        CheckOutput(model, dense[dense.Length - 1], report);
        CheckSizes(model, dense, input, type, report);
    }

    private static void CheckOrder(NetworkAttribute input, NetworkAttribute first, INamedTypeSymbol type, Action<DiagnosticDescriptor, Location, object[]> report)
    {
        if (first.Position < input.Position)
        {
            report(AdviceRules.DenseBeforeInput, first.Place, [input.Kind == AttributeKind.RecordInput ? "Input<…>" : "Input", type.Name]);
        }
    }

    private static void CheckHidden(NetworkModel model, NetworkAttribute[] dense, INamedTypeSymbol type, Action<DiagnosticDescriptor, Location, object[]> report)
    {
        LayerModel[] hidden = [.. model.Layers.Items.Take(model.Layers.Count - 1)];
        if (hidden.Length > 0 && hidden.All(static layer => layer is { Activation: Activation.Linear, IsNormalized: false }))
        {
            report(
                AdviceRules.LinearStack,
                dense[0].Place,
                [Listed(hidden), type.Name, hidden.Length == 1 ? "is" : "are", $"Dense({Text(model.OutputSize)})"]);
        }

        if (hidden.Length >= ManyLayers && !hidden.Any(static layer => layer.IsResidual || layer.IsNormalized))
        {
            report(AdviceRules.DeepPlain, dense[0].Place, [type.Name, Text(hidden.Length)]);
        }

        bool hasDropout = model.InputNoise.Items.Any(static noise => noise.Kind == NoiseKind.Dropout);
        for (int i = 0; i < model.Layers.Count; i++)
        {
            LayerModel layer = model.Layers[i];
            if (hasDropout && layer.Normalization == Normalization.Batch)
            {
                report(AdviceRules.NormalizationAfterDropout, dense[i].PlaceOfProperty("Normalization"), [layer.Name]);
            }

            hasDropout |= layer.Dropout > 0;
            if (i < hidden.Length && layer.Outputs == 1)
            {
                report(AdviceRules.Bottleneck, dense[i].PlaceOfArgument("units", 0), [layer.Name]);
            }

            if (layer is { Activation: Activation.Selu, Initializer: not (Initializer.LeCunNormal or Initializer.LeCunUniform) })
            {
                report(AdviceRules.SeluInitializer, dense[i].PlaceOfProperty("Initializer"), [layer.Name, $"{layer.Initializer}"]);
            }
        }
    }

    private static void CheckOutput(NetworkModel model, NetworkAttribute output, Action<DiagnosticDescriptor, Location, object[]> report)
    {
        Activation activation = model.Layers[model.Layers.Count - 1].Activation;
        Location place = output.PlaceOfArgument("activation", 1);
        bool isRegression = model.Loss is LossFunction.MSE or LossFunction.MAE or LossFunction.Huber or LossFunction.LogCosh;
        if (isRegression && activation == Activation.Softmax)
        {
            report(AdviceRules.RegressionOnSoftmax, place, [$"{model.Loss}"]);
        }
        else if (isRegression && activation == Activation.Relu)
        {
            report(AdviceRules.RectifiedRegression, place, [$"{model.Loss}"]);
        }
        else if (model.Loss == LossFunction.MSE && activation == Activation.Sigmoid)
        {
            report(AdviceRules.SquashedRegression, place, ["Sigmoid", "write [Loss(BCE)], which takes targets between 0 and 1 too"]);
        }
        else if (model.Loss == LossFunction.MSE && activation == Activation.Tanh)
        {
            report(AdviceRules.SquashedRegression, place, ["Tanh", "write Linear for numbers, or Sigmoid with [Loss(BCE)] for targets between 0 and 1"]);
        }
        else if (model.Loss == LossFunction.Hinge && BoundsOf(activation) is string bounds)
        {
            report(AdviceRules.HingeOnProbabilities, place, [$"{activation}", bounds]);
        }
    }

    private static void CheckSizes(
        NetworkModel model, NetworkAttribute[] dense, NetworkAttribute input, INamedTypeSymbol type, Action<DiagnosticDescriptor, Location, object[]> report)
    {
        double nanoseconds = 10;
        for (int i = 0; i < model.Layers.Count; i++)
        {
            LayerModel layer = model.Layers[i];
            int full = (layer.Outputs + Lanes - 1) / Lanes * Lanes;
            if (i < model.Layers.Count - 1 && full != layer.Outputs)
            {
                report(AdviceRules.IdleLanes, dense[i].PlaceOfArgument("units", 0), [layer.Name, Text(layer.Outputs), Text(full)]);
            }

            long weights = (long)layer.Inputs * layer.Outputs;
            if (weights * sizeof(float) > CacheKibibytes * 1024L)
            {
                report(AdviceRules.BeyondCache, dense[i].Place, [layer.Name, Text(weights * sizeof(float) / 1024), Text(CacheKibibytes)]);
            }

            nanoseconds += RowCost.OfLayer(model, i).MultiplyAdds / (layer.Outputs >= 2 * Lanes ? 20.0 : 2.0);
        }

        RowCost cost = RowCost.Of(model);
        report(
            AdviceRules.Costs,
            input.Place,
            [type.Name, Text(cost.MultiplyAdds), Text(cost.Bytes), nanoseconds.ToString("N0", CultureInfo.InvariantCulture)]);
        if (model.Loss is not null)
        {
            report(AdviceRules.RowsNeeded, input.Place, [type.Name, Text(model.ParameterCount), Text(model.ParameterCount * RowsPerWeight)]);
        }
    }

    /// <summary>The range of an activation that does not reach beyond −1 and 1; null for the others.</summary>
    private static string? BoundsOf(Activation activation) => activation switch
    {
        Activation.Sigmoid or Activation.HardSigmoid or Activation.Softmax => "0 to 1",
        Activation.Tanh or Activation.Softsign => "-1 to 1",
        Activation.Relu or Activation.Softplus or Activation.Exp => "0 and above",
        _ => null,
    };

    private static string Listed(LayerModel[] layers) => layers.Length == 1
        ? $"Hidden layer '{layers[0].Name}'"
        : $"Hidden layers {string.Join(", ", layers.Take(layers.Length - 1).Select(static layer => $"'{layer.Name}'"))} and '{layers[layers.Length - 1].Name}'";

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
