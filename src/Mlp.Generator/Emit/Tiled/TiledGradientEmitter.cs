using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.Tiled;

/// <summary>Writes the gradients of a tiled network, from deltas into the sink.</summary>
internal static class TiledGradientEmitter
{
    /// <summary>The layers' own methods, last to first, and the tiles that they share.</summary>
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            w.Line();
            EmitGradient(w, plan, plan.Layers[i]);
        }
    }

    public static void EmitGradients(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The gradients, into the sink: each thread takes rows of every layer's weights, given by ParallelPasses. All deltas are there: they needed\n// the weights from before the update.");
        w.Lines("public static void Gradients<V, TSink>(Mlp::NetworkState network, ref float inputs, ref float buffers, nuint capacity, nuint rows, int part, int parts, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            w.Lines($"ref float partial = ref Mlp::Scratch.BorrowForWeights(rows > {NetworkPlanner.MaxSamples} ? {plan.PartialFloats} : 0); // The unfinished tiles of a large batch.");
            IEnumerable<string> names = plan.Layers.SelectMany(layer => GradientArguments(plan, layer));
            TiledForwardEmitter.DeclareBuffers(w, plan, plan.Buffers.Select(static buffer => buffer.Name).Where(name => names.Contains(name)));
            w.Line();
            foreach (LayerPlan layer in plan.Layers.Reverse())
            {
                w.Lines($"Gradient{layer.Number}<V, TSink>({string.Join(", ", GradientArguments(plan, layer).Select(static name => $"ref {name}"))}, ref parameters, ref partial, rows, part, parts, sink);");
            }
        }
    }

    /// <summary>What the gradients of a layer are made of: what it saw, its deltas, and what its other parameters need.</summary>
    private static IEnumerable<string> GradientArguments(NetworkPlan plan, LayerPlan layer) =>
    [
        Seen(plan, layer),
        layer.Delta,
        .. layer.IsNormalized ? [layer.PreActivationDelta, layer.Normalized] : (string[])[],
        .. layer.Model.HasSlope ? [layer.IncomingDelta, layer.PreActivation] : (string[])[],
    ];

    /// <summary>The buffer with what the layer saw in training.</summary>
    private static string Seen(NetworkPlan plan, LayerPlan layer) =>
        plan.NoiseBefore(layer)?.Result ?? (layer.Number > 1 ? LayerText.Input(layer) : plan.StagesInputs ? "x" : "inputs");

    private static void EmitGradient(SourceWriter w, NetworkPlan plan, LayerPlan layer)
    {
        string input = plan.NoiseBefore(layer)?.Result ?? LayerText.Input(layer);
        string delta = layer.Delta;
        (string left, int leftStride, string right, int rightStride) = layer.IsNarrow
            ? (delta, layer.OutputStride, input, layer.InputStride)
            : (input, layer.InputStride, delta, layer.OutputStride);
        w.Lines($"// {LayerText.Gradient(plan, layer).PadRight(44)}  [{layer.Inputs}×B]·[B×{layer.Outputs}] → [{layer.Inputs}×{layer.Outputs}]");
        if (layer.IsNarrow)
        {
            w.Lines("// The weights are stored transposed, a row for each output: lanes run along the inputs.");
        }

        string others = string.Concat(GradientArguments(plan, layer).Skip(2).Select(static name => $"ref float {name}, "));
        w.Lines($"private static void Gradient{layer.Number}<V, TSink>(ref float {input}, ref float {delta}, {others}ref float parameters, ref float partial, nuint samples, int part, int parts, scoped TSink sink)");
        w.Lines($"    {Emitted.WhereV}");
        using (w.Block($"    {Emitted.WhereSink}"))
        {
            w.Lines($$"""
                (nuint first, nuint count) = Mlp::WorkerPool.Range({{layer.GradientRows}}, {{NetworkPlanner.TileRows}}, part, parts);
                Mlp::GradientOperands gradient = new()
                {
                    Left = ref {{left}},
                    LeftStride = {{leftStride}},
                    Right = ref {{right}},
                    RightStride = {{rightStride}},
                    Samples = samples,
                    First = first,
                    End = first + count,
                    Columns = {{layer.GradientColumns}},
                    Parameters = ref parameters,
                    Index = W{{layer.Number}},
                    Stride = {{layer.WeightStride}},
                    Partial = ref partial,
                };
                Mlp::Tiles.SumGradients<V, TSink>(gradient, sink);
                """);
            if (layer.Model.HasBias || layer.Model.HasSlope || layer.IsNormalized)
            {
                using (w.Block($"if (gradient.End == {layer.GradientRows})"))
                {
                    EmitVectors(w, layer);
                }
            }
        }
    }

    /// <summary>Biases, gains, shifts and a slope: for the thread that has the last rows of the weights.</summary>
    private static void EmitVectors(SourceWriter w, LayerPlan layer)
    {
        if (layer.Model.HasBias)
        {
            EmitBiases(w, layer);
        }

        int l = layer.Number;
        string type = layer.IsNarrow ? Emitted.Vec8 : "V";
        string sums = $"{layer.OutputStride}, {layer.OutputColumns}, samples, ref parameters";
        if (layer.IsNormalized)
        {
            w.Lines($"Mlp::Tiles.GainGradient<{type}, TSink>(ref {layer.PreActivationDelta}, ref {layer.Normalized}, {sums}, Gains{l}, sink);");
            w.Lines($"Mlp::Tiles.BiasGradient<{type}, TSink>(ref {layer.PreActivationDelta}, {sums}, Shifts{l}, sink);");
        }

        if (layer.Model.HasSlope)
        {
            const string V = Emitted.Vec8;
            w.Lines($"float slope = Mlp::PReluSlope.Gradient(ref {layer.IncomingDelta}, ref {layer.PreActivation}, samples, {layer.Outputs}, {layer.OutputStride});");
            w.Lines($"sink.Biases({V}.Create(slope) & {V}.FirstLanes(1), ref At(ref parameters, S{l}), S{l});");
        }
    }

    private static void EmitBiases(SourceWriter w, LayerPlan layer)
    {
        const string V = Emitted.Vec8;
        if (layer.OutputStride == 1)
        {
            w.Lines($$"""
                float sum = 0f;
                for (nuint m = 0; m < samples; m++)
                {
                    sum += At(ref d{{layer.Number}}, m);
                }

                sink.Biases({{V}}.Create(sum) & {{V}}.FirstLanes(1), ref At(ref parameters, B{{layer.Number}}), B{{layer.Number}});
                """);
        }
        else
        {
            string type = layer.IsNarrow ? V : "V";
            w.Lines($"Mlp::Tiles.BiasGradient<{type}, TSink>(ref d{layer.Number}, {layer.OutputStride}, {layer.OutputColumns}, samples, ref parameters, B{layer.Number}, sink);");
        }
    }
}
