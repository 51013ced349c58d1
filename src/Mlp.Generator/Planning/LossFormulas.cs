using Mlp.Generator.Model;
using Mlp.Generator.Emit;

namespace Mlp.Generator.Planning;

/// <summary>The mathematics of the loss and of the whole backward pass as text, for comments.</summary>
internal static class LossFormulas
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

    /// <summary>The loss of one row, in formulas, and how it stays exact.</summary>
    public static string Loss(NetworkPlan plan)
    {
        LossFacts facts = LossFacts.Of(plan.Model);
        string term = LossFacts.Fill(facts.Loss, plan);
        bool isWhole = plan.Model.OutputSize == 1 || plan.Model.Loss == LossFunction.CrossEntropy;
        string each = !isWhole && plan.Model.Loss == LossFunction.BCE ? " each term" : "";
        string stability = facts.Stability.Length == 0 ? "" : $";{each} {LossFacts.Fill(facts.Stability, plan)}";
        return (isWhole ? term : $"Σ [{term}] / {plan.Model.OutputSize}") + stability;
    }

    /// <summary>The derivative that the output layer begins with, in formulas; the loss is a mean over the batch, hence the division.</summary>
    public static string OutputDelta(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        LossFacts facts = LossFacts.Of(plan.Model);
        string count = plan.Model.Loss == LossFunction.CrossEntropy ? (plan.Model.LossOptions.ClassWeights.Count > 0 ? "Σ w·t" : "B")
            : plan.Model.OutputSize == 1 ? "B" : $"(B·{plan.Model.OutputSize})";
        string delta = $"{LossFacts.Fill(facts.Delta, plan)} / {count}";
        return $"{last.IncomingDelta.Symbol} = " + (facts.IsClosedForm ? delta
            : last.Model.Activation == Activation.Softmax ? $"y ⊙ (g − Σ g·y), where g = {delta}"
            : delta + (last.KeepsOutputDelta ? "" : Formulas.Slope(last)));
    }

    /// <summary>How the derivative keeps its digits, as the end of a comment's sentence.</summary>
    public static string DeltaStability(NetworkPlan plan) => LossFacts.Fill(LossFacts.Of(plan.Model).DeltaStability, plan);

    /// <summary>The backward pass as formulas, with what its letters mean: the head of the file that computes it.</summary>
    public static string ChainRule(NetworkPlan plan)
    {
        string fusion = LossFacts.Fill(LossFacts.Of(plan.Model).Fusion, plan);
        IEnumerable<string> formulas = plan.Backward.Skip(1).Select(static operation => operation.Formula)
            .Concat(plan.Gradients.SelectMany(operation => operation.IsFused ? [Formulas.Delta(operation.Layer, plan.Layers[1]), operation.Formula] : (string[])[operation.Formula]));
        string[] lines = [.. formulas.Select(static formula => "  " + formula)];
        lines[0] += fusion.Length == 0 ? "" : "   " + fusion;
        return string.Join("\n", Glossary(plan).Append("").Concat(lines).Select(static line => $"// {line}".TrimEnd()));
    }

    private static IEnumerable<string> Glossary(NetworkPlan plan)
    {
        bool overRows = plan.Model.Loss == LossFunction.CrossEntropy || plan.Model.OutputSize == 1;
        bool isNormalized = plan.Layers.Items.Any(static layer => layer.IsNormalized);
        yield return $"B rows x go forward: zl is what layer l's activation gets, hl what it gives, y = h{plan.Last.Number} the outputs, t the targets. The loss is a mean over";
        yield return $"{(overRows ? "rows" : "rows and outputs")}; δl (d{plan.Last.Number} in code) is its derivative with respect to {(isNormalized ? "the layer's sums" : "zl")}. The chain rule leads back through the weights (·Wᵀ) and the";
        yield return "activation (⊙ its slope), and from each δl to its layer's gradients. ⊙: element by element, ᵀ: transposed, 1[c]: 1 where c holds, else 0.";
        if (plan.Model.IsEnsemble)
        {
            yield return $"B counts the rows of all {plan.Model.Members} members, those of one behind those of another: each member has scales s and a layer {plan.Last.Number} of its own.";
        }

        if (plan.Layers.Items.Any(static layer => layer.KeepsOutputDelta))
        {
            yield return "gl = ∂L/∂hl, where it is needed more than once.";
        }

        if (plan.Layers.Items.Any(static layer => layer.KeepsActivation))
        {
            yield return "al is the activation before the layer's inputs are added to it.";
        }

        if (isNormalized)
        {
            yield return "pl = ∂L/∂zl with zl = nl ⊙ γl + βl, nl the normalized sums; means are taken over what was normalized: a row, or a unit in the batch.";
        }

        if (plan.HasSoftTargets)
        {
            yield return $"τ are the targets that the loss sees: {SoftTargets(plan)}.";
        }

        foreach (string note in plan.Layers.Select(static layer => layer.Facts.Note).Where(static note => note.Length > 0).Distinct())
        {
            yield return note;
        }

        foreach (NoisePlan noise in plan.Noise)
        {
            foreach (NoiseModel kind in noise.Kinds)
            {
                yield return kind.Kind == NoiseKind.Dropout
                    ? $"{noise.Mask} are dropout's factors for {noise.Source}, drawn anew each step: 0 with probability {Literals.Short(kind.Amount)}, else 1 / (1 − {Literals.Short(kind.Amount)})."
                    : $"{noise.ValuesOf(kind)} is added to {noise.Source}, drawn anew each step: normal with standard deviation {Literals.Short(kind.Amount)}.";
            }
        }

        if (plan.Form == Form.StraightLine)
        {
            yield return "A vector holds one value of eight rows: h1_3 is that of neuron 3, from 0, of layer 1; dW1_2_3 sums the gradient of its weight from input 2.";
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

    private static int Classes(NetworkPlan plan) => plan.Model.Loss == LossFunction.BCE ? 2 : plan.Model.OutputSize;
}
