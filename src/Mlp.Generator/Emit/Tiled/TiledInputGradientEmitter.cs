using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the derivatives of a tiled network by its inputs: those of the loss, and those of every output.</summary>
internal static class TiledInputGradientEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        EmitLossGradient(w, plan);
        w.Line();
        EmitJacobians(w, plan);
        w.Line();
        EmitCopy(w, plan);
        w.Line();
        OutputCode.EmitOutputSeed(w, plan);
    }

    private static void EmitLossGradient(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The mean loss of a batch and its derivative by the inputs.");
        using (w.Block("public static float InputGradients(Mlp::NetworkState network, scoped in Mlp::TrainingBatch batch, ref float gradients)"))
        {
            TiledBackwardEmitter.EmitWorkspace(w, plan);
            w.Lines($$"""
                float loss = Differentiate(network, batch, ref buffers, capacity, network.ThreadsFor(rows, {{plan.TrainingCost}}));
                CopyInputDeltas(network, {{TiledForwardEmitter.BufferStart("D0")}}, ref gradients, {{plan.Model.InputSize}}, rows);
                return loss;
                """);
        }
    }

    private static void EmitJacobians(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        int inputs = plan.Model.InputSize;
        w.Lines("// The derivatives of every output by every input, in the mode of prediction: the forward pass once, then for each output the deltas");
        w.Lines("// that begin with 1 at it.");
        using (w.Block("public static void Jacobians(Mlp::NetworkState network, ref float inputs, ref float jacobians, nuint rows)"))
        {
            TiledForwardEmitter.EmitScratch(w, plan, plan.TrainingFloats);
            using (w.Block($"for (nuint first = 0; first < rows; first += {plan.RowBlock})"))
            {
                w.Lines("nuint count = rows - first < block ? rows - first : block;");
                foreach (NoisePlan noise in plan.Noise.Where(static noise => noise.HasMask))
                {
                    w.Lines($"Mlp::DropoutMask.Fill({TiledForwardEmitter.BufferStart(StraightLineBuffers.Constant(noise.Mask))}, 0, count, {noise.Units}, {noise.Stride}, network.Seed, {noise.Number}, step: -1, 0f);");
                }

                w.Lines($"ForwardRows(network, {LayerText.Row("inputs", "first", inputs)}, ref buffers, capacity, 0, count{TiledForwardEmitter.PassesMode(plan, "false")});");
                string[] names = [.. TiledForwardEmitter.ActivationBuffers(plan, isTraining: false), "y", last.IncomingDelta, "d0"];
                TiledForwardEmitter.DeclareBuffers(w, plan, names);
                w.Lines(TiledForwardEmitter.ActivateCall(plan, "count", isTraining: false));
                using (w.Block($"for (nuint o = 0; o < {last.Outputs}; o++)"))
                {
                    w.Lines($"OutputSeed({string.Concat(OutputCode.SeedSources(plan).Select(source => $"ref {(source == "z" ? last.PreActivation : source)}, "))}ref {last.IncomingDelta}, o, count);");
                    TiledDeltaEmitter.EmitDispatchOfDeltas(w, plan, "0", "count", "false");
                    w.Line();
                    string start = last.Outputs == 1 ? LayerText.Times("first", inputs) : $"((first * {last.Outputs}) + o) * {inputs}";
                    w.Lines($"CopyInputDeltas(network, ref d0, ref At(ref jacobians, {start}), {(long)last.Outputs * inputs}, count);");
                }
            }
        }
    }

    private static void EmitCopy(SourceWriter w, NetworkPlan plan)
    {
        w.Lines(plan.Model.Standardize
            ? "// From padded rows to the caller's, times what the inputs were scaled by."
            : "// From padded rows to the caller's.");
        using (w.Block("private static void CopyInputDeltas(Mlp::NetworkState network, ref float d0, ref float gradients, nuint stride, nuint rows)"))
        {
            if (plan.Model.Standardize)
            {
                w.Lines("ref float scales = ref network.InputScale;");
            }

            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            using (w.Block($"for (nuint i = 0; i < {plan.Model.InputSize}; i++)"))
            {
                w.Lines($"At(ref Row(ref gradients, row, stride), i) = At({LayerText.Row("d0", "row", plan.Buffer("d0").Stride)}, i){(plan.Model.Standardize ? " * At(ref scales, i)" : "")};");
            }
        }
    }
}
