using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes how the deltas of a tiled network come from layer to layer.</summary>
internal static class TiledDeltaEmitter
{
    /// <summary>The layers' own methods, last to first.</summary>
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            LayerPlan layer = plan.Layers[i];
            if (!layer.IsLast)
            {
                w.Line();
                EmitDelta(w, plan, layer, plan.Layers[i + 1]);
            }

            if (layer.HasDeltaPass)
            {
                w.Line();
                EmitDeltaPass(w, layer);
            }
        }

        if (plan.Model.InputGradients)
        {
            w.Line();
            EmitInputDelta(w, plan);
        }
    }

    /// <summary>Carries the derivative that the output layer begins with to all layers.</summary>
    public static void EmitDispatchOfDeltas(SourceWriter w, NetworkPlan plan, string start, string rows, string isTraining, string weights = "default")
    {
        if (HasDeltaPasses(plan))
        {
            Emitted.Dispatch(w, $"Deltas<{{0}}>(network, ref buffers, capacity, {start}, {rows}{(plan.HasBatchNormalization ? $", ref statistics, {weights}, {isTraining}" : "")})");
        }
    }

    public static bool HasDeltaPasses(NetworkPlan plan) =>
        plan.Layers.Count > 1 || plan.Last.HasDeltaPass || plan.Model.InputGradients;

    public static void EmitDeltas(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The deltas of rows from `start` on, last layer to first.");
        string mode = plan.HasBatchNormalization ? $", {TiledForwardEmitter.StatisticsParameters}, bool isTraining" : "";
        w.Lines($"private static void Deltas<V>(Mlp::NetworkState network, ref float buffers, nuint capacity, nuint start, nuint rows{mode})");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            DeclareTransposed(w, plan);
            TiledForwardEmitter.DeclareBuffers(w, plan, Used(plan), "start");
            w.Line();
            for (int i = plan.Layers.Count - 1; i >= 0; i--)
            {
                LayerPlan layer = plan.Layers[i];
                if (!layer.IsLast)
                {
                    w.Lines($"Delta{layer.Number}<V>({string.Join(", ", DeltaArguments(plan, layer, plan.Layers[i + 1]).Select(static name => $"ref {name}"))}, rows);");
                }

                if (layer.HasDeltaPass)
                {
                    string flag = layer.IsBatchNormalized ? ", weights, isTraining" : "";
                    IEnumerable<string> arguments = PassArguments(layer).Select(name => name == "statistics" ? TiledForwardEmitter.BatchStatistics(layer) : $"ref {name}");
                    w.Lines($"Through{layer.Number}<V>({string.Join(", ", arguments)}, rows{flag});");
                }
            }

            if (plan.Model.InputGradients)
            {
                w.Lines($"Delta0<V>({string.Join(", ", InputDeltaArguments(plan).Select(static name => $"ref {name}"))}, rows);");
            }
        }
    }

    /// <summary>Refers to the transposed weights, of which each thread has its own.</summary>
    private static void DeclareTransposed(SourceWriter w, NetworkPlan plan)
    {
        if (plan.TransposedFloats > 0)
        {
            w.Lines($"ref float transposed = ref Mlp::Scratch.BorrowForWeights({plan.TransposedFloats});");
        }
    }

    /// <summary>The buffers that the deltas are made of and go to.</summary>
    private static IEnumerable<string> Used(NetworkPlan plan)
    {
        string[] names =
        [
            .. plan.Layers.Take(plan.Layers.Count - 1).SelectMany((layer, i) => DeltaArguments(plan, layer, plan.Layers[i + 1])),
            .. plan.Layers.Where(static layer => layer.HasDeltaPass).SelectMany(PassArguments),
            .. plan.Model.InputGradients ? InputDeltaArguments(plan) : [],
        ];
        return plan.Buffers.Select(static buffer => buffer.Name).Where(name => names.Contains(name));
    }

    /// <summary>What <c>Delta</c> of a layer reads and writes.</summary>
    private static IEnumerable<string> DeltaArguments(NetworkPlan plan, LayerPlan layer, LayerPlan next) =>
        ((string[])
        [
            next.Delta, "parameters",
            .. NetworkPlanner.NeedsTransposedWeights(next, plan.Model.InputGradients) ? ["transposed"] : (string[])[],
            .. next.IsResidual ? [next.IncomingDelta] : (string[])[],
            .. FusedSlope(layer) is { } kept ? [kept] : (string[])[],
            .. layer.Noise is { HasMask: true } noise ? [noise.Mask] : (string[])[],
            layer.IncomingDelta,
        ]).Distinct();

    private static IEnumerable<string> InputDeltaArguments(NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        return ((string[])
        [
            first.Delta, "parameters",
            .. NetworkPlanner.NeedsTransposedWeights(first, inputGradients: true) ? ["transposed"] : (string[])[],
            .. first.IsResidual ? [first.IncomingDelta] : (string[])[],
            "d0",
        ]).Distinct();
    }

    /// <summary>What a layer's own pass from the derivative by its outputs to that by its sums reads and writes.</summary>
    private static IEnumerable<string> PassArguments(LayerPlan layer) =>
        ((string[])
        [
            .. layer.HasSlopePass ? ((string[])[layer.IncomingDelta, layer.Kept!]) : [],
            .. layer.IsNormalized || layer.Model.HasSlope ? ["parameters"] : (string[])[],
            .. layer.IsNormalized ? [layer.Normalized, layer.IsBatchNormalized ? "statistics" : $"r{layer.Number}", layer.PreActivationDelta] : (string[])[],
            layer.Delta,
        ]).Distinct();

    /// <summary>What a layer's slope is computed from, where it stands at the end of the product's sums.</summary>
    private static string? FusedSlope(LayerPlan layer) => layer.HasSlopePass ? null : layer.Kept;

    private static void EmitDelta(SourceWriter w, NetworkPlan plan, LayerPlan layer, LayerPlan next)
    {
        w.Lines($"// {LayerText.Delta(layer, next).PadRight(44)}  [B×{next.Outputs}]·[{next.Outputs}×{next.Inputs}] → [B×{next.Inputs}]");
        string target = layer.IncomingDelta;
        bool hasMask = layer.Noise is { HasMask: true };
        string? kept = FusedSlope(layer);
        string name = SumName(plan, layer);
        EmitDeltaProduct(
            w, $"Delta{layer.Number}", name, next, target, layer.OutputStride, layer.OutputColumns, kept, hasMask ? layer.Noise!.Mask : null);

        if (name == $"DeltaSum{layer.Number}")
        {
            string[] ends =
            [
                .. next.IsResidual ? ["what comes around the next layer"] : (string[])[],
                .. hasMask ? ["the mask"] : (string[])[],
                .. kept is null ? (string[])[] : [$"the slope of {layer.Model.Activation}, written in what the forward pass kept"],
            ];
            w.Line();
            w.Lines(ends.Length == 0 ? "// These sums stay as they are." : $"// The sums end with {string.Join(" and ", ends)}.");
            TiledLayerEmitter.SumRule(w, name, SumEnd(layer, next));
        }
    }

    /// <summary>The rule of a layer's sums: that of the last layer whose sums end alike.</summary>
    private static string SumName(NetworkPlan plan, LayerPlan layer)
    {
        string End(int i) => string.Join("\n", SumEnd(plan.Layers[i], plan.Layers[i + 1]));
        string end = End(layer.Number - 1);
        return $"DeltaSum{Enumerable.Range(0, plan.Layers.Count - 1).Last(i => End(i) == end) + 1}";
    }

    private static string[] SumEnd(LayerPlan layer, LayerPlan next)
    {
        string? kept = FusedSlope(layer);
        List<string> end = [];
        if (next.IsResidual)
        {
            end.Add("sum += V.Load(ref product.Bypass, at);");
        }

        if (layer.Noise is { HasMask: true })
        {
            end.Add("sum *= V.Load(ref product.Mask, at);");
        }

        if (kept is not null)
        {
            end.Add($"V {kept.Substring(0, 1)} = V.Load(ref product.Kept, at);");
        }

        end.Add(kept is null ? "return sum;" : $"return {ActivationCode.Of(layer.Model).Backward("V", "sum", kept.Substring(0, 1), ActivationCode.AlphaCode(layer.Model, "V"))};");
        return [.. end];
    }

    /// <summary>The derivative by the inputs that the first layer saw.</summary>
    private static void EmitInputDelta(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        w.Lines($"// {$"dx = δ1·W1ᵀ{(first.IsResidual ? $" + {LayerText.Symbol(first, first.IncomingDelta)}" : "")}".PadRight(44)}  [B×{first.Outputs}]·[{first.Outputs}×{first.Inputs}] → [B×{first.Inputs}]");
        EmitDeltaProduct(w, "Delta0", "DeltaSum0", first, "d0", NetworkPlanner.PaddedStride(first.Inputs), first.InputColumns, null, null);
        w.Line();
        w.Lines(first.IsResidual ? "// The sums end with what comes around the first layer." : "// These sums stay as they are.");
        TiledLayerEmitter.SumRule(w, "DeltaSum0", first.IsResidual ? ["return sum + V.Load(ref product.Bypass, at);"] : ["return sum;"]);
    }

    /// <summary>Deltas times transposed weights.</summary>
    private static void EmitDeltaProduct(
        SourceWriter w, string name, string rule, LayerPlan next, string target, int stride, int columns, string? kept, string? mask)
    {
        bool transposes = !next.IsNarrow;
        w.Lines(transposes
            ? $"// Lanes run along the inputs of layer {next.Number}, so its weights are transposed first: [{next.Outputs}][{next.TransposedStride}]."
            : $"// Layer {next.Number} has few outputs and keeps its weights as [{next.Outputs}][{next.WeightStride}], which is W{next.Number}ᵀ already.");
        string? bypass = next.IsResidual && next.IncomingDelta != next.Delta ? next.IncomingDelta : null;
        string[] names = [next.Delta, "parameters", .. transposes ? ["transposed"] : (string[])[], .. ((string?[])[bypass, kept, mask]).OfType<string>(), target];
        w.Lines($"private static void {name}<V>({string.Join(", ", names.Select(static name => $"ref float {name}"))}, nuint rows)");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            if (transposes)
            {
                w.Lines($"Mlp::Matrix.Transpose(ref At(ref parameters, W{next.Number}), {next.Inputs}, {next.Outputs}, {next.WeightStride}, ref transposed, {next.TransposedStride});");
                int padded = NetworkPlanner.RoundUp(next.Inputs, 16);
                if (padded != next.Inputs)
                {
                    w.Lines($"Mlp::Matrix.ClearColumns(ref transposed, {next.Outputs}, {next.TransposedStride}, {next.Inputs}, {padded});");
                }
            }

            string[] fields =
            [
                TiledLayerEmitter.BeginWithZeros,
                .. kept is null ? (string[])[] : [$"Kept = ref {kept},"],
                .. mask is null ? (string[])[] : [$"Mask = ref {mask},"],
                .. next.IsResidual ? [$"Bypass = ref {next.IncomingDelta},"] : (string[])[],
            ];
            w.Lines($$"""
                Mlp::ProductOperands product = new()
                {
                    Left = ref {{next.Delta}},
                    LeftStride = {{next.OutputStride}},
                    Right = {{(transposes ? "ref transposed" : $"ref At(ref parameters, W{next.Number})")}},
                    RightStride = {{(transposes ? next.TransposedStride : next.WeightStride)}},
                    Terms = {{next.Outputs}},
                    Sums = ref {{target}},
                    SumsStride = {{stride}},
                    {{string.Join("\n    ", fields)}}
                };
                Mlp::Tiles.Multiply<V, {{rule}}>(product, rows, columns: {{columns}}, block: {{next.OutputBlock}});
                """);
        }
    }

    /// <summary>From the derivative by a layer's outputs to that by its sums, where a product's end cannot hold it.</summary>
    private static void EmitDeltaPass(SourceWriter w, LayerPlan layer)
    {
        int l = layer.Number;
        string inner = layer.PreActivationDelta;
        if (layer.HasSlopePass)
        {
            w.Lines($"// {LayerText.SlopeDelta(layer)}");
        }

        if (layer.IsNormalized)
        {
            w.Lines($"// {LayerText.NormalizationDelta(layer)}{(layer.IsBatchNormalized ? "; a row of weight w takes w times the means; with running statistics δ = r ⊙ q" : "")}");
        }

        w.Lines(Emitted.Optimized);
        string flag = layer.IsBatchNormalized ? ", scoped global::System.ReadOnlySpan<float> weights, bool isTraining" : "";
        w.Lines($"private static void Through{l}<V>({string.Join(", ", PassArguments(layer).Select(static name => $"ref float {name}"))}, nuint rows{flag})");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            OutputCode.DeclareSlope(w, layer, "V");
            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            using (w.Block($"for (nuint o = 0; o < {layer.OutputColumns}; o += (nuint)V.Count)"))
            {
                w.Lines($"nuint at = (row * {layer.OutputStride}) + o;");
                if (layer.HasSlopePass)
                {
                    string kept = layer.Kept!.Substring(0, 1);
                    w.Lines($"V {kept} = V.Load(ref {layer.Kept}, at);");
                    w.Lines($"V sum = V.Load(ref {layer.IncomingDelta}, at);");
                    w.Lines($"V delta = {ActivationCode.Of(layer.Model).Backward("V", "sum", kept, ActivationCode.AlphaCode(layer.Model, "V"))};");
                    w.Lines($"V.Store(delta, ref {inner}, at);");
                }

                if (layer.IsNormalized)
                {
                    w.Lines($"V.Store({(layer.HasSlopePass ? "delta" : $"V.Load(ref {inner}, at)")} * V.Load(ref parameters, Gains{l} + o), ref {layer.Delta}, at);");
                }
            }

            if (layer.IsNormalized)
            {
                w.Line();
            }

            string rows = $"rows, {layer.Outputs}, {layer.OutputStride}";
            if (layer.IsBatchNormalized)
            {
                using (w.Block("if (isTraining)"))
                {
                    w.Lines($"Mlp::BatchNormalization.Backward(ref {layer.Delta}, ref {layer.Normalized}, {rows}, ref statistics, {layer.VectorLength}, weights);");
                }

                using (w.Block("else"))
                {
                    w.Lines($"Mlp::BatchNormalization.BackwardOfEvaluation(ref {layer.Delta}, {rows}, ref statistics, {layer.VectorLength});");
                }
            }
            else if (layer.IsNormalized)
            {
                w.Lines($"Mlp::LayerNormalization.Backward(ref {layer.Delta}, ref {layer.Normalized}, {rows}, ref r{l});");
            }
        }
    }
}
