using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>
/// Writes the forward pass of a single row: everything in registers, a vector holding eight neurons of a layer. Lanes run along the outputs or, for
/// layers of fewer than eight, along the inputs, which gives each sum the order that it has in a group of rows.
/// </summary>
internal static class StraightLineRowEmitter
{
    private const string V = Emitted.Vec8;
    private const string Lanes = $"{Emitted.Numerics}.Lanes";
    private const string Input = "x";

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// A single row: a vector is eight neurons of a layer, and none leaves its register before the output.");
        w.Lines(Emitted.Optimized);
        using (w.Block("private static void PredictRow(global::Mlp.NetworkState network, ref float input, ref float output)"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            if (plan.Model.Standardize)
            {
                w.Lines("ref float means = ref network.InputMean;");
                w.Lines("ref float scales = ref network.InputScale;");
            }

            foreach (LayerPlan layer in plan.Layers)
            {
                w.Line();
                EmitLayer(w, plan, layer);
            }

            LayerPlan last = plan.Last;
            w.Line();
            for (int start = 0; start < last.Outputs; start += NetworkPlanner.Lanes)
            {
                int count = last.Outputs - start;
                string place = start == 0 ? "ref output" : $"ref At(ref output, {start})";
                w.Lines(count < NetworkPlanner.Lanes
                    ? $"{Lanes}.StoreFirst({Local("y", start)}, {place}, {count});"
                    : $"{V}.Store({Local("y", start)}, {place});");
            }
        }
    }

    private static string Local(string name, int start) => $"{name}_{start}";

    private static string InputName(LayerPlan layer) => LayerText.Input(layer);

    private static void EmitLayer(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        w.Lines(LayerText.Head(plan, layer));
        w.Lines(layer.IsNarrow
            ? "// Lanes are the inputs mod 8, each a partial sum; then the fold."
            : "// Lanes are outputs; each sum begins with the bias and takes the inputs in order.");
        bool needsVectors = layer.Number == 1 && (layer.IsNarrow || layer.IsResidual);
        if (needsVectors)
        {
            EmitInputVectors(w, plan);
        }

        string sums = $"z{layer.Number}";
        if (layer.IsNarrow)
        {
            EmitNarrow(w, layer, sums);
        }
        else
        {
            EmitWide(w, plan, layer, sums);
        }

        if (layer.Model.Activation == Activation.Softmax)
        {
            EmitSoftmax(w, layer, sums);
            return;
        }

        string alpha = ActivationCode.AlphaCode(layer.Model, V);
        if (layer.Model.HasSlope)
        {
            alpha = $"slope{layer.Number}";
            w.Lines($"{V} {alpha} = {V}.Broadcast(ref parameters, S{layer.Number});");
        }

        foreach (int start in Starts(layer.Outputs))
        {
            string bypass = layer.IsResidual ? $" + {Local(InputName(layer), start)}" : "";
            w.Lines($"{V} {Local(layer.Output, start)} = {ActivationCode.Of(layer.Model).Forward(V, Local(sums, start), alpha)}{bypass};");
        }
    }

    private static IEnumerable<int> Starts(int length)
    {
        for (int start = 0; start < length; start += NetworkPlanner.Lanes)
        {
            yield return start;
        }
    }

    /// <summary>The row of inputs as vectors; nothing behind its end is read.</summary>
    private static void EmitInputVectors(SourceWriter w, NetworkPlan plan)
    {
        foreach (int start in Starts(plan.Model.InputSize))
        {
            int count = plan.Model.InputSize - start;
            string raw = count < NetworkPlanner.Lanes
                ? $"{Lanes}.LoadFirst(ref {(start == 0 ? "input" : $"At(ref input, {start})")}, {count})"
                : $"{V}.Load(ref input, {start})";
            w.Lines($"{V} {Local(Input, start)} = {(plan.Model.Standardize ? $"({raw} - {V}.Load(ref means, {start})) * {V}.Load(ref scales, {start})" : raw)};");
        }
    }

    /// <summary>Fewer than eight outputs: one after the other, each with eight partial sums.</summary>
    private static void EmitNarrow(SourceWriter w, LayerPlan layer, string sums)
    {
        string partials = $"p{layer.Number}";
        for (int o = 0; o < layer.Outputs; o++)
        {
            string partial = Local(partials, o);
            string bias = layer.Model.HasBias ? $"At(ref parameters, {LaneCode.At($"B{layer.Number}", o)})" : "0f";
            w.Lines($"{V} {partial} = {Lanes}.Partials({bias}, {layer.Inputs});");
            foreach (int start in Starts(layer.Inputs))
            {
                string weights = LaneCode.At($"W{layer.Number}", (o * layer.WeightStride) + start);
                string next = $"{V}.AddProducts({partial}, {Local(InputName(layer), start)}, ref parameters, {weights})";
                int count = layer.Inputs - start;
                w.Lines($"{partial} = {(count < NetworkPlanner.Lanes ? $"{V}.Select({V}.FirstLanes({count}), {next}, {partial})" : next)};");
            }
        }

        string folds = layer.Outputs == 1
            ? $"{V}.Create({Emitted.Numerics}.CanonicalSum.Fold({Local(partials, 0)}))"
            : $"{Lanes}.Fold({string.Join(", ", Enumerable.Range(0, layer.Outputs <= 4 ? 4 : 8).Select(o => o < layer.Outputs ? Local(partials, o) : $"{V}.Zero"))})";
        w.Lines($"{V} {Local(sums, 0)} = {folds};");
    }

    private static void EmitWide(SourceWriter w, NetworkPlan plan, LayerPlan layer, string sums)
    {
        foreach (int start in Starts(layer.Outputs))
        {
            w.Lines($"{V} {Local(sums, start)} = {(layer.Model.HasBias ? $"{V}.Load(ref parameters, {LaneCode.At($"B{layer.Number}", start)})" : $"{V}.Zero")};");
        }

        for (int i = 0; i < layer.Inputs; i++)
        {
            string value = layer.Number > 1 ? $"{Lanes}.Broadcast({Local(InputName(layer), i / 8 * 8)}, {i % 8})"
                : plan.Model.Standardize ? $"({V}.Broadcast(ref input, {i}) - {V}.Broadcast(ref means, {i})) * {V}.Broadcast(ref scales, {i})"
                : $"{V}.Broadcast(ref input, {i})";
            string local = $"i{layer.Number}_{i}";
            w.Lines($"{V} {local} = {value};");
            foreach (int start in Starts(layer.Outputs))
            {
                string weights = LaneCode.At($"W{layer.Number}", (i * layer.WeightStride) + start);
                w.Lines($"{Local(sums, start)} = {V}.AddProducts({Local(sums, start)}, {local}, ref parameters, {weights});");
            }
        }
    }

    private static void EmitSoftmax(SourceWriter w, LayerPlan layer, string sums)
    {
        string Masked(int start, string otherwise) => layer.Outputs - start < NetworkPlanner.Lanes
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
            w.Lines($"{V} {Local("e", start)} = {Emitted.Numerics}.VectorMath.Exp({Local(sums, start)} - shift);");
        }

        string sum = string.Join(" + ", Starts(layer.Outputs).Select(start => layer.Outputs - start >= NetworkPlanner.Lanes
            ? Local("e", start)
            : start == 0 ? $"e_0 & {V}.FirstLanes({layer.Outputs})" : $"({Local("e", start)} & {V}.FirstLanes({layer.Outputs - start}))"));
        w.Lines($"{V} total = {V}.Create({Emitted.Numerics}.CanonicalSum.Fold({sum}));");
        foreach (int start in Starts(layer.Outputs))
        {
            w.Lines($"{V} {Local("y", start)} = {Local("e", start)} / total;");
        }
    }
}
