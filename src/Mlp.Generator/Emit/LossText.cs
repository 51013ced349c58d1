using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>The mathematics of the loss and of the whole backward pass as text, for comments.</summary>
internal static class LossText
{
    /// <summary><c>Loss(Huber, Delta = 2)</c></summary>
    public static string Declaration(NetworkModel model)
    {
        LossOptions loss = model.LossOptions;
        IEnumerable<string> options =
        [
            .. model.Loss == LossFunction.Huber ? [$"Delta = {Literals.Short(loss.Delta)}"] : (string[])[],
            .. loss.StandardizeTargets ? ["standardised targets"] : (string[])[],
            .. loss.LabelSmoothing > 0 ? [$"LabelSmoothing = {Literals.Short(loss.LabelSmoothing)}"] : (string[])[],
            .. loss.ClassWeights.Count > 0 ? [$"ClassWeights = {string.Join(" ", loss.ClassWeights.Take(10).Select(Literals.Short))}{(loss.ClassWeights.Count > 10 ? " …" : "")}"] : (string[])[],
            .. loss.PositiveWeight != 1 ? [$"PositiveWeight = {Literals.Short(loss.PositiveWeight)}"] : (string[])[],
        ];
        return $"Loss({model.Loss}{string.Concat(options.Select(static option => $", {option}"))})";
    }

    /// <summary>The loss of one row, in formulas.</summary>
    public static string Loss(NetworkPlan plan)
    {
        string t = Target(plan);
        string term = plan.Model.Loss switch
        {
            LossFunction.MSE => "(y − t)²",
            LossFunction.MAE => "|y − t|",
            LossFunction.Huber => Huber(plan),
            LossFunction.LogCosh => "ln cosh(y − t)",
            LossFunction.BCE when plan.Model.LossOptions.PositiveWeight != 1 =>
                $"−{Literals.Short(plan.Model.LossOptions.PositiveWeight)}·{t}·ln y − (1 − {t})·ln(1 − y)",
            LossFunction.BCE => $"−{t}·ln y − (1 − {t})·ln(1 − y)",
            LossFunction.Poisson => "y − t·ln y",
            LossFunction.Hinge => "max(0, 1 − t·y)",
            _ => $"−Σ {t}·ln y",
        };
        return plan.Model.OutputSize == 1 || plan.Model.Loss == LossFunction.CrossEntropy ? term : $"Σ [{term}] / {plan.Model.OutputSize}";
    }

    /// <summary>How the loss stays exact, as the end of a comment's sentence.</summary>
    public static string Stability(NetworkPlan plan)
    {
        string t = Target(plan);
        string each = plan.Model.OutputSize == 1 ? "" : " each term";
        return plan.Model.Loss switch
        {
            LossFunction.BCE when plan.Model.LossOptions.PositiveWeight != 1 =>
                $";{each} as (1 − {t})·z + (1 {Signed(plan.Model.LossOptions.PositiveWeight - 1)}·{t})·ln(1 + e^−z), which no z makes overflow",
            LossFunction.BCE => $";{each} as max(0, z) − {t}·z + ln(1 + e^−|z|), which no z makes overflow",
            LossFunction.CrossEntropy => $"; as Σ {t}·(ln Σ e^(z − max z) + max z − z), which no z makes overflow",
            LossFunction.Poisson => plan.Last.Model.Activation == Activation.Exp ? "; ln y is z itself" : "; ln y from z, so that it stays finite where y rounds to 0",
            _ => "",
        };
    }

    /// <summary>The derivative that the output layer begins with, in formulas; the loss is a mean over the batch, hence the division.</summary>
    public static string OutputDelta(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        string count = plan.Model.OutputSize == 1 ? "B" : $"(B·{plan.Model.OutputSize})";
        string t = Target(plan);
        string p = Literals.Short(plan.Model.LossOptions.PositiveWeight);
        string left = LayerText.Symbol(last, last.IncomingDelta);
        return $"{left} = " + plan.Model.Loss switch
        {
            LossFunction.CrossEntropy => $"(y·Σ{t} − {t}) / {Total(plan)}",
            LossFunction.BCE when plan.Model.LossOptions.PositiveWeight != 1 => $"((1 − {t}) ⊙ y − {p}·{t} ⊙ (1 − y)) / {count}",
            LossFunction.BCE => $"(y − {t}) / {count}",
            LossFunction.Poisson when last.Model.Activation == Activation.Exp => $"(y − t) / {count}",
            LossFunction.Poisson => $"σ({last.PreActivation}) ⊙ (1 − t / y) / {count}",
            _ when last.Model.Activation == Activation.Softmax => $"y ⊙ (g − Σ g·y), where g = {Derivative(plan)} / {count}",
            _ => $"{Derivative(plan)} / {count}" + (last.KeepsOutputDelta ? "" : LayerText.Slope(last)),
        };
    }

    /// <summary>How the derivative keeps its digits, as the end of a comment's sentence.</summary>
    public static string DeltaStability(NetworkPlan plan) => (plan.Model.Loss, plan.Last.Model.Activation) switch
    {
        (LossFunction.BCE, _) when plan.Model.LossOptions.PositiveWeight != 1 => "; 1 − y as σ(−z), which keeps its digits where y is nearly 1",
        (LossFunction.BCE, _) => $"; y − {Target(plan)} as (1 − {Target(plan)}) ⊙ σ(z) − {Target(plan)} ⊙ σ(−z), which keeps its digits where y is nearly 1",
        (LossFunction.Poisson, Activation.Softplus) => "; σ(z) / y in one piece, which stays finite where both round to 0",
        _ => "",
    };

    /// <summary>The backward pass as formulas, with what its letters mean: the head of the file that computes it.</summary>
    public static string ChainRule(NetworkPlan plan)
    {
        List<string> lines = [.. Glossary(plan), "", $"  {OutputDelta(plan)}{Fusion(plan)}"];
        for (int i = plan.Layers.Count - 1; i >= 0; i--)
        {
            LayerPlan layer = plan.Layers[i];
            if (!layer.IsLast)
            {
                lines.Add($"  {LayerText.Delta(layer, plan.Layers[i + 1])}");
            }

            if (layer.KeepsOutputDelta)
            {
                lines.Add($"  {LayerText.SlopeDelta(layer)}");
            }

            if (layer.IsNormalized)
            {
                lines.Add($"  {LayerText.NormalizationDelta(layer)}");
            }
        }

        if (plan.Model.InputGradients)
        {
            lines.Add($"  {LayerText.InputDelta(plan)}");
        }

        lines.AddRange(plan.Layers.Reverse().Select(layer => $"  {LayerText.Gradient(plan, layer)}"));
        return string.Join("\n", lines.Select(static line => $"// {line}".TrimEnd()));
    }

    private static IEnumerable<string> Glossary(NetworkPlan plan)
    {
        bool overRows = plan.Model.Loss == LossFunction.CrossEntropy || plan.Model.OutputSize == 1;
        string sums = plan.Layers.Items.Any(static layer => layer.IsNormalized) ? "what the activation of layer l gets" : "the sums of layer l before its activation";
        yield return $"B rows x go forward: zl are {sums}, hl what the activation makes of them, y = h{plan.Last.Number} the outputs, t";
        yield return $"the targets. The loss is a mean over the {(overRows ? "rows" : "rows and outputs")}; δl (d1, d2, … in code) is its derivative by {(plan.Layers.Items.Any(static layer => layer.IsNormalized) ? "the layer's sums" : "zl")}, one row for each row of the batch.";
        yield return "Going back from the last layer, the chain rule leads through the weights (·Wᵀ), then through the activation (⊙ its slope), and from";
        yield return "each δl to the gradients of its layer. ⊙ multiplies element by element, ᵀ transposes, 1[c] is 1 where c holds and else 0.";
        if (plan.Layers.Items.Any(static layer => layer.KeepsOutputDelta))
        {
            yield return "gl is the derivative by hl, kept where more than δl is made of it.";
        }

        if (plan.Layers.Items.Any(static layer => layer.KeepsActivation))
        {
            yield return "al is the activation before the layer's inputs are added to it.";
        }

        if (plan.Layers.Items.Any(static layer => layer.IsNormalized))
        {
            yield return "pl is the derivative by zl = nl ⊙ γl + βl, nl the normalized sums; means are taken over what was normalized: a row, or a unit in the batch.";
        }

        if (plan.HasSoftTargets)
        {
            yield return $"τ are the targets that the loss sees: {SoftTargets(plan)}.";
        }

        foreach (string note in plan.Layers.Select(static layer => ActivationCode.Of(layer.Model).Note).Where(static note => note.Length > 0).Distinct())
        {
            yield return note;
        }

        foreach (NoisePlan noise in plan.Noise)
        {
            foreach (NoiseModel kind in noise.Kinds)
            {
                yield return kind.Kind == NoiseKind.Dropout
                    ? $"{noise.Mask} are dropout's factors for {noise.Source}, drawn anew each step: 0 with probability {Literals.Short(kind.Amount)}, else 1 / (1 − {Literals.Short(kind.Amount)})."
                    : $"{noise.NameOf(kind)} is added to {noise.Source}, drawn anew each step: normal with standard deviation {Literals.Short(kind.Amount)}.";
            }
        }

        if (plan.Strategy == Strategy.StraightLine)
        {
            yield return "In code, a value of eight rows is a vector; d_3 or x_3 is that of neuron or input 3, from 0, of the layer at hand.";
        }
    }

    /// <summary><c>τ = w ⊙ (t·(1 − 0.1) + 0.1/3)</c></summary>
    public static string SoftTargets(NetworkPlan plan)
    {
        LossOptions loss = plan.Model.LossOptions;
        string smoothed = loss.LabelSmoothing > 0
            ? $"t·(1 − {Literals.Short(loss.LabelSmoothing)}) + {Literals.Short(loss.LabelSmoothing)}/{Classes(plan)}"
            : "t";
        return loss.ClassWeights.Count == 0 ? $"τ = {smoothed}"
            : $"τ = w ⊙ {(loss.LabelSmoothing > 0 ? $"({smoothed})" : smoothed)} with w the classes' weights";
    }

    /// <summary>The classes over which smoothing spreads: two for each output that is a probability of its own.</summary>
    public static int Classes(NetworkPlan plan) => plan.Model.Loss == LossFunction.BCE ? 2 : plan.Model.OutputSize;

    /// <summary>Why the delta of cross-entropy has the sum of the targets in it.</summary>
    public static string TargetSum(NetworkPlan plan) => plan.Model.LossOptions.ClassWeights.Count > 0
        ? "Στ is what the row weighs."
        : $"Σ{Target(plan)} is 1 for classes and for soft targets; with it, any targets have their true gradient.";

    private static string Fusion(NetworkPlan plan) => (plan.Model.Loss, plan.Last.Model.Activation) switch
    {
        (LossFunction.BCE, _) when plan.Model.LossOptions.PositiveWeight == 1 && !plan.HasSoftTargets =>
            "   the slope y·(1 − y) of the sigmoid cancels the denominator of the loss's derivative (y − t) / (y·(1 − y))",
        (LossFunction.BCE, _) => "   the slope y·(1 − y) of the sigmoid cancels the denominators of the loss's derivative",
        (LossFunction.CrossEntropy, _) when plan.HasSoftTargets => "   the derivative of −Σ τ·ln softmax(z) by z",
        (LossFunction.CrossEntropy, _) => "   the derivative of −Σ t·ln softmax(z) by z; Σt is 1 for classes, which leaves y − t",
        (LossFunction.Poisson, Activation.Exp) => "   the slope y of the exponential cancels the denominator of the loss's derivative 1 − t/y",
        _ => "",
    };

    private static string Derivative(NetworkPlan plan) => plan.Model.Loss switch
    {
        LossFunction.MSE => "2·(y − t)",
        LossFunction.MAE => "sign(y − t)",
        LossFunction.Huber => $"min(max(y − t, −{Literals.Short(plan.Model.LossOptions.Delta)}), {Literals.Short(plan.Model.LossOptions.Delta)})",
        LossFunction.LogCosh => "tanh(y − t)",
        _ => "(−t·1[t·y < 1])",
    };

    private static string Huber(NetworkPlan plan)
    {
        string delta = Literals.Short(plan.Model.LossOptions.Delta);
        return $"c·(|y − t| − c/2), c = min(|y − t|, {delta})";
    }

    private static string Signed(double value) => value < 0 ? $"− {Literals.Short(-value)}" : $"+ {Literals.Short(value)}";

    private static string Target(NetworkPlan plan) => plan.HasSoftTargets ? "τ" : "t";

    private static string Total(NetworkPlan plan) => plan.Model.LossOptions.ClassWeights.Count > 0 ? "Σ w·t" : "B";
}
