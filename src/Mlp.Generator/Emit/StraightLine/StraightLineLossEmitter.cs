using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the losses of a small network, and the derivatives with which its backward pass begins.</summary>
internal static class StraightLineLossEmitter
{
    private const string V = LaneCode.RowsV;

    /// <summary>How many of a vector's rows there are.</summary>
    private const string RowsLeft = "rows - row < lanes ? (int)(rows - row) : V.Count";

    /// <summary>The targets of a block of <c>count</c> rows, from rows to lanes, with what the loss makes of them.</summary>
    public static void EmitTargets(SourceWriter w, NetworkPlan plan, string targets, string index, string count)
    {
        int outputs = plan.Model.OutputSize;
        if (!plan.HasSoftTargets)
        {
            w.Lines($"Mlp::LaneGroups.FromRows({LayerText.Row(targets, index, outputs)}, {outputs}, {count}, ref t, Group);");
            return;
        }

        w.Lines($"// {LossText.SoftTargets(plan)}");
        using (w.Block($"for (nuint row = 0; row < {count}; row += 8)"))
        {
            w.Lines($"""
                nuint eight = {count} - row < 8 ? {count} - row : 8;
                Mlp::SoftTargets.Compute({LayerText.Row(targets, $"({index} + row)", outputs)}, eight, {outputs}, {Literals.Of((float)plan.Model.LossOptions.LabelSmoothing)}, {LossText.Classes(plan)}, network.Layout.ClassWeights, ref tau);
                Mlp::LaneGroups.FromRows(ref tau, {outputs}, eight, ref At(ref t, row / 8 * Group), Group);
                """);
        }
    }

    public static void EmitLosses(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        bool isCrossEntropy = plan.Model.Loss == LossFunction.CrossEntropy;
        w.Lines($"// The loss of each row: {LossText.Loss(plan)}{LossText.Stability(plan)}.");
        string[] sources = LossCode.Sources(plan);
        LaneCode.RowsKernel(w, "Losses", [.. LossNames(plan, static source => source)], ["ref float losses"], () =>
        {
            if (isCrossEntropy)
            {
                w.Lines($"{V} largest = {LaneCode.LoadRows("s", 0)};");
                w.Lines($"{V} logarithm = Mlp::VectorMath.Log({LaneCode.LoadRows("s", 1)});");
            }

            LaneCode.ForEachNeuron(w, outputs, at =>
            {
                w.Lines(string.Join("\n", sources.Select(source => $"{V} {source}0 = {V}.LoadRows(ref {source}{LaneCode.Rows(at)});")));
                string term = isCrossEntropy ? "t0 * (logarithm + (largest - z0))" : LossCode.EmitElement(w, plan, V);
                w.Lines(outputs == 1 ? $"{V} loss = {term};" : $"{V}.StoreRows({term}, ref terms{LaneCode.Rows(at)});");
            });
            if (outputs > 1)
            {
                LaneCode.Sum(w, V, "loss", [.. Enumerable.Range(0, outputs).Select(static o => LaneCode.LoadRows("terms", o))]);
            }

            string mean = isCrossEntropy || outputs == 1 ? "loss" : $"loss / {V}.Create({Literals.Of((float)outputs)})";
            w.Lines($"{V}.StoreFirst({mean}, ref At(ref losses, row), {RowsLeft});");
        });
    }

    /// <summary>What <c>Losses</c> gets, in the order of its parameters, up to the losses themselves.</summary>
    private static IEnumerable<string> LossNames(NetworkPlan plan, Func<string, string> nameOf) =>
    [
        .. LossCode.Sources(plan).Where(static source => source != "t").Select(nameOf),
        .. plan.Model.Loss == LossFunction.CrossEntropy ? ["s"] : (string[])[],
        "t",
        .. plan.Model.OutputSize == 1 ? [] : (string[])["terms"],
    ];

    public static string LossArguments(NetworkPlan plan) =>
        string.Join(", ", LossNames(plan, source => source == "z" ? plan.Last.PreActivation : source).Select(static name => $"ref {name}"));

    /// <summary>The groups that <c>Losses</c> reads and writes, and what the targets are made in.</summary>
    public static IEnumerable<string> LossGroups(NetworkPlan plan) =>
        LossNames(plan, source => source == "z" ? plan.Last.PreActivation : source).Concat(plan.HasSoftTargets ? ["tau"] : []);

    /// <summary>What <c>OutputDelta</c> reads: with BCE the outputs too, which are the sigmoids that it needs.</summary>
    public static string[] DeltaSources(NetworkPlan plan) =>
        UsesOutputs(plan) ? ["y", .. LossCode.DeltaSources(plan)] : LossCode.DeltaSources(plan);

    private static bool UsesOutputs(NetworkPlan plan) => plan.Model.Loss == LossFunction.BCE && !plan.Last.IsResidual;

    public static void EmitOutputDelta(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        bool isSoftmax = plan.Last.Model.Activation == Activation.Softmax;
        bool isFused = plan.Model.Loss == LossFunction.CrossEntropy;
        string[] sources = DeltaSources(plan);
        w.Lines($"// {LossText.OutputDelta(plan)}{LossText.DeltaStability(plan)}. Lanes without a row have none.");
        LaneCode.RowsKernel(
            w,
            "OutputDelta",
            [.. sources, "d"],
            ["float weight"],
            Body,
            () => w.Lines($"{V} scale = {V}.Create({LossCode.Scale(plan)});"));

        void Body()
        {
            w.Lines($"{V} rowMask = {V}.FirstLanes({RowsLeft});");
            void Loads(string at) => w.Lines(string.Join("\n", sources.Select(source => $"{V} {source}0 = {V}.LoadRows(ref {source}{LaneCode.Rows(at)});")));
            if (isFused)
            {
                w.Line();
                w.Lines($"// {LossText.TargetSum(plan)}");
                LaneCode.Sum(w, V, "total", [.. Enumerable.Range(0, outputs).Select(static o => LaneCode.LoadRows("t", o))]);
            }
            else if (isSoftmax)
            {
                w.Line();
                w.Lines("// g is the loss's derivative by y; softmax turns it into y ⊙ (g − Σ g·y).");
                LaneCode.ForEachNeuron(w, outputs, at =>
                {
                    Loads(at);
                    w.Lines($"{V}.StoreRows({LossCode.Derivative(plan, V)}, ref d{LaneCode.Rows(at)});");
                });
                LaneCode.Sum(w, V, "total", [.. Enumerable.Range(0, outputs).Select(static o => $"({LaneCode.LoadRows("d", o)} * {LaneCode.LoadRows("y", o)})")]);
            }

            LaneCode.ForEachNeuron(w, outputs, at =>
            {
                if (isSoftmax && !isFused)
                {
                    w.Lines($"{V}.StoreRows(({V}.LoadRows(ref y{LaneCode.Rows(at)}) * ({V}.LoadRows(ref d{LaneCode.Rows(at)}) - total)) & rowMask, ref d{LaneCode.Rows(at)});");
                    return;
                }

                Loads(at);
                w.Lines($"{V}.StoreRows(({(isFused ? "((y0 * total) - t0) * scale" : UsesOutputs(plan) ? LossCode.ElementDelta(plan, V, "y0") : LossCode.ElementDelta(plan, V))}) & rowMask, ref d{LaneCode.Rows(at)});");
            });
        }
    }
}
