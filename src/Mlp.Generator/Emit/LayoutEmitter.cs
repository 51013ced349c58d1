using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>Writes the head of the kernels' class: the architecture as the runtime sees it, and what all kernels share.</summary>
internal static class LayoutEmitter
{
    /// <summary>The columns of a layer's initialisers: 160 in all, for a class in a namespace.</summary>
    private const int MostColumns = 140;

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        w.Lines($"""
            /// <summary>The passes, in the files Forward and Backward: {(plan.Strategy == Strategy.StraightLine ? "straight-line code, eight samples at a time" : "register-blocked products")}.</summary>
            /// <remarks>A struct, so that the runtime's generic passes are compiled for it.</remarks>
            """);
        using (w.Block($"{Emitted.KernelsHead} : Mlp::{Interface(plan)}"))
        {
            NetworkModel model = plan.Model;
            w.Lines($"""
                /// <summary>The architecture, and where the store keeps each layer's parameters.</summary>
                public static readonly Mlp::NetworkLayout Layout = new(
                    inputSize: {model.InputSize}, standardize: {(model.Standardize ? "true" : "false")}, loss: {(model.Loss is null ? "null" : $"global::Mlp.LossFunction.{model.Loss}")},
                    {string.Join(",\n    ", plan.Layers.Select(Layout))}){LossSettings(model)};
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
        $"new Mlp::DenseLayout {{ {TextLines.Join(", ", Initializers(layer), MostColumns, lineBreak: "\n        ")} }}";

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

    /// <summary>What differs from a layout's defaults.</summary>
    private static IEnumerable<string> Initializers(LayerPlan layer)
    {
        LayerModel model = layer.Model;
        return
        [
            $"Name = \"{model.Name}\"",
            $"Inputs = {layer.Inputs}",
            $"Outputs = {layer.Outputs}",
            $"Activation = global::Mlp.Activation.{model.Activation}",
            .. model.Alpha == 0 ? [] : (string[])[$"Alpha = {Literals.Of((float)model.Alpha)}"],
            $"Initializer = global::Mlp.Initializer.{model.Initializer}",
            .. double.IsNaN(model.InitializerScale) ? [] : (string[])[$"InitializerScale = {Literals.Of((float)model.InitializerScale)}"],
            .. model.HasBias ? [] : (string[])["HasBias = false"],
            .. model is { DrawsBiases: true, HasBias: true } ? ["DrawsBiases = true"] : (string[])[],
            .. model.IsResidual ? ["IsResidual = true"] : (string[])[],
            .. model.IsNormalized
                ?
                [
                    $"Normalization = global::Mlp.Normalization.{model.Normalization}",
                    $"NormalizationEpsilon = {Literals.Of((float)model.NormalizationEpsilon)}",
                ]
                : (string[])[],
            .. layer.IsBatchNormalized ? [$"NormalizationMomentum = {Literals.Of((float)model.NormalizationMomentum)}"] : (string[])[],
            .. model.L1 > 0 ? [$"L1 = {Literals.Of((float)model.L1)}"] : (string[])[],
            .. model.L2 > 0 ? [$"L2 = {Literals.Of((float)model.L2)}"] : (string[])[],
            $"WeightsOffset = {layer.WeightsOffset}",
            $"WeightsLength = {layer.WeightsLength}",
            $"InputStride = {layer.WeightInputStride}",
            $"OutputStride = {layer.WeightOutputStride}",
            $"BiasesOffset = {layer.BiasesOffset}",
            $"VectorLength = {layer.VectorLength}",
            .. layer.IsBatchNormalized ? [$"StatisticsOffset = {layer.StatisticsOffset}"] : (string[])[],
        ];
    }
}
