using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the losses, deltas and gradients of a tiled network.</summary>
internal static class TiledBackwardEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        EmitComputeLosses(w, plan);
        w.Line();
        EmitBackpropagate(w, plan);
        w.Line();
        EmitDifferentiate(w, plan);
        if (plan.Model.InputGradients)
        {
            w.Line();
            TiledInputGradientEmitter.Emit(w, plan);
        }

        if (HasDeltaPasses(plan))
        {
            w.Line();
            EmitDeltas(w, plan);
        }

        w.Line();
        EmitGradients(w, plan);
        w.Line();
        OutputCode.EmitLosses(w, plan);
        w.Line();
        OutputCode.EmitOutputDelta(w, plan);
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

        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            w.Line();
            EmitGradient(w, plan, plan.Layers[i]);
        }

        if (plan.Layers.Items.Any(static layer => (layer.Model.HasBias && layer.OutputStride > 1) || layer.IsNormalized))
        {
            w.Line();
            EmitBiasGradient(w);
        }

        if (plan.Layers.Items.Any(static layer => layer.IsNormalized))
        {
            w.Line();
            EmitGainGradient(w);
        }

        TileEmitter.EmitGradientTiles(w, plan.Layers.Items.SelectMany(GradientTiles).Distinct().OrderByDescending(static tile => tile));
    }

    private static void Declare(SourceWriter w, NetworkPlan plan, params IEnumerable<string> buffers) =>
        TiledForwardEmitter.DeclareBuffers(w, plan, buffers);

    private static string Times(string index, int factor) => LayerText.Times(index, factor);

    /// <summary>What <c>Losses</c> or <c>OutputDelta</c> is called with, for parameters of these names.</summary>
    public static string Arguments(NetworkPlan plan, IEnumerable<string> sources, string targets) =>
        string.Join(", ", sources.Select(source => $"ref {source switch { "z" => plan.Last.PreActivation, "t" => targets, _ => source }}"));

    /// <summary>Floats behind the buffers: transposed weights, and one gradient tile of the widest vectors on its way into the sink.</summary>
    public static int ExtraFloats(NetworkPlan plan) => plan.TransposedFloats + (NetworkPlanner.TileRows * 2 * 16);

    private static void EmitSoftTargets(SourceWriter w, NetworkPlan plan, string targets, string rows)
    {
        w.Lines($"// {LossText.SoftTargets(plan)}");
        w.Lines($"{Emitted.Numerics}.SoftTargets.Compute(ref {targets}, {rows}, {plan.Model.OutputSize}, {Literals.Of((float)plan.Model.LossOptions.LabelSmoothing)}, {LossText.Classes(plan)}, network.Layout.ClassWeights, ref tau);");
    }

    private static void EmitComputeLosses(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        w.Lines("// Outputs and the loss of each row, as in prediction: the forward pass, then the loss.");
        using (w.Block("public static void ComputeLosses(global::Mlp.NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows)"))
        {
            TiledForwardEmitter.EmitScratch(w, plan, plan.ForwardFloats);
            using (w.Block($"for (nuint first = 0; first < rows; first += {plan.RowBlock})"))
            {
                w.Lines("nuint count = rows - first < block ? rows - first : block;");
                Declare(w, plan, TiledForwardEmitter.ActivationBuffers(plan, isTraining: false));
                w.Lines($"ref float y = ref At(ref outputs, {Times("first", last.Outputs)});");
                w.Lines($"ref float t = ref At(ref targets, {Times("first", last.Outputs)});");
                w.Lines($"ForwardRows(network, ref At(ref inputs, {Times("first", plan.Model.InputSize)}), ref buffers, capacity, count{TiledForwardEmitter.PassesMode(plan, "false")});");
                w.Lines(TiledForwardEmitter.ActivateCall(plan, "count", isTraining: false));
                if (plan.HasSoftTargets)
                {
                    Declare(w, plan, "tau");
                    EmitSoftTargets(w, plan, "t", "count");
                }

                w.Lines($"Losses({Arguments(plan, LossCode.Sources(plan), plan.HasSoftTargets ? "tau" : "t")}, ref At(ref losses, first), count);");
            }
        }
    }

    private static void EmitBackpropagate(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// One mini-batch: forward, loss, deltas, gradients. The sink takes each gradient once it is complete: an optimizer updates the");
        w.Lines("// parameter at once, ComputeGradients stores it. It gets nothing before the loss is known to be finite.");
        w.Lines("public static float Backpropagate<TSink>(global::Mlp.NetworkState network, scoped in global::Mlp.TrainingBatch batch, scoped TSink sink)");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            EmitWorkspace(w, plan);
            w.Lines("float loss = Differentiate(network, batch, ref buffers, capacity);");
            w.Lines("ref float inputs = ref MlpMemory.GetReference(batch.Inputs);");
            Emitted.Dispatch(w, "Gradients<{0}, TSink>(network, ref inputs, ref buffers, capacity, rows, sink)");
            w.Line();
            w.Lines("return loss;");
        }
    }

    /// <summary>Declares the buffers of a batch's training pass.</summary>
    public static void EmitWorkspace(SourceWriter w, NetworkPlan plan) => w.Lines($$"""
        nuint rows = (nuint)batch.Rows;
        nuint capacity = (rows + 15) & ~(nuint)15; // So that every buffer starts on a cache line.
        ref float buffers = ref network.Workspace(((long)capacity * {{plan.TrainingFloats}}) + {{ExtraFloats(plan) + plan.StatisticsFloats}});
        """);

    /// <summary>Declares the batch's own statistics, which lie behind everything else.</summary>
    public static void EmitStatistics(SourceWriter w, NetworkPlan plan)
    {
        if (plan.HasBatchNormalization)
        {
            w.Lines($"ref float statistics = ref At(ref buffers, (capacity * {plan.TrainingFloats}) + {ExtraFloats(plan)}); // Behind the buffers.");
        }
    }

    private static void EmitDifferentiate(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        w.Lines("// Forward, the loss, and all deltas: the derivatives of the loss by the sums of each layer. Throws where the loss is not finite.");
        using (w.Block("private static float Differentiate(global::Mlp.NetworkState network, scoped in global::Mlp.TrainingBatch batch, ref float buffers, nuint capacity)"))
        {
            w.Lines("""
                nuint rows = (nuint)batch.Rows;
                ref float inputs = ref MlpMemory.GetReference(batch.Inputs);
                ref float targets = ref MlpMemory.GetReference(batch.Targets);
                """);
            EmitStatistics(w, plan);
            foreach (NoisePlan noise in plan.Noise)
            {
                foreach (NoiseModel kind in noise.Kinds)
                {
                    string fill = kind.Kind == NoiseKind.Dropout ? "DropoutMask.Fill" : "GaussianNoise.Fill";
                    string place = StraightLineBuffers.Constant(noise.NameOf(kind));
                    w.Lines($"{Emitted.Numerics}.{fill}(ref At(ref buffers, capacity * {place}), rows, {noise.Units}, {noise.Stride}, network.Seed, {noise.Number}, batch.Step, {Literals.Of((float)kind.Amount)});");
                }
            }

            w.Lines($"ForwardRows(network, ref inputs, ref buffers, capacity, rows{TiledForwardEmitter.PassesMode(plan, "true")});");
            w.Line();
            Declare(w, plan, TiledForwardEmitter.ActivationBuffers(plan, isTraining: true));
            Declare(w, plan, "y", "losses", last.IncomingDelta);
            w.Lines(TiledForwardEmitter.ActivateCall(plan, "rows", isTraining: true));
            if (plan.HasSoftTargets)
            {
                Declare(w, plan, "tau");
                EmitSoftTargets(w, plan, "targets", "rows");
            }

            string targets = plan.HasSoftTargets ? "tau" : "targets";
            w.Lines($$"""
                Losses({{Arguments(plan, LossCode.Sources(plan), targets)}}, ref losses, rows);
                float loss = global::Mlp.LossCheck.Mean(network, batch, MlpMemory.CreateReadOnlySpan(ref losses, batch.Rows), out float weight);
                MlpMemory.CreateReadOnlySpan(ref y, batch.Outputs.Length).CopyTo(batch.Outputs);
                """);
            if (plan.HasBatchNormalization)
            {
                w.Line();
                using (w.Block("if (batch.Step >= 0)"))
                {
                    foreach (LayerPlan layer in plan.Layers.Where(static layer => layer.IsBatchNormalized))
                    {
                        w.Lines($"{Emitted.Numerics}.BatchNormalization.UpdateRunning(ref At(ref network.Statistics, {layer.StatisticsOffset}), {TiledForwardEmitter.BatchStatistics(layer)}, {layer.Outputs}, {layer.VectorLength}, rows, {Literals.Of((float)layer.Model.NormalizationMomentum)});");
                    }
                }
            }

            w.Line();
            w.Lines($"OutputDelta({Arguments(plan, LossCode.DeltaSources(plan), targets)}, ref {last.IncomingDelta}, weight, rows);");
            using (w.Block("if (!batch.Weights.IsEmpty)"))
            {
                w.Lines("// Rows with weights of their own: B is the sum of these, and each row counts as much as its own.");
                w.Lines($"{Emitted.Numerics}.RowWeights.Scale(ref {last.IncomingDelta}, rows, {last.OutputStride}, batch.Weights);");
            }

            w.Line();
            EmitDispatchOfDeltas(w, plan, "rows", "true");
            w.Line();
            w.Lines("return loss;");
        }
    }

    /// <summary>Carries the derivative that the output layer begins with to all layers.</summary>
    public static void EmitDispatchOfDeltas(SourceWriter w, NetworkPlan plan, string rows, string isTraining)
    {
        if (HasDeltaPasses(plan))
        {
            Emitted.Dispatch(w, $"Deltas<{{0}}>(network, ref buffers, capacity, {rows}{(plan.HasBatchNormalization ? $", ref statistics, {isTraining}" : "")})");
        }
    }

    private static bool HasDeltaPasses(NetworkPlan plan) =>
        plan.Layers.Count > 1 || plan.Last.KeepsOutputDelta || plan.Last.IsNormalized || plan.Model.InputGradients;

    /// <summary>Refers to the transposed weights, which lie behind the buffers.</summary>
    private static void DeclareTransposed(SourceWriter w, NetworkPlan plan)
    {
        if (plan.TransposedFloats > 0)
        {
            w.Lines($"ref float transposed = ref At(ref buffers, capacity * {plan.TrainingFloats}); // Behind the buffers.");
        }
    }

    private static void EmitDeltas(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The deltas, last layer to first.");
        string mode = plan.HasBatchNormalization ? ", ref float statistics, bool isTraining" : "";
        w.Lines($"private static void Deltas<V>(global::Mlp.NetworkState network, ref float buffers, nuint capacity, nuint rows{mode})");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            DeclareTransposed(w, plan);
            Declare(w, plan, Used(plan));
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
                    IEnumerable<string> arguments = PassArguments(layer).Select(name => name == "statistics" ? BatchStatistics(layer) : $"ref {name}");
                    w.Lines($"Through{layer.Number}<V>({string.Join(", ", arguments)}, rows{flag});");
                }
            }

            if (plan.Model.InputGradients)
            {
                w.Lines($"Delta0<V>({string.Join(", ", InputDeltaArguments(plan).Select(static name => $"ref {name}"))}, rows);");
            }
        }
    }

    private static string BatchStatistics(LayerPlan layer) => TiledForwardEmitter.BatchStatistics(layer);

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

    private static void EmitGradients(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The gradients, into the sink. All deltas are there: they needed the weights from before the update.");
        w.Lines("private static void Gradients<V, TSink>(global::Mlp.NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint rows, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            w.Lines($"ref float tile = ref At(ref buffers, {(plan.TransposedFloats > 0 ? $"(capacity * {plan.TrainingFloats}) + {plan.TransposedFloats}" : $"capacity * {plan.TrainingFloats}")});");
            IEnumerable<string> names = plan.Layers.SelectMany(layer => GradientArguments(plan, layer));
            Declare(w, plan, plan.Buffers.Select(static buffer => buffer.Name).Where(name => names.Contains(name)));
            w.Line();
            foreach (LayerPlan layer in plan.Layers.Reverse())
            {
                w.Lines($"Gradient{layer.Number}<V, TSink>({string.Join(", ", GradientArguments(plan, layer).Select(static name => $"ref {name}"))}, ref parameters, ref tile, rows, sink);");
            }
        }
    }

    /// <summary>What the gradients of a layer are made of: what it saw, its deltas, and what its other parameters need.</summary>
    private static IEnumerable<string> GradientArguments(NetworkPlan plan, LayerPlan layer) =>
    [
        Seen(plan, layer),
        layer.Delta,
        .. layer.IsNormalized ? [layer.PreActivationDelta, layer.Normalized] : (string[])[],
        .. layer.Model.HasSlope ? [layer.IncomingDelta, layer.PreActivation] : (string[])[],
    ];

    /// <summary>The buffer with what the layer saw in training.</summary>
    private static string Seen(NetworkPlan plan, LayerPlan layer) =>
        plan.NoiseBefore(layer)?.Result ?? (layer.Number > 1 ? LayerText.Input(layer) : plan.StagesInputs ? "x" : "inputs");

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
            end.Add("V h = V.Load(in kept);");
        }

        end.Add(kept is null ? "return sum;" : $"return {ActivationCode.Of(layer.Model).Backward("V", "sum", "h", ActivationCode.AlphaCode(layer.Model, "V"))};");
        string[] ends =
        [
            .. next.IsResidual ? ["what comes around the next layer"] : (string[])[],
            .. hasMask ? ["the mask"] : (string[])[],
            .. layer.KeepsOutputDelta ? [] : (string[])[$"the slope of {layer.Model.Activation}{(kept is null ? ", which is 1" : ", written in what the forward pass kept")}"],
        ];
        w.Line();
        w.Lines($"// These sums begin with 0{(ends.Length == 0 ? "" : $" and end with {string.Join(" and ", ends)}")}.");
        TiledForwardEmitter.SumRule(w, $"DeltaSum{layer.Number}", "V.Zero", [.. end]);
    }

    /// <summary>The derivative by the inputs that the first layer saw.</summary>
    private static void EmitInputDelta(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        w.Lines($"// {$"dx = δ1·W1ᵀ{(first.IsResidual ? $" + {LayerText.Symbol(first, first.IncomingDelta)}" : "")}".PadRight(44)}  [B×{first.Outputs}]·[{first.Outputs}×{first.Inputs}] → [B×{first.Inputs}]");
        EmitDeltaProduct(w, "Delta0", first, "d0", NetworkPlanner.PaddedStride(first.Inputs), first.InputColumns, null, null);
        w.Line();
        w.Lines("// These sums begin with 0.");
        TiledForwardEmitter.SumRule(w, "DeltaSum0", "V.Zero", first.IsResidual ? ["return sum + V.Load(in bypass);"] : ["return sum;"]);
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
                    w.Lines($"V h = V.Load(ref {layer.Kept}, at);");
                    w.Lines($"V sum = V.Load(ref {layer.IncomingDelta}, at);");
                    w.Lines($"V delta = {ActivationCode.Of(layer.Model).Backward("V", "sum", "h", ActivationCode.AlphaCode(layer.Model, "V"))};");
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

    /// <summary>The tile shapes of a layer's gradient: its weight matrix as stored, in rows of six and what remains.</summary>
    private static IEnumerable<(int Rows, int Vectors)> GradientTiles(LayerPlan layer)
    {
        (int rows, int columns) = Stored(layer);
        int rest = rows % NetworkPlanner.TileRows;
        foreach (int vectors in (int[])[2, 1])
        {
            // Sixteen lanes are the widest vector: a single one is left over unless two of them fit throughout.
            if (vectors == 1 && columns % 32 == 0)
            {
                continue;
            }

            if (rows >= NetworkPlanner.TileRows)
            {
                yield return (NetworkPlanner.TileRows, vectors);
            }

            if (rest > 0)
            {
                yield return (rest, vectors);
            }
        }
    }

    /// <summary>Rows and computed columns of the weight matrix as it is stored.</summary>
    private static (int Rows, int Columns) Stored(LayerPlan layer) =>
        layer.IsNarrow ? (layer.Outputs, layer.InputColumns) : (layer.Inputs, layer.OutputColumns);

    private static void EmitGradient(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        (int rows, int columns) = Stored(layer);
        int whole = rows / NetworkPlanner.TileRows * NetworkPlanner.TileRows;
        int rest = rows - whole;
        string input = plan.NoiseBefore(layer)?.Result ?? LayerText.Input(layer);
        string delta = layer.Delta;
        (string left, int leftStride, string right, int rightStride) = layer.IsNarrow
            ? (delta, layer.OutputStride, input, layer.InputStride)
            : (input, layer.InputStride, delta, layer.OutputStride);
        w.Lines($"// {LayerText.Gradient(plan, layer).PadRight(44)}  [{layer.Inputs}×B]·[B×{layer.Outputs}] → [{layer.Inputs}×{layer.Outputs}]");
        w.Lines(layer.IsNarrow
            ? "// The weights are stored transposed, a row for each output: lanes run along the inputs."
            : "// Two vectors of δ's columns at a time: all rows of tiles read them while they are in the first-level cache.");
        string others = string.Concat(GradientArguments(plan, layer).Skip(2).Select(static name => $"ref float {name}, "));
        w.Lines($"private static void Gradient{layer.Number}<V, TSink>(ref float {input}, ref float {delta}, {others}ref float parameters, ref float tile, nuint samples, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines("nuint n = (nuint)V.Count;");
            w.Lines("nuint c = 0;");
            void Tiles(int vectors)
            {
                string width = vectors == 1 ? "n" : "2 * n";
                string Call(int height, string row)
                {
                    string index = $"W{layer.Number} + {(row == "0" ? "" : $"({row} * {layer.WeightStride}) + ")}c";
                    return $"""
                        Expect({height}, {width}, ref parameters, {index}, {layer.WeightStride}, sink);
                        GradientTile{height}x{vectors}<V>({Shifted(left, row)}, {leftStride}, ref At(ref {right}, c), {rightStride}, samples, ref tile);
                        Deliver<V, TSink>(ref tile, {height}, {width}, ref parameters, {index}, {layer.WeightStride}, sink);
                        """;
                }

                if (whole > NetworkPlanner.TileRows)
                {
                    using (w.Block($"for (nuint r = 0; r < {whole}; r += {NetworkPlanner.TileRows})"))
                    {
                        w.Lines(Call(NetworkPlanner.TileRows, "r"));
                    }
                }
                else if (whole > 0)
                {
                    w.Lines(Call(NetworkPlanner.TileRows, "0"));
                }

                if (rest > 0)
                {
                    if (whole > 0)
                    {
                        w.Line();
                    }

                    w.Lines(Call(rest, Literals.Of(whole)));
                }
            }

            using (w.Block($"for (; c + (2 * n) <= {columns}; c += 2 * n)"))
            {
                Tiles(2);
            }

            if (columns % 32 != 0)
            {
                w.Line();
                using (w.Block($"for (; c < {columns}; c += n)"))
                {
                    Tiles(1);
                }
            }

            if (layer.Model.HasBias)
            {
                w.Line();
                EmitBiases(w, layer);
            }

            EmitOtherVectors(w, layer);
        }
    }

    /// <summary>Gains, shifts and a slope, after the biases.</summary>
    private static void EmitOtherVectors(SourceWriter w, LayerPlan layer)
    {
        int l = layer.Number;
        string type = layer.IsNarrow ? Emitted.Vec8 : "V";
        string sums = $"{layer.OutputStride}, {layer.OutputColumns}, samples, ref parameters";
        if (layer.IsNormalized)
        {
            w.Lines($"GainGradient<{type}, TSink>(ref {layer.PreActivationDelta}, ref {layer.Normalized}, {sums}, Gains{l}, sink);");
            w.Lines($"BiasGradient<{type}, TSink>(ref {layer.PreActivationDelta}, {sums}, Shifts{l}, sink);");
        }

        if (layer.Model.HasSlope)
        {
            const string V = Emitted.Vec8;
            w.Lines($"float slope = {Emitted.Numerics}.PReluSlope.Gradient(ref {layer.IncomingDelta}, ref {layer.PreActivation}, samples, {layer.Outputs}, {layer.OutputStride});");
            w.Lines($"sink.Biases({V}.Create(slope) & {V}.FirstLanes(1), ref At(ref parameters, S{l}), S{l});");
        }
    }

    private static string Shifted(string name, string by) => by == "0" ? $"ref {name}" : $"ref At(ref {name}, {by})";

    private static void EmitBiases(SourceWriter w, LayerPlan layer)
    {
        const string V = Emitted.Vec8;
        if (layer.OutputStride == 1)
        {
            w.Lines($$"""
                float sum = 0f;
                for (nuint m = 0; m < samples; m++)
                {
                    sum += At(ref d{{layer.Number}}, m);
                }

                sink.Biases({{V}}.Create(sum) & {{V}}.FirstLanes(1), ref At(ref parameters, B{{layer.Number}}), B{{layer.Number}});
                """);
        }
        else
        {
            string type = layer.IsNarrow ? V : "V";
            w.Lines($"BiasGradient<{type}, TSink>(ref d{layer.Number}, {layer.OutputStride}, {layer.OutputColumns}, samples, ref parameters, B{layer.Number}, sink);");
        }
    }

    private static void EmitBiasGradient(SourceWriter w)
    {
        w.Lines("// The gradient of biases and shifts: the sum of the deltas over the samples in batch order.");
        w.Lines(Emitted.Optimized);
        w.Lines("private static void BiasGradient<V, TSink>(ref float d, nuint stride, nuint columns, nuint samples, ref float parameters, nuint index, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines("""
                for (nuint c = 0; c < columns; c += (nuint)V.Count)
                {
                    V sum = V.Zero;
                    for (nuint m = 0; m < samples; m++)
                    {
                        sum += V.Load(ref d, (m * stride) + c);
                    }

                    sink.Biases(sum, ref At(ref parameters, index + c), index + c);
                }
                """);
        }
    }

    private static void EmitGainGradient(SourceWriter w)
    {
        w.Lines("// The gradient of gains: the sum of the deltas times what the gains multiply, over the samples in batch order.");
        w.Lines(Emitted.Optimized);
        w.Lines("private static void GainGradient<V, TSink>(ref float d, ref float normalized, nuint stride, nuint columns, nuint samples, ref float parameters, nuint index, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines("""
                for (nuint c = 0; c < columns; c += (nuint)V.Count)
                {
                    V sum = V.Zero;
                    for (nuint m = 0; m < samples; m++)
                    {
                        sum = V.FusedMultiplyAdd(V.Load(ref d, (m * stride) + c), V.Load(ref normalized, (m * stride) + c), sum);
                    }

                    sink.Biases(sum, ref At(ref parameters, index + c), index + c);
                }
                """);
        }
    }
}
