using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Rows;

/// <summary>Writes products as calls of the runtime's register tiles, with the network's sizes.</summary>
internal sealed class TiledWriter(NetworkPlan plan) : RowWriter(plan)
{
    private const string BeginWithZeros = "Begin = ref Mlp::Zeros.First";

    protected override string Introduction =>
        "Tiled: products in small tiles whose sums stay in registers; lanes run along a layer's outputs. Values lie in rows, buffer behind buffer.";

    protected override void WriteProduct(SourceWriter w, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        int l = layer.Number;
        string[] fields =
        [
            $"Left = {Seen(layer)}", $"LeftStride = {Stride(layer.Input)}", $"Right = ref pass.Parameter({Index(layer, $"W{l}")})", $"RightStride = W{l}Stride",
            $"Terms = {(layer.IsNarrow ? layer.InputColumns : layer.Inputs)}",
            .. layer.Model.HasBias ? [$"Begin = ref pass.Parameter({Index(layer, $"B{l}")})", "BeginStep = 1"] : (string[])[BeginWithZeros],
            $"Sums = {Ref(operation.IsFused ? layer.Output : layer.Sums)}", $"SumsStride = {Stride(layer.Sums)}",
            .. operation.IsFused ? Alpha(layer) : [],
        ];
        string epilogue = operation.IsFused && layer.Model.Activation != Activation.Linear ? $"Mlp::Activated<{Emitted.Activation(layer)}>" : "Mlp::AsIs";
        WriteMultiply(w, layer.IsNarrow ? $"MultiplyNarrow<{epilogue}>" : $"Multiply<V, {epilogue}>", fields, layer.IsNarrow ? $"columns: {layer.Outputs}" : $"columns: {layer.OutputColumns}, block: {layer.InputBlock}");
    }

    protected override void WriteDeltaProduct(SourceWriter w, Operation operation)
    {
        LayerPlan next = operation.Layer;
        LayerPlan? layer = operation.Target;
        int l = next.Number;
        Value result = operation.Writes[0];
        string? mask = MaskOf(operation) is { } factors ? Ref(factors) : null;
        string epilogue = operation.IsFused ? $"Mlp::TimesSlope<{Emitted.Activation(layer!)}>" : "Mlp::AsIs";
        epilogue = mask is null ? epilogue : $"Mlp::TimesMask<{epilogue}>";
        epilogue = next.IsResidual ? $"Mlp::PlusResidual<{epilogue}>" : epilogue;
        string right = $"ref pass.Parameter({Index(next, $"W{l}")})";
        string rightStride = $"W{l}Stride";
        if (!next.IsNarrow)
        {
            // Lanes run along the layer's inputs, so its weights are transposed first.
            w.Lines($"ref float w{l} = ref Mlp::Matrix.Transposed({right}, {next.Inputs}, {next.Outputs}, W{l}Stride, {next.TransposedStride});");
            right = $"ref w{l}";
            rightStride = $"{next.TransposedStride}";
        }

        string[] fields =
        [
            $"Left = {Ref(next.Delta)}", $"LeftStride = {Stride(next.Delta)}", $"Right = {right}", $"RightStride = {rightStride}", $"Terms = {next.Outputs}", BeginWithZeros,
            $"Sums = {Ref(result)}", $"SumsStride = {Stride(result)}",
            .. operation.IsFused ? [$"Kept = {Ref(layer!.FusedSlope!)}", .. Alpha(layer)] : (string[])[],
            .. mask is null ? (string[])[] : [$"Mask = {mask}"],
            .. next.IsResidual ? [$"Residual = {Ref(next.IncomingDelta)}"] : (string[])[],
        ];
        WriteMultiply(w, $"Multiply<V, {epilogue}>", fields, $"columns: {next.InputColumns}, block: {next.OutputBlock}");
    }

    protected override void WriteGradient(SourceWriter w, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        int l = layer.Number;
        (Value left, Value right) = layer.IsNarrow ? (layer.Delta, layer.Seen) : (layer.Seen, layer.Delta);
        string[] fields =
        [
            $"Left = {Ref(left)}", $"LeftStride = {Stride(left)}", $"Right = {Ref(right)}", $"RightStride = {Stride(right)}",
            $"Rows = {layer.GradientRows}", $"Columns = {layer.GradientColumns}", $"Index = {Index(layer, $"W{l}")}", $"Stride = W{l}Stride",
        ];
        string call = $"Mlp::RowGradients.OfWeights<V, TSink>(\n    pass,\n    {Fields(fields)},\n    part, parts, sink)";
        string trains = $"pass.Trains({l - 1})";
        if (!layer.Model.HasBias && !layer.IsNormalized && !layer.Model.HasSlope)
        {
            using (w.Block($"if ({trains})"))
            {
                w.Lines($"{call};");
            }

            return;
        }

        using (w.Block($"if ({trains} && {call})"))
        {
            WriteVectors(w, layer);
        }
    }

    private static void WriteMultiply(SourceWriter w, string method, IEnumerable<string> fields, string sizes) =>
        w.Lines($"Mlp::Tiles.{method}(\n    {Fields(fields)},\n    pass.Rows, {sizes});");

    /// <summary>Biases, gains, shifts and a slope: for the thread that has the last rows of the weights.</summary>
    private void WriteVectors(SourceWriter w, LayerPlan layer)
    {
        int l = layer.Number;
        string type = layer.IsNarrow ? Emitted.Vec8 : "V";
        string sums = $"{Stride(layer.Delta)}, {layer.OutputColumns}, pass.Rows, ref pass.Parameters";
        if (layer.Model.HasBias)
        {
            w.Lines($"Mlp::Tiles.BiasGradient<{type}, TSink>({Ref(layer.Delta)}, {sums}, {Index(layer, $"B{l}")}, sink);");
        }

        if (layer.IsNormalized)
        {
            w.Lines($"Mlp::Tiles.GainGradient<{type}, TSink>({Ref(layer.PreActivationDelta)}, {Ref(layer.Normalized)}, {sums}, {Index(layer, $"Gains{l}")}, sink);");
            w.Lines($"Mlp::Tiles.BiasGradient<{type}, TSink>({Ref(layer.PreActivationDelta)}, {sums}, {Index(layer, $"Shifts{l}")}, sink);");
        }

        if (layer.Model.HasSlope)
        {
            w.Lines($"Mlp::PReluSlope.Give({Ref(layer.IncomingDelta)}, {Ref(layer.PreActivation)}, pass.Rows, {layer.Outputs}, {Stride(layer.Delta)}, ref pass.Parameters, {Index(layer, $"S{l}")}, sink{(Plan.Model.IsEnsemble ? ", pass.BatchRows" : "")});");
        }
    }
}
