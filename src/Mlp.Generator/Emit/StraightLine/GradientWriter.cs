using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the gradients of a small network, layer by layer, onto their eight partial sums; the partial sums of a tile of parameters stay in registers.</summary>
internal static class GradientWriter
{
    public static void Write(SourceWriter w, NetworkPlan plan)
    {
        w.Lines($"public static global::System.ReadOnlySpan<int> GradientOperands => [{string.Join(", ", plan.Layers.Select(layer => Operands(plan, layer)))}]; // A layer: seen, δ, g, z; −1: none.");
        using (w.Block("public static void Gradients(Mlp::NetworkState network, ref float values, ref float partials, nuint rows)"))
        {
            foreach (Operation operation in plan.Gradients)
            {
                LayerPlan layer = operation.Layer;
                string trains = $"if (network.Trains({layer.Number - 1}))";
                w.Lines(operation.IsFused
                    ? $"{trains} {{ FirstGradient<{Emitted.Vec8}>(ref network.Parameters, ref values, ref partials, rows); }}"
                    : $"{trains} {{ Gradient{layer.Number}<{Emitted.Vec8}>(ref values, ref partials, rows); }}");
                if (layer.Model.HasSlope)
                {
                    w.Lines($"{trains} {{ Mlp::LaneGradients.Slope(ref values, {layer.IncomingDelta.Offset}, {layer.PreActivation.Offset}, {layer.Outputs}, Group, (rows + 7) / 8, ref At(ref partials, 8 * S{layer.Number})); }}");
                }
            }
        }

        foreach (Operation operation in plan.Gradients)
        {
            w.Line();
            if (operation.IsFused)
            {
                WriteFused(w, plan, operation);
            }
            else
            {
                WriteGradient(w, operation);
            }
        }
    }

    private static string Operands(NetworkPlan plan, LayerPlan layer)
    {
        bool hasDelta = layer.IsTrained && !(layer.Number == 1 && plan.FusesFirstDelta);
        string slope = layer is { IsTrained: true, Model.HasSlope: true } ? $"{layer.IncomingDelta.Offset}, {layer.PreActivation.Offset}" : "-1, -1";
        return $"{layer.Seen.Offset}, {(hasDelta ? layer.Delta.Offset : "-1")}, {slope}";
    }

    private static void WriteGradient(SourceWriter w, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        w.Lines(Emitted.Comment(operation));
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Gradient{layer.Number}<V>(ref float values, ref float partials, nuint rows) {Emitted.WhereRowV}"))
        {
            w.Lines("nuint end = (rows + 7) / 8 * Group;");
            int outputs = Limits.Tile(layer.Outputs, Limits.MostGradientOutputs);
            int inputs = Math.Min(layer.Inputs, Limits.MostGradientSums / outputs);

            // A layer of one tile sums its biases along, if these find registers too.
            bool isOneTile = outputs == layer.Outputs && Limits.Tile(layer.Inputs, inputs) == layer.Inputs && (layer.Inputs + 1) * outputs <= Limits.MostGradientSums;
            LaneText.Tiles(w, "o", layer.Outputs, Limits.MostGradientOutputs, o =>
                LaneText.Tiles(w, "i", layer.Inputs, inputs, i => WriteTile(w, layer, o, i, isOneTile && layer.Model.HasBias)));
            if (layer.Model.HasBias && !isOneTile)
            {
                w.Line();
                LaneText.Tiles(w, "o", layer.Outputs, Limits.MostGradientSums, o => WriteBiases(w, layer, o));
            }
        }
    }

    private static void WriteTile(SourceWriter w, LayerPlan layer, LaneTile outputs, LaneTile inputs, bool hasBiases)
    {
        int l = layer.Number;
        PartialSum[] sums = Sums(w, layer, outputs, inputs, hasBiases);
        WriteLoads(w, sums);
        using (w.Block("for (nuint at = 0; at < end; at += Group)"))
        {
            bool isTiled = inputs.Variable is not null || outputs.Variable is not null;
            string seen = isTiled ? "seen" : "group";
            string deltas = isTiled ? "deltas" : "group";
            w.Lines(isTiled
                ? $"ref float seen = ref At(ref values, at{inputs.Loop(Limits.Lanes)}), deltas = ref At(ref values, at{outputs.Loop(Limits.Lanes)});"
                : "ref float group = ref At(ref values, at);");
            w.Lines(LaneText.Packed("V ", ", ", ";", Enumerable.Range(0, inputs.Count).Select(i =>
                $"{layer.Input}_{i} = V.Load(ref {seen}, {LaneText.Plus(layer.Seen.Offset, Limits.Lanes * (inputs.First + i))})")));
            for (int o = 0; o < outputs.Count; o++)
            {
                w.Lines($"V d{l}_{o} = V.Load(ref {deltas}, {LaneText.Plus(layer.Delta.Offset, Limits.Lanes * (outputs.First + o))});");
                for (int i = 0; i < inputs.Count; i++)
                {
                    w.Lines($"V.AddProduct(ref dW{l}_{i}_{o}, {layer.Input}_{i}, d{l}_{o});");
                }

                if (hasBiases)
                {
                    w.Lines($"db{l}_{o} += d{l}_{o};");
                }
            }
        }

        WriteStores(w, sums);
    }

    private static void WriteBiases(SourceWriter w, LayerPlan layer, LaneTile tile)
    {
        int l = layer.Number;
        Func<int, string> place = Places(w, "sums", $"B{l}", tile.Loop(1));
        PartialSum[] sums = [.. Enumerable.Range(0, tile.Count).Select(o => new PartialSum($"db{l}_{o}", place(tile.First + o)))];
        WriteLoads(w, sums);
        using (w.Block("for (nuint at = 0; at < end; at += Group)"))
        {
            w.Lines($"ref float deltas = ref At(ref values, at{tile.Loop(Limits.Lanes)});");
            for (int o = 0; o < tile.Count; o++)
            {
                w.Lines($"db{l}_{o} += V.Load(ref deltas, {LaneText.Plus(layer.Delta.Offset, Limits.Lanes * (tile.First + o))});");
            }
        }

        WriteStores(w, sums);
    }

    /// <summary>The gradients of a first layer with few inputs: its deltas go from their registers into the sums, and are kept nowhere.</summary>
    private static void WriteFused(SourceWriter w, NetworkPlan plan, Operation operation)
    {
        LayerPlan layer = operation.Layer;
        LayerPlan next = plan.Layers[1];
        LaneTile inputs = new(null, 0, layer.Inputs);
        w.Lines($"// {Formulas.Delta(layer, next)}      {operation.Formula}      {operation.Shapes}");
        w.Lines(Emitted.Optimized);
        using (w.Block($"public static void FirstGradient<V>(ref float parameters, ref float values, ref float partials, nuint rows) {Emitted.WhereRowV}"))
        {
            w.Lines("nuint end = (rows + 7) / 8 * Group;");
            LaneText.Tiles(w, "o", layer.Outputs, Limits.MostSums / (layer.Inputs + 1), tile =>
            {
                PartialSum[] sums = Sums(w, layer, tile, inputs, layer.Model.HasBias);
                WriteLoads(w, sums);
                w.Lines($"ref float w = ref At(ref parameters, {tile.Index($"W{next.Number}", next.Places.InputStride, 0)});");
                using (w.Block("for (nuint at = 0; at < end; at += Group)"))
                {
                    w.Lines("ref float group = ref At(ref values, at);");
                    if (layer.Kept is not null && tile.Variable is not null)
                    {
                        w.Lines($"ref float kept = ref At(ref values, at{tile.Loop(Limits.Lanes)});");
                    }

                    w.Lines(LaneText.Packed("V ", ", ", ";",
                    [
                        .. Enumerable.Range(0, layer.Inputs).Select(i => $"x_{i} = V.Load(ref group, {LaneText.Plus(layer.Input.Offset, Limits.Lanes * i)})"),
                        .. Enumerable.Range(0, next.Outputs).Select(t => $"d2_{t} = V.Load(ref group, {LaneText.Plus(next.Delta.Offset, Limits.Lanes * t)})"),
                    ]));
                    foreach (int o in Enumerable.Range(0, tile.Count))
                    {
                        string delta = Enumerable.Range(0, next.Outputs).Aggregate("V.Zero", (sum, t) =>
                            $"V.AddProduct({sum}, d2_{t}, ref w, {next.Places.WeightIndex(o, t)})");
                        delta = layer.Kept is null ? delta
                            : StraightLineWriter.Sloped(layer, delta, $"V.Load(ref {(tile.Variable is null ? "group" : "kept")}, {LaneText.Plus(layer.Kept.Offset, Limits.Lanes * (tile.First + o))})");
                        string[] statements =
                        [
                            $"V d1_{o} = {delta};",
                            .. Enumerable.Range(0, layer.Inputs).Select(i => $"V.AddProduct(ref dW1_{i}_{o}, x_{i}, d1_{o});"),
                            .. layer.Model.HasBias ? [$"db1_{o} += d1_{o};"] : (string[])[],
                        ];
                        w.Lines(string.Join("\n", statements));
                    }
                }

                WriteStores(w, sums);
            });
        }
    }

    private static PartialSum[] Sums(SourceWriter w, LayerPlan layer, LaneTile outputs, LaneTile inputs, bool hasBiases)
    {
        ParameterPlaces places = layer.Places;
        Func<int, string> weight = Places(w, "sums", $"W{layer.Number}", inputs.Loop(places.InputStride) + outputs.Loop(places.OutputStride));
        Func<int, string>? bias = hasBiases ? Places(w, "biasSums", $"B{layer.Number}", outputs.Loop(1)) : null;
        return
        [
            .. Enumerable.Range(0, outputs.Count).SelectMany(o => (PartialSum[])
            [
                .. Enumerable.Range(0, inputs.Count).Select(i => new PartialSum(
                    $"dW{layer.Number}_{i}_{o}", weight(places.WeightIndex(inputs.First + i, outputs.First + o)))),
                .. bias is null ? (PartialSum[])[] : [new PartialSum($"db{layer.Number}_{o}", bias(outputs.First + o))],
            ]),
        ];
    }

    /// <summary>Where the partial sums of some parameters are: in a loop behind a local, which is written here, so that no place is computed again.</summary>
    /// <param name="w">Where the local goes.</param>
    /// <param name="local">Its name.</param>
    /// <param name="start">Index of the first parameter.</param>
    /// <param name="loop">What the loops add to it.</param>
    private static Func<int, string> Places(SourceWriter w, string local, string start, string loop)
    {
        if (loop.Length == 0)
        {
            return index => $"ref partials, 8 * {LaneText.Factor(LaneText.Plus(start, index))}";
        }

        w.Lines($"ref float {local} = ref At(ref partials, 8 * ({start}{loop}));");
        return index => index == 0 ? $"ref {local}" : $"ref {local}, {Limits.Lanes * index}";
    }

    private static void WriteLoads(SourceWriter w, PartialSum[] sums) =>
        w.Lines(LaneText.Packed("V ", ", ", ";", sums.Select(static sum => $"{sum.Name} = V.Load({sum.Place})")));

    private static void WriteStores(SourceWriter w, PartialSum[] sums) =>
        w.Lines(LaneText.Packed("", " ", "", sums.Select(static sum => $"V.Store({sum.Name}, {sum.Place});")));

    /// <summary>The partial sums of a parameter's gradient: a local, and where they are kept.</summary>
    private sealed record PartialSum(string Name, string Place);
}
