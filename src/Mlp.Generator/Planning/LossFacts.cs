using Mlp.Generator.Emit;
using Mlp.Generator.Model;

namespace Mlp.Generator.Planning;

/// <summary>
/// What the generator must know of a loss, or of the closed form in which a loss and an output activation meet; its code is the struct of this name in the
/// runtime's Losses. One row of the table is all that a new element-wise loss needs here.
/// </summary>
/// <param name="Code">Name of the struct; empty for cross-entropy, which takes a whole row.</param>
/// <param name="Loss">The loss of an output: <c>{0}</c> is the target, <c>{1}</c> the loss's number.</param>
/// <param name="Delta">
/// Of a closed form the derivative with respect to the pre-activation, else with respect to the output; <c>{2}</c> is the pre-activation.
/// </param>
internal sealed record LossFacts(string Code, string Loss, string Delta)
{
    private static readonly LossFacts Weighted = new("WeightedBCEOfSigmoid", "−{1}·{0}·ln y − (1 − {0})·ln(1 − y)", "((1 − {0}) ⊙ y − {1}·{0} ⊙ (1 − y))")
    {
        IsClosedForm = true,
        Stability = "as (1 − {0})·z + (1 {3}·{0})·ln(1 + e^−z), which no z makes overflow",
        DeltaStability = "; 1 − y as σ(−z), which keeps its digits where y is nearly 1",
        Fusion = "the slope y·(1 − y) of the sigmoid cancels the denominators of the loss's derivative",
    };

    private static readonly Dictionary<(LossFunction Loss, Activation? Activation), LossFacts> Table = new()
    {
        [(LossFunction.MSE, null)] = new("MSE", "(y − t)²", "2·(y − t)"),
        [(LossFunction.MAE, null)] = new("MAE", "|y − t|", "sign(y − t)"),
        [(LossFunction.Huber, null)] = new("Huber", "c·(|y − t| − c/2), c = min(|y − t|, {1})", "min(max(y − t, −{1}), {1})"),
        [(LossFunction.LogCosh, null)] = new("LogCosh", "ln cosh(y − t)", "tanh(y − t)"),
        [(LossFunction.Hinge, null)] = new("Hinge", "max(0, 1 − t·y)", "(−t·1[t·y < 1])"),
        [(LossFunction.BCE, Activation.Sigmoid)] = new("BCEOfSigmoid", "−{0}·ln y − (1 − {0})·ln(1 − y)", "(y − {0})")
        {
            IsClosedForm = true,
            Stability = "as max(0, z) − {0}·z + ln(1 + e^−|z|), which no z makes overflow",
            DeltaStability = "; y − {0} as (1 − {0}) ⊙ σ(z) − {0} ⊙ σ(−z), which keeps its digits where y is nearly 1",
            Fusion = "the slope y·(1 − y) of the sigmoid cancels the denominator of the loss's derivative (y − {0}) / (y·(1 − y))",
        },
        [(LossFunction.CrossEntropy, Activation.Softmax)] = new("", "−Σ {0}·ln y", "(y·Σ{0} − {0})")
        {
            IsClosedForm = true,
            Stability = "as Σ {0}·(ln Σ e^(z − max z) + max z − z), which no z makes overflow",
            Fusion = "the derivative of −Σ {0}·ln softmax(z) with respect to z; of classes Σt is 1, which leaves y − t",
        },
        [(LossFunction.Poisson, Activation.Exp)] = new("PoissonOfExp", "y − t·ln y", "(y − t)")
        {
            IsClosedForm = true,
            Stability = "ln y is z itself",
            Fusion = "the slope y of the exponential cancels the denominator of the loss's derivative 1 − t/y",
        },
        [(LossFunction.Poisson, Activation.Softplus)] = new("PoissonOfSoftplus", "y − t·ln y", "σ({2}) ⊙ (1 − t / y)")
        {
            IsClosedForm = true,
            Stability = "ln y from z, so that it stays finite where y rounds to 0",
            DeltaStability = "; σ(z) / y in one piece, which stays finite where both round to 0",
        },
    };

    /// <summary>Whether loss and output activation meet in one formula.</summary>
    public bool IsClosedForm { get; init; }

    /// <summary>How the loss stays exact, as the end of a sentence; <c>{3}</c> is the loss's number less 1, with its sign.</summary>
    public string Stability { get; init; } = "";

    /// <summary>How the derivative keeps its digits, as the end of a sentence.</summary>
    public string DeltaStability { get; init; } = "";

    /// <summary>How the closed form comes about.</summary>
    public string Fusion { get; init; } = "";

    public static LossFacts Of(NetworkModel model)
    {
        LossFunction loss = model.Loss!.Value;
        return loss == LossFunction.BCE && model.LossOptions.PositiveWeight != 1 ? Weighted
            : Table.TryGetValue((loss, model.Layers[model.Layers.Count - 1].Activation), out LossFacts pair) ? pair
            : Table[(loss, null)];
    }

    /// <summary>Fills in a formula's places.</summary>
    public static string Fill(string formula, NetworkPlan plan)
    {
        LossOptions options = plan.Model.LossOptions;
        double number = plan.Model.Loss == LossFunction.Huber ? options.Delta : options.PositiveWeight;
        string signed = number < 1 ? $"− {Literals.Short(1 - number)}" : $"+ {Literals.Short(number - 1)}";
        return string.Format(formula, plan.HasSoftTargets ? "τ" : "t", Literals.Short(number), plan.Last.PreActivation, signed);
    }
}
