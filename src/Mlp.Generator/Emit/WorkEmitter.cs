using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>Writes where predictions and losses of many rows are handed to the threads.</summary>
internal static class WorkEmitter
{
    private const string Passes = "Mlp::ParallelPasses";

    /// <summary>
    /// Prediction of any number of rows: <c>PredictRow</c> does one, where the network has such a kernel, and <c>PredictRows</c> any on one thread.
    /// </summary>
    public static void EmitPredict(SourceWriter w, NetworkPlan plan)
    {
        string many = $"{Passes}.Predict<{MemberNames.KernelsType}>(network, ref inputs, ref outputs, rows, {plan.PredictionCost});";
        w.Lines($"// {(plan.HasRowKernel ? "One row by PredictRow; of more, each thread takes a range, by PredictRows." : "Any number of rows: each thread takes a range, by PredictRows.")}");
        if (plan.HasRowKernel)
        {
            w.Lines(Emitted.Inlined);
        }

        using (w.Block("public static void Predict(Mlp::NetworkState network, ref float inputs, ref float outputs, nuint rows)"))
        {
            if (!plan.HasRowKernel)
            {
                w.Lines(many);
                return;
            }

            w.Lines($$"""
                if (rows == 1)
                {
                    PredictRow(network, ref inputs, ref outputs);
                }
                else
                {
                    {{many}}
                }
                """);
        }
    }

    /// <summary>Outputs and the loss of each row; <c>ComputeRowLosses</c> does them on one thread.</summary>
    public static void EmitComputeLosses(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// Outputs and the loss of each row: each thread takes a range, by ComputeRowLosses.");
        using (w.Block("public static void ComputeLosses(Mlp::NetworkState network, ref float inputs, ref float targets, ref float outputs, ref float losses, nuint rows)"))
        {
            w.Lines($"{Passes}.ComputeLosses<{MemberNames.KernelsType}>(network, ref inputs, ref targets, ref outputs, ref losses, rows, {plan.PredictionCost});");
        }
    }
}
