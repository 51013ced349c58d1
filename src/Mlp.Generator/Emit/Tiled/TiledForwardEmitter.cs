using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the forward pass of a tiled network: prediction and the first half of training are the same code.</summary>
internal static class TiledForwardEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        EmitLayout(w, plan);
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

    /// <summary>The argument list of <c>At</c> for a buffer's row.</summary>
    public static string Row(NetworkPlan plan, string buffer, string row)
    {
        BufferPlan place = plan.Buffer(buffer);
        string start = place.Offset == 0 ? "" : $"(capacity * {place.Offset})";
        string inside = row == "0" ? "" : place.Stride == 1 ? row : $"({row} * {place.Stride})";
        string index = start.Length == 0 ? inside : inside.Length == 0 ? start : $"{start} + {inside}";
        return index.Length == 0 ? "ref buffers" : $"ref At(ref buffers, {index})";
    }

    private static void EmitLayout(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Where the store keeps the parameters. Rows are padded to whole cache lines, and never a multiple of 1 KiB apart.");
        foreach (LayerPlan layer in plan.Layers)
        {
            (int rows, int columns) = layer.IsNarrow ? (layer.Outputs, layer.Inputs) : (layer.Inputs, layer.Outputs);
            w.Lines($"private const int W{layer.Number} = {layer.WeightsOffset}; // [{rows}][{layer.WeightStride}]: a row for each "
                + $"{(layer.IsNarrow ? "output" : "input")}, {columns} {(layer.IsNarrow ? "inputs" : "outputs")}{Padding(layer.WeightStride - columns)}");
            if (layer.Model.HasBias)
            {
                w.Lines($"private const int B{layer.Number} = {layer.BiasesOffset}; // [{layer.BiasesLength}]: {layer.Outputs} biases{Padding(layer.BiasesLength - layer.Outputs)}");
            }
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
            w.Lines("nuint capacity = (block + 15) & ~(nuint)15;");
            w.Lines($"ref float buffers = ref {Emitted.Numerics}.Scratch.Borrow((int)capacity * {plan.ForwardFloats});");
            using (w.Block($"for (nuint first = 0; first < rows; first += {plan.RowBlock})"))
            {
                w.Lines("nuint count = rows - first < block ? rows - first : block;");
                w.Lines($"ForwardRows(network, ref At(ref inputs, first * {plan.Model.InputSize}), ref buffers, capacity, count{(plan.HasDropout ? ", false" : "")});");
                w.Lines($"Activate({Row(plan, $"z{last.Number}", "0")}, ref At(ref outputs, first * {last.Outputs}), count);");
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
            Emitted.Dispatch(w, $"Forward<{{0}}>(network, ref inputs, ref buffers, capacity, rows{pass})", returns: false);
        }

        w.Line();
        w.Lines("// All layers, a block of rows after the other. Every buffer has room for `capacity` rows.");
        w.Lines($"private static void Forward<V>(global::Mlp.NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint rows{flag})");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            using (w.Block($"for (nuint first = 0; first < rows; first += {plan.RowBlock})"))
            {
                w.Lines($"nuint count = rows - first < {plan.RowBlock} ? rows - first : {plan.RowBlock};");
                string input = $"ref At(ref inputs, first * {plan.Model.InputSize})";
                if (plan.StagesInputs)
                {
                    w.Lines($"Stage(network, {input}, {Row(plan, "x", "first")}, count);");
                    input = Row(plan, "x", "first");
                }

                foreach (LayerPlan layer in plan.Layers)
                {
                    string output = Row(plan, layer.IsLast ? $"z{layer.Number}" : $"h{layer.Number}", "first");
                    w.Lines($"Forward{layer.Number}{(layer.IsNarrow ? "" : "<V>")}({input}, ref parameters, {output}, count);");
                    input = output;
                    if (layer.HasDropout)
                    {
                        string dropped = Row(plan, $"dropped{layer.Number}", "first");
                        w.Lines($"ref float h{layer.Number} = {output};");
                        using (w.Block("if (isTraining)"))
                        {
                            w.Lines($"// Dropout({Literals.Short(layer.Model.Dropout)}): h{layer.Number} ⊙ mask{layer.Number}; the kept h{layer.Number} still gives the slope.");
                            w.Lines($"{Emitted.Numerics}.DropoutMask.Apply(ref h{layer.Number}, {Row(plan, $"mask{layer.Number}", "first")}, {dropped}, count * {layer.OutputStride});");
                            w.Lines($"h{layer.Number} = {dropped};");
                        }

                        input = $"ref h{layer.Number}";
                    }
                }
            }
        }
    }

    private static void EmitLayer(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        string formula = layer.IsLast
            ? $"z{layer.Number} = {LayerText.PreActivation(layer)}"
            : LayerText.Forward(plan, layer);
        w.Lines($"// Layer {layer.Number} · {LayerText.Declaration(layer.Model)}".PadRight(44) + $"{formula.PadRight(32)}  {LayerText.Shapes(layer)}");
        if (layer.IsNarrow)
        {
            EmitNarrowLayer(w, layer);
            return;
        }

        w.Lines($"// {Choices(layer)}");
        w.Lines($"private static void Forward{layer.Number}<V>(ref float x, ref float parameters, ref float h, nuint rows)");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            w.Lines($$"""
                {{Emitted.Numerics}}.ProductOperands product = new()
                {
                    Left = ref x,
                    LeftStride = {{layer.InputStride}},
                    Right = ref At(ref parameters, W{{layer.Number}}),
                    RightStride = {{layer.WeightStride}},
                    Sums = ref h,
                    SumsStride = {{layer.OutputStride}},
                    Biases = {{(layer.Model.HasBias ? $"ref At(ref parameters, B{layer.Number})" : "ref parameters")}},
                    Kept = ref h,
                    Mask = ref h,
                };
                Multiply<V, Sum{{layer.Number}}>(product, rows, columns: {{layer.OutputColumns}}, terms: {{layer.Inputs}}, block: {{layer.InputBlock}});
                """);
            if (layer.ClearsPadding)
            {
                w.Lines($"{Emitted.Numerics}.Matrix.ClearColumns(ref h, rows, {layer.OutputStride}, {layer.Outputs}, {NetworkPlanner.RoundUp(layer.Outputs, 16)}); // The next layer's lanes run over them.");
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
        "Tiles of 6 rows × 2 vectors" + (layer.Inputs > layer.InputBlock ? $", k in blocks of {layer.InputBlock}" : "") + $", stride {layer.WeightStride}.";

    /// <summary>Fewer than eight outputs: lanes run along the inputs, eight partial sums a neuron.</summary>
    private static void EmitNarrowLayer(SourceWriter w, LayerPlan layer)
    {
        const string V = Emitted.Vec8;
        w.Lines("// Fewer than eight outputs: lanes run along the inputs, input k in partial sum k mod 8, the bias in partial 0; then the fold.");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Forward{layer.Number}(ref float x, ref float parameters, ref float h, nuint rows)"))
        {
            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            {
                w.Lines($"ref float values = ref At(ref x, row * {layer.InputStride});");
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
                    string place = layer.OutputStride == 1 ? "row" : $"(row * {layer.OutputStride}){(o == 0 ? "" : $" + {o}")}";
                    w.Lines($"At(ref h, {place}) = {Emitted.Numerics}.CanonicalSum.Fold(s{o});");
                }

                if (!layer.IsLast)
                {
                    w.Line();
                    w.Lines($"// The activation, with zeros behind the last output.");
                    w.Lines($"ref float outputs = ref At(ref h, row * {layer.OutputStride});");
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
                w.Lines($"ref float raw = ref At(ref inputs, row * {inputs});");
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
