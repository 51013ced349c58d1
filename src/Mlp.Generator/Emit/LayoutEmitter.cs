using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>Writes the head of the kernels' class: the architecture as the runtime sees it, and what all kernels share.</summary>
internal static class LayoutEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("/// <summary>The architecture, and the kernels of Forward and Backward: a struct, so that the runtime's generic passes are compiled for it.</summary>");
        using (w.Block($"{Emitted.KernelsHead} : Mlp::{Emitted.Interface(plan)}"))
        {
            NetworkModel model = plan.Model;
            w.Lines($"""
                public static readonly Mlp::NetworkLayout Layout = new(inputSize: {model.InputSize}, standardize: {(model.Standardize ? "true" : "false")}, {Loss(model)},{BeforeLayers(model)}
                    {(HasBeforeLayers(model) ? "layers: [" : "")}{string.Join(",\n    ", plan.Layers.Select(Layout))}{(HasBeforeLayers(model) ? "]" : "")}){Settings(model)};
                """);
            if (plan.Form != Form.Tiled || plan.HasBatchNormalization)
            {
                w.Lines("""

                    [Compiler::MethodImpl(Compiler::MethodImplOptions.AggressiveInlining)] private static ref float At(ref float origin, nuint index) => ref Compiler::Unsafe.Add(ref origin, index);
                    """);
            }
        }
    }

    private static string Loss(NetworkModel model) => $"loss: {(model.Loss is null ? "null" : $"global::Mlp.LossFunction.{model.Loss}")}";

    private static bool HasBeforeLayers(NetworkModel model) => model.IsEnsemble || model.HasEmbeddings;

    /// <summary>What stands before the first layer, if anything.</summary>
    private static string BeforeLayers(NetworkModel model)
    {
        if (!HasBeforeLayers(model))
        {
            return "";
        }

        string ensemble = model.IsEnsemble
            ? $"new(Members: {model.Members}, ScalesOffset: {NetworkPlan.TablesSizeOf(model)}, ScalesStride: {NetworkPlan.ScalesStrideOf(model)})"
            : "null";
        string[] tables =
        [
            .. NetworkPlan.TablesOf(model).Zip(MemberNames.TablesOf(model), static (table, name) =>
                $"new({Literals.Text(name)}, Slot: {table.Column.Slot}, Rows: {table.Column.TableRows}, Length: {table.Column.Embedding}, Offset: {table.Offset})"),
        ];
        return $"\n    ensemble: {ensemble},\n    {TextLines.Join("embeddings: [", ", ", tables, "\n        ")}],";
    }

    private static string Layout(LayerPlan layer) =>
        TextLines.Join("new Mlp::DenseLayout { ", ", ", Initializers(layer), "\n        ") + " }";

    /// <summary>What the runtime must know of the loss's options, and of noise.</summary>
    private static string Settings(NetworkModel model)
    {
        LossOptions loss = model.LossOptions;
        string[] settings =
        [
            .. loss.ClassWeights.Count > 0
                ? [$"ClassWeights = [{string.Join(", ", loss.ClassWeights.Select(static weight => Literals.Of((float)weight)))}]"]
                : (string[])[],
            .. loss.StandardizeTargets ? ["StandardizeTargets = true"] : (string[])[],
            .. model.Record is null ? [] : (string[])[$"Record = {MemberNames.ColumnsType}.Layout"],
            .. loss is { Delta: 1, PositiveWeight: 1, LabelSmoothing: 0 }
                ? []
                : (string[])[$"LossSettings = new({Literals.Of((float)loss.Delta)}, {Literals.Of((float)loss.PositiveWeight)}, {Literals.Of((float)loss.LabelSmoothing)})"],
            .. Noise(model) is { Length: > 0 } noise ? [$"Noise = \"{noise}\""] : (string[])[],
        ];
        return settings.Length == 0 ? "" : $" {{ {string.Join(", ", settings)} }}";
    }

    /// <summary>All noise in one line, for comparisons.</summary>
    private static string Noise(NetworkModel model) => string.Join(
        "; ",
        model.Layers.Items.Select(static layer => (layer.Name, layer.Noise)).Prepend(("inputs", model.InputNoise))
            .Where(static place => place.Item2.Items.Length > 0)
            .Select(static place => $"{place.Item1}: {string.Join(", ", place.Item2.Items.Select(static noise => $"{(noise.Kind == NoiseKind.Dropout ? "Dropout" : "GaussianNoise")}({Literals.Of((float)noise.Amount).TrimEnd('f')})"))}"));

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
            .. model.IsFrozen ? ["IsFrozen = true"] : (string[])[],
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
            $"WeightsOffset = {layer.Places.Weights}",
            $"WeightsLength = {layer.Places.WeightsLength}",
            $"InputStride = {layer.Places.InputStride}",
            $"OutputStride = {layer.Places.OutputStride}",
            $"BiasesOffset = {layer.Places.Biases}",
            $"VectorLength = {layer.Places.VectorLength}",
            .. layer.IsBatchNormalized ? [$"StatisticsOffset = {layer.Places.Statistics}"] : (string[])[],
        ];
    }
}
