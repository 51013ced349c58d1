using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the training pass of a small network.</summary>
internal static class StraightLineBackwardEmitter
{
    private const string V = Emitted.Vec8;

    /// <summary>Two groups of eight: every block holds as many. From three on, tiles of several neurons, which use each loaded value several times, are quicker.</summary>
    private const int FewRows = 16;

    private const string Loss = "loss = Mlp::LossCheck.Mean(network, batch, Interop::MemoryMarshal.CreateReadOnlySpan(ref losses, batch.Rows));";

    /// <summary>What <c>Differentiate</c> gets: a block of <c>rows</c> of the batch from <c>first</c> on.</summary>
    private static readonly (string Declaration, string Argument)[] Parameters =
    [
        ("Mlp::NetworkState network", "network"), ("scoped in Mlp::TrainingBatch batch", "batch"), ("nuint first", "first"), ("nuint rows", "rows"),
        ("float weight", "weight"), ("ref float values", "ref values"), ("ref float losses", "ref losses"),
    ];

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        StraightLineBuffers buffers = new(plan);
        EmitComputeLosses(w, plan);
        w.Line();
        EmitBackpropagate(w, plan, buffers);
        w.Line();
        w.Lines("// A block of rows forward, their losses, and all deltas: the derivatives of the loss by the sums of each layer.");
        LaneCode.Dispatch(w, "Differentiate", Parameters);
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
        using (LaneCode.Passes(w))
        {
            EmitDifferentiate(w, plan, buffers);
            w.Line();
            StraightLineLossEmitter.EmitLosses(w, plan);
            w.Line();
            StraightLineLossEmitter.EmitOutputDelta(w, plan);
        }

        StraightLineDeltaEmitter.Emit(w, plan);
        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            w.Line();
            StraightLineGradientEmitter.Emit(w, plan, plan.Layers[i]);
        }
    }

    private static void EmitComputeLosses(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        WorkEmitter.EmitComputeLosses(w, plan);
        w.Line();
        w.Lines("// The forward pass, then the loss, as in prediction.");
        using (w.Block("public static void ComputeRowLosses(Mlp::NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows)"))
        {
            w.Lines("ref float values = ref Mlp::Scratch.Borrow(RowsAtOnce / 8 * Group);");
            StraightLineForwardEmitter.DeclareGroups(w, StraightLineLossEmitter.LossGroups(plan));
            using (StraightLineForwardEmitter.Blocks(w))
            {
                w.Lines($"Forward(network, {LayerText.Row("inputs", "first", plan.Model.InputSize)}, ref values, count{(plan.HasNoise ? ", false" : "")});");
                w.Lines(StraightLineForwardEmitter.Scatter(plan, LayerText.Row("outputs", "first", outputs)));
                StraightLineLossEmitter.EmitTargets(w, plan, "targets", "first", "count");
                w.Lines($"Passes<{V}>.Losses({StraightLineLossEmitter.LossArguments(plan)}, ref At(ref losses, first), count);");
            }
        }
    }

    private static void EmitBackpropagate(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        int partials = buffers.GroupsAtOnce * buffers.Floats;
        int losses = partials + (8 * plan.StoreSize);
        int noiseUnits = NoiseUnits(plan);
        w.Lines("// One mini-batch, a block of rows at a time: forward, loss, deltas, and the gradients into eight partial sums a parameter. Nothing");
        w.Lines("// reaches the sink before the loss is known to be finite.");
        w.Lines("public static float Backpropagate<TSink>(Mlp::NetworkState network, scoped in Mlp::TrainingBatch batch, scoped TSink sink)");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines($$"""
                nuint rows = (nuint)batch.Rows;
                ref float values = ref network.Workspace({{losses}} + {{(noiseUnits == 0 ? "(long)rows" : $"({1 + noiseUnits} * (long)rows)")}});
                ref float partials = ref At(ref values, {{partials}});
                ref float losses = ref At(ref values, {{losses}});
                ref float parameters = ref network.Parameters;
                """);
            int perRow = 1;
            foreach ((NoisePlan noise, NoiseModel kind) in NoiseKinds(plan))
            {
                string fill = kind.Kind == NoiseKind.Dropout ? "DropoutMask.Fill" : "GaussianNoise.Fill";
                w.Lines($"Mlp::{fill}({LayerText.Row("losses", "rows", perRow)}, 0, rows, {noise.Units}, {noise.Units}, batch.NoiseSeed, {noise.Number}, batch.Step, {Literals.Of((float)kind.Amount)});");
                perRow += noise.Units;
            }

            w.Line();
            w.Lines("float weight = Mlp::LossCheck.Weight(network, batch);");
            IEnumerable<string> used = plan.Layers.SelectMany(layer => GradientArguments(plan, layer));
            StraightLineForwardEmitter.DeclareGroups(w, buffers.Groups.Select(static group => group.Name).Where(name => used.Contains(name)));
            w.Lines("float loss;");
            w.Line();
            EmitFewRows(w, plan);
            w.Line();
            w.Lines($"Interop::MemoryMarshal.CreateSpan(ref partials, {8 * plan.StoreSize}).Clear();");
            using (StraightLineForwardEmitter.Blocks(w))
            {
                EmitDifferentiateBlock(w, plan, "first", "count");
                foreach (LayerPlan layer in plan.Layers.Reverse())
                {
                    EmitSums(w, plan, layer, "count");
                }
            }

            w.Lines($"""
                {Loss}

                // The fold of each parameter's eight partial sums, into the sink.
                """);
            foreach (LayerPlan layer in plan.Layers)
            {
                EmitFolds(w, layer);
            }

            w.Lines("return loss;");
        }
    }

    private static void EmitDifferentiateBlock(SourceWriter w, NetworkPlan plan, string first, string count)
    {
        if (plan.HasNoise)
        {
            w.Lines($"GatherNoise(ref At(ref losses, rows), rows, {first}, ref values, {count});");
        }

        w.Lines($"Differentiate(network, batch, {first}, {count}, weight, ref values, {(first == "0" ? "ref losses" : $"ref At(ref losses, {first})")});");
    }

    /// <summary>The gradients of a block of rows, onto the partial sums.</summary>
    private static void EmitSums(SourceWriter w, NetworkPlan plan, LayerPlan layer, string count)
    {
        string[] arguments = [.. GradientArguments(plan, layer)];
        w.Lines(StraightLineGradientEmitter.IsFused(plan, layer)
            ? $"Gradient{layer.Number}({string.Join(", ", arguments.Select(static name => $"ref {name}"))}, ref parameters, ref partials, {count});"
            : $"Gradient{layer.Number}(ref {arguments[0]}, ref {arguments[1]}, ref partials, {count});");
        EmitSlopeSum(w, plan, layer, count);
    }

    private static void EmitSlopeSum(SourceWriter w, NetworkPlan plan, LayerPlan layer, string count)
    {
        if (layer.Model.HasSlope)
        {
            string[] arguments = [.. GradientArguments(plan, layer)];
            w.Lines($"SlopeGradient{layer.Number}(ref {arguments[2]}, ref {arguments[3]}, ref partials, {count});");
        }
    }

    /// <summary>A batch of a few rows. Memory for partial sums, to be cleared and folded, would cost more than their gradients.</summary>
    private static void EmitFewRows(SourceWriter w, NetworkPlan plan)
    {
        using (w.Block($"if (rows <= {FewRows})"))
        {
            string memory = plan.FusesFirstDelta ? ", but for those of layer 1, whose deltas are kept nowhere" : plan.Layers.Items.Any(static layer => layer.Model.HasSlope) ? ", but for those of slopes" : "";
            w.Lines($"// Few rows are a single block: its gradients need no partial sums in memory{memory}.");
            EmitDifferentiateBlock(w, plan, "0", "rows");
            w.Lines(Loss);
            foreach (LayerPlan layer in plan.Layers)
            {
                string[] arguments = [.. GradientArguments(plan, layer)];
                (string left, int height, string right, int width) = layer.IsNarrow
                    ? (arguments[1], layer.Outputs, arguments[0], layer.Inputs)
                    : (arguments[0], layer.Inputs, arguments[1], layer.Outputs);
                if (StraightLineGradientEmitter.IsFused(plan, layer))
                {
                    w.Lines($"Interop::MemoryMarshal.CreateSpan(ref partials, {8 * layer.End}).Clear();"); // The first layer's are the first.
                    EmitSums(w, plan, layer, "rows");
                    EmitFolds(w, layer);
                    continue;
                }

                w.Lines($"Mlp::LaneGradients.Weights(ref {left}, {height}, ref {right}, {width}, Group, (rows + 7) / 8, ref parameters, W{layer.Number}, sink);");
                if (layer.Model.HasBias)
                {
                    w.Lines($"Mlp::LaneGradients.Biases(ref {arguments[1]}, {layer.Outputs}, Group, (rows + 7) / 8, ref parameters, B{layer.Number}, sink);");
                }

                if (layer.Model.HasSlope)
                {
                    w.Lines($"Interop::MemoryMarshal.CreateSpan({LaneCode.Ref("partials", $"8 * S{layer.Number}")}, {8 * layer.SlopeLength}).Clear();");
                    EmitSlopeSum(w, plan, layer, "rows");
                    EmitSlopeFold(w, layer);
                }
            }

            w.Lines("return loss;");
        }
    }

    private static void EmitFolds(SourceWriter w, LayerPlan layer)
    {
        EmitFold(w, "Weights", $"W{layer.Number}", layer.WeightsLength);
        if (layer.Model.HasBias)
        {
            EmitFold(w, "Biases", $"B{layer.Number}", layer.VectorLength);
        }

        EmitSlopeFold(w, layer);
    }

    private static void EmitSlopeFold(SourceWriter w, LayerPlan layer)
    {
        if (layer.Model.HasSlope)
        {
            EmitFold(w, "Biases", $"S{layer.Number}", layer.SlopeLength);
        }
    }

    public static IEnumerable<(NoisePlan Noise, NoiseModel Kind)> NoiseKinds(NetworkPlan plan) =>
        plan.Noise.SelectMany(static noise => noise.Kinds.Select(kind => (noise, kind)));

    /// <summary>Values of noise for each row.</summary>
    public static int NoiseUnits(NetworkPlan plan) => NoiseKinds(plan).Sum(static pair => pair.Noise.Units);

    /// <summary>What the gradients of a layer are made of: what it saw, its deltas, and what its slope needs.</summary>
    private static IEnumerable<string> GradientArguments(NetworkPlan plan, LayerPlan layer) => StraightLineGradientEmitter.IsFused(plan, layer)
        ? [LayerText.Input(layer), plan.Layers[1].Delta, .. layer.Kept is null ? (string[])[] : [layer.Kept]]
        :
    [
        plan.NoiseBefore(layer)?.Result ?? LayerText.Input(layer),
        layer.Delta,
        .. layer.Model.HasSlope ? [layer.IncomingDelta, layer.PreActivation] : (string[])[],
    ];

    private static void EmitDifferentiate(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        LayerPlan last = plan.Last;
        int outputs = plan.Model.OutputSize;
        using (w.Block($"public static void Differentiate({string.Join(", ", Parameters.Select(static parameter => parameter.Declaration))})"))
        {
            w.Lines("""
                ref float inputs = ref Interop::MemoryMarshal.GetReference(batch.Inputs);
                ref float targets = ref Interop::MemoryMarshal.GetReference(batch.Targets);
                """);
            IEnumerable<string> sources = StraightLineLossEmitter.DeltaSources(plan).Select(source => source == "z" ? last.PreActivation : source);
            StraightLineForwardEmitter.DeclareGroups(w, StraightLineLossEmitter.LossGroups(plan).Concat(sources).Append(last.IncomingDelta).Distinct());
            w.Line();
            w.Lines($"Forward(network, {LayerText.Row("inputs", "first", plan.Model.InputSize)}, ref values, rows{(plan.HasNoise ? ", true" : "")});");
            StraightLineLossEmitter.EmitTargets(w, plan, "targets", "first", "rows");
            w.Lines($"Losses({StraightLineLossEmitter.LossArguments(plan)}, ref losses, rows);");
            using (w.Block("if (!batch.Outputs.IsEmpty)"))
            {
                w.Lines(StraightLineForwardEmitter.Scatter(plan, LayerText.Row("Interop::MemoryMarshal.GetReference(batch.Outputs)", "first", outputs), "rows"));
            }

            w.Line();
            w.Lines($"OutputDelta({string.Join(", ", sources.Select(static source => $"ref {source}"))}, ref {last.IncomingDelta}, weight, rows);");
            using (w.Block("if (!batch.Weights.IsEmpty)"))
            {
                w.Lines("// Rows with weights of their own: B is the sum of these, and each row counts as much as its own.");
                using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
                {
                    w.Lines($"""
                        int count = rows - row < 8 ? (int)(rows - row) : 8;
                        Mlp::RowWeights.ScaleLanes(ref At(ref {last.IncomingDelta}, row / 8 * Group), {outputs}, batch.Weights, first + row, count);
                        Mlp::RowWeights.ClearLanes(ref At(ref values, row / 8 * Group), {FirstDelta(plan, buffers)}, batch.Weights, first + row, count);
                        """);
                }
            }

            if (StraightLineDeltaEmitter.HasDeltaPasses(plan))
            {
                w.Line();
                w.Lines("Deltas(network, ref values, rows);");
            }
        }
    }

    /// <summary>The offset of the first delta: behind all that the deltas and gradients are made of.</summary>
    private static string FirstDelta(NetworkPlan plan, StraightLineBuffers buffers)
    {
        string[] deltas = [.. plan.Layers.SelectMany(static layer => layer.Deltas)];
        return StraightLineBuffers.Constant(buffers.Groups.Select(static group => group.Name).First(deltas.Contains));
    }

    private static void EmitFold(SourceWriter w, string kind, string start, int length) =>
        w.Lines($"Mlp::PartialSums.Fold{kind}(ref partials, ref parameters, {start}, {length}, sink);");

    private static void EmitGatherNoise(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The noise of a block of rows, from rows to lanes.");
        using (w.Block("private static void GatherNoise(ref float rowNoise, nuint rows, nuint first, ref float values, nuint count)"))
        {
            StraightLineForwardEmitter.DeclareGroups(w, "noise");
            int done = 0;
            foreach ((NoisePlan noise, _) in NoiseKinds(plan))
            {
                string start = done == 0 ? "rowNoise" : $"Row(ref rowNoise, rows, {done})";
                w.Lines($"Mlp::LaneGroups.FromRows({LayerText.Row(start, "first", noise.Units)}, {noise.Units}, count, {LaneCode.Ref("noise", LaneCode.Place(null, 1, 8 * done))}, Group);");
                done += noise.Units;
            }
        }
    }
}
