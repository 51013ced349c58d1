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
        for (int i = plan.Layers.Count - 1; i >= First(plan); i--)
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
        w.Lines("// The deltas of a block of rows, last layer to first.");
        using (w.Block("private static void Deltas(Mlp::NetworkState network, ref float values, nuint rows)"))
        {
            w.Lines("ref float parameters = ref network.Parameters;");
            string[] used =
            [
                .. plan.Layers.Skip(First(plan)).Where(static layer => !layer.IsLast).SelectMany(layer => DeltaArguments(layer, plan.Layers[layer.Number])),
                .. plan.Layers.Where(static layer => layer.KeepsOutputDelta).SelectMany(PassArguments),
                .. plan.Model.InputGradients ? InputDeltaArguments(plan) : [],
            ];
            StraightLineForwardEmitter.DeclareGroups(w, new StraightLineBuffers(plan).Groups.Select(static group => group.Name).Where(name => used.Contains(name)));
            if (HasMasks(plan))
            {
                StraightLineForwardEmitter.DeclareGroups(w, "noise");
            }

            w.Line();
            for (int i = plan.Layers.Count - 1; i >= First(plan); i--)
            {
                LayerPlan layer = plan.Layers[i];
                if (!layer.IsLast)
                {
                    w.Lines($"Delta{layer.Number}({string.Join(", ", DeltaArguments(layer, plan.Layers[i + 1]).Select(name => name == "mask" ? MaskPlace(plan, layer) : $"ref {name}"))}, ref parameters, rows);");
                }

                if (layer.KeepsOutputDelta)
                {
                    w.Lines($"Through{layer.Number}({string.Join(", ", PassArguments(layer).Select(static name => $"ref {name}"))}{(layer.Model.HasSlope ? ", ref parameters" : "")}, rows);");
                }
            }

            if (plan.Model.InputGradients)
            {
                w.Lines($"Delta0({string.Join(", ", InputDeltaArguments(plan).Select(static name => $"ref {name}"))}, ref parameters, rows);");
            }
        }
    }

    public static bool HasDeltaPasses(NetworkPlan plan) => plan.Layers.Count > 1 + First(plan) || plan.Last.KeepsOutputDelta || plan.Model.InputGradients;

    /// <summary>The first layer, from 0, whose deltas have a method of their own.</summary>
    private static int First(NetworkPlan plan) => plan.FusesFirstDelta ? 1 : 0;

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
            next.Delta,
            .. next.IsResidual ? [next.IncomingDelta] : (string[])[],
            .. layer.KeepsOutputDelta || layer.Kept is null ? (string[])[] : [layer.Kept],
            .. layer.Noise is { HasMask: true } ? ["mask"] : (string[])[],
            layer.IncomingDelta,
        ]).Distinct();

    private static IEnumerable<string> InputDeltaArguments(NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        return ((string[])[first.Delta, .. first.IsResidual ? [first.IncomingDelta] : (string[])[], "d0"]).Distinct();
    }

    /// <summary>What a layer's own pass from the derivative by its outputs to that by its sums reads and writes.</summary>
    private static IEnumerable<string> PassArguments(LayerPlan layer) =>
        [layer.IncomingDelta, layer.Kept!, layer.Delta];

    private static void EmitDelta(SourceWriter w, LayerPlan layer, LayerPlan next)
    {
        w.Lines($"// {LayerText.Delta(layer, next).PadRight(44)}  [B×{next.Outputs}]·[{next.Outputs}×{next.Inputs}] → [B×{next.Inputs}]");
        string? kept = layer.KeepsOutputDelta ? null : layer.Kept;
        EmitDeltaProduct(w, $"Delta{layer.Number}", next, kept is null ? null : layer, layer.Noise is { HasMask: true });
    }

    /// <summary>The name that a method has for what comes around the next layer: that of its delta where they are the same.</summary>
    private static string Bypass(LayerPlan next) => next.KeepsOutputDelta ? "g" : "dNext";

    /// <summary>The derivative by the inputs that the first layer saw.</summary>
    private static void EmitInputDelta(SourceWriter w, NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        w.Lines($"// {$"dx = δ1·W1ᵀ{(first.IsResidual ? $" + {LayerText.Symbol(first, first.IncomingDelta)}" : "")}".PadRight(44)}  [B×{first.Outputs}]·[{first.Outputs}×{first.Inputs}] → [B×{first.Inputs}]");
        EmitDeltaProduct(w, "Delta0", first, null, hasMask: false);
    }

    /// <summary>
    /// Deltas times transposed weights; then what came around the next layer, the mask of dropout, and the slope of the activation of
    /// <paramref name="layer"/>, where it is not null.
    /// </summary>
    private static void EmitDeltaProduct(SourceWriter w, string name, LayerPlan next, LayerPlan? layer, bool hasMask)
    {
        string? kept = layer?.Kept!.Substring(0, 1);
        string[] groups =
        [
            "dNext",
            .. next.IsResidual && next.KeepsOutputDelta ? ["g"] : (string[])[],
            .. kept is null ? [] : (string[])[kept],
            .. hasMask ? ["mask"] : (string[])[],
            "d",
        ];
        bool isOnePass = layer is null || IsLight(layer);
        LaneCode.Kernel(w, name, groups, ["ref float parameters"], () =>
        {
            LaneCode.Tiles(w, "i", next.Inputs, LaneCode.MaxSums, (variable, start, size) =>
            {
                LaneCode.Sums(
                    w,
                    "s",
                    size,
                    static _ => $"{V}.Zero",
                    "o",
                    next.Outputs,
                    "dNext",
                    LaneCode.Plus($"W{next.Number}", LaneCode.Place(variable, next.WeightInputStride, start * next.WeightInputStride)),
                    next.WeightInputStride,
                    next.WeightOutputStride);
                for (int j = 0; j < size; j++)
                {
                    string at = LaneCode.Offset(variable, start + j);
                    w.Lines(isOnePass ? Delta($"s_{j}", at) : $"{V}.Store(s_{j}, ref d{at});");
                }
            });
            if (!isOnePass)
            {
                w.Line();
                LaneCode.ForEachNeuron(w, next.Inputs, at =>
                {
                    w.Lines($"{V} sum = {V}.Load(ref d{at});");
                    w.Lines(Delta("sum", at));
                });
            }
        });

        string Delta(string sum, string at)
        {
            sum = next.IsResidual ? $"({sum} + {V}.Load(ref {Bypass(next)}{at}))" : sum;
            sum = hasMask ? $"({sum} * {V}.Load(ref mask{at}))" : sum;
            string value = layer is null ? sum : ActivationCode.Of(layer.Model).Backward(V, sum, $"{V}.Load(ref {kept}{at})", ActivationCode.AlphaCode(layer.Model, V));
            return $"{V}.Store({value}, ref d{at});";
        }
    }

    /// <summary>Whether a layer's slope is a few instructions, for which a sum may wait in its register, and read once.</summary>
    private static bool IsLight(LayerPlan layer) => layer.Model.Activation is Activation.Relu or Activation.Exp or Activation.LeakyRelu or Activation.PRelu;

    /// <summary>From the derivative by a layer's outputs to that by its sums, where the former is kept.</summary>
    private static void EmitDeltaPass(SourceWriter w, LayerPlan layer)
    {
        string kept = layer.Kept!.Substring(0, 1);
        w.Lines($"// {LayerText.SlopeDelta(layer)}");
        LaneCode.Kernel(
            w,
            $"Through{layer.Number}",
            ["g", kept, "d"],
            layer.Model.HasSlope ? ["ref float parameters"] : [],
            () => LaneCode.ForEachNeuron(w, layer.Outputs, at =>
            {
                w.Lines($"{V} sum = {V}.Load(ref g{at});");
                w.Lines($"{V} {kept}0 = {V}.Load(ref {kept}{at});");
                w.Lines($"{V}.Store({ActivationCode.Of(layer.Model).Backward(V, "sum", $"{kept}0", ActivationCode.AlphaCode(layer.Model, V))}, ref d{at});");
            }),
            () => OutputCode.DeclareSlope(w, layer, V));
    }
}
