using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>The mathematics of a layer as text, for comments above its code.</summary>
internal static class LayerText
{
    /// <summary><c>Dense(300, Relu)</c></summary>
    public static string Declaration(LayerModel layer)
    {
        IEnumerable<string> options =
        [
            .. layer.Alpha == 0 ? [] : (string[])[$"Alpha = {Literals.Short(layer.Alpha)}"],
            .. layer.HasBias ? [] : (string[])["Bias = false"],
            .. layer.IsResidual ? ["Residual = true"] : (string[])[],
            .. layer.IsNormalized ? [$"Normalization = {layer.Normalization}"] : (string[])[],
            .. layer.L1 > 0 ? [$"L1 = {Literals.Short(layer.L1)}"] : (string[])[],
            .. layer.L2 > 0 ? [$"L2 = {Literals.Short(layer.L2)}"] : (string[])[],
        ];
        return $"Dense({Literals.Of(layer.Outputs)}, {layer.Activation}{string.Concat(options.Select(static option => $", {option}"))})";
    }

    /// <summary>The comment above a layer's forward code.</summary>
    public static string Head(NetworkPlan plan, LayerPlan layer)
    {
        string name = layer.Model.Name == MemberNames.DefaultLayer(layer.Number) ? "" : $", {layer.Model.Name}";
        return $"// Layer {layer.Number}{name} · {Declaration(layer.Model)}".PadRight(43) + $" {Forward(plan, layer).PadRight(32)}  {Shapes(layer)}";
    }

    /// <summary><c>h1 = max(0, x·W1 + b1)</c>; of a tiled last layer up to the pre-activation, which the output's stage takes.</summary>
    public static string Forward(NetworkPlan plan, LayerPlan layer)
    {
        string sums = PreActivation(layer);
        if (layer.IsLast && plan.Strategy == Strategy.Tiled)
        {
            return layer.IsNormalized ? $"{Normalization(layer)}, {Rescaling(layer)}" : $"{layer.PreActivation} = {sums}";
        }

        // A formula with one place for the pre-activation is written in one piece.
        bool isOnePiece = !layer.IsNormalized && Formula(layer, "§").Count(static letter => letter == '§') == 1;
        return isOnePiece
            ? $"{layer.Output} = {Formula(layer, sums)}"
            : $"{(layer.IsNormalized ? $"{Normalization(layer)}, {Rescaling(layer)}" : $"{layer.PreActivation} = {sums}")}, {layer.Output} = {Formula(layer, layer.PreActivation)}";
    }

    /// <summary>How the output comes from the pre-activation, the residual connection included: <c>max(0, z1) + x</c>.</summary>
    public static string Formula(LayerPlan layer, string preActivation) =>
        Activation(layer, preActivation) + (layer.IsResidual ? $" + {Input(layer)}" : "");

    /// <summary><c>max(0, z1)</c></summary>
    public static string Activation(LayerPlan layer, string preActivation) =>
        string.Format(ActivationCode.Of(layer.Model).Formula, preActivation, ActivationCode.AlphaText(layer.Model, layer.Number));

    /// <summary><c>x·W1 + b1</c></summary>
    public static string PreActivation(LayerPlan layer) =>
        $"{Input(layer)}·W{layer.Number}{(layer.Model.HasBias ? $" + b{layer.Number}" : "")}";

    /// <summary><c>n1 = norm(x·W1 + b1)</c></summary>
    public static string Normalization(LayerPlan layer) => $"{layer.Normalized} = norm({PreActivation(layer)})";

    /// <summary><c>z1 = n1 ⊙ γ1 + β1</c></summary>
    public static string Rescaling(LayerPlan layer) => $"{layer.PreActivation} = {layer.Normalized} ⊙ γ{layer.Number} + β{layer.Number}";

    /// <summary>What normalization does, as a sentence.</summary>
    public static string NormalizationSentence(LayerPlan layer) => layer.IsBatchNormalized
        ? $"norm centres each unit and divides it by √(variance + {Literals.Short(layer.Model.NormalizationEpsilon)}): of the batch in training, else of the running statistics."
        : $"norm centres each row and divides it by √(variance + {Literals.Short(layer.Model.NormalizationEpsilon)}) of the row.";

    /// <summary><c>[B×784]·[784×300] → [B×300]</c></summary>
    public static string Shapes(LayerPlan layer) => $"[B×{layer.Inputs}]·[{layer.Inputs}×{layer.Outputs}] → [B×{layer.Outputs}]";

    /// <summary>What the letters and names in an activation's formulas stand for, as comments; none where they speak for themselves.</summary>
    public static string[] Notes(LayerPlan layer)
    {
        string note = ActivationCode.Of(layer.Model).Note;
        return note.Length == 0 ? [] : [$"// {note}"];
    }

    /// <summary>The noise on a layer's outputs: <c>(h1 + noise1) ⊙ mask1</c>.</summary>
    public static string Noise(NoisePlan noise) => noise.Kinds.Items.Aggregate(noise.Source, (text, kind) => kind.Kind == NoiseKind.Gaussian
        ? $"{text} + {noise.NameOf(kind)}"
        : $"{(text == noise.Source ? text : $"({text})")} ⊙ {noise.NameOf(kind)}");

    /// <summary><c>Dropout(0.25)</c></summary>
    public static string Declaration(NoiseModel noise) =>
        $"{(noise.Kind == NoiseKind.Dropout ? "Dropout" : "GaussianNoise")}({Literals.Short(noise.Amount)})";

    /// <summary>
    /// What comes back to a layer from the next one: <c>δ1 = (δ2·W2ᵀ) ⊙ 1[h1 > 0]</c>, or, where the derivative by the outputs is kept,
    /// <c>g1 = δ2·W2ᵀ</c>.
    /// </summary>
    public static string Delta(LayerPlan layer, LayerPlan next)
    {
        string sum = $"δ{next.Number}·W{next.Number}ᵀ{(next.IsResidual ? $" + {Symbol(next, next.IncomingDelta)}" : "")}";
        string mask = layer.Noise is { HasMask: true } noise ? $" ⊙ {noise.Mask}" : "";
        string slope = layer.KeepsOutputDelta ? "" : Slope(layer);
        return $"{Symbol(layer, layer.IncomingDelta)} = {(mask.Length + slope.Length > 0 ? $"({sum})" : sum)}{mask}{slope}";
    }

    /// <summary>The derivative by the inputs: <c>dx = δ1·W1ᵀ</c>.</summary>
    public static string InputDelta(NetworkPlan plan)
    {
        LayerPlan first = plan.Layers[0];
        string sum = $"δ1·W1ᵀ{(first.IsResidual ? $" + {Symbol(first, first.IncomingDelta)}" : "")}";
        return plan.Model.Standardize ? $"dx = {(first.IsResidual ? $"({sum})" : sum)} / deviation" : $"dx = {sum}";
    }

    /// <summary>From the derivative by the outputs to that by the pre-activations: <c>p1 = g1 ⊙ 1[a1 > 0]</c>.</summary>
    public static string SlopeDelta(LayerPlan layer) =>
        $"{Symbol(layer, layer.PreActivationDelta)} = {Symbol(layer, layer.IncomingDelta)}{Slope(layer)}";

    /// <summary>From the derivative by the pre-activations to that by the sums, through the normalization.</summary>
    public static string NormalizationDelta(LayerPlan layer)
    {
        int l = layer.Number;
        return $"δ{l} = r{l} ⊙ (q − mean q − n{l} ⊙ mean(q ⊙ n{l})), where q = {layer.PreActivationDelta} ⊙ γ{l} and r{l} = 1 / √(variance + {Literals.Short(layer.Model.NormalizationEpsilon)})";
    }

    /// <summary><c>dW1 = xᵀ·δ1      db1 = Σ δ1</c></summary>
    public static string Gradient(NetworkPlan plan, LayerPlan layer)
    {
        int l = layer.Number;
        string input = plan.NoiseBefore(layer) is { } noise ? $"({Noise(noise)})" : Input(layer);
        return $"dW{l} = {input}ᵀ·δ{l}{(layer.Model.HasBias ? $"      db{l} = Σ δ{l}" : "")}"
            + (layer.IsNormalized ? $"      dγ{l} = Σ {layer.PreActivationDelta} ⊙ {layer.Normalized}      dβ{l} = Σ {layer.PreActivationDelta}" : "")
            + (layer.Model.HasSlope ? $"      dα{l} = Σ {layer.IncomingDelta} ⊙ min({layer.PreActivation}, 0)" : "");
    }

    /// <summary>What the layer is computed from, in formulas.</summary>
    public static string Input(LayerPlan layer) => layer.Number == 1 ? "x" : $"h{layer.Number - 1}";

    /// <summary>An index times a constant, written plainly where that is 1.</summary>
    public static string Times(string index, int factor) => factor == 1 ? index : $"{index} * {factor}";

    /// <summary>Refers to a row of rows that are <paramref name="length"/> floats apart.</summary>
    public static string Row(string origin, string row, int length) =>
        length == 1 ? $"ref At(ref {origin}, {row})" : $"ref Row(ref {origin}, {row}, {length})";

    /// <summary>A derivative's name in formulas: δ1 where code has d1.</summary>
    public static string Symbol(LayerPlan layer, string delta) => delta == layer.Delta ? $"δ{layer.Number}" : delta;

    /// <summary><c> ⊙ 1[h1 > 0]</c>, or nothing where the derivative is 1.</summary>
    public static string Slope(LayerPlan layer)
    {
        string slope = ActivationCode.Of(layer.Model).SlopeFormula;
        return slope.Length == 0 || layer.Kept is null
            ? ""
            : $" ⊙ {string.Format(slope, layer.Kept, ActivationCode.AlphaText(layer.Model, layer.Number))}";
    }
}
