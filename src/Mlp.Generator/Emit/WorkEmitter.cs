using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>Writes how predictions and losses of many rows are split among threads.</summary>
internal static class WorkEmitter
{
    /// <summary>
    /// Prediction of any number of rows: <c>PredictRow</c> does one, where the network has such a kernel, and <c>PredictRows</c> any on one thread.
    /// </summary>
    public static void EmitPredict(SourceWriter w, NetworkPlan plan)
    {
        if (plan.HasRowKernel)
        {
            w.Lines($$"""
                {{Emitted.Inlined}}
                public static void Predict(global::Mlp.NetworkState network, ref float inputs, ref float outputs, nuint rows)
                {
                    if (rows == 1)
                    {
                        PredictRow(network, ref inputs, ref outputs);
                    }
                    else
                    {
                        PredictMany(network, ref inputs, ref outputs, rows);
                    }
                }

                """);
        }

        string access = plan.HasRowKernel ? "private" : "public";
        string method = plan.HasRowKernel ? "PredictMany" : "Predict";
        Emit(
            w, plan, "// Any number of rows: each thread takes a range.", access, method, "PredictRows",
            ("inputs", "Inputs", plan.Model.InputSize), ("outputs", "Outputs", plan.Model.OutputSize));
    }

    /// <summary>Outputs and the loss of each row; <c>ComputeRowLosses</c> does them on one thread.</summary>
    public static void EmitComputeLosses(SourceWriter w, NetworkPlan plan) => Emit(
        w, plan, "// Outputs and the loss of each row: each thread takes a range.", "public", "ComputeLosses", "ComputeRowLosses",
        ("inputs", "Inputs", plan.Model.InputSize), ("targets", "Targets", plan.Model.OutputSize), ("outputs", "Outputs", plan.Model.OutputSize), ("losses", "RowLosses", 1));

    private static void Emit(
        SourceWriter w, NetworkPlan plan, string comment, string access, string method, string kernel, params (string Name, string Field, int Columns)[] spans)
    {
        string declared = string.Join(", ", spans.Select(static span => $"ref float {span.Name}"));
        string passed = string.Join(", ", spans.Select(static span => $"ref {span.Name}"));
        string fields = string.Join(", ", spans.Select(static span => $"{span.Field} = ref {span.Name}"));
        string ofPart = string.Join(", ", spans.Select(static span => $"ref At(ref {span.Field}, {LayerText.Times("first", span.Columns)})"));
        w.Lines(comment);
        using (w.Block($"{access} static void {method}(global::Mlp.NetworkState network, {declared}, nuint rows)"))
        {
            w.Lines($"int threads = network.ThreadsForRows(rows, {plan.PredictionCost});");
            using (w.Block("if (threads == 1)"))
            {
                w.Lines($"""
                    {kernel}(network, {passed}, rows);
                    return;
                    """);
            }

            w.Line();
            w.Lines($$"""
                {{method}}Work work = new() { Network = network, {{fields}}, Rows = rows };
                {{Emitted.Numerics}}.WorkerPool.Run(ref work, threads);
                """);
        }

        w.Line();
        using (w.Block($"private ref struct {method}Work : {Emitted.Numerics}.IParallelWork"))
        {
            w.Lines("public global::Mlp.NetworkState Network;");
            foreach ((_, string field, _) in spans)
            {
                w.Lines($"public ref float {field};");
            }

            w.Lines("public nuint Rows;");
            w.Line();
            using (w.Block("public void Run(int part, int parts)"))
            {
                w.Lines($"""
                    (nuint first, nuint count) = {Emitted.Numerics}.WorkerPool.Rows(Rows, part, parts);
                    {kernel}(Network, {ofPart}, count);
                    """);
            }
        }
    }
}
