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
        w.Lines($"// The output: y = {LayerText.Formula(last, last.PreActivation)}, row by row, without the padding of {last.PreActivation}.");
        w.Lines(Emitted.Optimized);
        string[] sources = ["z", .. last.IsResidual ? (string[])["x"] : []];
        string[] written = [.. last.KeepsActivation ? (string[])["a"] : [], "y"];
        string slope = last.Model.HasSlope ? "ref float parameters, " : "";
        using (w.Block($"private static void Activate({slope}{Parameters(sources)}, {Parameters(written)}, nuint rows)"))
        {
            if (last.Model.Activation == Activation.Softmax)
            {
                using (w.Block("for (nuint row = 0; row < rows; row++)"))
                {
                    w.Lines($"Softmax({LayerText.Row("z", "row", last.OutputStride)}, {LayerText.Row("y", "row", last.Outputs)}, out float _);");
                }
            }
            else
            {
                DeclareSlope(w, last, V);
                EmitElementwise(w, plan, "y", sources, (at, tail) =>
                {
                    string result = ActivationCode.Of(last.Model).Forward(V, "z0", ActivationCode.AlphaCode(last.Model, V));
                    if (last.KeepsActivation)
                    {
                        w.Lines($"{V} activated = {result};");
                        EmitStore(w, plan, "a", "activated", at, tail);
                        result = "activated";
                    }

                    w.Lines($"{V} result = {result}{(last.IsResidual ? " + x0" : "")};");
                });
            }
        }

        if (last.Model.Activation == Activation.Softmax)
        {
            w.Line();
            EmitSoftmax(w, last.Outputs);
        }
    }

    /// <summary>The learned slope of a layer as a local, where it has one.</summary>
    public static void DeclareSlope(SourceWriter w, LayerPlan layer, string vector)
    {
        if (layer.Model.HasSlope)
        {
            w.Lines($"{vector} {ActivationCode.LearnedSlope} = {vector}.Broadcast(ref parameters, S{layer.Number});");
        }
    }

    private static string Parameters(IEnumerable<string> names) => string.Join(", ", names.Select(static name => $"ref float {name}"));

    /// <summary>Softmax of one row.</summary>
    private static void EmitSoftmax(SourceWriter w, int outputs)
    {
        w.Lines($"""
            // y = e^(z − max z) / Σ e^(z − max z): the largest exponent is 0, so nothing overflows. The sum and max z are what the loss needs too.
            {Emitted.Optimized}
            private static float Softmax(ref float z, ref float y, out float max)
            """);
        using (w.Block(""))
        {
            w.Lines($"{V} largest = {V}.Create(float.NegativeInfinity);");
            Chunks(w, outputs, (at, tail) =>
            {
                string value = $"{V}.Load(ref z, {at})";
                w.Lines($"largest = Larger({(tail == 0 ? value : $"{V}.Select({V}.FirstLanes({tail}), {value}, largest)")}, largest);");
            });
            w.Lines("max = Mlp::Lanes.Max(largest);");
            w.Lines($"{V} shift = {V}.Create(max);");
            w.Lines($"{V} sum = {V}.Zero{(outputs % NetworkPlanner.Lanes == 0 ? "" : ", last = sum")};");
            Chunks(w, outputs, (at, tail) =>
            {
                string e = $"Mlp::VectorMath.Exp({V}.Load(ref z, {at}) - shift)";
                w.Lines($"{(tail == 0 ? $"{V} e = {e}" : $"last = {e} & {V}.FirstLanes({tail})")};");
                w.Lines($"sum += {(tail == 0 ? "e" : "last")};");
                if (tail == 0)
                {
                    w.Lines($"{V}.Store(e, ref y, {at});");
                }
            });
            w.Lines("float total = Mlp::CanonicalSum.Fold(sum);");
            w.Lines($"{V} divisor = {V}.Create(total);");
            Chunks(w, outputs, (at, tail) =>
            {
                w.Lines(tail == 0
                    ? $"{V}.Store({V}.Load(ref y, {at}) / divisor, ref y, {at});"
                    : $"Mlp::Lanes.StoreFirst(last / divisor, ref At(ref y, {at}), {tail});");
            });
            w.Lines("return total;");
        }

        w.Line();
        w.Lines($"private static {V} Larger({V} a, {V} b) => {V}.Select({V}.GreaterThan(b, a), b, a);");
    }

    /// <summary>Whether the losses come with the outputs, in one pass: both need the exponentials.</summary>
    public static bool LossesActivate(NetworkPlan plan) => plan.Model.Loss == LossFunction.CrossEntropy;

    /// <summary>The loss of each row.</summary>
    public static void EmitLosses(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        w.Lines($"// {(LossesActivate(plan) ? "The outputs and the loss" : "The loss")} of each row: {LossText.Loss(plan)}{LossText.Stability(plan)}.");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Losses({Parameters(LossCode.Sources(plan))}, {(LossesActivate(plan) ? "ref float y, " : "")}ref float losses, nuint rows)"))
        {
            if (plan.Model.Loss == LossFunction.CrossEntropy)
            {
                EmitCrossEntropy(w, plan);
            }
            else if (plan.Last.OutputStride == 1)
            {
                EmitElementwise(w, plan, "losses", LossCode.Sources(plan), (_, _) => w.Lines($"{V} result = {LossCode.EmitElement(w, plan, V)};"));
            }
            else
            {
                using (w.Block("for (nuint row = 0; row < rows; row++)"))
                {
                    w.Lines($"{V} sum = {V}.Zero;");
                    Chunks(w, outputs, (at, tail) =>
                    {
                        EmitLoads(w, plan, LossCode.Sources(plan), at, tail);
                        string loss = LossCode.EmitElement(w, plan, V);
                        w.Lines($"sum += {(tail == 0 ? loss : $"({loss}) & {V}.FirstLanes({tail})")};");
                    });
                    w.Lines($"At(ref losses, row) = Mlp::CanonicalSum.Fold(sum){(outputs == 1 ? "" : $" / {Literals.Of((float)outputs)}")};");
                }
            }
        }
    }

    /// <summary>The derivative that the output layer begins with, with zeros in its padding.</summary>
    public static void EmitOutputDelta(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        w.Lines($"// {LossText.OutputDelta(plan)}{LossText.DeltaStability(plan)}.");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void OutputDelta({Parameters(LossCode.DeltaSources(plan))}, ref float d, float weight, nuint rows)"))
        {
            w.Lines($"{V} scale = {V}.Create({LossCode.Scale(plan)});");
            if (last.Model.Activation == Activation.Softmax)
            {
                EmitSoftmaxDelta(w, plan);
            }
            else
            {
                EmitElementwise(
                    w, plan, "d", LossCode.DeltaSources(plan), (_, _) => w.Lines($"{V} result = {LossCode.ElementDelta(plan, V)};"), clearsTail: true);
            }
        }
    }

    /// <summary>What <c>OutputSeed</c> reads.</summary>
    public static string[] SeedSources(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        return last.Model.Activation == Activation.Softmax ? ["y"]
            : last.KeepsOutputDelta || last.Kept is null ? []
            : last.SlopeSource == SlopeSource.Output ? ["y"] : ["z"];
    }

    /// <summary>What the backward pass begins with where it is to give the derivatives of one output, as a sentence.</summary>
    public static string SeedFormula(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        string seed = last.Model.Activation == Activation.Softmax ? "y_o ⊙ (e_o − y)"
            : last.KeepsOutputDelta ? "e_o"
            : $"e_o{LayerText.Slope(last)}";
        return $"The derivative of output o: {LayerText.Symbol(last, last.IncomingDelta)} = {seed}, with e_o the row that is 1 at o and else 0.";
    }

    /// <summary>The derivative of one output by the pre-activations, or by the outputs where that is what the output layer begins with.</summary>
    public static void EmitOutputSeed(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        bool isSoftmax = last.Model.Activation == Activation.Softmax;
        string[] sources = SeedSources(plan);
        bool hasSlope = sources.Length > 0 && !isSoftmax;
        string kept = sources.FirstOrDefault() ?? "";
        w.Lines($"// {SeedFormula(plan)}");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void OutputSeed({string.Concat(sources.Select(static source => $"ref float {source}, "))}ref float d, nuint o, nuint rows)"))
        {
            w.Lines($"Interop::MemoryMarshal.CreateSpan(ref d, checked((int)rows * {last.OutputStride})).Clear();");
            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            {
                string seed = Column("d", last.OutputStride, last.Outputs == 1 ? "0" : "o");
                if (isSoftmax)
                {
                    w.Lines($$"""
                        ref float outputs = {{LayerText.Row("y", "row", last.Outputs)}};
                        ref float deltas = {{LayerText.Row("d", "row", last.OutputStride)}};
                        for (nuint c = 0; c < {{last.Outputs}}; c++)
                        {
                            At(ref deltas, c) = At(ref outputs, o) * ((c == o ? 1f : 0f) - At(ref outputs, c));
                        }
                        """);
                }
                else if (hasSlope)
                {
                    string read = Column(kept, kept == "z" ? last.OutputStride : last.Outputs, last.Outputs == 1 ? "0" : "o");
                    w.Lines($"{V} {kept}0 = {V}.Broadcast({read}, 0);");
                    w.Lines($"Mlp::Lanes.StoreFirst({ActivationCode.Of(last.Model).Backward(V, $"{V}.Create(1f)", $"{kept}0", ActivationCode.AlphaCode(last.Model, V))}, {seed}, 1);");
                }
                else
                {
                    w.Lines($"{seed.Substring("ref ".Length)} = 1f;");
                }
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
                ? $"// {LossText.TargetSum(plan)}"
                : "// g is the loss's derivative by y; softmax turns it into y ⊙ (g − Σ g·y).");
            w.Lines($"{V} sum = {V}.Zero;");
            Chunks(w, last.Outputs, (at, tail) =>
            {
                EmitLoads(w, plan, isFused ? ["t"] : ["y", "t"], at, tail);
                string term = isFused ? "t0" : $"({LossCode.Derivative(plan, V)}) * y0";
                w.Lines($"sum += {(tail == 0 ? term : $"{(isFused ? term : $"({term})")} & {V}.FirstLanes({tail})")};");
            });
            w.Lines($"{V} total = {V}.Create(Mlp::CanonicalSum.Fold(sum));");
            Chunks(w, last.Outputs, (at, tail) =>
            {
                EmitLoads(w, plan, ["y", "t"], at, tail);
                string delta = isFused ? "((y0 * total) - t0) * scale" : $"y0 * (({LossCode.Derivative(plan, V)}) - total)";
                EmitStore(w, plan, "d", delta, at, tail);
            });
            EmitPadding(w, last);
        }
    }

    /// <summary>Stores to padded rows, with zeros behind the last output.</summary>
    private static void EmitStore(SourceWriter w, NetworkPlan plan, string destination, string value, string at, int tail) =>
        w.Lines($"{V}.Store({(tail == 0 ? value : $"({value}) & {V}.FirstLanes({tail})")}, {Place(destination, plan.Last.OutputStride, at)});");

    /// <summary>Zeros from the last whole vector of outputs to the stride, for the kernels that read whole tiles.</summary>
    private static void EmitPadding(SourceWriter w, LayerPlan last)
    {
        for (int column = last.OutputColumns; column < last.OutputStride; column += NetworkPlanner.Lanes)
        {
            w.Lines($"{V}.Store({V}.Zero, {Place("d", last.OutputStride, Literals.Of(column))});");
        }
    }

    private static void EmitCrossEntropy(SourceWriter w, NetworkPlan plan)
    {
        int outputs = plan.Model.OutputSize;
        using (w.Block("for (nuint row = 0; row < rows; row++)"))
        {
            w.Lines($"float total = Softmax({LayerText.Row("z", "row", plan.Last.OutputStride)}, {LayerText.Row("y", "row", outputs)}, out float max);");
            w.Lines($"{V} shift = {V}.Create(max);");
            w.Lines($"{V} logarithm = Mlp::VectorMath.Log({V}.Create(total));");
            w.Lines($"{V} loss = {V}.Zero;");
            Chunks(w, outputs, (at, tail) =>
            {
                EmitLoads(w, plan, ["z", "t"], at, tail);
                string term = "t0 * (logarithm + (shift - z0))";
                w.Lines($"loss += {(tail == 0 ? term : $"({term}) & {V}.FirstLanes({tail})")};");
            });
            w.Lines("At(ref losses, row) = Mlp::CanonicalSum.Fold(loss);");
        }
    }

    /// <summary>
    /// A loop over all outputs: <paramref name="body"/> writes <c>result</c> from <c>z0</c>, <c>y0</c>, <c>t0</c>. One output: lanes are rows.
    /// </summary>
    private static void EmitElementwise(
        SourceWriter w, NetworkPlan plan, string destination, IReadOnlyList<string> sources, Action<string, int> body, bool clearsTail = false)
    {
        LayerPlan last = plan.Last;
        if (last.OutputStride == 1)
        {
            w.Lines("nuint row = 0;");
            using (w.Block("for (; row + 8 <= rows; row += 8)"))
            {
                w.Lines(string.Join("\n", sources.Select(source => $"{V} {source}0 = {V}.Load(ref {source}, row);")));
                body("row", 0);
                w.Lines($"{V}.Store(result, ref {destination}, row);");
            }

            using (w.Block("if (row < rows)"))
            {
                w.Lines("int count = (int)(rows - row);");
                w.Lines(string.Join("\n", sources.Select(source => $"{V} {source}0 = {V}.GatherFirst(ref At(ref {source}, row), 1, count);")));
                body("row", 0);
                w.Lines($"{V}.ScatterFirst(result, ref At(ref {destination}, row), 1, count);");
            }

            return;
        }

        using (w.Block("for (nuint row = 0; row < rows; row++)"))
        {
            Chunks(w, last.Outputs, (at, tail) =>
            {
                EmitLoads(w, plan, sources, at, tail);
                body(at, tail);
                if (destination == "d")
                {
                    EmitStore(w, plan, "d", "result", at, tail);
                }
                else
                {
                    w.Lines(tail == 0
                        ? $"{V}.Store(result, {Place(destination, last.Outputs, at)});"
                        : $"Mlp::Lanes.StoreFirst(result, {Column(destination, last.Outputs, at)}, {tail});");
                }
            });
            if (clearsTail)
            {
                EmitPadding(w, last);
            }
        }
    }

    /// <summary>Refers to column <paramref name="at"/> of a row.</summary>
    private static string Column(string source, int stride, string at)
    {
        string row = LayerText.Row(source, "row", stride);
        return at == "0" ? row : $"ref At({row}, {at})";
    }

    /// <summary>The same as arguments of <c>Load</c> and <c>Store</c>: the row, and the column if it is not the first.</summary>
    private static string Place(string source, int stride, string at) => LayerText.Row(source, "row", stride) + (at == "0" ? "" : $", {at}");

    private static void EmitLoads(SourceWriter w, NetworkPlan plan, IReadOnlyList<string> sources, string at, int tail)
    {
        foreach (string source in sources)
        {
            // Outputs and targets are the caller's; all else has padded rows.
            int stride = source == "x" ? plan.Last.InputStride : source == "z" ? plan.Last.OutputStride : plan.Last.Outputs;
            w.Lines(tail == 0 || source is "z" or "x"
                ? $"{V} {source}0 = {V}.Load({Place(source, stride, at)});"
                : $"{V} {source}0 = Mlp::Lanes.LoadFirst({Column(source, stride, at)}, {tail});");
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
            string tail = count - whole == 1 ? "output" : $"{count - whole} outputs";
            using (w.Block(whole > 0 ? $"// The last {tail}." : count == 1 ? "// The one output." : $"// All {tail} at once."))
            {
                body(Literals.Of(whole), count - whole);
            }
        }
    }
}
