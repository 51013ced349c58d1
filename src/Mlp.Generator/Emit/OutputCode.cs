using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>
/// What happens at the network's end, for tiled networks: outputs from pre-activations, the loss of each row, and the delta of the output
/// layer, each row by row with eight lanes. A network with a single output has its lanes along the rows instead.
/// </summary>
internal static class OutputCode
{
    private const string V = Emitted.Vec8;

    /// <summary>Outputs y, without padding, from pre-activations z.</summary>
    public static void EmitActivate(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        ActivationCode activation = ActivationCode.Of(last.Model.Activation);
        w.Lines($"// The output: y = {string.Format(activation.Formula, $"z{last.Number}")}, row by row, without the padding of z{last.Number}.");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Activate(ref float z, ref float y, nuint rows)"))
        {
            if (last.Model.Activation == Activation.Softmax)
            {
                using (w.Block("for (nuint row = 0; row < rows; row++)"))
                {
                    w.Lines($"Softmax(ref At(ref z, row * {last.OutputStride}), ref At(ref y, row * {last.Outputs}));");
                }
            }
            else
            {
                EmitElementwise(w, plan, "y", ["z"], () => w.Lines($"{V} result = {activation.Forward("z0")};"));
            }
        }

        if (last.Model.Activation == Activation.Softmax)
        {
            w.Line();
            EmitSoftmax(w, last.Outputs);
        }
    }

    /// <summary>Softmax of one row.</summary>
    private static void EmitSoftmax(SourceWriter w, int outputs)
    {
        w.Lines($"""
            // y = e^(z − max z) / Σ e^(z − max z): the largest exponent is 0, so nothing overflows.
            {Emitted.Optimized}
            private static void Softmax(ref float z, ref float y)
            """);
        using (w.Block(""))
        {
            w.Lines($"{V} largest = {V}.Create(float.NegativeInfinity);");
            Chunks(w, outputs, (at, tail) =>
            {
                string value = $"{V}.Load(ref z, {at})";
                w.Lines($"largest = Larger({(tail == 0 ? value : $"{V}.Select({V}.FirstLanes({tail}), {value}, largest)")}, largest);");
            });
            w.Lines($"{V} shift = {V}.Create({Emitted.Numerics}.Lanes.Max(largest));");
            w.Lines($"{V} sum = {V}.Zero{(outputs % NetworkPlanner.Lanes == 0 ? "" : ", last = sum")};");
            Chunks(w, outputs, (at, tail) =>
            {
                string e = $"{Emitted.Numerics}.VectorMath.Exp({V}.Load(ref z, {at}) - shift)";
                w.Lines($"{(tail == 0 ? $"{V} e = {e}" : $"last = {e} & {V}.FirstLanes({tail})")};");
                w.Lines($"sum += {(tail == 0 ? "e" : "last")};");
                if (tail == 0)
                {
                    w.Lines($"{V}.Store(e, ref y, {at});");
                }
            });
            w.Lines($"{V} total = {V}.Create({Emitted.Numerics}.CanonicalSum.Fold(sum));");
            Chunks(w, outputs, (at, tail) =>
            {
                w.Lines(tail == 0
                    ? $"{V}.Store({V}.Load(ref y, {at}) / total, ref y, {at});"
                    : $"{V}.ScatterFirst(last / total, ref At(ref y, {at}), 1, {tail});");
            });
        }

        w.Line();
        w.Lines($"private static {V} Larger({V} a, {V} b) => {V}.Select({V}.GreaterThan(b, a), b, a);");
    }

    /// <summary>The loss of each row.</summary>
    public static void EmitLosses(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        w.Lines($"// The loss of each row: {LayerText.Loss(plan)}{LayerText.Stability(plan)}.");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Losses(ref float {LossSource(plan)}, ref float t, ref float losses, nuint rows)"))
        {
            if (plan.Model.Loss == LossFunction.CrossEntropy)
            {
                EmitCrossEntropy(w, plan);
            }
            else if (outputs == 1)
            {
                EmitElementwise(w, plan, "losses", LossSources(plan), () => w.Lines($"{V} result = {ElementLoss(plan)};"));
            }
            else
            {
                using (w.Block("for (nuint row = 0; row < rows; row++)"))
                {
                    w.Lines($"{V} sum = {V}.Zero;");
                    Chunks(w, outputs, (at, tail) =>
                    {
                        EmitLoads(w, plan, LossSources(plan), at, tail);
                        w.Lines($"sum += {(tail == 0 ? ElementLoss(plan) : $"({ElementLoss(plan)}) & {V}.FirstLanes({tail})")};");
                    });
                    w.Lines($"At(ref losses, row) = {Emitted.Numerics}.CanonicalSum.Fold(sum) / {Literals.Of((float)outputs)};");
                }
            }
        }
    }

    /// <summary>The delta of the output layer, with zeros in its padding.</summary>
    public static void EmitOutputDelta(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        w.Lines($"// {LayerText.OutputDelta(plan)}");
        w.Lines(Emitted.Optimized);
        using (w.Block("private static void OutputDelta(ref float y, ref float t, ref float d, nuint rows)"))
        {
            w.Lines($"{V} scale = {V}.Create({Scale(plan)});");
            if (last.Model.Activation == Activation.Softmax)
            {
                EmitSoftmaxDelta(w, plan);
            }
            else
            {
                EmitElementwise(w, plan, "d", ["y", "t"], () => w.Lines($"{V} result = {ElementDelta(plan)};"), clearsTail: true);
            }
        }
    }

    private static void EmitSoftmaxDelta(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        bool isFused = plan.Model.Loss == LossFunction.CrossEntropy;
        using (w.Block("for (nuint row = 0; row < rows; row++)"))
        {
            w.Lines(isFused
                ? "// Σt is 1 for classes and for soft targets; with it, any targets have their true gradient."
                : "// g is the loss's derivative by y; softmax turns it into y ⊙ (g − Σ g·y).");
            w.Lines($"{V} sum = {V}.Zero;");
            Chunks(w, last.Outputs, (at, tail) =>
            {
                EmitLoads(w, plan, isFused ? ["t"] : ["y", "t"], at, tail);
                string term = isFused ? "t0" : "((y0 - t0) * scale) * y0";
                w.Lines($"sum += {(tail == 0 ? term : $"{(isFused ? term : $"({term})")} & {V}.FirstLanes({tail})")};");
            });
            w.Lines($"{V} total = {V}.Create({Emitted.Numerics}.CanonicalSum.Fold(sum));");
            Chunks(w, last.Outputs, (at, tail) =>
            {
                EmitLoads(w, plan, ["y", "t"], at, tail);
                string delta = isFused ? "((y0 * total) - t0) * scale" : "y0 * (((y0 - t0) * scale) - total)";
                EmitStore(w, plan, delta, at, tail);
            });
            EmitPadding(w, last);
        }
    }

    private static void EmitStore(SourceWriter w, NetworkPlan plan, string value, string at, int tail) =>
        w.Lines($"{V}.Store({(tail == 0 ? value : $"({value}) & {V}.FirstLanes({tail})")}, ref d, {Index(plan.Last.OutputStride, at)});");

    /// <summary>Zeros from the last whole vector of outputs to the stride, for the kernels that read whole tiles.</summary>
    private static void EmitPadding(SourceWriter w, LayerPlan last)
    {
        for (int column = last.OutputColumns; column < last.OutputStride; column += NetworkPlanner.Lanes)
        {
            w.Lines($"{V}.Store({V}.Zero, ref d, (row * {last.OutputStride}) + {column});");
        }
    }

    private static void EmitCrossEntropy(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        using (w.Block("for (nuint row = 0; row < rows; row++)"))
        {
            w.Lines($"{V} largest = {V}.Create(float.NegativeInfinity);");
            Chunks(w, outputs, (at, tail) =>
            {
                EmitLoads(w, plan, ["z"], at, tail);
                w.Lines($"largest = Larger({(tail == 0 ? "z0" : $"{V}.Select({V}.FirstLanes({tail}), z0, largest)")}, largest);");
            });
            w.Lines($"{V} shift = {V}.Create({Emitted.Numerics}.Lanes.Max(largest));");
            w.Lines($"{V} sum = {V}.Zero;");
            Chunks(w, outputs, (at, tail) =>
            {
                EmitLoads(w, plan, ["z"], at, tail);
                string e = $"{Emitted.Numerics}.VectorMath.Exp(z0 - shift)";
                w.Lines($"sum += {(tail == 0 ? e : $"{e} & {V}.FirstLanes({tail})")};");
            });
            w.Lines($"{V} logarithm = {Emitted.Numerics}.VectorMath.Log({V}.Create({Emitted.Numerics}.CanonicalSum.Fold(sum)));");
            w.Lines($"{V} loss = {V}.Zero;");
            Chunks(w, outputs, (at, tail) =>
            {
                EmitLoads(w, plan, ["z", "t"], at, tail);
                string term = "t0 * (logarithm + (shift - z0))";
                w.Lines($"loss += {(tail == 0 ? term : $"({term}) & {V}.FirstLanes({tail})")};");
            });
            w.Lines($"At(ref losses, row) = {Emitted.Numerics}.CanonicalSum.Fold(loss);");
        }
    }

    /// <summary>The loss of one output as code, from <c>z0</c>, <c>y0</c>, <c>t0</c>.</summary>
    public static string ElementLoss(NetworkPlan plan) => plan.Model.Loss == LossFunction.MSE
        ? "(y0 - t0) * (y0 - t0)"
        : $"({Emitted.Numerics}.VectorMath.Relu(z0) - (t0 * z0)) + {Emitted.Numerics}.VectorMath.Softplus(-{V}.Abs(z0))";

    /// <summary>The delta of one output as code, from <c>y0</c>, <c>t0</c> and <c>scale</c>.</summary>
    public static string ElementDelta(NetworkPlan plan) => plan.Model.Loss == LossFunction.MSE
        ? ActivationCode.Of(plan.Last.Model.Activation).Backward(V, "((y0 - t0) * scale)", "y0")
        : "(y0 - t0) * scale";

    /// <summary>The loss's constant factor over what it is a mean of, as code.</summary>
    public static string Scale(NetworkPlan plan)
    {
        string count = plan.Model.Loss == LossFunction.CrossEntropy || plan.Model.OutputSize == 1
            ? "rows"
            : $"((float)rows * {Literals.Of((float)plan.Model.OutputSize)})";
        return $"{(plan.Model.Loss == LossFunction.MSE ? "2f" : "1f")} / {count}";
    }

    /// <summary>
    /// A loop over all outputs: <paramref name="body"/> writes <c>result</c> from <c>z0</c>, <c>y0</c>, <c>t0</c>. One output: lanes are rows.
    /// </summary>
    private static void EmitElementwise(
        SourceWriter w, NetworkPlan plan, string destination, IReadOnlyList<string> sources, Action body, bool clearsTail = false)
    {
        LayerPlan last = plan.Last;
        if (last.Outputs == 1)
        {
            w.Lines("nuint row = 0;");
            using (w.Block("for (; row + 8 <= rows; row += 8)"))
            {
                w.Lines(string.Join("\n", sources.Select(source => $"{V} {source}0 = {V}.Load(ref {source}, row);")));
                body();
                w.Lines($"{V}.Store(result, ref {destination}, row);");
            }

            using (w.Block("if (row < rows)"))
            {
                w.Lines("int count = (int)(rows - row);");
                w.Lines(string.Join("\n", sources.Select(source => $"{V} {source}0 = {V}.GatherFirst(ref At(ref {source}, row), 1, count);")));
                body();
                w.Lines($"{V}.ScatterFirst(result, ref At(ref {destination}, row), 1, count);");
            }

            return;
        }

        using (w.Block("for (nuint row = 0; row < rows; row++)"))
        {
            Chunks(w, last.Outputs, (at, tail) =>
            {
                EmitLoads(w, plan, sources, at, tail);
                body();
                if (destination == "d")
                {
                    EmitStore(w, plan, "result", at, tail);
                }
                else
                {
                    w.Lines(tail == 0
                        ? $"{V}.Store(result, ref {destination}, {Index(last.Outputs, at)});"
                        : $"{V}.ScatterFirst(result, ref At(ref {destination}, {Index(last.Outputs, at)}), 1, {tail});");
                }
            });
            if (clearsTail)
            {
                EmitPadding(w, last);
            }
        }
    }

    /// <summary>What the loss of an output is computed from.</summary>
    private static string[] LossSources(NetworkPlan plan) => [LossSource(plan), "t"];

    /// <summary>What a loss reads besides the targets: the outputs, or the pre-activations where it is stable only from these.</summary>
    public static string LossSource(NetworkPlan plan) => plan.Model.Loss == LossFunction.MSE ? "y" : "z";

    /// <summary>Where column <paramref name="at"/> of a row of this stride stands.</summary>
    private static string Index(int stride, string at) => at == "0" ? $"row * {stride}" : $"(row * {stride}) + {at}";

    private static void EmitLoads(SourceWriter w, NetworkPlan plan, IReadOnlyList<string> sources, string at, int tail)
    {
        foreach (string source in sources)
        {
            int stride = source == "z" ? plan.Last.OutputStride : plan.Last.Outputs;
            string index = Index(stride, at);
            w.Lines(tail == 0 || source == "z"
                ? $"{V} {source}0 = {V}.Load(ref {source}, {index});"
                : $"{V} {source}0 = {V}.GatherFirst(ref At(ref {source}, {index}), 1, {tail});");
        }
    }

    /// <summary>A loop over the whole vectors of <paramref name="count"/> columns, then the rest, with its number of lanes, once.</summary>
    private static void Chunks(SourceWriter w, int count, Action<string, int> body)
    {
        int whole = count / NetworkPlanner.Lanes * NetworkPlanner.Lanes;
        if (whole == NetworkPlanner.Lanes)
        {
            using (w.Block(count == whole ? "// All eight outputs at once." : "// The first eight outputs."))
            {
                body("0", 0);
            }
        }
        else if (whole > 0)
        {
            using (w.Block($"for (nuint o = 0; o < {whole}; o += {NetworkPlanner.Lanes})"))
            {
                body("o", 0);
            }
        }

        if (whole < count)
        {
            using (w.Block(whole == 0 ? $"// All {count} outputs at once." : $"// The last {(count - whole == 1 ? "output" : $"{count - whole} outputs")}."))
            {
                body(Literals.Of(whole), count - whole);
            }
        }
    }
}
