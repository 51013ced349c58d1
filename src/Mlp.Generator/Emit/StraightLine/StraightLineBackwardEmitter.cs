using Mlp.Generator.Emit.Tiled;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the losses, deltas and gradients of a small network.</summary>
internal static class StraightLineBackwardEmitter
{
    private const string V = Emitted.Vec8;

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        StraightLineBuffers buffers = new(plan);
        EmitComputeLosses(w, plan, buffers);
        w.Line();
        EmitBackpropagate(w, plan, buffers);
        if (plan.HasDropout)
        {
            w.Line();
            EmitGatherMasks(w, plan);
        }

        w.Line();
        EmitLosses(w, plan);
        w.Line();
        EmitOutputDelta(w, plan);
        for (int i = plan.Layers.Count - 1; i > 0; i--)
        {
            w.Line();
            EmitDelta(w, plan.Layers[i - 1], plan.Layers[i]);
        }

        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            w.Line();
            EmitGradient(w, plan.Layers[i]);
        }

        w.Line();
        w.Lines($$"""
            // Adds eight samples' products to a weight's eight partial sums, sample m to partial m mod 8.
            {{Emitted.Inlined}}
            private static void Accumulate({{V}} x, {{V}} d, ref float partials, nuint weight) =>
                {{V}}.Store({{V}}.FusedMultiplyAdd(x, d, {{V}}.Load(ref partials, 8 * weight)), ref partials, 8 * weight);
            """);
    }

    private static void EmitComputeLosses(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        w.Lines("// Outputs and the loss of each row, without dropout: the forward pass of prediction, then the loss.");
        using (w.Block("public static void ComputeLosses(global::Mlp.NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows)"))
        {
            w.Lines($$"""
                ref float values = ref {{Emitted.Numerics}}.Scratch.Borrow({{buffers.ForwardFloats}});
                ref float z{{plan.Last.Number}} = ref At(ref values, Z{{plan.Last.Number}});
                ref float y = ref At(ref values, Y);
                for (nuint row = 0; row < rows; row += 8)
                {
                    int count = rows - row < 8 ? (int)(rows - row) : 8;
                    Forward(network, ref At(ref inputs, {{Times("row", plan.Model.InputSize)}}), ref values, count{{(plan.HasDropout ? ", ref values, false" : "")}});
                    ScatterOutputs(ref values, ref At(ref outputs, {{Times("row", plan.Model.OutputSize)}}), count);
                    Losses(ref z{{plan.Last.Number}}, ref y, ref At(ref targets, {{Times("row", plan.Model.OutputSize)}}), ref At(ref losses, row), count);
                }
                """);
        }
    }

    private static string Times(string index, int factor) => TiledForwardEmitter.Times(index, factor);

    private static void EmitBackpropagate(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        LayerPlan[] dropouts = [.. plan.Layers.Where(static layer => layer.HasDropout)];
        int partials = buffers.Floats;
        int lanesOfMasks = partials + (8 * plan.StoreSize);
        int fixedFloats = lanesOfMasks + (8 * dropouts.Sum(static layer => layer.Outputs));
        int rowFloats = 1 + dropouts.Sum(static layer => layer.Outputs);
        w.Lines("// One mini-batch, eight rows at a time: forward, loss, deltas, and the gradients into eight partial sums a parameter. Nothing");
        w.Lines("// reaches the sink before the loss is known to be finite.");
        w.Lines("public static float Backpropagate<TSink>(global::Mlp.NetworkState network, scoped in global::Mlp.TrainingBatch batch, scoped TSink sink)");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines($$"""
                nuint rows = (nuint)batch.Rows;
                ref float values = ref network.Workspace({{fixedFloats}} + {{(rowFloats == 1 ? "(long)rows" : $"({rowFloats} * (long)rows)")}});
                ref float partials = ref At(ref values, {{partials}});
                ref float losses = ref At(ref values, {{fixedFloats}});
                ref float parameters = ref network.Parameters;
                ref float inputs = ref MlpMemory.GetReference(batch.Inputs);
                ref float targets = ref MlpMemory.GetReference(batch.Targets);
                MlpMemory.CreateSpan(ref partials, {{8 * plan.StoreSize}}).Clear();
                """);
            int perRow = 1;
            foreach (LayerPlan layer in dropouts)
            {
                w.Lines($"{Emitted.Numerics}.DropoutMask.Fill(ref At(ref losses, {Times("rows", perRow)}), rows, {layer.Outputs}, {layer.Outputs}, network.Seed, {layer.Number}, batch.Step, {Literals.Of((float)layer.Model.Dropout)});");
                perRow += layer.Outputs;
            }

            if (dropouts.Length > 0)
            {
                w.Lines($"ref float masks = ref At(ref values, {lanesOfMasks});");
            }

            w.Line();
            StraightLineForwardEmitter.DeclareGroups(
                w,
                [
                    "x", .. plan.Layers.Select(TiledForwardEmitter.Result), "y", .. dropouts.Select(static layer => $"dropped{layer.Number}"),
                    .. plan.Layers.Select(static layer => $"d{layer.Number}"),
                ]);

            w.Line();
            using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
            {
                w.Lines("int count = rows - row < 8 ? (int)(rows - row) : 8;");
                w.Lines($"ref float t = ref At(ref targets, {Times("row", plan.Model.OutputSize)});");
                if (dropouts.Length > 0)
                {
                    w.Lines("GatherMasks(ref At(ref losses, rows), rows, row, ref masks, count);");
                }

                w.Lines($"Forward(network, ref At(ref inputs, {Times("row", plan.Model.InputSize)}), ref values, count{(plan.HasDropout ? ", ref masks, true" : "")});");
                w.Lines($"Losses(ref z{plan.Last.Number}, ref y, ref t, ref At(ref losses, row), count);");
                using (w.Block("if (!batch.Outputs.IsEmpty)"))
                {
                    w.Lines($"ScatterOutputs(ref values, ref At(ref MlpMemory.GetReference(batch.Outputs), {Times("row", plan.Model.OutputSize)}), count);");
                }

                w.Line();
                w.Lines($"OutputDelta(ref y, ref t, ref d{plan.Last.Number}, rows, count);");
                int maskOffset = dropouts.Sum(static layer => layer.Outputs);
                for (int i = plan.Layers.Count - 1; i > 0; i--)
                {
                    LayerPlan layer = plan.Layers[i - 1];
                    maskOffset -= layer.HasDropout ? layer.Outputs : 0;
                    string mask = !layer.HasDropout ? "" : maskOffset == 0 ? "ref masks, " : $"ref At(ref masks, {8 * maskOffset}), ";
                    w.Lines($"Delta{i}(ref d{i + 1}, ref parameters, ref h{i}, {mask}ref d{i});");
                }

                for (int i = plan.Layers.Count - 1; i >= 0; i--)
                {
                    string input = i == 0 ? "x" : plan.Layers[i - 1].HasDropout ? $"dropped{i}" : $"h{i}";
                    w.Lines($"Gradient{i + 1}(ref {input}, ref d{i + 1}, ref partials);");
                }
            }

            w.Lines($"""
                float loss = global::Mlp.LossCheck.Mean(network, batch, MlpMemory.CreateReadOnlySpan(ref losses, batch.Rows));

                // The fold of each parameter's partial sums, eight parameters at a time, into the sink.
                """);
            foreach (LayerPlan layer in plan.Layers)
            {
                EmitFold(w, "Weights", $"W{layer.Number}", layer.WeightsLength);
                if (layer.Model.HasBias)
                {
                    EmitFold(w, "Biases", $"B{layer.Number}", layer.BiasesLength);
                }
            }

            w.Lines("return loss;");
        }
    }

    private static void EmitFold(SourceWriter w, string kind, string start, int length)
    {
        if (length == NetworkPlanner.Lanes)
        {
            w.Lines($"sink.{kind}({Emitted.Numerics}.Lanes.FoldEight(ref At(ref partials, 8 * {start})), ref At(ref parameters, {start}), {start});");
            return;
        }

        using (w.Block($"for (nuint i = {start}; i < {start} + {length}; i += 8)"))
        {
            w.Lines($"sink.{kind}({Emitted.Numerics}.Lanes.FoldEight(ref At(ref partials, 8 * i)), ref At(ref parameters, i), i);");
        }
    }

    private static void EmitGatherMasks(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The dropout masks of eight rows, from rows to lanes.");
        using (w.Block("private static void GatherMasks(ref float rowMasks, nuint rows, nuint row, ref float masks, int count)"))
        {
            int done = 0;
            foreach (LayerPlan layer in plan.Layers.Where(static layer => layer.HasDropout))
            {
                using (w.Block($"for (nuint o = 0; o < {layer.Outputs}; o++)"))
                {
                    string start = done == 0 ? "" : $"({done} * rows) + ";
                    string at = done == 0 ? "8 * o" : $"{8 * done} + (8 * o)";
                    w.Lines($"{V}.Store({V}.GatherFirst(ref At(ref rowMasks, {start}({Times("row", layer.Outputs)}) + o), {layer.Outputs}, count), ref masks, {at});");
                }

                done += layer.Outputs;
            }
        }
    }

    private static void EmitLosses(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        w.Lines($"// The loss of each row: {LayerText.Loss(plan)}{OutputCode.Stability(plan)}.");
        w.Lines(Emitted.Optimized);
        using (w.Block("private static void Losses(ref float z, ref float y, ref float t, ref float losses, int count)"))
        {
            bool isCrossEntropy = plan.Model.Loss == LossFunction.CrossEntropy;
            if (isCrossEntropy)
            {
                StraightLineForwardEmitter.EmitLargest(w, outputs, static o => LaneCode.Load("z", o));
                LaneCode.Sum(w, "total", [.. Enumerable.Range(0, outputs).Select(static o => $"{Emitted.Numerics}.VectorMath.Exp({LaneCode.Load("z", o)} - largest)")]);
                w.Lines($"{V} logarithm = {Emitted.Numerics}.VectorMath.Log(total);");
            }

            string[] terms = [.. Enumerable.Range(0, outputs).Select(static o => $"term{o}")];
            for (int o = 0; o < outputs; o++)
            {
                if (o > 0 || isCrossEntropy)
                {
                    w.Line();
                }

                w.Lines($"{V} t{o} = {Target(plan, o)};");
                string value = plan.Model.Loss == LossFunction.MSE ? "y" : "z";
                w.Lines($"{V} {value}{o} = {LaneCode.Load(value, o)};");
                string loss = isCrossEntropy
                    ? $"t{o} * (logarithm + (largest - z{o}))"
                    : OutputCode.ElementLoss(plan).Replace("y0", $"y{o}").Replace("z0", $"z{o}").Replace("t0", $"t{o}");
                w.Lines($"{V} {terms[o]} = {loss};");
            }

            w.Line();
            LaneCode.Sum(w, "loss", terms);
            string mean = isCrossEntropy || outputs == 1 ? "loss" : $"loss / {V}.Create({Literals.Of((float)outputs)})";
            w.Lines($"{V}.ScatterFirst({mean}, ref losses, 1, count);");
        }
    }

    private static string Target(NetworkPlan plan, int o) =>
        $"{V}.GatherFirst({(o == 0 ? "ref t" : $"ref At(ref t, {o})")}, {plan.Model.OutputSize}, count)";

    private static void EmitOutputDelta(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        w.Lines($"// {LayerText.OutputDelta(plan)}; lanes without a row have none.");
        w.Lines(Emitted.Optimized);
        using (w.Block("private static void OutputDelta(ref float y, ref float t, ref float d, nuint rows, int count)"))
        {
            float factor = plan.Model.Loss == LossFunction.MSE ? 2f : 1f;
            string divisor = plan.Model.Loss == LossFunction.CrossEntropy || outputs == 1 ? "rows" : $"((float)rows * {Literals.Of((float)outputs)})";
            w.Lines($"{V} scale = {V}.Create({Literals.Of(factor)} / {divisor});");
            w.Lines($"{V} rowMask = {V}.FirstLanes(count);");
            for (int o = 0; o < outputs; o++)
            {
                w.Lines($"{V} y{o} = {LaneCode.Load("y", o)};");
                w.Lines($"{V} t{o} = {Target(plan, o)};");
            }

            bool isSoftmax = plan.Last.Model.Activation == Activation.Softmax;
            bool isFused = plan.Model.Loss == LossFunction.CrossEntropy;
            if (isSoftmax)
            {
                w.Lines(isFused
                    ? "// Σt is 1 for classes and for soft targets; with it, any targets have their true gradient."
                    : "// g is the loss's derivative by y; softmax turns it into y ⊙ (g − Σ g·y).");
                LaneCode.Sum(w, "total", [.. Enumerable.Range(0, outputs).Select(o => isFused ? $"t{o}" : $"(((y{o} - t{o}) * scale) * y{o})")]);
            }

            for (int o = 0; o < outputs; o++)
            {
                string delta = !isSoftmax ? OutputCode.ElementDelta(plan).Replace("y0", $"y{o}").Replace("t0", $"t{o}")
                    : isFused ? $"((y{o} * total) - t{o}) * scale"
                    : $"y{o} * (((y{o} - t{o}) * scale) - total)";
                w.Lines(LaneCode.Store($"({delta}) & rowMask", "d", o));
            }
        }
    }

    private static void EmitDelta(SourceWriter w, LayerPlan layer, LayerPlan next)
    {
        w.Lines($"// {LayerText.Delta(layer, next).PadRight(44)}  [B×{next.Outputs}]·[{next.Outputs}×{next.Inputs}] → [B×{next.Inputs}]");
        w.Lines(Emitted.Optimized);
        string mask = layer.HasDropout ? "ref float mask, " : "";
        using (w.Block($"private static void Delta{layer.Number}(ref float dNext, ref float parameters, ref float h, {mask}ref float d)"))
        {
            for (int o = 0; o < next.Outputs; o++)
            {
                w.Lines($"{V} d{o} = {LaneCode.Load("dNext", o)};");
            }

            ActivationCode activation = ActivationCode.Of(layer.Model.Activation);
            for (int i = 0; i < next.Inputs; i++)
            {
                w.Line();
                w.Lines($"{V} s{i} = {V}.Zero;");
                for (int o = 0; o < next.Outputs; o++)
                {
                    w.Lines($"s{i} = {V}.FusedMultiplyAdd(d{o}, {LaneCode.Parameter($"W{next.Number}", (i * next.Outputs) + o)}, s{i});");
                }

                if (layer.HasDropout)
                {
                    w.Lines($"s{i} *= {LaneCode.Load("mask", i)};");
                }

                if (activation.SlopeFormula.Length > 0)
                {
                    w.Lines($"{V} h{i} = {LaneCode.Load("h", i)};");
                }

                w.Lines(LaneCode.Store(activation.Backward(V, $"s{i}", $"h{i}"), "d", i));
            }
        }
    }

    private static void EmitGradient(SourceWriter w, LayerPlan layer)
    {
        w.Lines($"// {LayerText.Gradient(layer).PadRight(44)}  [{layer.Inputs}×B]·[B×{layer.Outputs}] → [{layer.Inputs}×{layer.Outputs}]");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Gradient{layer.Number}(ref float x, ref float d, ref float partials)"))
        {
            for (int o = 0; o < layer.Outputs; o++)
            {
                w.Lines($"{V} d{o} = {LaneCode.Load("d", o)};");
            }

            for (int i = 0; i < layer.Inputs; i++)
            {
                w.Line();
                w.Lines($"{V} x{i} = {LaneCode.Load("x", i)};");
                for (int o = 0; o < layer.Outputs; o++)
                {
                    int weight = (i * layer.Outputs) + o;
                    w.Lines($"Accumulate(x{i}, d{o}, ref partials, W{layer.Number}{(weight == 0 ? "" : $" + {weight}")});");
                }
            }

            if (layer.Model.HasBias)
            {
                w.Line();
                for (int o = 0; o < layer.Outputs; o++)
                {
                    string at = o == 0 ? $"8 * B{layer.Number}" : $"8 * (B{layer.Number} + {o})";
                    w.Lines($"{V}.Store({V}.Load(ref partials, {at}) + d{o}, ref partials, {at});");
                }
            }
        }
    }
}
