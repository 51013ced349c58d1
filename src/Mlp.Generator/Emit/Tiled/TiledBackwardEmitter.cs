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
        EmitBackward(w, plan);
        w.Line();
        OutputCode.EmitLosses(w, plan);
        w.Line();
        OutputCode.EmitOutputDelta(w, plan);
        for (int i = plan.Layers.Count - 1; i > 0; i--)
        {
            w.Line();
            EmitDelta(w, plan.Layers[i - 1], plan.Layers[i]);
        }

        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            w.Line();
            EmitGradient(w, plan, plan.Layers[i]);
        }

        if (plan.Layers.Items.Any(static layer => layer.Model.HasBias && layer.OutputStride > 1))
        {
            w.Line();
            EmitBiasGradient(w);
        }

        TileEmitter.EmitGradientTiles(w, plan.Layers.Items.SelectMany(GradientTiles).Distinct().OrderByDescending(static tile => tile));
    }

    private static void Declare(SourceWriter w, NetworkPlan plan, params string[] buffers)
    {
        foreach (string buffer in buffers)
        {
            TiledForwardEmitter.DeclareBuffer(w, plan, buffer);
        }
    }

    /// <summary>The local that <c>Losses</c> reads.</summary>
    private static string LossSource(NetworkPlan plan) => OutputCode.LossSource(plan) == "y" ? "y" : $"z{plan.Last.Number}";

    private static string Times(string index, int factor) => LayerText.Times(index, factor);

    private static void EmitComputeLosses(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        w.Lines("// Outputs and the loss of each row, without dropout: the forward pass of prediction, then the loss.");
        using (w.Block("public static void ComputeLosses(global::Mlp.NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows)"))
        {
            w.Lines($$"""
                nuint block = rows < {{plan.RowBlock}} ? rows : {{plan.RowBlock}};
                nuint capacity = (block + 15) & ~(nuint)15; // So that every buffer starts on a cache line.
                ref float buffers = ref {{Emitted.Numerics}}.Scratch.Borrow((int)capacity * {{plan.ForwardFloats}});
                for (nuint first = 0; first < rows; first += {{plan.RowBlock}})
                {
                    nuint count = rows - first < block ? rows - first : block;
                    ref float z{{last.Number}} = ref At(ref buffers, capacity * Z{{last.Number}});
                    ref float y = ref At(ref outputs, {{Times("first", last.Outputs)}});
                    ForwardRows(network, ref At(ref inputs, {{Times("first", plan.Model.InputSize)}}), ref buffers, capacity, count{{(plan.HasDropout ? ", false" : "")}});
                    Activate(ref z{{last.Number}}, ref y, count);
                    Losses(ref {{LossSource(plan)}}, ref At(ref targets, {{Times("first", last.Outputs)}}), ref At(ref losses, first), count);
                }
                """);
        }
    }

    private static void EmitBackpropagate(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        w.Lines("// One mini-batch: forward, loss, deltas, gradients. The sink takes each gradient once it is complete: an optimizer updates the");
        w.Lines("// parameter at once, ComputeGradients stores it. It gets nothing before the loss is known to be finite.");
        w.Lines("public static float Backpropagate<TSink>(global::Mlp.NetworkState network, scoped in global::Mlp.TrainingBatch batch, scoped TSink sink)");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            // One gradient tile of the widest vectors, on its way into the sink, lies behind the transposed weights.
            string extra = $" + {plan.TransposedFloats + (NetworkPlanner.TileRows * 2 * 16)}";
            w.Lines($$"""
                nuint rows = (nuint)batch.Rows;
                nuint capacity = (rows + 15) & ~(nuint)15; // So that every buffer starts on a cache line.
                ref float buffers = ref network.Workspace(((long)capacity * {{plan.TrainingFloats}}){{extra}});
                ref float inputs = ref MlpMemory.GetReference(batch.Inputs);
                ref float targets = ref MlpMemory.GetReference(batch.Targets);
                """);
            foreach (LayerPlan layer in plan.Layers.Where(static layer => layer.HasDropout))
            {
                w.Lines($"{Emitted.Numerics}.DropoutMask.Fill(ref At(ref buffers, capacity * Mask{layer.Number}), rows, {layer.Outputs}, {layer.OutputStride}, network.Seed, {layer.Number}, batch.Step, {Literals.Of((float)layer.Model.Dropout)});");
            }

            w.Lines($"ForwardRows(network, ref inputs, ref buffers, capacity, rows{(plan.HasDropout ? ", true" : "")});");
            w.Line();
            Declare(w, plan, $"z{last.Number}", "y", "losses", $"d{last.Number}");
            w.Lines($$"""
                Activate(ref z{{last.Number}}, ref y, rows);
                Losses(ref {{LossSource(plan)}}, ref targets, ref losses, rows);
                float loss = global::Mlp.LossCheck.Mean(network, batch, MlpMemory.CreateReadOnlySpan(ref losses, batch.Rows), out _);
                MlpMemory.CreateReadOnlySpan(ref y, batch.Outputs.Length).CopyTo(batch.Outputs);

                OutputDelta(ref y, ref targets, ref d{{last.Number}}, rows);
                """);
            Emitted.Dispatch(w, "Backward<{0}, TSink>(network, ref inputs, ref buffers, capacity, rows, sink)");
            w.Line();
            w.Lines("return loss;");
        }
    }

    private static void EmitBackward(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// All deltas first, last layer to first, as they need the weights from before the update. Then the gradients, into the sink.");
        w.Lines("private static void Backward<V, TSink>(global::Mlp.NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint rows, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            if (plan.TransposedFloats > 0)
            {
                w.Lines($"ref float transposed = ref At(ref buffers, capacity * {plan.TrainingFloats}); // Behind the buffers.");
            }

            w.Lines($"ref float tile = ref At(ref buffers, (capacity * {plan.TrainingFloats}){(plan.TransposedFloats > 0 ? $" + {plan.TransposedFloats}" : "")});");
            if (plan.StagesInputs)
            {
                Declare(w, plan, "x");
            }

            foreach (LayerPlan layer in plan.Layers.Where(static layer => !layer.IsLast))
            {
                Declare(w, plan, $"h{layer.Number}");
                if (layer.HasDropout)
                {
                    Declare(w, plan, $"mask{layer.Number}", $"dropped{layer.Number}");
                }
            }

            Declare(w, plan, [.. plan.Layers.Select(static layer => $"d{layer.Number}")]);
            w.Line();
            for (int i = plan.Layers.Count - 1; i > 0; i--)
            {
                LayerPlan layer = plan.Layers[i - 1];
                LayerPlan next = plan.Layers[i];
                string mask = layer.HasDropout ? $"ref mask{layer.Number}, " : "";
                string scratch = NetworkPlanner.NeedsTransposedWeights(next) ? "ref transposed, " : "";
                w.Lines($"Delta{layer.Number}<V>(ref d{next.Number}, ref parameters, {scratch}ref h{layer.Number}, {mask}ref d{layer.Number}, rows);");
            }

            for (int i = plan.Layers.Count - 1; i >= 0; i--)
            {
                LayerPlan layer = plan.Layers[i];
                string input = i == 0 ? (plan.StagesInputs ? "x" : "inputs") : plan.Layers[i - 1].HasDropout ? $"dropped{i}" : $"h{i}";
                w.Lines($"Gradient{layer.Number}<V, TSink>(ref {input}, ref d{layer.Number}, ref parameters, ref tile, rows, sink);");
            }
        }
    }

    private static void EmitDelta(SourceWriter w, LayerPlan layer, LayerPlan next)
    {
        bool transposes = NetworkPlanner.NeedsTransposedWeights(next);
        w.Lines($"// {LayerText.Delta(layer, next).PadRight(44)}  [B×{next.Outputs}]·[{next.Outputs}×{next.Inputs}] → [B×{next.Inputs}]");
        w.Lines(transposes
            ? $"// Lanes run along the inputs of layer {next.Number}, so its weights are transposed first: [{next.Outputs}][{next.InputStride}]."
            : $"// Layer {next.Number} has few outputs and keeps its weights as [{next.Outputs}][{next.WeightStride}], which is W{next.Number}ᵀ already.");
        string mask = layer.HasDropout ? "ref float mask, " : "";
        string scratch = transposes ? "ref float transposed, " : "";
        w.Lines($"private static void Delta{layer.Number}<V>(ref float d{next.Number}, ref float parameters, {scratch}ref float h{layer.Number}, {mask}ref float d{layer.Number}, nuint rows)");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            if (transposes)
            {
                w.Lines($"{Emitted.Numerics}.Matrix.Transpose(ref At(ref parameters, W{next.Number}), {next.Inputs}, {next.Outputs}, {next.WeightStride}, ref transposed, {next.InputStride});");
                int padded = NetworkPlanner.RoundUp(next.Inputs, 16);
                if (padded != next.Inputs)
                {
                    w.Lines($"{Emitted.Numerics}.Matrix.ClearColumns(ref transposed, {next.Outputs}, {next.InputStride}, {next.Inputs}, {padded});");
                }
            }

            w.Lines($$"""
                {{Emitted.Numerics}}.ProductOperands product = new()
                {
                    Left = ref d{{next.Number}},
                    LeftStride = {{next.OutputStride}},
                    Right = {{(transposes ? "ref transposed" : $"ref At(ref parameters, W{next.Number})")}},
                    RightStride = {{(transposes ? next.InputStride : next.WeightStride)}},
                    Sums = ref d{{layer.Number}},
                    SumsStride = {{layer.OutputStride}},
                    Biases = ref parameters,
                    Kept = ref h{{layer.Number}},
                    Mask = {{(layer.HasDropout ? "ref mask" : $"ref h{layer.Number}")}},
                };
                Multiply<V, DeltaSum{{layer.Number}}>(product, rows, columns: {{layer.OutputColumns}}, terms: {{next.Outputs}}, block: {{next.OutputBlock}});
                """);
        }

        ActivationCode activation = ActivationCode.Of(layer.Model.Activation);
        List<string> end = [];
        if (activation.SlopeFormula.Length > 0)
        {
            end.Add("V h = V.Load(in kept);");
        }

        if (layer.HasDropout)
        {
            end.Add("sum *= V.Load(in mask);");
        }

        end.Add($"return {activation.Backward("V", "sum", "h")};");
        w.Line();
        w.Lines($"// These sums begin with 0 and end with {(layer.HasDropout ? "the mask and " : "")}the slope of {layer.Model.Activation}{(activation.SlopeFormula.Length > 0 ? ", written in what the forward pass kept" : ", which is 1")}.");
        TiledForwardEmitter.SumRule(w, $"DeltaSum{layer.Number}", "V.Zero", [.. end]);
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
        string input = layer.Number > 1 && plan.Layers[layer.Number - 2].HasDropout ? $"dropped{layer.Number - 1}" : LayerText.Input(layer);
        string delta = $"d{layer.Number}";
        (string left, int leftStride, string right, int rightStride) = layer.IsNarrow
            ? (delta, layer.OutputStride, input, layer.InputStride)
            : (input, layer.InputStride, delta, layer.OutputStride);
        w.Lines($"// {LayerText.Gradient(plan, layer).PadRight(44)}  [{layer.Inputs}×B]·[B×{layer.Outputs}] → [{layer.Inputs}×{layer.Outputs}]");
        w.Lines(layer.IsNarrow
            ? "// The weights are stored transposed, a row for each output: lanes run along the inputs."
            : "// Two vectors of δ's columns at a time: all rows of tiles read them while they are in the first-level cache.");
        w.Lines($"private static void Gradient{layer.Number}<V, TSink>(ref float {input}, ref float {delta}, ref float parameters, ref float tile, nuint samples, scoped TSink sink)");
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
        w.Lines("// The gradient of biases: the sum of the deltas over the samples in batch order.");
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
}
