using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Rows;

/// <summary>Writes products as scalar loops, the textbook form, with every sum in the order that the strategy's own form has: the same bits.</summary>
internal sealed class PlainWriter(NetworkPlan plan) : RowWriter(plan)
{
    protected override string Introduction =>
        $"Plain loops, one number at a time, with the bits of the {(Plan.Strategy == Strategy.Tiled ? "tiled" : "straight-line")} form. Values lie in rows, buffer behind buffer.";

    protected override void WriteProduct(SourceWriter w, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        int l = layer.Number;
        using (Loop(w, "m", "pass.Rows"))
        {
            w.Lines($"ref float {layer.Input} = ref At(ref {Operand(Seen(layer))}, m * {Stride(layer.Input)});");
            w.Lines($"ref float sums = ref At({Ref(operation.IsFused ? layer.Output : layer.Sums)}, m * {Stride(layer.Sums)});");
            using (Loop(w, "o", $"{layer.Outputs}"))
            {
                string bias = layer.Model.HasBias ? $"pass.Parameter({Index(layer, $"B{l}")} + o)" : "0f";
                string weight = $"pass.Parameter({Index(layer, $"W{l}")} + {WeightIndex(layer, "i", "o")})";
                if (layer.IsNarrow)
                {
                    // Straight-line code leaves partial sums without an input out; tiles add zeros.
                    int terms = Plan.Strategy == Strategy.StraightLine ? Math.Min(layer.Inputs, Limits.Lanes) : Limits.Lanes;
                    w.Lines($"Mlp::EightSums z = new({bias}, {terms});");
                    using (Loop(w, "i", $"{layer.Inputs}"))
                    {
                        w.Lines($"z.AddProduct(i, At(ref {layer.Input}, i), {weight});");
                    }
                }
                else
                {
                    w.Lines($"float z = {bias};");
                    using (Loop(w, "i", $"{layer.Inputs}"))
                    {
                        w.Lines($"z = Mlp::Plain.MultiplyAdd(At(ref {layer.Input}, i), {weight}, z);");
                    }
                }

                string sum = layer.IsNarrow ? "z.Fold()" : "z";
                w.Lines($"At(ref sums, o) = {(operation.IsFused ? $"Mlp::Plain.Forward<{Emitted.Activation(layer)}>({sum}{Emitted.Alpha(layer, $"pass.Parameter({Index(layer, $"S{l}")})")})" : sum)};");
            }
        }
    }

    protected override void WriteDeltaProduct(SourceWriter w, Operation operation)
    {
        LayerPlan next = operation.Layer;
        LayerPlan? layer = operation.Target;
        Value result = operation.Writes[0];
        using (Loop(w, "m", "pass.Rows"))
        using (Loop(w, "i", $"{next.Inputs}"))
        {
            w.Lines("float delta = 0f;");
            using (Loop(w, "o", $"{next.Outputs}"))
            {
                w.Lines($"delta = Mlp::Plain.MultiplyAdd({At(next.Delta, "o")}, pass.Parameter({Index(next, $"W{next.Number}")} + {WeightIndex(next, "i", "o")}), delta);");
            }

            if (next.IsResidual)
            {
                w.Lines($"delta += {At(next.IncomingDelta, "i")};");
            }

            if (MaskOf(operation) is { } mask)
            {
                w.Lines($"delta *= {At(mask, "i")};");
            }

            w.Lines(operation.IsFused
                ? $"{At(result, "i")} = Mlp::Plain.Backward<{Emitted.Activation(layer!)}>(delta, {At(layer!.FusedSlope!, "i")}{Emitted.Alpha(layer, $"pass.Parameter(S{layer.Number})")});"
                : $"{At(result, "i")} = delta;");
        }
    }

    protected override void WriteGradient(SourceWriter w, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        int l = layer.Number;
        w.Lines($"(nuint first{l}, nuint count{l}) = pass.Trains({l - 1}) ? Mlp::WorkerPool.Range({layer.GradientRows}, {Limits.TileRows}, part, parts) : default;");
        using (w.Block($"for (nuint r = first{l}; r < first{l} + count{l}; r++)"))
        {
            (string input, string output) = layer.IsNarrow ? ("c", "r") : ("r", "c");
            w.Lines($"global::System.Span<float> row = Mlp::Plain.Row(W{l}Stride);");
            using (Loop(w, "c", $"{(layer.IsNarrow ? layer.Inputs : layer.Outputs)}"))
            {
                WriteSum(w, "row[(int)c]", $"{At(layer.Seen, input)}, {At(layer.Delta, output)}");
            }

            w.Lines($"Mlp::Plain.Give(row, ref pass.Parameters, {PlaceOf(layer, $"W{l}")} + ((int)r * W{l}Stride), isWeights: true, sink);");
        }

        if (!layer.Model.HasBias && !layer.IsNormalized && !layer.Model.HasSlope)
        {
            return;
        }

        using (w.Block($"if (first{l} + count{l} == {layer.GradientRows})"))
        {
            w.Lines($"global::System.Span<float> unit = Mlp::Plain.Row({layer.Places.VectorLength});");
            if (layer.Model.HasBias)
            {
                WriteVector(w, layer, $"{At(layer.Delta, "o")}, 1f", PlaceOf(layer, $"B{l}"));
            }

            if (layer.IsNormalized)
            {
                WriteVector(w, layer, $"{At(layer.PreActivationDelta, "o")}, {At(layer.Normalized, "o")}", PlaceOf(layer, $"Gains{l}"));
                WriteVector(w, layer, $"{At(layer.PreActivationDelta, "o")}, 1f", PlaceOf(layer, $"Shifts{l}"));
            }

            if (layer.Model.HasSlope)
            {
                WriteSlope(w, layer);
            }
        }
    }

    /// <summary>The gradient of a learned slope: of a row, output o into partial sum o mod 8, then row m into partial sum m mod 8.</summary>
    private void WriteSlope(SourceWriter w, LayerPlan layer)
    {
        w.Lines("Mlp::EightSums slope = default;");
        using (Loop(w, "m", "pass.Rows"))
        {
            w.Lines("Mlp::EightSums row = default;");
            using (Loop(w, "o", $"{layer.Outputs}"))
            {
                w.Lines($"float z = {At(layer.PreActivation, "o")}, below = z > 0f ? 0f : z;");

                // Straight-line code rounds the product before it adds it.
                string delta = At(layer.IncomingDelta, "o");
                w.Lines(Plan.Strategy == Strategy.Tiled ? $"row.AddProduct(o, {delta}, below);" : $"row.Add(o, {delta} * below);");
            }

            w.Lines($"slope.Add({(Plan.Model.IsEnsemble ? "m % pass.BatchRows" : "m")}, row.Fold());");
        }

        w.Lines($"""
            unit = Mlp::Plain.Row({Limits.Lanes});
            unit[0] = slope.Fold();
            Mlp::Plain.Give(unit, ref pass.Parameters, {PlaceOf(layer, $"S{layer.Number}")}, isWeights: false, sink);
            """);
    }

    private void WriteVector(SourceWriter w, LayerPlan layer, string factors, string place)
    {
        using (Loop(w, "o", $"{layer.Outputs}"))
        {
            WriteSum(w, "unit[(int)o]", factors);
        }

        w.Lines($"Mlp::Plain.Give(unit, ref pass.Parameters, {place}, isWeights: false, sink);");
    }

    /// <summary>A sum over the samples: in batch order, or sample m into partial sum m mod 8.</summary>
    private void WriteSum(SourceWriter w, string result, string factors)
    {
        bool isInOrder = Plan.Strategy == Strategy.Tiled;
        w.Lines(isInOrder ? "float sum = 0f;" : "Mlp::EightSums sum = default;");
        using (Loop(w, "m", "pass.Rows"))
        {
            w.Lines(isInOrder ? $"sum = Mlp::Plain.MultiplyAdd({factors}, sum);" : $"sum.AddProduct(m, {factors});");
        }

        w.Lines($"{result} = {(isInOrder ? "sum" : "sum.Fold()")};");
    }

    /// <summary>The same index as an integer with a sign.</summary>
    private string PlaceOf(LayerPlan layer, string name) => Plan.IsHead(layer) ? $"(int){Index(layer, name)}" : name;

    private static SourceWriter.BlockScope Loop(SourceWriter w, string variable, string count) =>
        w.Block($"for (nuint {variable} = 0; {variable} < {count}; {variable}++)");

    /// <summary>One unit of a value in row m.</summary>
    private string At(Value value, string unit) => $"At({Ref(value)}, (m * {Stride(value)}) + {unit})";

    private static string WeightIndex(LayerPlan layer, string input, string output) =>
        layer.IsNarrow ? $"({output} * W{layer.Number}Stride) + {input}" : $"({input} * W{layer.Number}Stride) + {output}";

    private static string Operand(string reference) => reference.Contains('?') ? $"({reference.Substring("ref ".Length)})" : reference.Substring("ref ".Length);
}
