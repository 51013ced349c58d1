using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>The mathematics of a layer as text, for comments above its code.</summary>
internal static class LayerText
{
    /// <summary><c>Dense(300, Relu)</c></summary>
    public static string Declaration(LayerModel layer) =>
        $"Dense({Literals.Of(layer.Outputs)}, {layer.Activation}{(layer.HasBias ? "" : ", Bias = false")})";

    /// <summary><c>h1 = max(0, x·W1 + b1)</c></summary>
    public static string Forward(NetworkPlan plan, LayerPlan layer) =>
        $"{Output(plan, layer)} = {string.Format(ActivationCode.Of(layer.Model.Activation).Formula, PreActivation(layer))}";

    /// <summary><c>x·W1 + b1</c></summary>
    public static string PreActivation(LayerPlan layer) =>
        $"{Input(layer)}·W{layer.Number}{(layer.Model.HasBias ? $" + b{layer.Number}" : "")}";

    /// <summary><c>[B×784]·[784×300] → [B×300]</c></summary>
    public static string Shapes(LayerPlan layer) => $"[B×{layer.Inputs}]·[{layer.Inputs}×{layer.Outputs}] → [B×{layer.Outputs}]";

    /// <summary><c>δ1 = (δ2·W2ᵀ) ⊙ 1[h1 > 0]</c>, for a hidden layer; <paramref name="next"/> follows it.</summary>
    public static string Delta(LayerPlan layer, LayerPlan next)
    {
        string slope = ActivationCode.Of(layer.Model.Activation).SlopeFormula;
        return $"δ{layer.Number} = (δ{next.Number}·W{next.Number}ᵀ)"
            + (layer.HasDropout ? $" ⊙ mask{layer.Number}" : "")
            + (slope.Length > 0 ? $" ⊙ {string.Format(slope, $"h{layer.Number}")}" : "");
    }

    /// <summary><c>dW1 = xᵀ·δ1      db1 = Σ δ1</c></summary>
    public static string Gradient(LayerPlan layer) =>
        $"dW{layer.Number} = {Input(layer)}ᵀ·δ{layer.Number}{(layer.Model.HasBias ? $"      db{layer.Number} = Σ δ{layer.Number}" : "")}";

    /// <summary>The backward pass as formulas, with what its letters mean: the head of the file that computes it.</summary>
    public static string ChainRule(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        string fusion = (plan.Model.Loss, last.Model.Activation) switch
        {
            (LossFunction.BCE, _) => "   the sigmoid's slope y·(1 − y) cancels the loss's denominator",
            (LossFunction.CrossEntropy, _) => "   softmax and the logarithm cancel; Σt is 1 for classes",
            _ => "",
        };
        List<string> lines =
        [
            $"B rows x go through the network; zl = the pre-activations of layer l, hl = its outputs, y = h{last.Number}, t = the targets.",
            "The loss is a mean over the rows. δl (d1, d2, … in code) is its derivative by zl, a row for each row of the batch; the chain",
            "rule gives the δl from the last layer to the first, and from them every gradient. ⊙ multiplies element by element, ᵀ",
            "transposes, 1[c] is 1 where c holds and else 0.",
            "",
            $"  {OutputDelta(plan)}{fusion}",
        ];
        for (int i = plan.Layers.Count - 1; i > 0; i--)
        {
            lines.Add($"  {Delta(plan.Layers[i - 1], plan.Layers[i])}");
        }

        lines.AddRange(plan.Layers.Select(static layer => $"  {Gradient(layer)}"));
        return string.Join("\n", lines.Select(static line => $"// {line}".TrimEnd()));
    }

    /// <summary>What the layer is computed from, in formulas.</summary>
    public static string Input(LayerPlan layer) => layer.Number == 1 ? "x" : $"h{layer.Number - 1}";

    /// <summary>What the layer gives, in formulas.</summary>
    public static string Output(NetworkPlan plan, LayerPlan layer) => layer.IsLast ? "y" : $"h{layer.Number}";

    /// <summary>The loss of one row, in formulas.</summary>
    public static string Loss(NetworkPlan plan) => plan.Model.Loss switch
    {
        LossFunction.MSE => plan.Model.OutputSize == 1 ? "(y − t)²" : $"Σ (y − t)² / {plan.Model.OutputSize}",
        LossFunction.BCE => $"{(plan.Model.OutputSize == 1 ? "" : "Σ ")}−t·ln y − (1 − t)·ln(1 − y){(plan.Model.OutputSize == 1 ? "" : $" / {plan.Model.OutputSize}")}",
        _ => "−Σ t·ln y",
    };

    /// <summary>The delta of the output layer, in formulas; the loss is a mean over the batch, hence the division.</summary>
    public static string OutputDelta(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        string slope = ActivationCode.Of(last.Model.Activation).SlopeFormula;
        string count = plan.Model.OutputSize == 1 ? "B" : $"(B·{plan.Model.OutputSize})";
        return $"δ{last.Number} = " + plan.Model.Loss switch
        {
            LossFunction.MSE => $"2·(y − t) / {count}" + (last.Model.Activation == Activation.Softmax
                ? " =: g, then y ⊙ (g − Σ g·y)"
                : slope.Length > 0 ? $" ⊙ {string.Format(slope, "y")}" : ""),
            LossFunction.BCE => $"(y − t) / {count}",
            _ => "(y·Σt − t) / B",
        };
    }
}
