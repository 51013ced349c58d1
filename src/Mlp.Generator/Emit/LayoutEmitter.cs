using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>Writes the head of the kernels' class: the architecture as the runtime sees it, and what all kernels share.</summary>
internal static class LayoutEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("/// <summary>The passes of the network, in the files Forward and Backward. A struct, so that the runtime's generic passes are compiled for it.</summary>");
        using (w.Block($"{Emitted.KernelsHead} : Mlp::{Emitted.Interface(plan)}"))
        {
            w.Lines($"""
                /// <summary>The architecture, and where the store keeps each layer's parameters.</summary>
                public static readonly Mlp::NetworkLayout Layout = new(
                    inputSize: {plan.Model.InputSize},
                    standardize: {(plan.Model.Standardize ? "true" : "false")},
                    loss: {(plan.Model.Loss is null ? "null" : $"global::Mlp.LossFunction.{plan.Model.Loss}")},
                    {string.Join(",\n    ", plan.Layers.Select(Layout))}){LossSettings(plan.Model)};
                """);
            w.Lines("""

                // Kernels are compiled once, fully optimised. Inside a caller, where the JIT may have inlined as much as it will, vector operations could end as calls.
                private const Compiler::MethodImplOptions Optimized = Compiler::MethodImplOptions.AggressiveOptimization | Compiler::MethodImplOptions.NoInlining;

                [Compiler::MethodImpl(Compiler::MethodImplOptions.AggressiveInlining)]
                private static ref float At(ref float origin, nuint index) => ref Compiler::Unsafe.Add(ref origin, index);
                """);
        }
    }

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
                    WeightsOffset = {{layer.Places.Weights}},
                    WeightsLength = {{layer.Places.WeightsLength}},
                    InputStride = {{layer.Places.InputStride}},
                    OutputStride = {{layer.Places.OutputStride}},
                    BiasesOffset = {{layer.Places.Biases}},
                    VectorLength = {{layer.Places.VectorLength}},{{LayoutOptions(layer)}}
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
            .. loss is { Delta: 1, PositiveWeight: 1, LabelSmoothing: 0 }
                ? []
                : (string[])[$"LossSettings = new({Literals.Of((float)loss.Delta)}, {Literals.Of((float)loss.PositiveWeight)}, {Literals.Of((float)loss.LabelSmoothing)})"],
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
            .. model.IsFrozen ? ["IsFrozen = true"] : (string[])[],
            .. model.IsResidual ? ["IsResidual = true"] : (string[])[],
            .. model.IsNormalized
                ?
                [
                    $"Normalization = global::Mlp.Normalization.{model.Normalization}",
                    $"NormalizationEpsilon = {Literals.Of((float)model.NormalizationEpsilon)}",
                ]
                : (string[])[],
            .. layer.IsBatchNormalized
                ? [$"NormalizationMomentum = {Literals.Of((float)model.NormalizationMomentum)}", $"StatisticsOffset = {layer.Places.Statistics}"]
                : (string[])[],
            .. model.L1 > 0 ? [$"L1 = {Literals.Of((float)model.L1)}"] : (string[])[],
            .. model.L2 > 0 ? [$"L2 = {Literals.Of((float)model.L2)}"] : (string[])[],
        ];
        return string.Concat(lines.Select(static line => $"\n        {line},"));
    }
}
