using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the training pass of a small network, and its gradients.</summary>
internal static class StraightLineBackwardEmitter
{
    private const string V = Emitted.Vec8;

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        StraightLineBuffers buffers = new(plan);
        EmitComputeLosses(w, plan, buffers);
        w.Line();
        EmitBackpropagate(w, plan, buffers);
        w.Line();
        EmitDifferentiate(w, plan);
        if (StraightLineDeltaEmitter.HasDeltaPasses(plan))
        {
            w.Line();
            StraightLineDeltaEmitter.EmitDeltas(w, plan);
        }

        if (plan.Model.InputGradients)
        {
            w.Line();
            StraightLineInputGradientEmitter.Emit(w, plan, buffers);
        }

        if (plan.HasNoise)
        {
            w.Line();
            EmitGatherNoise(w, plan);
        }

        w.Line();
        StraightLineLossEmitter.EmitLosses(w, plan);
        w.Line();
        StraightLineLossEmitter.EmitOutputDelta(w, plan);
        StraightLineDeltaEmitter.Emit(w, plan);
        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            w.Line();
            EmitGradient(w, plan, plan.Layers[i]);
            if (plan.Layers[i].Model.HasSlope)
            {
                w.Line();
                EmitSlopeGradient(w, plan.Layers[i]);
            }
        }
    }

    private static void EmitComputeLosses(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        int outputs = plan.Model.OutputSize;
        w.Lines("// Outputs and the loss of each row, as in prediction: the forward pass, then the loss.");
        using (w.Block("public static void ComputeLosses(global::Mlp.NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows)"))
        {
            w.Lines($"ref float values = ref {Emitted.Numerics}.Scratch.Borrow({buffers.ForwardFloats});");
            StraightLineForwardEmitter.DeclareGroups(w, StraightLineLossEmitter.LossGroups(plan));
            using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
            {
                w.Lines("int count = rows - row < 8 ? (int)(rows - row) : 8;");
                w.Lines($"Forward(network, ref At(ref inputs, {Times("row", plan.Model.InputSize)}), ref values, count{(plan.HasNoise ? ", ref values, false" : "")});");
                w.Lines($"ScatterOutputs(ref values, ref At(ref outputs, {Times("row", outputs)}), count);");
                StraightLineLossEmitter.EmitTargets(w, plan, $"ref At(ref targets, {Times("row", outputs)})");
                w.Lines($"Losses({StraightLineLossEmitter.LossArguments(plan)}, ref At(ref losses, row), count);");
            }
        }
    }

    private static string Times(string index, int factor) => LayerText.Times(index, factor);

    private static void EmitBackpropagate(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        int partials = buffers.Floats;
        int noiseLanes = partials + (8 * plan.StoreSize);
        int noiseUnits = NoiseUnits(plan);
        int fixedFloats = noiseLanes + (8 * noiseUnits);
        w.Lines("// One mini-batch, eight rows at a time: forward, loss, deltas, and the gradients into eight partial sums a parameter. Nothing");
        w.Lines("// reaches the sink before the loss is known to be finite.");
        w.Lines("public static float Backpropagate<TSink>(global::Mlp.NetworkState network, scoped in global::Mlp.TrainingBatch batch, scoped TSink sink)");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines($$"""
                nuint rows = (nuint)batch.Rows;
                ref float values = ref network.Workspace({{fixedFloats}} + {{(noiseUnits == 0 ? "(long)rows" : $"({1 + noiseUnits} * (long)rows)")}});
                ref float partials = ref At(ref values, {{partials}});
                ref float losses = ref At(ref values, {{fixedFloats}});
                ref float parameters = ref network.Parameters;
                MlpMemory.CreateSpan(ref partials, {{8 * plan.StoreSize}}).Clear();
                """);
            int perRow = 1;
            foreach ((NoisePlan noise, NoiseModel kind) in NoiseKinds(plan))
            {
                string fill = kind.Kind == NoiseKind.Dropout ? "DropoutMask.Fill" : "GaussianNoise.Fill";
                w.Lines($"{Emitted.Numerics}.{fill}(ref At(ref losses, {Times("rows", perRow)}), 0, rows, {noise.Units}, {noise.Units}, network.Seed, {noise.Number}, batch.Step, {Literals.Of((float)kind.Amount)});");
                perRow += noise.Units;
            }

            if (plan.HasNoise)
            {
                w.Lines($"ref float noise = ref At(ref values, {noiseLanes});");
            }

            w.Line();
            w.Lines("float weight = global::Mlp.LossCheck.Weight(network, batch);");
            IEnumerable<string> used = plan.Layers.SelectMany(layer => GradientArguments(plan, layer));
            StraightLineForwardEmitter.DeclareGroups(w, buffers.Groups.Select(static group => group.Name).Where(name => used.Contains(name)));
            using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
            {
                w.Lines("int count = rows - row < 8 ? (int)(rows - row) : 8;");
                if (plan.HasNoise)
                {
                    w.Lines("GatherNoise(ref At(ref losses, rows), rows, row, ref noise, count);");
                }

                w.Lines($"Differentiate(network, batch, row, count, weight, ref values, ref At(ref losses, row){(plan.HasNoise ? ", ref noise" : "")});");
                foreach (LayerPlan layer in plan.Layers.Reverse())
                {
                    string[] arguments = [.. GradientArguments(plan, layer)];
                    w.Lines($"Gradient{layer.Number}(ref {arguments[0]}, ref {arguments[1]}, ref partials);");
                    if (layer.Model.HasSlope)
                    {
                        w.Lines($"SlopeGradient{layer.Number}(ref {arguments[2]}, ref {arguments[3]}, ref partials);");
                    }
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
                    EmitFold(w, "Biases", $"B{layer.Number}", layer.VectorLength);
                }

                if (layer.Model.HasSlope)
                {
                    EmitFold(w, "Biases", $"S{layer.Number}", layer.SlopeLength);
                }
            }

            w.Lines("return loss;");
        }
    }

    public static IEnumerable<(NoisePlan Noise, NoiseModel Kind)> NoiseKinds(NetworkPlan plan) =>
        plan.Noise.SelectMany(static noise => noise.Kinds.Select(kind => (noise, kind)));

    /// <summary>Values of noise for each row.</summary>
    public static int NoiseUnits(NetworkPlan plan) => NoiseKinds(plan).Sum(static pair => pair.Noise.Units);

    /// <summary>What the gradients of a layer are made of: what it saw, its deltas, and what its slope needs.</summary>
    private static IEnumerable<string> GradientArguments(NetworkPlan plan, LayerPlan layer) =>
    [
        plan.NoiseBefore(layer)?.Result ?? LayerText.Input(layer),
        layer.Delta,
        .. layer.Model.HasSlope ? [layer.IncomingDelta, layer.PreActivation] : (string[])[],
    ];

    private static void EmitDifferentiate(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        int outputs = plan.Model.OutputSize;
        w.Lines("// Eight rows forward, their losses, and all deltas: the derivatives of the loss by the sums of each layer.");
        string noise = plan.HasNoise ? ", ref float noise" : "";
        using (w.Block($"private static void Differentiate(global::Mlp.NetworkState network, scoped in global::Mlp.TrainingBatch batch, nuint row, int count, float weight, ref float values, ref float losses{noise})"))
        {
            w.Lines("""
                ref float inputs = ref MlpMemory.GetReference(batch.Inputs);
                ref float targets = ref MlpMemory.GetReference(batch.Targets);
                """);
            StraightLineForwardEmitter.DeclareGroups(w, StraightLineLossEmitter.LossGroups(plan).Concat(["y", last.IncomingDelta]).Concat(LossCode.DeltaSources(plan).Where(static source => source == "z").Select(_ => last.PreActivation)).Distinct());
            w.Line();
            w.Lines($"Forward(network, ref At(ref inputs, {Times("row", plan.Model.InputSize)}), ref values, count{(plan.HasNoise ? ", ref noise, true" : "")});");
            StraightLineLossEmitter.EmitTargets(w, plan, $"ref At(ref targets, {Times("row", outputs)})");
            w.Lines($"Losses({StraightLineLossEmitter.LossArguments(plan)}, ref losses, count);");
            using (w.Block("if (!batch.Outputs.IsEmpty)"))
            {
                w.Lines($"ScatterOutputs(ref values, ref At(ref MlpMemory.GetReference(batch.Outputs), {Times("row", outputs)}), count);");
            }

            w.Line();
            string sources = string.Join(", ", LossCode.DeltaSources(plan).Select(source => $"ref {(source == "z" ? last.PreActivation : source)}"));
            w.Lines($"OutputDelta({sources}, ref {last.IncomingDelta}, weight, count);");
            using (w.Block("if (!batch.Weights.IsEmpty)"))
            {
                w.Lines("// Rows with weights of their own: B is the sum of these, and each row counts as much as its own.");
                w.Lines($"{Emitted.Numerics}.RowWeights.ScaleLanes(ref {last.IncomingDelta}, {outputs}, batch.Weights, row, count);");
            }

            if (StraightLineDeltaEmitter.HasDeltaPasses(plan))
            {
                w.Line();
                w.Lines($"Deltas(network, ref values{(StraightLineDeltaEmitter.HasMasks(plan) ? ", ref noise" : "")});");
            }
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

    private static void EmitGatherNoise(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The noise of eight rows, from rows to lanes.");
        using (w.Block("private static void GatherNoise(ref float rowNoise, nuint rows, nuint row, ref float noise, int count)"))
        {
            int done = 0;
            foreach ((NoisePlan noise, _) in NoiseKinds(plan))
            {
                using (w.Block($"for (nuint o = 0; o < {noise.Units}; o++)"))
                {
                    string start = done == 0 ? "" : $"({done} * rows) + ";
                    string at = done == 0 ? "8 * o" : $"{8 * done} + (8 * o)";
                    w.Lines($"{V}.Store({V}.GatherFirst(ref At(ref rowNoise, {start}({Times("row", noise.Units)}) + o), {noise.Units}, count), ref noise, {at});");
                }

                done += noise.Units;
            }
        }
    }

    private static void EmitSlopeGradient(SourceWriter w, LayerPlan layer)
    {
        w.Lines($"// dα{layer.Number} = Σ {layer.IncomingDelta} ⊙ min({layer.PreActivation}, 0), over neurons and samples");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void SlopeGradient{layer.Number}(ref float g, ref float z, ref float partials)"))
        {
            LaneCode.Sum(w, "total", [.. Enumerable.Range(0, layer.Outputs).Select(static o =>
                $"({LaneCode.Load("g", o)} * -{Emitted.Numerics}.VectorMath.Relu(-{LaneCode.Load("z", o)}))")]);
            w.Lines($"{V}.Store({V}.Load(ref partials, 8 * S{layer.Number}) + total, ref partials, 8 * S{layer.Number});");
        }
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
