using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>Writes the head of the kernels' class: the architecture as the runtime sees it, and what all kernels share.</summary>
internal static class LayoutEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        w.Lines(plan.Strategy == Strategy.StraightLine
            ? "/// <summary>The passes of the network, in the files Forward and Backward: straight-line code, eight samples at a time. A struct, so that the runtime's generic passes are compiled for it.</summary>"
            : "/// <summary>The passes of the network, in the files Forward and Backward: register-blocked products. A struct, so that the runtime's generic passes are compiled for it.</summary>");
        using (w.Block($"{Emitted.KernelsHead} : Mlp::{Interface(plan)}"))
        {
            w.Lines($"""
                /// <summary>The architecture, and where the store keeps each layer's parameters.</summary>
                public static readonly Mlp::NetworkLayout Layout = new(
                    inputSize: {plan.Model.InputSize},
                    standardize: {(plan.Model.Standardize ? "true" : "false")},
                    loss: {(plan.Model.Loss is null ? "null" : $"global::Mlp.LossFunction.{plan.Model.Loss}")},
                    {string.Join(",\n    ", plan.Layers.Select(Layout))}){LossSettings(plan.Model)};
                """);
            w.Line();
            Emitted.KernelMembers(w);
        }
    }

    /// <summary>What the runtime, which shares the rows among threads, calls the kernels by.</summary>
    private static string Interface(NetworkPlan plan) => plan.Model.Loss is null ? "IRowKernels"
        : plan.Strategy == Strategy.StraightLine ? "ILossKernels"
        : "ITrainingKernels";

    private static string Layout(LayerPlan layer) =>
        $$"""
            new Mlp::DenseLayout
                {
                    Name = "{{layer.Model.Name}}",
                    Inputs = {{layer.Inputs}},
                    Outputs = {{layer.Outputs}},
                    Activation = global::Mlp.Activation.{{layer.Model.Activation}},
                    Initializer = global::Mlp.Initializer.{{layer.Model.Initializer}},
                    HasBias = {{(layer.Model.HasBias ? "true" : "false")}},
                    WeightsOffset = {{layer.WeightsOffset}},
                    WeightsLength = {{layer.WeightsLength}},
                    InputStride = {{layer.WeightInputStride}},
                    OutputStride = {{layer.WeightOutputStride}},
                    BiasesOffset = {{layer.BiasesOffset}},
                    VectorLength = {{layer.VectorLength}},{{LayoutOptions(layer)}}
                }
            """;

    /// <summary>What the runtime must know of the loss's options.</summary>
    private static string LossSettings(NetworkModel model)
    {
        LossOptions loss = model.LossOptions;
        string[] settings =
        [
            .. loss.ClassWeights.Count > 0
                ? [$"ClassWeights = [{string.Join(", ", loss.ClassWeights.Select(static weight => Literals.Of((float)weight)))}]"]
                : (string[])[],
            .. loss.StandardizeTargets ? ["StandardizeTargets = true"] : (string[])[],
            .. loss.StandardizeTargets && model.Loss == LossFunction.Huber ? [$"LossDelta = {Literals.Of((float)loss.Delta)}"] : (string[])[],
        ];
        return settings.Length == 0 ? "" : $" {{ {string.Join(", ", settings)} }}";
    }

    /// <summary>The lines of a layout that few layers have.</summary>
    private static string LayoutOptions(LayerPlan layer)
    {
        LayerModel model = layer.Model;
        IEnumerable<string> lines =
        [
            .. model.Alpha == 0 ? [] : (string[])[$"Alpha = {Literals.Of((float)model.Alpha)}"],
            .. model is { DrawsBiases: true, HasBias: true } ? ["DrawsBiases = true"] : (string[])[],
            .. double.IsNaN(model.InitializerScale) ? [] : (string[])[$"InitializerScale = {Literals.Of((float)model.InitializerScale)}"],
            .. model.IsResidual ? ["IsResidual = true"] : (string[])[],
            .. model.IsNormalized
                ?
                [
                    $"Normalization = global::Mlp.Normalization.{model.Normalization}",
                    $"NormalizationEpsilon = {Literals.Of((float)model.NormalizationEpsilon)}",
                ]
                : (string[])[],
            .. layer.IsBatchNormalized
                ? [$"NormalizationMomentum = {Literals.Of((float)model.NormalizationMomentum)}", $"StatisticsOffset = {layer.StatisticsOffset}"]
                : (string[])[],
            .. model.L1 > 0 ? [$"L1 = {Literals.Of((float)model.L1)}"] : (string[])[],
            .. model.L2 > 0 ? [$"L2 = {Literals.Of((float)model.L2)}"] : (string[])[],
        ];
        return string.Concat(lines.Select(static line => $"\n        {line},"));
    }
}
