using Mlp.Generator.Model;
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
        w.Line();
        EmitDifferentiate(w, plan);
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
        EmitLosses(w, plan);
        w.Line();
        EmitOutputDelta(w, plan);
        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            LayerPlan layer = plan.Layers[i];
            if (!layer.IsLast)
            {
                w.Line();
                EmitDelta(w, layer, plan.Layers[i + 1]);
            }

            if (layer.KeepsOutputDelta)
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
            StraightLineForwardEmitter.DeclareGroups(w, LossGroups(plan));
            using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
            {
                w.Lines("int count = rows - row < 8 ? (int)(rows - row) : 8;");
                w.Lines($"Forward(network, ref At(ref inputs, {Times("row", plan.Model.InputSize)}), ref values, count{(plan.HasNoise ? ", ref values, false" : "")});");
                w.Lines($"ScatterOutputs(ref values, ref At(ref outputs, {Times("row", outputs)}), count);");
                EmitTargets(w, plan, $"ref At(ref targets, {Times("row", outputs)})");
                w.Lines($"Losses({LossArguments(plan)}, ref At(ref losses, row), count);");
            }
        }
    }

    /// <summary>The targets of eight rows, from rows to lanes, with what the loss makes of them.</summary>
    private static void EmitTargets(SourceWriter w, NetworkPlan plan, string targets)
    {
        int outputs = plan.Model.OutputSize;
        if (plan.HasSoftTargets)
        {
            w.Lines($"// {LossText.SoftTargets(plan)}");
            w.Lines($"{Emitted.Numerics}.SoftTargets.Compute({targets}, (nuint)count, {outputs}, {Literals.Of((float)plan.Model.LossOptions.LabelSmoothing)}, {LossText.Classes(plan)}, network.Layout.ClassWeights, ref tau);");
            targets = "ref tau";
        }

        w.Lines($"ToLanes({targets}, {outputs}, ref t, count);");
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
                w.Lines($"{Emitted.Numerics}.{fill}(ref At(ref losses, {Times("rows", perRow)}), rows, {noise.Units}, {noise.Units}, network.Seed, {noise.Number}, batch.Step, {Literals.Of((float)kind.Amount)});");
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
            StraightLineForwardEmitter.DeclareGroups(w, LossGroups(plan).Concat(["y", last.IncomingDelta]).Concat(LossCode.DeltaSources(plan).Where(static source => source == "z").Select(_ => last.PreActivation)).Distinct());
            w.Line();
            w.Lines($"Forward(network, ref At(ref inputs, {Times("row", plan.Model.InputSize)}), ref values, count{(plan.HasNoise ? ", ref noise, true" : "")});");
            EmitTargets(w, plan, $"ref At(ref targets, {Times("row", outputs)})");
            w.Lines($"Losses({LossArguments(plan)}, ref losses, count);");
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

            if (HasDeltaPasses(plan))
            {
                w.Line();
                w.Lines($"Deltas(network, ref values{(HasMasks(plan) ? ", ref noise" : "")});");
            }
        }

        if (!HasDeltaPasses(plan))
        {
            return;
        }

        w.Line();
        w.Lines("// The deltas of eight rows, last layer to first.");
        using (w.Block($"private static void Deltas(global::Mlp.NetworkState network, ref float values{(HasMasks(plan) ? ", ref float noise" : "")})"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            string[] used =
            [
                .. plan.Layers.Take(plan.Layers.Count - 1).SelectMany((layer, i) => DeltaArguments(layer, plan.Layers[i + 1])),
                .. plan.Layers.Where(static layer => layer.KeepsOutputDelta).SelectMany(PassArguments),
                .. plan.Model.InputGradients ? InputDeltaArguments(plan) : [],
            ];
            StraightLineForwardEmitter.DeclareGroups(w, new StraightLineBuffers(plan).Groups.Select(static group => group.Name).Where(name => used.Contains(name)));
            w.Line();
            for (int i = plan.Layers.Count - 1; i >= 0; i--)
            {
                LayerPlan layer = plan.Layers[i];
                if (!layer.IsLast)
                {
                    w.Lines($"Delta{layer.Number}({string.Join(", ", DeltaArguments(layer, plan.Layers[i + 1]).Select(name => name == "mask" ? MaskPlace(plan, layer) : $"ref {name}"))});");
                }

                if (layer.KeepsOutputDelta)
                {
                    w.Lines($"Through{layer.Number}({string.Join(", ", PassArguments(layer).Select(static name => $"ref {name}"))});");
                }
            }

            if (plan.Model.InputGradients)
            {
                w.Lines($"Delta0({string.Join(", ", InputDeltaArguments(plan).Select(static name => $"ref {name}"))});");
            }
        }
    }

    private static bool HasDeltaPasses(NetworkPlan plan) => plan.Layers.Count > 1 || plan.Last.KeepsOutputDelta || plan.Model.InputGradients;

    /// <summary>Whether deltas are multiplied by masks on their way back; those of the inputs are not wanted with noise.</summary>
    public static bool HasMasks(NetworkPlan plan) => plan.Layers.Items.Any(static layer => layer.Noise is { HasMask: true });

    /// <summary>Where the mask of a layer lies among the lanes of noise.</summary>
    private static string MaskPlace(NetworkPlan plan, LayerPlan layer)
    {
        int vectors = NoiseKinds(plan)
            .TakeWhile(pair => pair.Noise.Number != layer.Number || pair.Kind.Kind != NoiseKind.Dropout)
            .Sum(static pair => pair.Noise.Units);
        return vectors == 0 ? "ref noise" : $"ref At(ref noise, {8 * vectors})";
    }

    /// <summary>What <c>Delta</c> of a layer reads and writes.</summary>
    private static IEnumerable<string> DeltaArguments(LayerPlan layer, LayerPlan next) =>
        ((string[])
        [
            next.Delta, "parameters",
            .. next.IsResidual ? [next.IncomingDelta] : (string[])[],
            .. layer.KeepsOutputDelta || layer.Kept is null ? (string[])[] : [layer.Kept],
            .. layer.Noise is { HasMask: true } ? ["mask"] : (string[])[],
            layer.IncomingDelta,
        ]).Distinct();

    private static IEnumerable<string> InputDeltaArguments(NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        return ((string[])[first.Delta, "parameters", .. first.IsResidual ? [first.IncomingDelta] : (string[])[], "d0"]).Distinct();
    }

    /// <summary>What a layer's own pass from the derivative by its outputs to that by its sums reads and writes.</summary>
    private static IEnumerable<string> PassArguments(LayerPlan layer) =>
        [layer.IncomingDelta, layer.Kept!, .. layer.Model.HasSlope ? ["parameters"] : (string[])[], layer.Delta];

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

    private static void EmitLosses(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        bool isCrossEntropy = plan.Model.Loss == LossFunction.CrossEntropy;
        w.Lines($"// The loss of each row: {LossText.Loss(plan)}{LossText.Stability(plan)}.");
        w.Lines(Emitted.Optimized);
        string[] sources = LossCode.Sources(plan);
        string parameters = string.Concat(LossNames(plan, static source => source).Select(static name => $"ref float {name}, "));
        using (w.Block($"private static void Losses({parameters}ref float losses, int count)"))
        {
            if (isCrossEntropy)
            {
                w.Lines($"{V} largest = {V}.Load(ref s);");
                w.Lines($"{V} logarithm = {Emitted.Numerics}.VectorMath.Log({V}.Load(ref s, 8));");
            }

            LaneCode.ForEachNeuron(w, outputs, at =>
            {
                w.Lines(string.Join("\n", sources.Select(source => $"{V} {source}0 = {V}.Load(ref {source}{at});")));
                string term = isCrossEntropy ? "t0 * (logarithm + (largest - z0))" : LossCode.EmitElement(w, plan);
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

    /// <summary>What <c>Losses</c> gets, in the order of its parameters, up to the losses themselves.</summary>
    private static IEnumerable<string> LossNames(NetworkPlan plan, Func<string, string> nameOf) =>
    [
        .. LossCode.Sources(plan).Where(static source => source != "t").Select(nameOf),
        .. plan.Model.Loss == LossFunction.CrossEntropy ? ["s"] : (string[])[],
        "t",
        .. plan.Model.OutputSize == 1 ? [] : (string[])["terms"],
    ];

    private static string LossArguments(NetworkPlan plan) =>
        string.Join(", ", LossNames(plan, source => source == "z" ? plan.Last.PreActivation : source).Select(static name => $"ref {name}"));

    /// <summary>The groups that <c>Losses</c> reads and writes, and what the targets are made in.</summary>
    private static IEnumerable<string> LossGroups(NetworkPlan plan) =>
        LossNames(plan, source => source == "z" ? plan.Last.PreActivation : source).Concat(plan.HasSoftTargets ? ["tau"] : []);

    private static void EmitOutputDelta(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        bool isSoftmax = plan.Last.Model.Activation == Activation.Softmax;
        bool isFused = plan.Model.Loss == LossFunction.CrossEntropy;
        string[] sources = LossCode.DeltaSources(plan);
        w.Lines($"// {LossText.OutputDelta(plan)}{LossText.DeltaStability(plan)}. Lanes without a row have none.");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void OutputDelta({string.Concat(sources.Select(static source => $"ref float {source}, "))}ref float d, float weight, int count)"))
        {
            w.Lines($"{V} scale = {V}.Create({LossCode.Scale(plan)});");
            w.Lines($"{V} rowMask = {V}.FirstLanes(count);");
            void Loads(string at) => w.Lines(string.Join("\n", sources.Select(source => $"{V} {source}0 = {V}.Load(ref {source}{at});")));
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
                LaneCode.ForEachNeuron(w, outputs, at =>
                {
                    Loads(at);
                    w.Lines($"{V}.Store({LossCode.Derivative(plan)}, ref d{at});");
                });
                LaneCode.Sum(w, "total", [.. Enumerable.Range(0, outputs).Select(static o => $"({LaneCode.Load("d", o)} * {LaneCode.Load("y", o)})")]);
            }

            LaneCode.ForEachNeuron(w, outputs, at =>
            {
                if (isSoftmax && !isFused)
                {
                    w.Lines($"{V}.Store(({V}.Load(ref y{at}) * ({V}.Load(ref d{at}) - total)) & rowMask, ref d{at});");
                    return;
                }

                Loads(at);
                w.Lines($"{V}.Store(({(isFused ? "((y0 * total) - t0) * scale" : LossCode.ElementDelta(plan))}) & rowMask, ref d{at});");
            });
        }
    }

    private static void EmitDelta(SourceWriter w, LayerPlan layer, LayerPlan next)
    {
        w.Lines($"// {LayerText.Delta(layer, next).PadRight(44)}  [B×{next.Outputs}]·[{next.Outputs}×{next.Inputs}] → [B×{next.Inputs}]");
        string? kept = layer.KeepsOutputDelta ? null : layer.Kept;
        bool hasMask = layer.Noise is { HasMask: true };
        string[] sum = [.. next.IsResidual ? [$"{V}.Load(ref {Bypass(next)}§)"] : (string[])[]];
        EmitDeltaProduct(w, $"Delta{layer.Number}", next, kept, hasMask, kept is null && !hasMask && sum.Length == 0 ? null : at =>
        {
            string terms = string.Concat(sum.Select(term => $" + {term.Replace("§", at)}"));
            string value = $"{V}.Load(ref d{at}){terms}";
            w.Lines($"{V} sum = {(hasMask ? $"{(terms.Length > 0 ? $"({value})" : value)} * {V}.Load(ref mask{at})" : value)};");
            if (kept is not null)
            {
                w.Lines($"{V} h0 = {V}.Load(ref {kept.Substring(0, 1)}{at});");
            }

            w.Lines($"{V}.Store({(kept is null ? "sum" : ActivationCode.Of(layer.Model).Backward(V, "sum", "h0", ActivationCode.AlphaCode(layer.Model, V)))}, ref d{at});");
        });
    }

    /// <summary>The name that a method has for what comes around the next layer: that of its delta where they are the same.</summary>
    private static string Bypass(LayerPlan next) => next.KeepsOutputDelta ? "g" : "dNext";

    /// <summary>The derivative by the inputs that the first layer saw.</summary>
    private static void EmitInputDelta(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        w.Lines($"// {$"dx = δ1·W1ᵀ{(first.IsResidual ? $" + {LayerText.Symbol(first, first.IncomingDelta)}" : "")}".PadRight(44)}  [B×{first.Outputs}]·[{first.Outputs}×{first.Inputs}] → [B×{first.Inputs}]");
        EmitDeltaProduct(w, "Delta0", first, null, false, !first.IsResidual ? null : at =>
            w.Lines($"{V}.Store({V}.Load(ref d{at}) + {V}.Load(ref {Bypass(first)}{at}), ref d{at});"));
    }

    /// <summary>Deltas times transposed weights, and what then happens to each sum.</summary>
    private static void EmitDeltaProduct(SourceWriter w, string name, LayerPlan next, string? kept, bool hasMask, Action<string>? after)
    {
        string[] parameters =
        [
            "dNext", "parameters",
            .. next.IsResidual && next.KeepsOutputDelta ? ["g"] : (string[])[],
            .. kept is null ? [] : (string[])[kept.Substring(0, 1)],
            .. hasMask ? ["mask"] : (string[])[],
            "d",
        ];
        LaneCode.Method(
            w,
            name,
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
            after is null ? null : () => LaneCode.ForEachNeuron(w, next.Inputs, after));
    }

    /// <summary>From the derivative by a layer's outputs to that by its sums, where the former is kept.</summary>
    private static void EmitDeltaPass(SourceWriter w, LayerPlan layer)
    {
        string kept = layer.Kept!.Substring(0, 1);
        w.Lines($"// {LayerText.SlopeDelta(layer)}");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Through{layer.Number}(ref float g, ref float {kept}, {(layer.Model.HasSlope ? "ref float parameters, " : "")}ref float d)"))
        {
            OutputCode.DeclareSlope(w, layer, V);
            LaneCode.ForEachNeuron(w, layer.Outputs, at =>
            {
                w.Lines($"{V} sum = {V}.Load(ref g{at});");
                w.Lines($"{V} h0 = {V}.Load(ref {kept}{at});");
                w.Lines($"{V}.Store({ActivationCode.Of(layer.Model).Backward(V, "sum", "h0", ActivationCode.AlphaCode(layer.Model, V))}, ref d{at});");
            });
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
