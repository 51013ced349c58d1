using Mlp.Generator.Model;
using Mlp.Generator.Emit;

namespace Mlp.Generator.Planning;

/// <summary>The mathematics of a layer's operations as text.</summary>
internal static class Formulas
{
    /// <summary><c>Dense(300, Relu)</c></summary>
    public static string Declaration(LayerModel layer)
    {
        IEnumerable<string> options =
        [
            .. layer.Alpha == 0 ? [] : (string[])[$"Alpha = {Literals.Short(layer.Alpha)}"],
            .. layer.HasBias ? [] : (string[])["Bias = false"],
            .. layer.IsFrozen ? ["Frozen = true"] : (string[])[],
            .. layer.IsResidual ? ["Residual = true"] : (string[])[],
            .. layer.IsNormalized ? [$"Normalization = {layer.Normalization}"] : (string[])[],
            .. layer.L1 > 0 ? [$"L1 = {Literals.Short(layer.L1)}"] : (string[])[],
            .. layer.L2 > 0 ? [$"L2 = {Literals.Short(layer.L2)}"] : (string[])[],
        ];
        return $"Dense({Literals.Of(layer.Outputs)}, {layer.Activation}{string.Concat(options.Select(static option => $", {option}"))})";
    }

    /// <summary><c>Ensemble(8)</c></summary>
    public static string Ensemble(NetworkModel model) => $"Ensemble({Literals.Of(model.Members)})";

    /// <summary>How the layer is declared: <c>Layer 2, Hidden · Dense(20, Relu)</c>.</summary>
    public static string Head(LayerPlan layer)
    {
        string name = layer.Model.Name == MemberNames.DefaultLayer(layer.Number) ? "" : $", {layer.Model.Name}";
        return $"Layer {layer.Number}{name} · {Declaration(layer.Model)}";
    }

    /// <summary><c>h1 = max(0, x·W1 + b1)</c>, or up to what the next operation takes: <c>z1 = x·W1 + b1</c>, and where it normalizes, the sums alone.</summary>
    public static string Forward(LayerPlan layer, bool isActivated)
    {
        string sums = PreActivation(layer);
        string begin = layer.IsNormalized ? sums : $"{layer.PreActivation} = {sums}";

        // A formula with one place for the pre-activation is written in one piece.
        bool isOnePiece = Formula(layer, "§").Count(static letter => letter == '§') == 1;
        return !isActivated ? begin
            : isOnePiece ? $"{layer.Output} = {Formula(layer, sums)}"
            : $"{begin}, {layer.Output} = {Formula(layer, layer.PreActivation.Name)}";
    }

    /// <summary>What the pass of an activation does.</summary>
    public static string ActivationPass(LayerPlan layer, bool isActivated) => string.Join("      ",
    [
        .. layer.IsNormalized ? [Rescaling(layer)] : (string[])[],
        .. layer.KeepsActivation && isActivated ? [$"{layer.Activated} = {Activation(layer, layer.PreActivation.Name)}"] : (string[])[],
        .. !isActivated ? []
            : layer.KeepsActivation ? [$"{layer.Output} = {layer.Activated} + {Input(layer)}"]
            : (string[])[$"{layer.Output} = {Formula(layer, layer.PreActivation.Name)}"],
    ]);

    /// <summary>How the output comes from the pre-activation, the residual connection included: <c>max(0, z1) + x</c>.</summary>
    public static string Formula(LayerPlan layer, string preActivation) =>
        Activation(layer, preActivation) + (layer.IsResidual ? $" + {Input(layer)}" : "");

    /// <summary><c>max(0, z1)</c></summary>
    public static string Activation(LayerPlan layer, string preActivation) =>
        string.Format(layer.Facts.Formula, preActivation, Alpha(layer));

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

    /// <summary><c>[B×1]·[1×128] → [B×128]</c>, of the product that carries deltas back through a layer's weights.</summary>
    public static string DeltaShapes(LayerPlan next) => $"[B×{next.Outputs}]·[{next.Outputs}×{next.Inputs}] → [B×{next.Inputs}]";

    /// <summary><c>[2×B]·[B×128] → [2×128]</c></summary>
    public static string GradientShapes(LayerPlan layer) => $"[{layer.Inputs}×B]·[B×{layer.Outputs}] → [{layer.Inputs}×{layer.Outputs}]";

    /// <summary>The slope or scale as text: a number, or the letter of a learned one.</summary>
    public static string Alpha(LayerPlan layer) => layer.Model.HasSlope ? $"α{layer.Number}" : Literals.Short(layer.Model.Alpha);

    /// <summary>The noise on a layer's outputs: <c>(h1 + noise1) ⊙ mask1</c>.</summary>
    public static string Noise(NoisePlan noise) => noise.Kinds.Items.Aggregate(noise.Source.Name, (text, kind) => kind.Kind == NoiseKind.Gaussian
        ? $"{text} + {noise.ValuesOf(kind)}"
        : $"{(text == noise.Source.Name ? text : $"({text})")} ⊙ {noise.ValuesOf(kind)}");

    /// <summary><c>Dropout(0.25)</c></summary>
    public static string Declaration(NoiseModel noise) =>
        $"{(noise.Kind == NoiseKind.Dropout ? "Dropout" : "GaussianNoise")}({Literals.Short(noise.Amount)})";

    /// <summary>
    /// What comes back to a layer from the next one: <c>δ1 = (δ2·W2ᵀ) ⊙ 1[h1 > 0]</c>, or, where the derivative with respect to the outputs is kept,
    /// <c>g1 = δ2·W2ᵀ</c>.
    /// </summary>
    public static string Delta(LayerPlan layer, LayerPlan next)
    {
        string sum = $"δ{next.Number}·W{next.Number}ᵀ{(next.IsResidual ? $" + {next.IncomingDelta.Symbol}" : "")}";
        string mask = layer.Noise?.Mask is { } factors ? $" ⊙ {factors}" : "";
        string slope = layer.HasSlopePass ? "" : Slope(layer);
        return $"{layer.IncomingDelta.Symbol} = {(mask.Length + slope.Length > 0 ? $"({sum})" : sum)}{mask}{slope}";
    }

    /// <summary>The derivative with respect to the inputs: <c>dx = δ1·W1ᵀ</c>.</summary>
    public static string InputDelta(NetworkPlan plan, bool isScaled)
    {
        LayerPlan first = plan.First;
        string sum = $"δ1·W1ᵀ{(first.IsResidual ? $" + {first.IncomingDelta.Symbol}" : "")}";
        if (plan.InputMask is { } mask)
        {
            return $"dx = {(first.IsResidual ? $"({sum})" : sum)} ⊙ {mask}";
        }

        return isScaled && plan.Model.Standardize ? $"dx = {(first.IsResidual ? $"({sum})" : sum)} / deviation" : $"dx = {sum}";
    }

    /// <summary>From the derivative with respect to the outputs to that with respect to the pre-activations: <c>p1 = g1 ⊙ 1[a1 > 0]</c>.</summary>
    public static string SlopeDelta(LayerPlan layer) =>
        $"{layer.PreActivationDelta.Symbol} = {layer.IncomingDelta.Symbol}{Slope(layer)}";

    /// <summary>From the derivative with respect to the pre-activations to that with respect to the sums, through the normalization.</summary>
    public static string NormalizationDelta(LayerPlan layer)
    {
        int l = layer.Number;
        return $"δ{l} = r{l} ⊙ (q − mean q − n{l} ⊙ mean(q ⊙ n{l})), where q = {layer.PreActivationDelta} ⊙ γ{l} and r{l} = 1 / √(variance + {Literals.Short(layer.Model.NormalizationEpsilon)})";
    }

    /// <summary><c>dW1 = xᵀ·δ1      db1 = Σ δ1</c></summary>
    public static string Gradient(LayerPlan layer)
    {
        int l = layer.Number;
        string input = layer.NoiseBefore is { } noise ? $"({Noise(noise)})" : Input(layer);
        return $"dW{l} = {input}ᵀ·δ{l}{(layer.Model.HasBias ? $"      db{l} = Σ δ{l}" : "")}"
            + (layer.IsNormalized ? $"      dγ{l} = Σ {layer.PreActivationDelta} ⊙ {layer.Normalized}      dβ{l} = Σ {layer.PreActivationDelta}" : "")
            + (layer.Model.HasSlope ? $"      dα{l} = Σ {layer.IncomingDelta} ⊙ min({layer.PreActivation}, 0)" : "");
    }

    /// <summary><c>ds = Σ raw ⊙ dx</c>, the gradients of what an ensemble's members multiply the inputs by.</summary>
    public static string ScaleGradient(NetworkPlan plan) => $"ds = Σ {(plan.Model.Standardize ? "(raw − mean) / deviation" : "raw")} ⊙ dx";

    /// <summary>What the layer is computed from, in formulas.</summary>
    public static string Input(LayerPlan layer) => layer.Input.Name;

    /// <summary><c> ⊙ 1[h1 > 0]</c>, or nothing where the derivative is 1.</summary>
    public static string Slope(LayerPlan layer) =>
        layer.Kept is null ? "" : $" ⊙ {string.Format(layer.Facts.SlopeFormula, layer.Kept, Alpha(layer))}";
}
