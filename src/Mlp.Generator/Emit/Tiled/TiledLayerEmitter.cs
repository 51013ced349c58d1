using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes how one layer of a tiled network goes forward: its product, and its activation where that has a pass of its own.</summary>
internal static class TiledLayerEmitter
{
    public static void EmitLayer(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        w.Lines(string.Join("\n", [LayerText.Head(plan, layer), .. LayerText.Notes(layer)]));
        if (layer.IsNormalized)
        {
            w.Lines($"// Here the sums {LayerText.PreActivation(layer)}; {LayerText.NormalizationSentence(layer)}");
        }

        if (layer.IsNarrow)
        {
            EmitNarrowLayer(w, layer);
            return;
        }

        string input = LayerText.Input(layer);
        string output = layer.Sums;
        w.Lines($"private static void Forward{layer.Number}<V>(ref float {input}, ref float parameters, ref float {output}, nuint rows)");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            w.Lines($$"""
                Mlp::ProductOperands product = new()
                {
                    Left = ref {{input}},
                    LeftStride = {{layer.InputStride}},
                    Right = ref At(ref parameters, W{{layer.Number}}),
                    RightStride = {{layer.WeightStride}},
                    Terms = {{layer.Inputs}},
                    Sums = ref {{output}},
                    SumsStride = {{layer.OutputStride}},
                    {{(layer.Model.HasBias ? $"Begin = ref At(ref parameters, B{layer.Number}),\n    BeginStep = 1," : BeginWithZeros)}}
                };
                Mlp::Tiles.Multiply<V, {{SumName(plan, layer)}}>(product, rows, columns: {{layer.OutputColumns}}, block: {{layer.InputBlock}});
                """);
            if (layer.ClearsPadding && !layer.HasActivationPass)
            {
                EmitClearing(w, layer);
            }
        }

        if (SumName(plan, layer) == $"Sum{layer.Number}")
        {
            w.Line();
            w.Lines(IsFused(layer)
                ? $"// The activation comes as soon as a tile's sums are complete: {layer.Output} = {LayerText.Activation(layer, "sum")}."
                : "// These sums stay as they are: what comes of them has a pass of its own.");
            SumRule(w, $"Sum{layer.Number}", SumEnd(layer));
        }
    }

    /// <summary>Whether the activation stands at the end of the product's sums.</summary>
    private static bool IsFused(LayerPlan layer) => !layer.IsLast && !layer.HasActivationPass;

    /// <summary>The rule of a layer's sums: that of the first layer whose sums end alike.</summary>
    private static string SumName(NetworkPlan plan, LayerPlan layer) =>
        $"Sum{plan.Layers.Items.First(other => !other.IsNarrow && SumEnd(other)[0] == SumEnd(layer)[0]).Number}";

    private static string[] SumEnd(LayerPlan layer) =>
        [IsFused(layer) ? $"return {ActivationCode.Of(layer.Model).Forward("V", "sum", ActivationCode.AlphaCode(layer.Model, "V"))};" : "return sum;"];

    /// <summary>The fields of a product whose sums begin with 0.</summary>
    public const string BeginWithZeros = "Begin = ref Mlp::Zeros.First,\n    BeginStep = 0,";

    private static void EmitClearing(SourceWriter w, LayerPlan layer) => w.Lines(
        $"Mlp::Matrix.ClearColumns(ref {layer.Output}, rows, {layer.OutputStride}, {layer.Outputs}, {NetworkPlanner.RoundUp(layer.Outputs, 16)}); // The next layer's lanes run over them.");

    /// <summary>The buffers of a layer's own activation pass: what it reads, then what it writes besides.</summary>
    public static IEnumerable<string> PassArguments(LayerPlan layer) =>
        ((string[])
        [
            .. layer.IsNormalized || layer.Model.HasSlope ? ["parameters"] : (string[])[],
            layer.Sums,
            .. layer.IsResidual && !layer.IsLast ? [LayerText.Input(layer)] : (string[])[],
            .. layer.KeepsPreActivations ? [layer.PreActivation] : (string[])[],
            .. layer.KeepsActivation && !layer.IsLast ? [layer.Activated] : (string[])[],
            .. layer.IsLast ? [] : (string[])[layer.Output],
        ]).Distinct();

    /// <summary>From sums, or what normalization made of them, to outputs, where the product does not do it by itself.</summary>
    public static void EmitActivationPass(SourceWriter w, LayerPlan layer)
    {
        string[] formulas =
        [
            .. layer.IsNormalized ? [LayerText.Rescaling(layer)] : (string[])[],
            .. layer.KeepsActivation && !layer.IsLast ? [$"{layer.Activated} = {LayerText.Activation(layer, layer.PreActivation)}"] : (string[])[],
            .. layer.IsLast ? []
                : layer.KeepsActivation ? [$"{layer.Output} = {layer.Activated} + {LayerText.Input(layer)}"]
                : (string[])[$"{layer.Output} = {LayerText.Formula(layer, layer.PreActivation)}"],
        ];
        w.Lines($"// {string.Join("      ", formulas)}");
        w.Lines(Emitted.Optimized);
        w.Lines($"private static void Activate{layer.Number}<V>({string.Join(", ", PassArguments(layer).Select(static name => $"ref float {name}"))}, nuint rows)");
        using (w.Block($"    {Emitted.WhereV}"))
        {
            OutputCode.DeclareSlope(w, layer, "V");
            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            using (w.Block($"for (nuint o = 0; o < {layer.OutputColumns}; o += (nuint)V.Count)"))
            {
                w.Lines($"nuint at = (row * {layer.OutputStride}) + o;");
                if (layer.IsNormalized)
                {
                    w.Lines($"V z = V.FusedMultiplyAdd(V.Load(ref {layer.Sums}, at), V.Load(ref parameters, Gains{layer.Number} + o), V.Load(ref parameters, Shifts{layer.Number} + o));");
                    if (layer.KeepsPreActivations)
                    {
                        w.Lines($"V.Store(z, ref {layer.PreActivation}, at);");
                    }
                }
                else
                {
                    w.Lines($"V z = V.Load(ref {layer.Sums}, at);");
                }

                if (!layer.IsLast)
                {
                    string activation = ActivationCode.Of(layer.Model).Forward("V", "z", ActivationCode.AlphaCode(layer.Model, "V"));
                    if (layer.KeepsActivation)
                    {
                        w.Lines($"V a = {activation};");
                        w.Lines($"V.Store(a, ref {layer.Activated}, at);");
                        activation = "a";
                    }

                    w.Lines($"V.Store({activation}{(layer.IsResidual ? $" + V.Load(ref {LayerText.Input(layer)}, at)" : "")}, ref {layer.Output}, at);");
                }
            }

            if (layer.ClearsPadding)
            {
                w.Line();
                EmitClearing(w, layer);
            }
        }
    }

    /// <summary>A struct that tells the tiles how sums end.</summary>
    public static void SumRule(SourceWriter w, string name, string[] end)
    {
        using (w.Block($"private readonly struct {name} : Mlp::ISumRule"))
        {
            w.Lines(Emitted.Inlined);
            using (w.Block($"public static V End<V>(V sum, scoped in Mlp::ProductOperands product, nuint at) {Emitted.WhereV}"))
            {
                w.Lines(string.Join("\n", end));
            }
        }
    }

    /// <summary>Fewer than eight outputs: lanes run along the inputs, eight partial sums a neuron.</summary>
    private static void EmitNarrowLayer(SourceWriter w, LayerPlan layer)
    {
        const string V = Emitted.Vec8;
        w.Lines("// Fewer than eight outputs: lanes run along the inputs, input k in partial sum k mod 8, the bias in partial 0; then\n// the fold ((p0+p4)+(p2+p6))+((p1+p5)+(p3+p7)).");
        w.Lines(Emitted.Optimized);
        string input = LayerText.Input(layer);
        string output = layer.Sums;
        using (w.Block($"private static void Forward{layer.Number}(ref float {input}, ref float parameters, ref float {output}, nuint rows)"))
        {
            using (w.Block("for (nuint row = 0; row < rows; row++)"))
            {
                w.Lines($"ref float values = ref At(ref {input}, row * {layer.InputStride});");
                for (int o = 0; o < layer.Outputs; o++)
                {
                    w.Lines($"{V} s{o} = {(layer.Model.HasBias ? $"{V}.Create(At(ref parameters, B{layer.Number}{(o == 0 ? "" : $" + {o}")})) & {V}.FirstLanes(1)" : $"{V}.Zero")};");
                }

                using (w.Block($"for (nuint k = 0; k < {layer.InputColumns}; k += 8)"))
                {
                    w.Lines($"{V} v = {V}.Load(ref values, k);");
                    for (int o = 0; o < layer.Outputs; o++)
                    {
                        w.Lines($"s{o} = {V}.FusedMultiplyAdd(v, {V}.Load(ref parameters, W{layer.Number}{(o == 0 ? "" : $" + {o * layer.WeightStride}")} + k), s{o});");
                    }
                }

                for (int o = 0; o < layer.Outputs; o++)
                {
                    string place = layer.OutputStride == 1 ? "row" : o == 0 ? $"row * {layer.OutputStride}" : $"(row * {layer.OutputStride}) + {o}";
                    w.Lines($"At(ref {output}, {place}) = Mlp::CanonicalSum.Fold(s{o});");
                }

                if (layer.OutputStride > 1)
                {
                    bool isFused = IsFused(layer);
                    w.Line();
                    w.Lines(isFused ? "// The activation, with zeros behind the last output." : "// Zeros behind the last output.");
                    w.Lines($"ref float outputs = ref At(ref {output}, row * {layer.OutputStride});");
                    w.Lines($"{V} z = {V}.Load(ref outputs);");
                    string value = isFused ? ActivationCode.Of(layer.Model).Forward(V, "z", ActivationCode.AlphaCode(layer.Model, V)) : "z";
                    w.Lines($"{V}.Store({(value == "z" ? value : $"({value})")} & {V}.FirstLanes({layer.Outputs}), ref outputs);");
                    w.Lines($"{V}.Store({V}.Zero, ref outputs, 8);");
                }
            }
        }
    }
}
