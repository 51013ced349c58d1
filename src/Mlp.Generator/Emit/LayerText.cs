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
        $"{Output(plan, layer)} = {string.Format(ActivationCode.Of(layer.Model.Activation).Formula, PreActivation(plan, layer))}";

    /// <summary>The comment above a layer's forward code.</summary>
    public static string Head(NetworkPlan plan, LayerPlan layer, string formula)
    {
        string name = layer.Model.Name == MemberNames.DefaultLayer(layer.Number) ? "" : $", {layer.Model.Name}";
        return $"// Layer {layer.Number}{name} · {Declaration(layer.Model)}".PadRight(44) + $"{formula.PadRight(32)}  {Shapes(layer)}";
    }

    /// <summary><c>x·W1 + b1</c></summary>
    public static string PreActivation(NetworkPlan plan, LayerPlan layer) =>
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
    public static string Gradient(NetworkPlan plan, LayerPlan layer) =>
        $"dW{layer.Number} = {(IsThinned(plan, layer) ? $"({Input(layer)} ⊙ mask{layer.Number - 1})" : Input(layer))}ᵀ·δ{layer.Number}{(layer.Model.HasBias ? $"      db{layer.Number} = Σ δ{layer.Number}" : "")}";

    /// <summary>The backward pass as formulas, with what its letters mean: the head of the file that computes it.</summary>
    public static string ChainRule(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        string count = plan.Model.Loss == LossFunction.CrossEntropy || plan.Model.OutputSize == 1 ? "B" : "B·n";
        string fusion = (plan.Model.Loss, last.Model.Activation) switch
        {
            (LossFunction.BCE, _) => "   the slope y·(1 − y) of the sigmoid cancels the denominator of the loss's derivative (y − t) / (y·(1 − y))",
            (LossFunction.CrossEntropy, _) => "   the derivative of −Σ t·ln softmax(z) by z; Σt is 1 for classes, which leaves y − t",
            _ => "",
        };
        List<string> lines =
        [
            $"B rows x go forward: zl are the sums of layer l before its activation, hl what the activation makes of them, y = h{last.Number} the outputs, t",
            $"the targets. The loss is a mean over the {(count == "B" ? "rows" : "rows and outputs")}; δl (d1, d2, … in code) is its derivative by zl, one row for each row of the batch.",
            "Going back from the last layer, the chain rule leads through the weights (·Wᵀ), then through the activation (⊙ its slope), and from",
            "each δl to the gradients of its layer. ⊙ multiplies element by element, ᵀ transposes, 1[c] is 1 where c holds and else 0.",
            .. plan.Layers.Where(static layer => layer.HasDropout).Select(static layer =>
                $"mask{layer.Number} are dropout's factors for h{layer.Number}, drawn anew each step: 0 with probability {Literals.Short(layer.Model.Dropout)}, else 1 / (1 − {Literals.Short(layer.Model.Dropout)})."),
            .. plan.Strategy == Strategy.StraightLine
                ? (string[])["In code, a value of eight rows is a vector; d_3 or x_3 is that of neuron or input 3, from 0, of the layer at hand."]
                : [],
            "",
            $"  {OutputDelta(plan)}{fusion}",
        ];
        for (int i = plan.Layers.Count - 1; i > 0; i--)
        {
            lines.Add($"  {Delta(plan.Layers[i - 1], plan.Layers[i])}");
        }

        lines.AddRange(plan.Layers.Reverse().Select(layer => $"  {Gradient(plan, layer)}"));
        return string.Join("\n", lines.Select(static line => $"// {line}".TrimEnd()));
    }

    /// <summary>What the layer is computed from, in formulas.</summary>
    public static string Input(LayerPlan layer) => layer.Number == 1 ? "x" : $"h{layer.Number - 1}";

    /// <summary>Whether dropout comes between the layer before and this one.</summary>
    private static bool IsThinned(NetworkPlan plan, LayerPlan layer) => layer.Number > 1 && plan.Layers[layer.Number - 2].HasDropout;

    /// <summary>Name of the values that a layer's forward code writes: pre-activations for the last, else outputs.</summary>
    public static string Result(LayerPlan layer) => layer.IsLast ? $"z{layer.Number}" : $"h{layer.Number}";

    /// <summary>An index times a constant, written plainly where that is 1.</summary>
    public static string Times(string index, int factor) => factor == 1 ? index : $"{index} * {factor}";

    /// <summary>What the layer gives, in formulas.</summary>
    public static string Output(NetworkPlan plan, LayerPlan layer) => layer.IsLast ? "y" : $"h{layer.Number}";

    /// <summary>The loss of one row, in formulas.</summary>
    public static string Loss(NetworkPlan plan) => plan.Model.Loss switch
    {
        LossFunction.MSE => OverOutputs(plan, "(y − t)²"),
        LossFunction.BCE => OverOutputs(plan, "−t·ln y − (1 − t)·ln(1 − y)"),
        _ => "−Σ t·ln y",
    };

    /// <summary>How the loss stays exact, as the end of a comment's sentence.</summary>
    public static string Stability(NetworkPlan plan) => plan.Model.Loss switch
    {
        LossFunction.BCE => $";{(plan.Model.OutputSize == 1 ? "" : " each term")} as max(0, z) − t·z + ln(1 + e^−|z|), which no z makes overflow",
        LossFunction.CrossEntropy => "; as Σ t·(ln Σ e^(z − max z) + max z − z), which no z makes overflow",
        _ => "",
    };

    private static string OverOutputs(NetworkPlan plan, string term) =>
        plan.Model.OutputSize == 1 ? term : $"Σ [{term}] / {plan.Model.OutputSize}";

    /// <summary>The delta of the output layer, in formulas; the loss is a mean over the batch, hence the division.</summary>
    public static string OutputDelta(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        string slope = ActivationCode.Of(last.Model.Activation).SlopeFormula;
        string count = plan.Model.OutputSize == 1 ? "B" : $"(B·{plan.Model.OutputSize})";
        return $"δ{last.Number} = " + plan.Model.Loss switch
        {
            LossFunction.MSE when last.Model.Activation == Activation.Softmax => $"y ⊙ (g − Σ g·y), where g = 2·(y − t) / {count}",
            LossFunction.MSE => $"2·(y − t) / {count}" + (slope.Length > 0 ? $" ⊙ {string.Format(slope, "y")}" : ""),
            LossFunction.BCE => $"(y − t) / {count}",
            _ => "(y·Σt − t) / B",
        };
    }
}
