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
                EmitDelta(w, layer, plan.Layers[i + 1]);
            }

            if (layer.KeepsOutputDelta || layer.IsNormalized)
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
    public static void EmitDispatchOfDeltas(SourceWriter w, NetworkPlan plan, string start, string rows, string isTraining)
    {
        if (HasDeltaPasses(plan))
        {
            Emitted.Dispatch(w, $"Deltas<{{0}}>(network, ref buffers, capacity, {start}, {rows}{(plan.HasBatchNormalization ? $", ref statistics, {isTraining}" : "")})");
        }
    }

    public static bool HasDeltaPasses(NetworkPlan plan) =>
        plan.Layers.Count > 1 || plan.Last.KeepsOutputDelta || plan.Last.IsNormalized || plan.Model.InputGradients;

    public static void EmitDeltas(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The deltas of rows from `start` on, last layer to first.");
        string mode = plan.HasBatchNormalization ? ", ref float statistics, bool isTraining" : "";
        w.Lines($"private static void Deltas<V>(global::Mlp.NetworkState network, ref float buffers, nuint capacity, nuint start, nuint rows{mode})");
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

                if (layer.KeepsOutputDelta || layer.IsNormalized)
                {
                    string flag = layer.IsBatchNormalized ? ", isTraining" : "";
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
            w.Lines($"ref float transposed = ref {Emitted.Numerics}.Scratch.BorrowForWeights({plan.TransposedFloats});");
        }
    }

    /// <summary>The buffers that the deltas are made of and go to.</summary>
    private static IEnumerable<string> Used(NetworkPlan plan)
    {
        string[] names =
        [
            .. plan.Layers.Take(plan.Layers.Count - 1).SelectMany((layer, i) => DeltaArguments(plan, layer, plan.Layers[i + 1])),
            .. plan.Layers.Where(static layer => layer.KeepsOutputDelta || layer.IsNormalized).SelectMany(PassArguments),
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
            .. layer.KeepsOutputDelta || layer.Kept is null ? (string[])[] : [layer.Kept],
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
    [
        .. layer.KeepsOutputDelta ? [layer.IncomingDelta, layer.Kept!] : (string[])[],
        .. layer.IsNormalized || layer.Model.HasSlope ? ["parameters"] : (string[])[],
        .. layer.IsNormalized ? [layer.Normalized, layer.IsBatchNormalized ? "statistics" : $"r{layer.Number}", layer.PreActivationDelta] : (string[])[],
        layer.Delta,
    ];

    private static void EmitDelta(SourceWriter w, LayerPlan layer, LayerPlan next)
    {
        w.Lines($"// {LayerText.Delta(layer, next).PadRight(44)}  [B×{next.Outputs}]·[{next.Outputs}×{next.Inputs}] → [B×{next.Inputs}]");
        string target = layer.IncomingDelta;
        bool hasMask = layer.Noise is { HasMask: true };
        string? kept = layer.KeepsOutputDelta ? null : layer.Kept;
        EmitDeltaProduct(
            w, $"Delta{layer.Number}", next, target, layer.OutputStride, layer.OutputColumns, kept, hasMask ? layer.Noise!.Mask : null);

        List<string> end = [];
        if (next.IsResidual)
        {
            end.Add("sum += V.Load(in bypass);");
        }

        if (hasMask)
        {
            end.Add("sum *= V.Load(in mask);");
        }

        if (kept is not null)
        {
            end.Add($"V {kept.Substring(0, 1)} = V.Load(in kept);");
        }

        end.Add(kept is null ? "return sum;" : $"return {ActivationCode.Of(layer.Model).Backward("V", "sum", kept.Substring(0, 1), ActivationCode.AlphaCode(layer.Model, "V"))};");
        string[] ends =
        [
            .. next.IsResidual ? ["what comes around the next layer"] : (string[])[],
            .. hasMask ? ["the mask"] : (string[])[],
            .. layer.KeepsOutputDelta ? [] : (string[])[$"the slope of {layer.Model.Activation}{(kept is null ? ", which is 1" : ", written in what the forward pass kept")}"],
        ];
        w.Line();
        w.Lines($"// These sums begin with 0{(ends.Length == 0 ? "" : $" and end with {string.Join(" and ", ends)}")}.");
        TiledLayerEmitter.SumRule(w, $"DeltaSum{layer.Number}", "V.Zero", [.. end]);
    }

    /// <summary>The derivative by the inputs that the first layer saw.</summary>
    private static void EmitInputDelta(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        w.Lines($"// {$"dx = δ1·W1ᵀ{(first.IsResidual ? $" + {LayerText.Symbol(first, first.IncomingDelta)}" : "")}".PadRight(44)}  [B×{first.Outputs}]·[{first.Outputs}×{first.Inputs}] → [B×{first.Inputs}]");
        EmitDeltaProduct(w, "Delta0", first, "d0", NetworkPlanner.PaddedStride(first.Inputs), first.InputColumns, null, null);
        w.Line();
        w.Lines("// These sums begin with 0.");
        TiledLayerEmitter.SumRule(w, "DeltaSum0", "V.Zero", first.IsResidual ? ["return sum + V.Load(in bypass);"] : ["return sum;"]);
    }

    /// <summary>Deltas times transposed weights.</summary>
    private static void EmitDeltaProduct(
        SourceWriter w, string name, LayerPlan next, string target, int stride, int columns, string? kept, string? mask)
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
                w.Lines($"{Emitted.Numerics}.Matrix.Transpose(ref At(ref parameters, W{next.Number}), {next.Inputs}, {next.Outputs}, {next.WeightStride}, ref transposed, {next.TransposedStride});");
                int padded = NetworkPlanner.RoundUp(next.Inputs, 16);
                if (padded != next.Inputs)
                {
                    w.Lines($"{Emitted.Numerics}.Matrix.ClearColumns(ref transposed, {next.Outputs}, {next.TransposedStride}, {next.Inputs}, {padded});");
                }
            }

            w.Lines($$"""
                {{Emitted.Numerics}}.ProductOperands product = new()
                {
                    Left = ref {{next.Delta}},
                    LeftStride = {{next.OutputStride}},
                    Right = {{(transposes ? "ref transposed" : $"ref At(ref parameters, W{next.Number})")}},
                    RightStride = {{(transposes ? next.TransposedStride : next.WeightStride)}},
                    Sums = ref {{target}},
                    SumsStride = {{stride}},
                    Biases = ref parameters,
                    Kept = ref {{kept ?? target}},
                    Mask = ref {{mask ?? target}},
                    Bypass = ref {{(next.IsResidual ? next.IncomingDelta : target)}},
                };
                Multiply<V, {{name.Replace("Delta", "DeltaSum")}}>(product, rows, columns: {{columns}}, terms: {{next.Outputs}}, block: {{next.OutputBlock}});
                """);
        }
    }

    /// <summary>From the derivative by a layer's outputs to that by its sums, where a product's end cannot hold it.</summary>
    private static void EmitDeltaPass(SourceWriter w, LayerPlan layer)
    {
        int l = layer.Number;
        string inner = layer.PreActivationDelta;
        if (layer.KeepsOutputDelta)
        {
            w.Lines($"// {LayerText.SlopeDelta(layer)}");
        }

        if (layer.IsNormalized)
        {
            w.Lines($"// {LayerText.NormalizationDelta(layer)}{(layer.IsBatchNormalized ? "; with running statistics δ = r ⊙ q" : "")}");
        }

        w.Lines(Emitted.Optimized);
        string flag = layer.IsBatchNormalized ? ", bool isTraining" : "";
        w.Lines($"private static void Through{l}<V>({string.Join(", ", PassArguments(layer).Select(static name => $"ref float {name}"))}, nuint rows{flag})");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            OutputCode.DeclareSlope(w, layer, "V");
            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            using (w.Block($"for (nuint o = 0; o < {layer.OutputColumns}; o += (nuint)V.Count)"))
            {
                w.Lines($"nuint at = (row * {layer.OutputStride}) + o;");
                if (layer.KeepsOutputDelta)
                {
                    string kept = layer.Kept!.Substring(0, 1);
                    w.Lines($"V {kept} = V.Load(ref {layer.Kept}, at);");
                    w.Lines($"V sum = V.Load(ref {layer.IncomingDelta}, at);");
                    w.Lines($"V delta = {ActivationCode.Of(layer.Model).Backward("V", "sum", kept, ActivationCode.AlphaCode(layer.Model, "V"))};");
                    w.Lines($"V.Store(delta, ref {inner}, at);");
                }

                if (layer.IsNormalized)
                {
                    w.Lines($"V.Store({(layer.KeepsOutputDelta ? "delta" : $"V.Load(ref {inner}, at)")} * V.Load(ref parameters, Gains{l} + o), ref {layer.Delta}, at);");
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
                    w.Lines($"{Emitted.Numerics}.BatchNormalization.Backward(ref {layer.Delta}, ref {layer.Normalized}, {rows}, ref statistics, {layer.VectorLength});");
                }

                using (w.Block("else"))
                {
                    w.Lines($"{Emitted.Numerics}.BatchNormalization.BackwardOfEvaluation(ref {layer.Delta}, {rows}, ref statistics, {layer.VectorLength});");
                }
            }
            else if (layer.IsNormalized)
            {
                w.Lines($"{Emitted.Numerics}.LayerNormalization.Backward(ref {layer.Delta}, ref {layer.Normalized}, {rows}, ref r{l});");
            }
        }
    }
}
