using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>
/// Writes the forward pass of a single row: everything in registers, a vector holding eight neurons of a layer. Lanes run along the outputs or, for
/// layers of fewer than eight, along the inputs, which gives each sum the order that it has in a group of rows.
/// </summary>
internal static class RowKernelWriter
{
    private const string V = Emitted.Vec8;
    private const string Lanes = "Mlp::Lanes";

    public static void Write(SourceWriter w, NetworkPlan plan)
    {
        if (!plan.RowKernelIsWhole)
        {
            EmitLayerByLayer(w, plan);
            return;
        }

        w.Lines("// A single row: a vector is eight neurons of a layer, or eight partial sums of one, and none leaves its register before the output.");
        if (plan.Layers.Any(static layer => !layer.IsNarrow))
        {
            w.Lines("// Of layer 1, z1_8 are the sums of neurons 8 to 15, p1_2 the partial sums of neuron 2, and i1_3 is input 3 in every lane.");
        }

        w.Lines(Emitted.Optimized);
        using (w.Block("public static void PredictRow(Mlp::NetworkState network, ref float input, ref float output)"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            EmitStatistics(w, plan);
            foreach (LayerPlan layer in plan.Layers)
            {
                w.Line();
                EmitLayer(w, plan, layer, layer.Number > 1);
            }

            w.Line();
            EmitStores(w, plan.Last);
        }
    }

    /// <summary>A method for each layer, with the values between them in memory.</summary>
    private static void EmitLayerByLayer(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// A single row: a vector is eight neurons of a layer. The JIT inlines only so much into one method, so each layer has its own.");
        using (w.Block("public static void PredictRow(Mlp::NetworkState network, ref float input, ref float output)"))
        {
            w.Lines($"ref float values = ref Mlp::Scratch.Borrow({plan.Layers.Items.Sum(static layer => layer.OutputColumns)});");
            int done = 0;
            string source = "ref input";
            foreach (LayerPlan layer in plan.Layers)
            {
                string destination = layer.IsLast ? "ref output" : Ref("values", done);
                w.Lines($"Row{layer.Number}(network, {source}, {destination});");
                source = destination;
                done += layer.OutputColumns;
            }
        }

        foreach (LayerPlan layer in plan.Layers)
        {
            w.Line();
            w.Lines(Emitted.Optimized);
            using (w.Block($"private static void Row{layer.Number}(Mlp::NetworkState network, ref float input, ref float output)"))
            {
                w.Lines("ref float parameters = ref network.Parameters;");
                if (layer.Number == 1)
                {
                    EmitStatistics(w, plan);
                }

                EmitLayer(w, plan, layer, inputIsInRegisters: false);
                w.Line();
                EmitStores(w, layer);
            }
        }
    }

    private static void EmitStatistics(SourceWriter w, NetworkPlan plan)
    {
        if (plan.Model.Standardize)
        {
            w.Lines("ref float means = ref network.InputMean;");
            w.Lines("ref float scales = ref network.InputScale;");
        }
    }

    /// <summary>The outputs of a layer to memory: of the last one without padding, of others in whole vectors.</summary>
    private static void EmitStores(SourceWriter w, LayerPlan layer)
    {
        foreach (int start in Starts(layer.Outputs))
        {
            int count = layer.Outputs - start;
            string value = Local(layer.Output.Name, start);
            w.Lines(layer.IsLast && count < Limits.Lanes
                ? $"{Lanes}.StoreFirst({value}, {Ref("output", start)}, {count});"
                : $"{V}.Store({value}, ref output{Offset(start)});");
        }
    }

    private static string Local(string name, int start) => $"{name}_{start}";

    private static string Ref(string name, int place) => place == 0 ? $"ref {name}" : $"ref At(ref {name}, {place})";

    private static string Offset(int start) => start == 0 ? "" : $", {start}";

    private static string InputName(LayerPlan layer) => layer.Input.Name;

    private static void EmitLayer(SourceWriter w, NetworkPlan plan, LayerPlan layer, bool inputIsInRegisters)
    {
        w.Lines($"// {Formulas.Head(layer)}      {Formulas.Forward(layer, isActivated: true)}");
        if (!inputIsInRegisters && (layer.IsNarrow || layer.IsResidual))
        {
            EmitInputVectors(w, plan, layer);
        }

        string sums = $"z{layer.Number}";
        if (layer.IsNarrow)
        {
            EmitNarrow(w, layer, sums);
        }
        else
        {
            EmitWide(w, plan, layer, sums, inputIsInRegisters);
        }

        if (layer.Model.Activation == Activation.Softmax)
        {
            EmitSoftmax(w, layer, sums);
            return;
        }

        string alpha = layer.Model.Alpha == 0 ? "" : $", {V}.Create({Literals.Of((float)layer.Model.Alpha)})";
        if (layer.Model.HasSlope)
        {
            alpha = $", slope{layer.Number}";
            w.Lines($"{V} slope{layer.Number} = {V}.Broadcast(ref parameters, S{layer.Number});");
        }

        foreach (int start in Starts(layer.Outputs))
        {
            string residual = layer.IsResidual ? $" + {Local(InputName(layer), start)}" : "";
            string value = layer.Model.Activation == Activation.Linear ? Local(sums, start) : $"{Emitted.Activation(layer)}.Forward({Local(sums, start)}{alpha})";
            w.Lines($"{V} {Local(layer.Output.Name, start)} = {value}{residual};");
        }
    }

    private static IEnumerable<int> Starts(int length)
    {
        for (int start = 0; start < length; start += Limits.Lanes)
        {
            yield return start;
        }
    }

    /// <summary>What the layer sees as vectors; nothing behind the end of the user's row is read.</summary>
    private static void EmitInputVectors(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        foreach (int start in Starts(layer.Inputs))
        {
            int count = layer.Inputs - start;
            string raw = layer.Number == 1 && count < Limits.Lanes
                ? $"{Lanes}.LoadFirst({Ref("input", start)}, {count})"
                : $"{V}.Load(ref input{Offset(start)})";
            bool standardizes = layer.Number == 1 && plan.Model.Standardize;
            w.Lines($"{V} {Local(InputName(layer), start)} = {(standardizes ? $"({raw} - {V}.Load(ref means, {start})) * {V}.Load(ref scales, {start})" : raw)};");
        }
    }

    /// <summary>Fewer than eight outputs: one after the other, each with eight partial sums.</summary>
    private static void EmitNarrow(SourceWriter w, LayerPlan layer, string sums)
    {
        string partials = $"p{layer.Number}";
        for (int o = 0; o < layer.Outputs; o++)
        {
            string bias = layer.Model.HasBias ? $"At(ref parameters, {LaneText.Plus($"B{layer.Number}", o)})" : "0f";
            string sum = $"{Lanes}.Partials({bias}, {layer.Inputs})";
            foreach (int start in Starts(layer.Inputs))
            {
                string operands = $"{Local(InputName(layer), start)}, ref parameters, {LaneText.Plus($"W{layer.Number}", (o * layer.Places.WeightStride) + start)}";
                int count = layer.Inputs - start;
                sum = count < Limits.Lanes ? $"{Lanes}.AddFirstProducts({sum}, {operands}, {count})" : $"{V}.AddProducts({sum}, {operands})";
                w.Lines($"{(start == 0 ? $"{V} " : "")}{Local(partials, o)} = {sum};");
                sum = Local(partials, o);
            }
        }

        string folds = layer.Outputs == 1
            ? $"{V}.Create(Mlp::CanonicalSum.Fold({Local(partials, 0)}))"
            : $"{Lanes}.Fold({string.Join(", ", Enumerable.Range(0, layer.Outputs <= 4 ? 4 : 8).Select(o => o < layer.Outputs ? Local(partials, o) : $"{V}.Zero"))})";
        w.Lines($"{V} {Local(sums, 0)} = {folds};");
    }

    private static void EmitWide(SourceWriter w, NetworkPlan plan, LayerPlan layer, string sums, bool inputIsInRegisters)
    {
        foreach (int start in Starts(layer.Outputs))
        {
            w.Lines($"{V} {Local(sums, start)} = {(layer.Model.HasBias ? $"{V}.Load(ref parameters, {LaneText.Plus($"B{layer.Number}", start)})" : $"{V}.Zero")};");
        }

        if (layer.RowKernelLoops)
        {
            w.Lines($"ref float w = ref At(ref parameters, W{layer.Number});");
            using (w.Block($"for (nuint i = 0; i < {layer.Inputs}; i++)"))
            {
                EmitProducts(w, layer, sums, "x", Broadcast("i"), "w", static start => $"{start}");
                w.Lines($"w = ref At(ref w, {layer.Places.WeightStride});");
            }

            return;
        }

        for (int i = 0; i < layer.Inputs; i++)
        {
            string value = inputIsInRegisters ? $"{Lanes}.Broadcast({Local(InputName(layer), i / 8 * 8)}, {i % 8})" : Broadcast($"{i}");
            EmitProducts(w, layer, sums, $"i{layer.Number}_{i}", value, "parameters", start => LaneText.Plus($"W{layer.Number}", (i * layer.Places.WeightStride) + start));
        }

        string Broadcast(string input) => plan.Model.Standardize && layer.Number == 1
            ? $"({V}.Broadcast(ref input, {input}) - {V}.Broadcast(ref means, {input})) * {V}.Broadcast(ref scales, {input})"
            : $"{V}.Broadcast(ref input, {input})";
    }

    /// <summary>One input times its weights, onto all sums.</summary>
    private static void EmitProducts(SourceWriter w, LayerPlan layer, string sums, string local, string value, string weights, Func<int, string> place)
    {
        w.Lines($"{V} {local} = {value};");
        foreach (int start in Starts(layer.Outputs))
        {
            w.Lines($"{Local(sums, start)} = {V}.AddProducts({Local(sums, start)}, {local}, ref {weights}, {place(start)});");
        }
    }

    private static void EmitSoftmax(SourceWriter w, LayerPlan layer, string sums)
    {
        string Masked(int start, string otherwise) => layer.Outputs - start < Limits.Lanes
            ? $"{V}.Select({V}.FirstLanes({layer.Outputs - start}), {Local(sums, start)}, {otherwise})"
            : Local(sums, start);
        w.Lines("// e^(z − max z) / Σ e^(z − max z): the largest exponent is 0, so nothing overflows.");
        foreach (int start in Starts(layer.Outputs))
        {
            if (start == 0)
            {
                w.Lines($"{V} largest = {Masked(0, $"{V}.Create(float.NegativeInfinity)")};");
            }
            else
            {
                string value = Masked(start, "largest");
                w.Lines($"largest = {V}.Select({V}.GreaterThan({value}, largest), {value}, largest);");
            }
        }

        w.Lines($"{V} shift = {V}.Create({Lanes}.Max(largest));");
        foreach (int start in Starts(layer.Outputs))
        {
            w.Lines($"{V} {Local("e", start)} = Mlp::VectorMath.Exp({Local(sums, start)} - shift);");
        }

        string sum = string.Join(" + ", Starts(layer.Outputs).Select(start => layer.Outputs - start >= Limits.Lanes
            ? Local("e", start)
            : start == 0 ? $"e_0 & {V}.FirstLanes({layer.Outputs})" : $"({Local("e", start)} & {V}.FirstLanes({layer.Outputs - start}))"));
        w.Lines($"{V} total = {V}.Create(Mlp::CanonicalSum.Fold({sum}));");
        foreach (int start in Starts(layer.Outputs))
        {
            w.Lines($"{V} {Local("y", start)} = {Local("e", start)} / total;");
        }
    }
}
