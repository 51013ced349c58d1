using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit.StraightLine;

/// <summary>Writes how the deltas of a small network come from layer to layer.</summary>
internal static class StraightLineDeltaEmitter
{
    private const string V = Emitted.Vec8;

    /// <summary>The layers' own methods, last to first.</summary>
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            LayerPlan layer = plan.Layers[i];
            if (!layer.IsLast)
            {
                w.Line();
                EmitDelta(w, layer, plan.Layers[i + 1]);
            }

            if (layer.KeepsOutputDelta)
            {
                w.Line();
                EmitDeltaPass(w, layer);
            }
        }

        if (plan.Model.InputGradients)
        {
            w.Line();
            EmitInputDelta(w, plan);
        }
    }

    public static void EmitDeltas(SourceWriter w, NetworkPlan plan)
    {
        w.Lines("// The deltas of eight rows, last layer to first.");
        using (w.Block($"private static void Deltas(global::Mlp.NetworkState network, ref float values{(HasMasks(plan) ? ", ref float noise" : "")})"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            string[] used =
            [
                .. plan.Layers.Take(plan.Layers.Count - 1).SelectMany((layer, i) => DeltaArguments(layer, plan.Layers[i + 1])),
                .. plan.Layers.Where(static layer => layer.KeepsOutputDelta).SelectMany(PassArguments),
                .. plan.Model.InputGradients ? InputDeltaArguments(plan) : [],
            ];
            StraightLineForwardEmitter.DeclareGroups(w, new StraightLineBuffers(plan).Groups.Select(static group => group.Name).Where(name => used.Contains(name)));
            w.Line();
            for (int i = plan.Layers.Count - 1; i >= 0; i--)
            {
                LayerPlan layer = plan.Layers[i];
                if (!layer.IsLast)
                {
                    w.Lines($"Delta{layer.Number}({string.Join(", ", DeltaArguments(layer, plan.Layers[i + 1]).Select(name => name == "mask" ? MaskPlace(plan, layer) : $"ref {name}"))});");
                }

                if (layer.KeepsOutputDelta)
                {
                    w.Lines($"Through{layer.Number}({string.Join(", ", PassArguments(layer).Select(static name => $"ref {name}"))});");
                }
            }

            if (plan.Model.InputGradients)
            {
                w.Lines($"Delta0({string.Join(", ", InputDeltaArguments(plan).Select(static name => $"ref {name}"))});");
            }
        }
    }

    public static bool HasDeltaPasses(NetworkPlan plan) => plan.Layers.Count > 1 || plan.Last.KeepsOutputDelta || plan.Model.InputGradients;

    /// <summary>Whether deltas are multiplied by masks on their way back; those of the inputs are not wanted with noise.</summary>
    public static bool HasMasks(NetworkPlan plan) => plan.Layers.Items.Any(static layer => layer.Noise is { HasMask: true });

    /// <summary>Where the mask of a layer lies among the lanes of noise.</summary>
    private static string MaskPlace(NetworkPlan plan, LayerPlan layer)
    {
        int vectors = StraightLineBackwardEmitter.NoiseKinds(plan)
            .TakeWhile(pair => pair.Noise.Number != layer.Number || pair.Kind.Kind != NoiseKind.Dropout)
            .Sum(static pair => pair.Noise.Units);
        return vectors == 0 ? "ref noise" : $"ref At(ref noise, {8 * vectors})";
    }

    /// <summary>What <c>Delta</c> of a layer reads and writes.</summary>
    private static IEnumerable<string> DeltaArguments(LayerPlan layer, LayerPlan next) =>
        ((string[])
        [
            next.Delta, "parameters",
            .. next.IsResidual ? [next.IncomingDelta] : (string[])[],
            .. layer.KeepsOutputDelta || layer.Kept is null ? (string[])[] : [layer.Kept],
            .. layer.Noise is { HasMask: true } ? ["mask"] : (string[])[],
            layer.IncomingDelta,
        ]).Distinct();

    private static IEnumerable<string> InputDeltaArguments(NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        return ((string[])[first.Delta, "parameters", .. first.IsResidual ? [first.IncomingDelta] : (string[])[], "d0"]).Distinct();
    }

    /// <summary>What a layer's own pass from the derivative by its outputs to that by its sums reads and writes.</summary>
    private static IEnumerable<string> PassArguments(LayerPlan layer) =>
        [layer.IncomingDelta, layer.Kept!, .. layer.Model.HasSlope ? ["parameters"] : (string[])[], layer.Delta];

    private static void EmitDelta(SourceWriter w, LayerPlan layer, LayerPlan next)
    {
        w.Lines($"// {LayerText.Delta(layer, next).PadRight(44)}  [B×{next.Outputs}]·[{next.Outputs}×{next.Inputs}] → [B×{next.Inputs}]");
        string? kept = layer.KeepsOutputDelta ? null : layer.Kept;
        bool hasMask = layer.Noise is { HasMask: true };
        string[] sum = [.. next.IsResidual ? [$"{V}.Load(ref {Bypass(next)}§)"] : (string[])[]];
        EmitDeltaProduct(w, $"Delta{layer.Number}", next, kept, hasMask, kept is null && !hasMask && sum.Length == 0 ? null : at =>
        {
            string terms = string.Concat(sum.Select(term => $" + {term.Replace("§", at)}"));
            string value = $"{V}.Load(ref d{at}){terms}";
            w.Lines($"{V} sum = {(hasMask ? $"{(terms.Length > 0 ? $"({value})" : value)} * {V}.Load(ref mask{at})" : value)};");
            if (kept is not null)
            {
                w.Lines($"{V} {kept.Substring(0, 1)}0 = {V}.Load(ref {kept.Substring(0, 1)}{at});");
            }

            w.Lines($"{V}.Store({(kept is null ? "sum" : ActivationCode.Of(layer.Model).Backward(V, "sum", $"{kept.Substring(0, 1)}0", ActivationCode.AlphaCode(layer.Model, V)))}, ref d{at});");
        });
    }

    /// <summary>The name that a method has for what comes around the next layer: that of its delta where they are the same.</summary>
    private static string Bypass(LayerPlan next) => next.KeepsOutputDelta ? "g" : "dNext";

    /// <summary>The derivative by the inputs that the first layer saw.</summary>
    private static void EmitInputDelta(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        w.Lines($"// {$"dx = δ1·W1ᵀ{(first.IsResidual ? $" + {LayerText.Symbol(first, first.IncomingDelta)}" : "")}".PadRight(44)}  [B×{first.Outputs}]·[{first.Outputs}×{first.Inputs}] → [B×{first.Inputs}]");
        EmitDeltaProduct(w, "Delta0", first, null, false, !first.IsResidual ? null : at =>
            w.Lines($"{V}.Store({V}.Load(ref d{at}) + {V}.Load(ref {Bypass(first)}{at}), ref d{at});"));
    }

    /// <summary>Deltas times transposed weights, and what then happens to each sum.</summary>
    private static void EmitDeltaProduct(SourceWriter w, string name, LayerPlan next, string? kept, bool hasMask, Action<string>? after)
    {
        string[] parameters =
        [
            "dNext", "parameters",
            .. next.IsResidual && next.KeepsOutputDelta ? ["g"] : (string[])[],
            .. kept is null ? [] : (string[])[kept.Substring(0, 1)],
            .. hasMask ? ["mask"] : (string[])[],
            "d",
        ];
        LaneCode.Method(
            w,
            name,
            parameters,
            next.Inputs,
            next.Outputs,
            (first, end) =>
            {
                for (int o = 0; o < next.Outputs; o++)
                {
                    w.Lines($"{V} d_{o} = {LaneCode.Load("dNext", o)};");
                }

                for (int i = first; i < end; i++)
                {
                    w.Line();
                    w.Lines($"{V} s_{i} = {V}.Zero;");
                    for (int o = 0; o < next.Outputs; o++)
                    {
                        w.Lines($"s_{i} = {V}.AddProduct(s_{i}, d_{o}, ref parameters, {LaneCode.At($"W{next.Number}", (i * next.Outputs) + o)});");
                    }

                    w.Lines(LaneCode.Store($"s_{i}", "d", i));
                }
            },
            after is null ? null : () => LaneCode.ForEachNeuron(w, next.Inputs, after));
    }

    /// <summary>From the derivative by a layer's outputs to that by its sums, where the former is kept.</summary>
    private static void EmitDeltaPass(SourceWriter w, LayerPlan layer)
    {
        string kept = layer.Kept!.Substring(0, 1);
        w.Lines($"// {LayerText.SlopeDelta(layer)}");
        w.Lines(Emitted.Optimized);
        using (w.Block($"private static void Through{layer.Number}(ref float g, ref float {kept}, {(layer.Model.HasSlope ? "ref float parameters, " : "")}ref float d)"))
        {
            OutputCode.DeclareSlope(w, layer, V);
            LaneCode.ForEachNeuron(w, layer.Outputs, at =>
            {
                w.Lines($"{V} sum = {V}.Load(ref g{at});");
                w.Lines($"{V} {kept}0 = {V}.Load(ref {kept}{at});");
                w.Lines($"{V}.Store({ActivationCode.Of(layer.Model).Backward(V, "sum", $"{kept}0", ActivationCode.AlphaCode(layer.Model, V))}, ref d{at});");
            });
        }
    }
}
