using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the forward pass of a tiled network: prediction and the first half of training are the same code.</summary>
internal static class TiledForwardEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        EmitLayout(w, plan);
        w.Line();
        EmitBuffers(w, plan);
        w.Line();
        EmitPredict(w, plan);
        w.Line();
        EmitForward(w, plan);
        foreach (LayerPlan layer in plan.Layers)
        {
            w.Line();
            EmitLayer(w, plan, layer);
        }

        w.Line();
        OutputCode.EmitActivate(w, plan);
        if (plan.StagesInputs)
        {
            w.Line();
            EmitStage(w, plan);
        }

        if (plan.Layers.Items.Any(static layer => !layer.IsNarrow) || plan.Layers.Count > 1)
        {
            w.Line();
            TileEmitter.EmitProduct(w);
        }
    }

    /// <summary>Declares a local of the buffer's name that refers to its first row, or to <paramref name="row"/>.</summary>
    public static void DeclareBuffer(SourceWriter w, NetworkPlan plan, string buffer, string? row = null)
    {
        BufferPlan place = plan.Buffer(buffer);
        string start = $"capacity * {place.Constant}";
        string index = row is null ? start : $"({start}) + {(place.Stride == 1 ? row : $"({row} * {place.Stride})")}";
        w.Lines($"ref float {buffer} = ref At(ref buffers, {index});");
    }

    private static void EmitLayout(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Tiled: matrix products in small tiles whose sums stay in registers; lanes run along a layer's outputs.");
        w.Line();
        w.Lines("// Where the store keeps the parameters. Rows are padded to whole cache lines, and never a multiple of 1 KiB apart.");
        foreach (LayerPlan layer in plan.Layers)
        {
            (int rows, int columns) = layer.IsNarrow ? (layer.Outputs, layer.Inputs) : (layer.Inputs, layer.Outputs);
            w.Lines($"private const int W{layer.Number} = {layer.WeightsOffset}; // [{rows}][{layer.WeightStride}]: a row for each "
                + $"{(layer.IsNarrow ? "output" : "input")}, {columns} {(layer.IsNarrow ? "inputs" : "outputs")}{Padding(layer.WeightStride - columns)}");
            if (layer.Model.HasBias)
            {
                w.Lines($"private const int B{layer.Number} = {layer.BiasesOffset}; // [{layer.VectorLength}]: {(layer.Outputs == 1 ? "1 bias" : $"{layer.Outputs} biases")}{Padding(layer.VectorLength - layer.Outputs)}");
            }
        }
    }

    /// <summary>Where a pass keeps its values.</summary>
    private static void EmitBuffers(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Where a pass keeps its values: room for `capacity` rows of the first, then for as many of the next, and so on.");
        foreach (BufferPlan buffer in plan.Buffers.Where(buffer => plan.Model.Loss is not null || buffer.Offset < plan.ForwardFloats))
        {
            w.Lines($"private const int {buffer.Constant} = {buffer.Offset}; // {(buffer.Stride == 1 ? "a float for each row" : $"rows of {buffer.Stride}")}");
        }
    }

    private static string Padding(int floats) => floats == 0 ? "" : $" and {floats} of padding";

    private static void EmitPredict(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        w.Lines($"// Any number of rows, {plan.RowBlock} at a time: their activations stay in the second-level cache.");
        using (w.Block("public static void Predict(global::Mlp.NetworkState network, ref float inputs, ref float outputs, nuint rows)"))
        {
            w.Lines($"nuint block = rows < {plan.RowBlock} ? rows : {plan.RowBlock};");
            w.Lines("nuint capacity = (block + 15) & ~(nuint)15; // So that every buffer starts on a cache line.");
            w.Lines($"ref float buffers = ref {Emitted.Numerics}.Scratch.Borrow((int)capacity * {plan.ForwardFloats});");
            using (w.Block($"for (nuint first = 0; first < rows; first += {plan.RowBlock})"))
            {
                w.Lines("nuint count = rows - first < block ? rows - first : block;");
                w.Lines($"ForwardRows(network, ref At(ref inputs, {LayerText.Times("first", plan.Model.InputSize)}), ref buffers, capacity, count{(plan.HasDropout ? ", false" : "")});");
                w.Lines($"Activate(ref At(ref buffers, capacity * {plan.Buffer(LayerText.Result(last)).Constant}), ref At(ref outputs, {LayerText.Times("first", last.Outputs)}), count);");
            }
        }
    }

    private static void EmitForward(SourceWriter w, NetworkPlan plan)
    {
        string flag = plan.HasDropout ? ", bool isTraining" : "";
        string pass = plan.HasDropout ? ", isTraining" : "";
        w.Lines("// The forward pass at the vector width of this machine; the width does not show in the results.");
        using (w.Block($"private static void ForwardRows(global::Mlp.NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint rows{flag})"))
        {
            Emitted.Dispatch(w, $"Forward<{{0}}>(network, ref inputs, ref buffers, capacity, rows{pass})");
        }

        w.Line();
        w.Lines("// All layers for a block of rows before the next block: a training batch may have many, Predict brings one.");
        w.Lines($"private static void Forward<V>(global::Mlp.NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint rows{flag})");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            using (w.Block($"for (nuint first = 0; first < rows; first += {plan.RowBlock})"))
            {
                w.Lines($"nuint count = rows - first < {plan.RowBlock} ? rows - first : {plan.RowBlock};");
                string input = $"ref At(ref inputs, {LayerText.Times("first", plan.Model.InputSize)})";
                if (plan.StagesInputs)
                {
                    DeclareBuffer(w, plan, "x", "first");
                    w.Lines($"Stage(network, {input}, ref x, count);");
                }
                else
                {
                    w.Lines($"ref float x = {input};");
                }

                foreach (LayerPlan layer in plan.Layers)
                {
                    DeclareBuffer(w, plan, LayerText.Result(layer), "first");
                }

                foreach (LayerPlan layer in plan.Layers)
                {
                    int number = layer.Number;
                    w.Lines($"Forward{number}{(layer.IsNarrow ? "" : "<V>")}(ref {LayerText.Input(layer)}, ref parameters, ref {LayerText.Result(layer)}, count);");
                    if (layer.HasDropout)
                    {
                        using (w.Block("if (isTraining)"))
                        {
                            w.Lines($"// Dropout({Literals.Short(layer.Model.Dropout)}): the next layer sees h{number} ⊙ mask{number}; h{number} itself is kept for its slope.");
                            DeclareBuffer(w, plan, $"mask{number}", "first");
                            DeclareBuffer(w, plan, $"dropped{number}", "first");
                            w.Lines($"{Emitted.Numerics}.DropoutMask.Apply(ref h{number}, ref mask{number}, ref dropped{number}, count * {layer.OutputStride});");
                            w.Lines($"h{number} = ref dropped{number};");
                        }
                    }
                }
            }
        }
    }

    private static void EmitLayer(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        string formula = layer.IsLast
            ? $"z{layer.Number} = {LayerText.PreActivation(plan, layer)}"
            : LayerText.Forward(plan, layer);
        w.Lines(LayerText.Head(plan, layer, formula));
        if (layer.IsNarrow)
        {
            EmitNarrowLayer(w, layer);
            return;
        }

        w.Lines($"// {Choices(layer)}");
        string input = LayerText.Input(layer);
        string output = LayerText.Result(layer);
        w.Lines($"private static void Forward{layer.Number}<V>(ref float {input}, ref float parameters, ref float {output}, nuint rows)");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            w.Lines($$"""
                {{Emitted.Numerics}}.ProductOperands product = new()
                {
                    Left = ref {{input}},
                    LeftStride = {{layer.InputStride}},
                    Right = ref At(ref parameters, W{{layer.Number}}),
                    RightStride = {{layer.WeightStride}},
                    Sums = ref {{output}},
                    SumsStride = {{layer.OutputStride}},
                    Biases = {{(layer.Model.HasBias ? $"ref At(ref parameters, B{layer.Number})" : "ref parameters")}},
                    Kept = ref {{output}},
                    Mask = ref {{output}},
                };
                Multiply<V, Sum{{layer.Number}}>(product, rows, columns: {{layer.OutputColumns}}, terms: {{layer.Inputs}}, block: {{layer.InputBlock}});
                """);
            if (layer.ClearsPadding)
            {
                w.Lines($"{Emitted.Numerics}.Matrix.ClearColumns(ref {output}, rows, {layer.OutputStride}, {layer.Outputs}, {NetworkPlanner.RoundUp(layer.Outputs, 16)}); // The next layer's lanes run over them.");
            }
        }

        w.Line();
        w.Lines($"// Sums of layer {layer.Number} begin with {(layer.Model.HasBias ? "the bias" : "0")} and end with {(layer.IsLast ? "the pre-activation itself: the output's stage needs it" : "the activation")}.");
        SumRule(
            w,
            $"Sum{layer.Number}",
            layer.Model.HasBias ? "V.Load(in biases)" : "V.Zero",
            layer.IsLast ? ["return sum;"] : [$"return {ActivationCode.Of(layer.Model.Activation).Forward("sum")};"]);
    }

    /// <summary>A struct that tells the tiles how sums begin and end.</summary>
    public static void SumRule(SourceWriter w, string name, string begin, string[] end)
    {
        using (w.Block($"private readonly struct {name} : {Emitted.Numerics}.ISumRule"))
        {
            w.Lines(Emitted.Inlined);
            w.Lines($"public static V Begin<V>(ref readonly float biases) {Emitted.WhereV} => {begin};");
            w.Line();
            w.Lines(Emitted.Inlined);
            using (w.Block($"public static V End<V>(V sum, ref readonly float kept, ref readonly float mask) {Emitted.WhereV}"))
            {
                w.Lines(string.Join("\n", end));
            }
        }
    }

    private static string Choices(LayerPlan layer) =>
        "Register tiles of 6 rows × 2 vectors" + (layer.Inputs > layer.InputBlock ? $"; the inputs k in blocks of {layer.InputBlock}" : "")
        + $"; rows of W{layer.Number} are {layer.WeightStride} floats apart.";

    /// <summary>Fewer than eight outputs: lanes run along the inputs, eight partial sums a neuron.</summary>
    private static void EmitNarrowLayer(SourceWriter w, LayerPlan layer)
    {
        const string V = Emitted.Vec8;
        w.Lines("// Fewer than eight outputs: lanes run along the inputs, input k in partial sum k mod 8, the bias in partial 0; then\n// the fold ((p0+p4)+(p2+p6))+((p1+p5)+(p3+p7)).");
        w.Lines(Emitted.Optimized);
        string input = LayerText.Input(layer);
        string output = LayerText.Result(layer);
        using (w.Block($"private static void Forward{layer.Number}(ref float {input}, ref float parameters, ref float {output}, nuint rows)"))
        {
            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            {
                w.Lines($"ref float values = ref At(ref {input}, row * {layer.InputStride});");
                for (int o = 0; o < layer.Outputs; o++)
                {
                    w.Lines($"{V} s{o} = {(layer.Model.HasBias ? $"{V}.Create(At(ref parameters, B{layer.Number}{(o == 0 ? "" : $" + {o}")})) & {V}.FirstLanes(1)" : $"{V}.Zero")};");
                }

                using (w.Block($"for (nuint k = 0; k < {layer.InputColumns}; k += 8)"))
                {
                    w.Lines($"{V} v = {V}.Load(ref values, k);");
                    for (int o = 0; o < layer.Outputs; o++)
                    {
                        w.Lines($"s{o} = {V}.FusedMultiplyAdd(v, {V}.Load(ref parameters, W{layer.Number}{(o == 0 ? "" : $" + {o * layer.WeightStride}")} + k), s{o});");
                    }
                }

                for (int o = 0; o < layer.Outputs; o++)
                {
                    string place = layer.OutputStride == 1 ? "row" : o == 0 ? $"row * {layer.OutputStride}" : $"(row * {layer.OutputStride}) + {o}";
                    w.Lines($"At(ref {output}, {place}) = {Emitted.Numerics}.CanonicalSum.Fold(s{o});");
                }

                if (!layer.IsLast)
                {
                    w.Line();
                    w.Lines($"// The activation, with zeros behind the last output.");
                    w.Lines($"ref float outputs = ref At(ref {output}, row * {layer.OutputStride});");
                    w.Lines($"{V} z = {V}.Load(ref outputs);");
                    w.Lines($"{V}.Store({ActivationCode.Of(layer.Model.Activation).Forward("z")} & {V}.FirstLanes({layer.Outputs}), ref outputs);");
                    w.Lines($"{V}.Store({V}.Zero, ref outputs, 8);");
                }
            }
        }
    }

    private static void EmitStage(SourceWriter w, NetworkPlan plan)
    {
        const string V = Emitted.Vec8;
        int inputs = plan.Model.InputSize;
        int stride = plan.Layers[0].InputStride;
        int whole = inputs / 8 * 8;
        string Staged(string value, string at) => plan.Model.Standardize
            ? $"({value} - {V}.Load(ref means, {at})) * {V}.Load(ref scales, {at})"
            : value;
        w.Lines(plan.Model.Standardize
            ? "// Inputs, centred and scaled by the training data's statistics: x = (raw − mean) / deviation, in padded rows."
            : "// Inputs in padded rows.");
        w.Lines(Emitted.Optimized);
        using (w.Block("private static void Stage(global::Mlp.NetworkState network, ref float inputs, ref float x, nuint rows)"))
        {
            if (plan.Model.Standardize)
            {
                w.Lines("ref float means = ref network.InputMean;");
                w.Lines("ref float scales = ref network.InputScale;");
            }

            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            {
                w.Lines($"ref float raw = ref At(ref inputs, {LayerText.Times("row", inputs)});");
                w.Lines($"ref float staged = ref At(ref x, row * {stride});");
                if (whole > 0)
                {
                    using (w.Block($"for (nuint k = 0; k < {whole}; k += 8)"))
                    {
                        w.Lines($"{V}.Store({Staged($"{V}.Load(ref raw, k)", "k")}, ref staged, k);");
                    }
                }

                if (whole < inputs)
                {
                    string tail = $"{V}.GatherFirst(ref At(ref raw, {whole}), 1, {inputs - whole})";
                    string value = plan.Model.Standardize ? $"({Staged(tail, Literals.Of(whole))})" : tail;
                    w.Lines($"{V}.Store({value} & {V}.FirstLanes({inputs - whole}), ref staged, {whole});");
                }

                for (int k = NetworkPlanner.RoundUp(inputs, 8); k < NetworkPlanner.RoundUp(inputs, 16); k += 8)
                {
                    w.Lines($"{V}.Store({V}.Zero, ref staged, {k});");
                }
            }
        }
    }
}
