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
            EmitGradient(w, plan, plan.Layers[i]);
        }

    }

    private static void EmitComputeLosses(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        w.Lines("// Outputs and the loss of each row, without dropout: the forward pass of prediction, then the loss.");
        using (w.Block("public static void ComputeLosses(global::Mlp.NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows)"))
        {
            w.Lines($$"""
                ref float values = ref {{Emitted.Numerics}}.Scratch.Borrow({{buffers.ForwardFloats}});
                {{string.Join("\n", LossGroups(plan).Select(static group => $"ref float {group} = ref At(ref values, {StraightLineBuffers.Constant(group)});"))}}
                for (nuint row = 0; row < rows; row += 8)
                {
                    int count = rows - row < 8 ? (int)(rows - row) : 8;
                    Forward(network, ref At(ref inputs, {{Times("row", plan.Model.InputSize)}}), ref values, count{{(plan.HasDropout ? ", ref values, false" : "")}});
                    ScatterOutputs(ref values, ref At(ref outputs, {{Times("row", plan.Model.OutputSize)}}), count);
                    ToLanes(ref At(ref targets, {{Times("row", plan.Model.OutputSize)}}), {{plan.Model.OutputSize}}, ref t, count);
                    Losses({{LossArguments(plan)}}, ref At(ref losses, row), count);
                }
                """);
        }
    }

    private static string Times(string index, int factor) => LayerText.Times(index, factor);

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
                    "x", .. plan.Layers.Where(static layer => !layer.IsLast).Select(LayerText.Result),
                    .. LossGroups(plan).Where(static group => group != "y"), "y", .. dropouts.Select(static layer => $"dropped{layer.Number}"),
                    .. plan.Layers.Select(static layer => $"d{layer.Number}"),
                ]);

            w.Line();
            using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
            {
                w.Lines("int count = rows - row < 8 ? (int)(rows - row) : 8;");
                if (dropouts.Length > 0)
                {
                    w.Lines("GatherMasks(ref At(ref losses, rows), rows, row, ref masks, count);");
                }

                w.Lines($"Forward(network, ref At(ref inputs, {Times("row", plan.Model.InputSize)}), ref values, count{(plan.HasDropout ? ", ref masks, true" : "")});");
                w.Lines($"ToLanes(ref At(ref targets, {Times("row", plan.Model.OutputSize)}), {plan.Model.OutputSize}, ref t, count);");
                w.Lines($"Losses({LossArguments(plan)}, ref At(ref losses, row), count);");
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
                    string kept = ActivationCode.Of(layer.Model.Activation).SlopeFormula.Length == 0 ? "" : $"ref h{i}, ";
                    w.Lines($"Delta{i}(ref d{i + 1}, ref parameters, {kept}{mask}ref d{i});");
                }

                for (int i = plan.Layers.Count - 1; i >= 0; i--)
                {
                    string input = i == 0 ? "x" : plan.Layers[i - 1].HasDropout ? $"dropped{i}" : $"h{i}";
                    w.Lines($"Gradient{i + 1}(ref {input}, ref d{i + 1}, ref partials);");
                }
            }

            w.Lines($"""
                float loss = global::Mlp.LossCheck.Mean(network, batch, MlpMemory.CreateReadOnlySpan(ref losses, batch.Rows), out _);

                // The fold of each parameter's partial sums, eight parameters at a time, into the sink.
                """);
            foreach (LayerPlan layer in plan.Layers)
            {
                EmitFold(w, "Weights", $"W{layer.Number}", layer.WeightsLength);
                if (layer.Model.HasBias)
                {
                    EmitFold(w, "Biases", $"B{layer.Number}", layer.VectorLength);
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
        bool isCrossEntropy = plan.Model.Loss == LossFunction.CrossEntropy;
        w.Lines($"// The loss of each row: {LayerText.Loss(plan)}{LayerText.Stability(plan)}.");
        w.Lines(Emitted.Optimized);
        string value = OutputCode.LossSource(plan);
        string parameters = $"ref float {value}, {(isCrossEntropy ? "ref float s, " : "")}ref float t, {(outputs == 1 ? "" : "ref float terms, ")}ref float losses, int count";
        using (w.Block($"private static void Losses({parameters})"))
        {
            if (isCrossEntropy)
            {
                w.Lines($"{V} largest = {V}.Load(ref s);");
                w.Lines($"{V} logarithm = {Emitted.Numerics}.VectorMath.Log({V}.Load(ref s, 8));");
            }

            LaneCode.ForEachNeuron(w, outputs, at =>
            {
                w.Lines($"{V} {value}0 = {V}.Load(ref {value}{at});");
                w.Lines($"{V} t0 = {V}.Load(ref t{at});");
                string term = isCrossEntropy ? "t0 * (logarithm + (largest - z0))" : OutputCode.ElementLoss(plan);
                w.Lines(outputs == 1 ? $"{V} loss = {term};" : $"{V}.Store({term}, ref terms{at});");
            });
            if (outputs > 1)
            {
                LaneCode.Sum(w, "loss", [.. Enumerable.Range(0, outputs).Select(static o => LaneCode.Load("terms", o))]);
            }

            string mean = isCrossEntropy || outputs == 1 ? "loss" : $"loss / {V}.Create({Literals.Of((float)outputs)})";
            w.Lines($"{V}.ScatterFirst({mean}, ref losses, 1, count);");
        }
    }

    /// <summary>The names of what <c>Losses</c> gets, in the order of its parameters, up to the losses themselves.</summary>
    private static string LossArguments(NetworkPlan plan)
    {
        string value = plan.Model.Loss == LossFunction.MSE ? "y" : $"z{plan.Last.Number}";
        string softmax = plan.Model.Loss == LossFunction.CrossEntropy ? "ref s, " : "";
        return $"ref {value}, {softmax}ref t{(plan.Model.OutputSize == 1 ? "" : ", ref terms")}";
    }

    /// <summary>The groups that <c>Losses</c> reads and writes.</summary>
    private static string[] LossGroups(NetworkPlan plan) =>
    [
        plan.Model.Loss == LossFunction.MSE ? "y" : $"z{plan.Last.Number}",
        .. plan.Model.Loss == LossFunction.CrossEntropy ? (string[])["s"] : [],
        "t",
        .. plan.Model.OutputSize == 1 ? [] : (string[])["terms"],
    ];

    private static void EmitOutputDelta(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        w.Lines($"// {LayerText.OutputDelta(plan)}; lanes without a row have none.");
        w.Lines(Emitted.Optimized);
        using (w.Block("private static void OutputDelta(ref float y, ref float t, ref float d, nuint rows, int count)"))
        {
            w.Lines($"{V} scale = {V}.Create({OutputCode.Scale(plan)});");
            w.Lines($"{V} rowMask = {V}.FirstLanes(count);");
            bool isSoftmax = plan.Last.Model.Activation == Activation.Softmax;
            bool isFused = plan.Model.Loss == LossFunction.CrossEntropy;
            if (isFused)
            {
                w.Line();
                w.Lines("// Σt is 1 for classes and for soft targets; with it, any targets have their true gradient.");
                LaneCode.Sum(w, "total", [.. Enumerable.Range(0, outputs).Select(static o => LaneCode.Load("t", o))]);
            }
            else if (isSoftmax)
            {
                w.Line();
                w.Lines("// g is the loss's derivative by y; softmax turns it into y ⊙ (g − Σ g·y).");
                LaneCode.ForEachNeuron(w, outputs, at => w.Lines($"{V}.Store(({V}.Load(ref y{at}) - {V}.Load(ref t{at})) * scale, ref d{at});"));
                LaneCode.Sum(w, "total", [.. Enumerable.Range(0, outputs).Select(static o => $"({LaneCode.Load("d", o)} * {LaneCode.Load("y", o)})")]);
            }

            LaneCode.ForEachNeuron(w, outputs, at =>
            {
                w.Lines($"{V} y0 = {V}.Load(ref y{at});");
                if (isFused || !isSoftmax)
                {
                    w.Lines($"{V} t0 = {V}.Load(ref t{at});");
                }

                string delta = isFused ? "((y0 * total) - t0) * scale"
                    : isSoftmax ? $"y0 * ({V}.Load(ref d{at}) - total)"
                    : OutputCode.ElementDelta(plan);
                w.Lines($"{V}.Store(({delta}) & rowMask, ref d{at});");
            });
        }
    }

    private static void EmitDelta(SourceWriter w, LayerPlan layer, LayerPlan next)
    {
        w.Lines($"// {LayerText.Delta(layer, next).PadRight(44)}  [B×{next.Outputs}]·[{next.Outputs}×{next.Inputs}] → [B×{next.Inputs}]");
        ActivationCode activation = ActivationCode.Of(layer.Model.Activation);
        bool hasSlope = activation.SlopeFormula.Length > 0;
        string[] parameters = ["dNext", "parameters", .. hasSlope ? (string[])["h"] : [], .. layer.HasDropout ? (string[])["mask"] : [], "d"];
        LaneCode.Method(
            w,
            $"Delta{layer.Number}",
            parameters,
            next.Inputs,
            next.Outputs,
            (first, end) =>
            {
                for (int o = 0; o < next.Outputs; o++)
                {
                    w.Lines($"{V} d_{o} = {LaneCode.Load("dNext", o)};");
                }

                for (int i = first; i < end; i++)
                {
                    w.Line();
                    w.Lines($"{V} s_{i} = {V}.Zero;");
                    for (int o = 0; o < next.Outputs; o++)
                    {
                        w.Lines($"s_{i} = {V}.AddProduct(s_{i}, d_{o}, ref parameters, {LaneCode.At($"W{next.Number}", (i * next.Outputs) + o)});");
                    }

                    w.Lines(LaneCode.Store($"s_{i}", "d", i));
                }
            },
            !hasSlope && !layer.HasDropout ? null : () => LaneCode.ForEachNeuron(w, layer.Outputs, at =>
            {
                w.Lines($"{V} sum = {V}.Load(ref d{at}){(layer.HasDropout ? $" * {V}.Load(ref mask{at})" : "")};");
                if (hasSlope)
                {
                    w.Lines($"{V} h0 = {V}.Load(ref h{at});");
                }

                w.Lines($"{V}.Store({activation.Backward(V, "sum", "h0")}, ref d{at});");
            }));
    }

    private static void EmitGradient(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        w.Lines($"// {LayerText.Gradient(plan, layer).PadRight(44)}  [{layer.Inputs}×B]·[B×{layer.Outputs}] → [{layer.Inputs}×{layer.Outputs}]");
        LaneCode.Method(
            w,
            $"Gradient{layer.Number}",
            ["x", "d", "partials"],
            layer.Inputs,
            layer.Outputs,
            (first, end) =>
            {
                for (int o = 0; o < layer.Outputs; o++)
                {
                    w.Lines($"{V} d_{o} = {LaneCode.Load("d", o)};");
                }

                for (int i = first; i < end; i++)
                {
                    w.Line();
                    w.Lines($"{V} x_{i} = {LaneCode.Load("x", i)};");
                    for (int o = 0; o < layer.Outputs; o++)
                    {
                        int weight = (i * layer.Outputs) + o;
                        w.Lines($"{V}.Accumulate(x_{i}, d_{o}, ref partials, {(weight == 0 ? $"8 * W{layer.Number}" : $"8 * (W{layer.Number} + {weight})")});");
                    }
                }
            },
            !layer.Model.HasBias ? null : () => LaneCode.ForEachNeuron(w, layer.Outputs, at =>
            {
                string place = $"(8 * B{layer.Number}){at.Replace(", ", " + ")}";
                w.Lines($"{V}.Store({V}.Load(ref partials, {place}) + {V}.Load(ref d{at}), ref partials, {place});");
            }));
    }
}
