using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the derivatives of a small network by its inputs: those of the loss, and those of every output.</summary>
internal static class StraightLineInputGradientEmitter
{
    private const string V = Emitted.Vec8;

    public static void Emit(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        EmitLossGradient(w, plan, buffers);
        w.Line();
        EmitJacobians(w, plan, buffers);
        if (plan.HasNoise)
        {
            w.Line();
            EmitNeutralNoise(w, plan);
        }

        w.Line();
        EmitScatter(w, plan);
        w.Line();
        EmitOutputSeed(w, plan);
    }

    private static void EmitLossGradient(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        int losses = buffers.GroupsAtOnce * buffers.Floats;
        w.Lines("// The mean loss of a batch and its derivative by the inputs.");
        using (w.Block("public static float InputGradients(Mlp::NetworkState network, scoped in Mlp::TrainingBatch batch, ref float gradients)"))
        {
            w.Lines($$"""
                nuint rows = (nuint)batch.Rows;
                ref float values = ref network.Workspace({{losses}} + (long)rows);
                ref float losses = ref At(ref values, {{losses}});
                """);
            EmitNoiseGroup(w, plan);
            w.Lines("float weight = Mlp::LossCheck.Weight(network, batch);");
            using (StraightLineForwardEmitter.Blocks(w))
            {
                w.Lines($$"""
                    Differentiate(network, batch, first, count, weight, ref values, ref At(ref losses, first));
                    ScatterInputDeltas(network, ref values, {{LayerText.Row("gradients", "first", plan.Model.InputSize)}}, {{plan.Model.InputSize}}, count);
                    """);
            }

            w.Line();
            w.Lines("return Mlp::LossCheck.Mean(network, batch, Interop::MemoryMarshal.CreateReadOnlySpan(ref losses, batch.Rows));");
        }
    }

    private static void EmitJacobians(SourceWriter w, NetworkPlan plan, StraightLineBuffers buffers)
    {
        LayerPlan last = plan.Last;
        int inputs = plan.Model.InputSize;
        w.Lines("// The derivatives of every output by every input, in the mode of prediction: the forward pass once, then for each output the deltas");
        w.Lines("// that begin with 1 at it.");
        using (w.Block("public static void Jacobians(Mlp::NetworkState network, ref float inputs, ref float jacobians, nuint rows)"))
        {
            w.Lines("ref float values = ref Mlp::Scratch.Borrow(RowsAtOnce / 8 * Group);");
            EmitNoiseGroup(w, plan);
            string[] sources = [.. OutputCode.SeedSources(plan).Select(source => source == "z" ? last.PreActivation : source)];
            StraightLineForwardEmitter.DeclareGroups(w, [.. sources, last.IncomingDelta]);
            using (StraightLineForwardEmitter.Blocks(w))
            {
                w.Lines($"Forward(network, {LayerText.Row("inputs", "first", inputs)}, ref values, count{(plan.HasNoise ? ", false" : "")});");
                using (w.Block($"for (nuint o = 0; o < {last.Outputs}; o++)"))
                {
                    string start = last.Outputs == 1 ? LayerText.Times("first", inputs) : $"((first * {last.Outputs}) + o) * {inputs}";
                    w.Lines($$"""
                        OutputSeed({{string.Concat(sources.Select(static source => $"ref {source}, "))}}ref {{last.IncomingDelta}}, o, count);
                        Deltas(network, ref values, count);
                        ScatterInputDeltas(network, ref values, ref At(ref jacobians, {{start}}), {{last.Outputs * inputs}}, count);
                        """);
                }
            }
        }
    }

    private static void EmitNoiseGroup(SourceWriter w, NetworkPlan plan)
    {
        if (plan.HasNoise)
        {
            w.Lines("FillWithoutNoise(ref values);");
        }
    }

    private static void EmitNeutralNoise(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Noise that changes nothing: factors of 1, summands of 0.");
        using (w.Block("private static void FillWithoutNoise(ref float values)"))
        using (w.Block("for (nuint group = 0; group < RowsAtOnce / 8 * Group; group += Group)"))
        {
            int done = 0;
            foreach ((NoisePlan noise, NoiseModel kind) in StraightLineBackwardEmitter.NoiseKinds(plan))
            {
                w.Lines($"Interop::MemoryMarshal.CreateSpan(ref At(ref values, group + Noise{(done == 0 ? "" : $" + {8 * done}")}), {8 * noise.Units}).Fill({(kind.Kind == NoiseKind.Dropout ? "1f" : "0f")});");
                done += noise.Units;
            }
        }
    }

    private static void EmitScatter(SourceWriter w, NetworkPlan plan)
    {
        w.Lines(plan.Model.Standardize
            ? "// From lanes to rows, times what the inputs were scaled by."
            : "// From lanes to rows.");
        using (w.Block("private static void ScatterInputDeltas(Mlp::NetworkState network, ref float values, ref float gradients, nuint stride, nuint rows)"))
        {
            StraightLineForwardEmitter.DeclareGroups(w, "d0");
            if (plan.Model.Standardize)
            {
                w.Lines("ref float scales = ref network.InputScale;");
            }

            using (w.Block("for (nuint row = 0; row < rows; row += 8)"))
            {
                w.Lines("int count = rows - row < 8 ? (int)(rows - row) : 8;");
                using (w.Block($"for (nuint i = 0; i < {plan.Model.InputSize}; i++)"))
                {
                    string value = $"{V}.Load(ref d0, 8 * i)" + (plan.Model.Standardize ? $" * {V}.Broadcast(ref scales, i)" : "");
                    w.Lines($"{V}.ScatterFirst({value}, ref At(ref gradients, (row * stride) + i), stride, count);");
                }

                LaneCode.Advance(w, ["d0"]);
            }
        }
    }

    private static void EmitOutputSeed(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        bool isSoftmax = last.Model.Activation == Activation.Softmax;
        string[] sources = OutputCode.SeedSources(plan);
        w.Lines($"// {OutputCode.SeedFormula(plan)}");
        LaneCode.Kernel(w, "OutputSeed", [.. sources, "d"], ["nuint o"], () =>
        {
            if (isSoftmax)
            {
                w.Lines($$"""
                    {{V}} chosen = {{V}}.Load(ref y, 8 * o);
                    for (nuint c = 0; c < {{last.Outputs}}; c++)
                    {
                        {{V}}.Store(chosen * ({{V}}.Create(c == o ? 1f : 0f) - {{V}}.Load(ref y, 8 * c)), ref d, 8 * c);
                    }
                    """);
                return;
            }

            w.Lines($"Interop::MemoryMarshal.CreateSpan(ref d, {8 * last.Outputs}).Clear();");
            if (sources.Length == 0)
            {
                w.Lines($"{V}.Store({V}.Create(1f), ref d, 8 * o);");
                return;
            }

            w.Lines($"{V} kept = {V}.Load(ref {sources[0]}, 8 * o);");
            w.Lines($"{V}.Store({ActivationCode.Of(last.Model).Backward(V, $"{V}.Create(1f)", "kept", ActivationCode.AlphaCode(last.Model, V))}, ref d, 8 * o);");
        });
    }
}
