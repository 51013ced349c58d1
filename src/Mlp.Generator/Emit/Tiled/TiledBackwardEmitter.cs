using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the training pass of a tiled network; the deltas and the gradients of its layers have emitters of their own.</summary>
internal static class TiledBackwardEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        EmitComputeLosses(w, plan);
        w.Line();
        EmitBackpropagate(w, plan);
        w.Line();
        EmitDifferentiate(w, plan);
        w.Line();
        EmitDifferentiateRows(w, plan);
        if (plan.Model.InputGradients)
        {
            w.Line();
            TiledInputGradientEmitter.Emit(w, plan);
        }

        if (TiledDeltaEmitter.HasDeltaPasses(plan))
        {
            w.Line();
            TiledDeltaEmitter.EmitDeltas(w, plan);
        }

        w.Line();
        TiledGradientEmitter.EmitGradients(w, plan);
        w.Line();
        OutputCode.EmitLosses(w, plan);
        w.Line();
        OutputCode.EmitOutputDelta(w, plan);
        TiledDeltaEmitter.Emit(w, plan);
        TiledGradientEmitter.Emit(w, plan);
    }

    private static void Declare(SourceWriter w, NetworkPlan plan, params IEnumerable<string> buffers) =>
        TiledForwardEmitter.DeclareBuffers(w, plan, buffers);

    /// <summary>What <c>Losses</c> or <c>OutputDelta</c> is called with, for parameters of these names.</summary>
    public static string Arguments(NetworkPlan plan, IEnumerable<string> sources, string targets) =>
        string.Join(", ", sources.Select(source => $"ref {source switch { "z" => plan.Last.PreActivation, "t" => targets, _ => source }}"));

    private static void EmitActivate(SourceWriter w, NetworkPlan plan, string rows, bool isTraining)
    {
        if (!OutputCode.LossesActivate(plan))
        {
            w.Lines(TiledForwardEmitter.ActivateCall(plan, rows, isTraining));
        }
    }

    private static void EmitLosses(SourceWriter w, NetworkPlan plan, string losses, string rows) =>
        w.Lines($"Losses({Arguments(plan, LossCode.Sources(plan), plan.HasSoftTargets ? "tau" : "t")}, {(OutputCode.LossesActivate(plan) ? "ref y, " : "")}{losses}, {rows});");

    /// <summary>Where each buffer begins that the deltas and gradients are made of, and where the first delta's does, behind them.</summary>
    private static IEnumerable<string> ForwardOffsets(NetworkPlan plan)
    {
        string firstDelta = plan.Layers[0].Deltas.First();
        return plan.Buffers.TakeWhile(buffer => buffer.Name != firstDelta).Select(static buffer => buffer.Constant).Append(plan.Buffer(firstDelta).Constant);
    }

    private static void EmitSoftTargets(SourceWriter w, NetworkPlan plan, string targets, string rows)
    {
        w.Lines($"// {LossText.SoftTargets(plan)}");
        w.Lines($"Mlp::SoftTargets.Compute(ref {targets}, {rows}, {plan.Model.OutputSize}, {Literals.Of((float)plan.Model.LossOptions.LabelSmoothing)}, {LossText.Classes(plan)}, network.Layout.ClassWeights, ref tau);");
    }

    private static void EmitComputeLosses(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        WorkEmitter.EmitComputeLosses(w, plan);
        w.Line();
        w.Lines("// The forward pass, then the loss, as in prediction.");
        using (w.Block("public static void ComputeRowLosses(Mlp::NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows)"))
        {
            TiledForwardEmitter.EmitScratch(w, plan, plan.ForwardFloats);
            using (w.Block($"for (nuint first = 0; first < rows; first += {plan.RowBlock})"))
            {
                w.Lines("nuint count = rows - first < block ? rows - first : block;");
                Declare(w, plan, TiledForwardEmitter.ActivationBuffers(plan, isTraining: false));
                w.Lines($"ref float y = {LayerText.Row("outputs", "first", last.Outputs)};");
                w.Lines($"ref float t = {LayerText.Row("targets", "first", last.Outputs)};");
                w.Lines($"ForwardRows(network, {LayerText.Row("inputs", "first", plan.Model.InputSize)}, ref buffers, capacity, 0, count{TiledForwardEmitter.PassesMode(plan, "false")});");
                EmitActivate(w, plan, "count", isTraining: false);
                if (plan.HasSoftTargets)
                {
                    Declare(w, plan, "tau");
                    EmitSoftTargets(w, plan, "t", "count");
                }

                EmitLosses(w, plan, "ref At(ref losses, first)", "count");
            }
        }
    }

    private static void EmitBackpropagate(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// One mini-batch: forward, loss, deltas, gradients. The sink takes each gradient once it is complete: an optimizer updates the");
        w.Lines("// parameter at once, ComputeGradients stores it. It gets nothing before the loss is known to be finite.");
        w.Lines("public static float Backpropagate<TSink>(Mlp::NetworkState network, scoped in Mlp::TrainingBatch batch, scoped TSink sink)");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            EmitWorkspace(w, plan);
            w.Lines($$"""
                int threads = network.ThreadsFor(rows, {{plan.TrainingCost}});
                float loss = Differentiate(network, batch, ref buffers, capacity, threads);
                Mlp::ParallelPasses.Gradients<{{MemberNames.KernelsType}}, TSink>(network, ref Interop::MemoryMarshal.GetReference(batch.Inputs), ref buffers, capacity, rows, threads, sink);
                return loss;
                """);
        }
    }

    /// <summary>Declares the buffers of a batch's training pass.</summary>
    public static void EmitWorkspace(SourceWriter w, NetworkPlan plan) => w.Lines($$"""
        nuint rows = (nuint)batch.Rows;
        nuint capacity = (rows + 15) & ~(nuint)15; // So that every buffer starts on a cache line.
        ref float buffers = ref network.Workspace({{(plan.HasBatchNormalization ? $"((long)capacity * {plan.TrainingFloats}) + {plan.StatisticsFloats}" : $"(long)capacity * {plan.TrainingFloats}")}});
        """);

    /// <summary>Declares the batch's own statistics, which lie behind everything else.</summary>
    public static void EmitStatistics(SourceWriter w, NetworkPlan plan)
    {
        if (plan.HasBatchNormalization)
        {
            w.Lines($"ref float statistics = ref At(ref buffers, capacity * {plan.TrainingFloats}); // Behind the buffers.");
        }
    }

    private static void EmitDifferentiate(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Forward, the loss, and all deltas: the derivatives of the loss by the sums of each layer. Throws where the loss is not finite.");
        using (w.Block("private static float Differentiate(Mlp::NetworkState network, scoped in Mlp::TrainingBatch batch, ref float buffers, nuint capacity, int threads)"))
        {
            w.Lines("float weight = Mlp::LossCheck.Weight(network, batch);");
            if (plan.HasBatchNormalization)
            {
                w.Lines("// On this thread alone: the statistics of the batch join its rows.");
                w.Lines("DifferentiateRows(network, batch, ref buffers, capacity, 0, (nuint)batch.Rows, weight);");
            }
            else
            {
                w.Lines("// Rows are independent of each other up to their deltas: each thread takes a range, by DifferentiateRows.");
                w.Lines($"Mlp::ParallelPasses.Differentiate<{MemberNames.KernelsType}>(network, batch, ref buffers, capacity, weight, threads);");
            }

            w.Line();
            Declare(w, plan, "y", "losses");
            w.Lines($$"""
                float loss = Mlp::LossCheck.Mean(network, batch, Interop::MemoryMarshal.CreateReadOnlySpan(ref losses, batch.Rows));
                Interop::MemoryMarshal.CreateReadOnlySpan(ref y, batch.Outputs.Length).CopyTo(batch.Outputs);
                """);
            if (plan.HasBatchNormalization)
            {
                EmitStatistics(w, plan);
                using (w.Block("if (batch.Step >= 0)"))
                {
                    foreach (LayerPlan layer in plan.Layers.Where(static layer => layer.IsBatchNormalized))
                    {
                        w.Lines($"Mlp::BatchNormalization.UpdateRunning(ref At(ref network.Statistics, {layer.StatisticsOffset}), {TiledForwardEmitter.BatchStatistics(layer)}, {layer.Outputs}, {layer.VectorLength}, (nuint)batch.Rows, {Literals.Of((float)layer.Model.NormalizationMomentum)}, batch.Weights);");
                    }
                }

                w.Line();
            }

            w.Lines("return loss;");
        }
    }

    private static void EmitDifferentiateRows(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        w.Lines("// The same for rows from `start` on. What the mean loss is over, `weight`, is known before the losses are.");
        using (w.Block("public static void DifferentiateRows(Mlp::NetworkState network, scoped in Mlp::TrainingBatch batch, ref float buffers, nuint capacity, nuint start, nuint rows, float weight)"))
        {
            w.Lines($"""
                ref float inputs = ref Interop::MemoryMarshal.GetReference(batch.Inputs);
                ref float t = {LayerText.Row("Interop::MemoryMarshal.GetReference(batch.Targets)", "start", plan.Model.OutputSize)};
                """);
            EmitStatistics(w, plan);
            foreach (NoisePlan noise in plan.Noise)
            {
                foreach (NoiseModel kind in noise.Kinds)
                {
                    string name = noise.NameOf(kind);
                    string fill = kind.Kind == NoiseKind.Dropout ? "DropoutMask.Fill" : "GaussianNoise.Fill";
                    TiledForwardEmitter.DeclareBuffer(w, plan, name, "start");
                    w.Lines($"Mlp::{fill}(ref {name}, start, rows, {noise.Units}, {noise.Stride}, batch.NoiseSeed, {noise.Number}, batch.Step, {Literals.Of((float)kind.Amount)});");
                }
            }

            w.Lines($"ForwardRows(network, ref inputs, ref buffers, capacity, start, rows{TiledForwardEmitter.PassesMode(plan, "true", "batch.Weights")});");
            w.Line();
            TiledForwardEmitter.DeclareBuffers(w, plan, [.. TiledForwardEmitter.ActivationBuffers(plan, isTraining: true), "y", "losses", last.IncomingDelta], "start");
            EmitActivate(w, plan, "rows", isTraining: true);
            if (plan.HasSoftTargets)
            {
                TiledForwardEmitter.DeclareBuffer(w, plan, "tau", "start");
                EmitSoftTargets(w, plan, "t", "rows");
            }

            string targets = plan.HasSoftTargets ? "tau" : "t";
            EmitLosses(w, plan, "ref losses", "rows");
            w.Lines($"OutputDelta({Arguments(plan, LossCode.DeltaSources(plan), targets)}, ref {last.IncomingDelta}, weight, rows);");
            using (w.Block("if (!batch.Weights.IsEmpty)"))
            {
                w.Lines("// Rows with weights of their own: B is the sum of these, and each row counts as much as its own.");
                w.Lines($"Mlp::RowWeights.Scale(ref {last.IncomingDelta}, rows, {last.OutputStride}, batch.Weights.Slice((int)start, (int)rows));");
                w.Lines($"Mlp::RowWeights.ClearRows(ref buffers, capacity, start, batch.Weights.Slice((int)start, (int)rows), [{string.Join(", ", ForwardOffsets(plan))}]);");
            }

            if (TiledDeltaEmitter.HasDeltaPasses(plan))
            {
                w.Line();
                TiledDeltaEmitter.EmitDispatchOfDeltas(w, plan, "start", "rows", "true", "batch.Weights");
            }
        }
    }
}
