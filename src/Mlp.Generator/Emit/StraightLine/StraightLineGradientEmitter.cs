using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes the gradients of a small network, layer by layer, onto their partial sums.</summary>
internal static class StraightLineGradientEmitter
{
    private const string V = Emitted.Vec8;

    /// <summary>Partial sums of a tile of parameters; with as many inputs and outputs as it has they fill the sixteen registers.</summary>
    private const int MaxTileSums = 10;

    private const int MostTileOutputs = 5;

    /// <summary>The gradients of a layer's weights and biases, and of its slope if that is learned.</summary>
    public static void Emit(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        if (IsFused(plan, layer))
        {
            EmitDeltaGradient(w, plan, layer);
        }
        else
        {
            EmitGradient(w, plan, layer);
        }

        if (layer.Model.HasSlope)
        {
            w.Line();
            EmitSlopeGradient(w, layer);
        }
    }

    /// <summary>Whether the gradients take the layer's deltas from registers, as these are kept nowhere.</summary>
    public static bool IsFused(NetworkPlan plan, LayerPlan layer) => layer.Number == 1 && plan.FusesFirstDelta;

    private static void EmitSlopeGradient(SourceWriter w, LayerPlan layer)
    {
        w.Lines($"// dα{layer.Number} = Σ {layer.IncomingDelta} ⊙ min({layer.PreActivation}, 0), over neurons and samples");
        LaneCode.Kernel(w, $"SlopeGradient{layer.Number}", ["g", "z"], ["ref float partials"], () =>
        {
            static string Term(string place) => $"({V}.Load(ref g{place}) * -Mlp::VectorMath.Relu(-{V}.Load(ref z{place})))";
            if (layer.Outputs < 3 * NetworkPlanner.Lanes)
            {
                LaneCode.Sum(w, V, "total", [.. Enumerable.Range(0, layer.Outputs).Select(static o => Term(LaneCode.Offset(null, o)))]);
            }
            else
            {
                EmitLongSum(w, layer.Outputs, Term);
            }

            w.Lines($"{V}.Store({V}.Load(ref partials, 8 * S{layer.Number}) + total, ref partials, 8 * S{layer.Number});");
        });
    }

    /// <summary>The same with a loop over eights of neurons: the JIT would not inline a statement for each.</summary>
    private static void EmitLongSum(SourceWriter w, int neurons, Func<string, string> term)
    {
        const int Lanes = NetworkPlanner.Lanes;
        int whole = neurons / Lanes * Lanes;
        for (int i = 0; i < Lanes; i++)
        {
            w.Lines($"{V} total{i} = {term(LaneCode.Offset(null, i))};");
        }

        using (w.Block($"for (nuint o = {Lanes * Lanes}; o < {Lanes * whole}; o += {Lanes * Lanes})"))
        {
            for (int i = 0; i < Lanes; i++)
            {
                w.Lines($"total{i} += {term(i == 0 ? ", o" : $", o + {Lanes * i}")};");
            }
        }

        for (int i = whole; i < neurons; i++)
        {
            w.Lines($"total{i % Lanes} += {term(LaneCode.Offset(null, i))};");
        }

        w.Lines($"{V} total = {LaneCode.Fold([.. Enumerable.Range(0, Lanes).Select(static i => $"total{i}")])};");
    }

    private static void EmitGradient(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        w.Lines($"// {LayerText.Gradient(plan, layer).PadRight(44)}  [{layer.Inputs}×B]·[B×{layer.Outputs}] → [{layer.Inputs}×{layer.Outputs}]");
        w.Lines("// The partial sums of a tile of parameters stay in registers over all rows of the block; xs and ds are x and d of eight rows, from the tile on.");
        int outputs = LaneCode.Tile(layer.Outputs, MostTileOutputs);
        int inputs = MaxTileSums / outputs;
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Gradient{layer.Number}(ref float x, ref float d, ref float partials, nuint rows)"))
        {
            w.Lines("nuint end = (rows + 7) / 8 * Group;");
            LaneCode.Tiles(w, "o", layer.Outputs, outputs, (o, firstOutput, outputCount) =>
                LaneCode.Tiles(w, "i", layer.Inputs, inputs, (i, firstInput, inputCount) =>
                    EmitGradientTile(w, layer, (o, firstOutput, outputCount), (i, firstInput, inputCount))));
            if (layer.Model.HasBias)
            {
                w.Line();
                LaneCode.Tiles(w, "o", layer.Outputs, MaxTileSums, (o, start, count) => EmitBiasTile(w, layer, o, start, count));
            }
        }
    }

    /// <summary>The gradients of a first layer with few inputs: its deltas go from their registers into the sums.</summary>
    private static void EmitDeltaGradient(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        LayerPlan next = plan.Layers[1];
        string? kept = layer.Kept?.Substring(0, 1);
        w.Lines($"// {LayerText.Delta(layer, next)}");
        w.Lines($"// {LayerText.Gradient(plan, layer).PadRight(44)}  [{layer.Inputs}×B]·[B×{layer.Outputs}] → [{layer.Inputs}×{layer.Outputs}]");
        w.Lines("// Nothing but the gradients needs these deltas: they stay in registers, as the partial sums of a tile of neurons do over all rows of the block.");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Gradient{layer.Number}(ref float x, ref float dNext, {(kept is null ? "" : $"ref float {kept}, ")}ref float parameters, ref float partials, nuint rows)"))
        {
            w.Lines("nuint end = (rows + 7) / 8 * Group;");
            LaneCode.Tiles(w, "o", layer.Outputs, LaneCode.MaxSums / (layer.Inputs + 1), (variable, first, count) =>
            {
                static string Argument(string start) => start.Contains(' ') ? $"({start})" : start;
                string weights = LaneCode.Plus($"W{layer.Number}", LaneCode.Place(variable, layer.WeightOutputStride, first * layer.WeightOutputStride));
                w.Lines($"ref float sums = ref At(ref partials, 8 * {Argument(weights)});");
                if (layer.Model.HasBias)
                {
                    w.Lines($"ref float biases = ref At(ref partials, 8 * {Argument(LaneCode.Plus($"B{layer.Number}", LaneCode.Place(variable, 1, first)))});");
                }

                int[] inputs = [.. Enumerable.Range(0, layer.Inputs)];
                int[] outputs = [.. Enumerable.Range(0, count)];
                (string Name, string Place)[] sums =
                [
                    .. outputs.SelectMany(o => inputs.Select(i => ($"g_{i}_{o}", $"ref sums{LaneCode.Offset(null, layer.WeightIndex(i, o))}"))),
                    .. layer.Model.HasBias ? outputs.Select(static o => ($"b_{o}", $"ref biases{LaneCode.Offset(null, o)}")) : [],
                ];
                w.Lines(string.Join("\n", sums.Select(static sum => $"{V} {sum.Name} = {V}.Load({sum.Place});")));
                using (w.Block("for (nuint group = 0; group < end; group += Group)"))
                {
                    w.Lines("ref float next = ref At(ref dNext, group);");
                    DeclareGroup(w, "x", null);
                    if (kept is not null)
                    {
                        DeclareGroup(w, kept, variable);
                    }

                    w.Lines(string.Join("\n", inputs.Select(static i => $"{V} x_{i} = {LaneCode.Load("xs", i)};")));
                    LaneCode.Sums(
                        w, "s", count, static _ => $"{V}.Zero", "t", next.Outputs, "next",
                        LaneCode.Plus($"W{next.Number}", LaneCode.Place(variable, next.WeightInputStride, first * next.WeightInputStride)),
                        next.WeightInputStride, next.WeightOutputStride);
                    foreach (int o in outputs)
                    {
                        if (kept is not null)
                        {
                            w.Lines($"{V} {kept}_{o} = {LaneCode.Load($"{kept}s", first + o)};");
                        }

                        w.Lines($"{V} d_{o} = {ActivationCode.Of(layer.Model).Backward(V, $"s_{o}", $"{kept}_{o}", ActivationCode.AlphaCode(layer.Model, V))};");
                        w.Lines(string.Join("\n", inputs.Select(i => $"{V}.AddProduct(ref g_{i}_{o}, x_{i}, d_{o});")));
                        if (layer.Model.HasBias)
                        {
                            w.Lines($"b_{o} += d_{o};");
                        }
                    }
                }

                w.Lines(string.Join("\n", sums.Select(static sum => $"{V}.Store({sum.Name}, {sum.Place});")));
            });
        }
    }

    private static void EmitGradientTile(
        SourceWriter w, LayerPlan layer, (string? Variable, int First, int Count) outputs, (string? Variable, int First, int Count) inputs)
    {
        // The tile's first weight: a constant, and the loops' shares.
        int constant = layer.WeightIndex(inputs.First, outputs.First);
        string[] places =
        [
            .. inputs.Variable is null ? [] : (string[])[LaneCode.Place(inputs.Variable, layer.WeightInputStride, 0)],
            .. outputs.Variable is null ? [] : (string[])[LaneCode.Place(outputs.Variable, layer.WeightOutputStride, 0)],
        ];
        string place = string.Concat([$"W{layer.Number}", .. places.Select(static text => text.Contains('*') ? $" + ({text})" : $" + {text}"), constant == 0 ? "" : $" + {constant}"]);
        w.Lines($"ref float sums = ref At(ref partials, 8 * {(place.Contains(' ') ? $"({place})" : place)});");
        void ForEach(Func<int, int, string> code)
        {
            for (int i = 0; i < inputs.Count; i++)
            {
                for (int o = 0; o < outputs.Count; o++)
                {
                    w.Lines(code(i, o));
                }
            }
        }

        string Sum(int i, int o) => $"s_{i}_{o}";
        string Place(int i, int o) => LaneCode.Offset(null, layer.WeightIndex(i, o));
        ForEach((i, o) => $"{V} {Sum(i, o)} = {V}.Load(ref sums{Place(i, o)});");
        using (w.Block("for (nuint group = 0; group < end; group += Group)"))
        {
            DeclareGroup(w, "x", inputs.Variable);
            DeclareGroup(w, "d", outputs.Variable);
            for (int i = 0; i < inputs.Count; i++)
            {
                w.Lines($"{V} x_{i} = {LaneCode.Load("xs", inputs.First + i)};");
            }

            for (int o = 0; o < outputs.Count; o++)
            {
                w.Lines($"{V} d_{o} = {LaneCode.Load("ds", outputs.First + o)};");
                w.Lines(string.Join("\n", Enumerable.Range(0, inputs.Count).Select(i => $"{V}.AddProduct(ref {Sum(i, o)}, x_{i}, d_{o});")));
            }
        }

        ForEach((i, o) => $"{V}.Store({Sum(i, o)}, ref sums{Place(i, o)});");
    }

    private static void EmitBiasTile(SourceWriter w, LayerPlan layer, string? variable, int first, int count)
    {
        string place = LaneCode.Plus($"B{layer.Number}", LaneCode.Place(variable, 1, first));
        w.Lines($"ref float biases = ref At(ref partials, 8 * {(place.Contains(' ') ? $"({place})" : place)});");
        for (int o = 0; o < count; o++)
        {
            w.Lines($"{V} b_{o} = {LaneCode.Load("biases", o)};");
        }

        using (w.Block("for (nuint group = 0; group < end; group += Group)"))
        {
            DeclareGroup(w, "d", variable);
            for (int o = 0; o < count; o++)
            {
                w.Lines($"b_{o} += {LaneCode.Load("ds", first + o)};");
            }
        }

        for (int o = 0; o < count; o++)
        {
            w.Lines(LaneCode.Store($"b_{o}", "biases", o));
        }
    }

    /// <summary>Declares <c>xs</c> for <c>x</c>: the vectors of the group in a loop over groups, or those from the tile's first neuron on.</summary>
    private static void DeclareGroup(SourceWriter w, string values, string? variable) =>
        w.Lines($"ref float {values}s = ref At(ref {values}, {(variable is null ? "group" : $"group + ({NetworkPlanner.Lanes} * {variable})")});");
}
