using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>Writes the head of the kernels' class: the architecture as the runtime sees it, and what all kernels share.</summary>
internal static class LayoutEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        string form = plan.Strategy == Strategy.StraightLine ? "straight-line code, eight samples at a time" : "register-blocked products";
        w.Lines($"/// <summary>The passes, {form}: a struct, so that the runtime's generic code is compiled for it.</summary>");
        using (w.Block($"{Emitted.KernelsHead} : Mlp::{Interface(plan)}"))
        {
            NetworkModel model = plan.Model;
            w.Lines($"""
                /// <summary>The architecture, and where the store keeps each layer's parameters.</summary>
                public static readonly Mlp::NetworkLayout Layout = new(inputSize: {model.InputSize}, standardize: {(model.Standardize ? "true" : "false")}, {Loss(model)},
                    {string.Join(",\n    ", plan.Layers.Select(Layout))}){LossSettings(model)};

                // Kernels are compiled once and fully, without the JIT's slow first tier, and stay out of callers, where vector operations could end as calls.
                private const Compiler::MethodImplOptions Optimized = Compiler::MethodImplOptions.AggressiveOptimization | Compiler::MethodImplOptions.NoInlining;
                private const Compiler::MethodImplOptions Inlined = Compiler::MethodImplOptions.AggressiveInlining;

                // The float that stands `index` floats behind `origin`, and the first of row number `row` in rows of `length` floats.
                {Emitted.Inlined} private static ref float At(ref float origin, nuint index) => ref Compiler::Unsafe.Add(ref origin, index);
                {Emitted.Inlined} private static ref float Row(ref float origin, nuint row, nuint length) =>
                    ref Compiler::Unsafe.Add(ref origin, row * length);
                """);
        }
    }

    private static string Loss(NetworkModel model) => $"loss: {(model.Loss is null ? "null" : $"global::Mlp.LossFunction.{model.Loss}")}";

    /// <summary>What the runtime, which shares the rows among threads, calls the kernels by.</summary>
    private static string Interface(NetworkPlan plan) => plan.Model.Loss is null ? "IRowKernels"
        : plan.Strategy == Strategy.StraightLine ? "ILossKernels"
        : "ITrainingKernels";

    private static string Layout(LayerPlan layer) =>
        TextLines.Join("new Mlp::DenseLayout { ", ", ", Initializers(layer), "\n        ") + " }";

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
