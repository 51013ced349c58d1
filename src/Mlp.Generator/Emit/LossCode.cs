using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>
/// The losses as code, one output at a time: from <c>z0</c> (its pre-activation), <c>y0</c> (its activation) and <c>t0</c> (its target), whatever
/// the lanes are.
/// </summary>
internal static class LossCode
{
    private const string VectorMath = "Mlp::VectorMath";

    /// <summary>
    /// What <c>Losses</c> reads: outputs, or pre-activations where the loss is stable only from these, or both; then the targets.
    /// </summary>
    public static string[] Sources(NetworkPlan plan) => plan.Model.Loss switch
    {
        LossFunction.BCE or LossFunction.CrossEntropy => ["z", "t"],
        LossFunction.Poisson => ["y", "z", "t"],
        _ => ["y", "t"],
    };

    /// <summary>What <c>OutputDelta</c> reads.</summary>
    public static string[] DeltaSources(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        bool needsSlope = !last.KeepsOutputDelta && plan.Model.Loss is not (LossFunction.BCE or LossFunction.CrossEntropy or LossFunction.Poisson);
        return plan.Model.Loss == LossFunction.BCE || (plan.Model.Loss == LossFunction.Poisson && last.Model.Activation == Activation.Softplus) ? ["z", "t"]
            : needsSlope && last.SlopeSource == SlopeSource.PreActivation ? ["y", "z", "t"]
            : ["y", "t"];
    }

    /// <summary>Writes what the loss of one output needs, and gives the loss itself as an expression.</summary>
    public static string EmitElement(SourceWriter w, NetworkPlan plan, string v)
    {
        switch (plan.Model.Loss)
        {
            case LossFunction.MSE:
                return "(y0 - t0) * (y0 - t0)";
            case LossFunction.MAE:
                return $"{v}.Abs(y0 - t0)";
            case LossFunction.Huber:
                w.Lines($"{v} error = {v}.Abs(y0 - t0);");
                w.Lines($"{v} near = {v}.Select({v}.LessThan(error, {Delta(plan, v)}), error, {Delta(plan, v)});");
                return $"near * (error - (near * {v}.Create(0.5f)))";
            case LossFunction.LogCosh:
                return $"{VectorMath}.LogCosh(y0 - t0)";
            case LossFunction.BCE when PositiveWeight(plan) != 1:
                return $"(({v}.Create(1f) - t0) * z0) + (({v}.Create(1f) + ({v}.Create({Literals.Of(PositiveWeight(plan) - 1)}) * t0)) * {VectorMath}.Softplus(-z0))";
            case LossFunction.BCE:
                return $"({VectorMath}.Relu(z0) - (t0 * z0)) + {VectorMath}.Softplus(-{v}.Abs(z0))";
            case LossFunction.Poisson when plan.Last.Model.Activation == Activation.Exp:
                return "y0 - (t0 * z0)";
            case LossFunction.Poisson:
                return $"y0 - (t0 * {VectorMath}.LogSoftplus(z0))";
            default:
                return $"{VectorMath}.Relu({v}.Create(1f) - (t0 * y0))";
        }
    }

    /// <summary>The derivative by one output, or by its pre-activation where that is simpler, as code with <c>scale</c>.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="v">The vector's type.</param>
    /// <param name="sigmoid">The sigmoid of <c>z0</c> as code, of which BCE has need; where it was computed before, a name.</param>
    public static string ElementDelta(NetworkPlan plan, string v, string sigmoid = $"{VectorMath}.Sigmoid(z0)")
    {
        LayerPlan last = plan.Last;
        switch (plan.Model.Loss)
        {
            case LossFunction.BCE:
                // y − t itself would have lost what y is short of 1.
                string positive = PositiveWeight(plan) == 1 ? "t0" : $"({v}.Create({Literals.Of(PositiveWeight(plan))}) * t0)";
                return $"((({v}.Create(1f) - t0) * {sigmoid}) - ({positive} * {VectorMath}.Sigmoid(-z0))) * scale";
            case LossFunction.Poisson when last.Model.Activation == Activation.Exp:
                return "(y0 - t0) * scale";
            case LossFunction.Poisson:
                return $"({VectorMath}.Sigmoid(z0) - (t0 * {VectorMath}.SoftplusLogSlope(z0))) * scale";
            default:
                return last.KeepsOutputDelta || last.Kept is null
                    ? Derivative(plan, v)
                    : ActivationCode.Of(last.Model).Backward(
                        v, $"({Derivative(plan, v)})", last.SlopeSource == SlopeSource.Output ? "y0" : "z0", ActivationCode.AlphaCode(last.Model, v));
        }
    }

    /// <summary>The derivative of a loss by one output, as code with <c>scale</c>.</summary>
    public static string Derivative(NetworkPlan plan, string v) => plan.Model.Loss switch
    {
        LossFunction.MSE => "(y0 - t0) * scale",
        LossFunction.MAE => $"{VectorMath}.Sign(y0 - t0) * scale",
        LossFunction.Huber => $"{VectorMath}.Clamp(y0 - t0, -{Delta(plan, v)}, {Delta(plan, v)}) * scale",
        LossFunction.LogCosh => $"{VectorMath}.Tanh(y0 - t0) * scale",
        LossFunction.Hinge => $"{v}.LessThan(t0 * y0, {v}.Create(1f)) & (-t0 * scale)",
        _ => throw new InvalidOperationException($"{plan.Model.Loss} has its derivative by pre-activations."),
    };

    /// <summary>The loss's constant factor over what it is a mean of, as code.</summary>
    public static string Scale(NetworkPlan plan)
    {
        string count = plan.Model.Loss == LossFunction.CrossEntropy || plan.Model.OutputSize == 1
            ? "weight"
            : $"(weight * {Literals.Of((float)plan.Model.OutputSize)})";
        return $"{(plan.Model.Loss == LossFunction.MSE ? "2f" : "1f")} / {count}";
    }

    private static string Delta(NetworkPlan plan, string v) => $"{v}.Create({Literals.Of((float)plan.Model.LossOptions.Delta)})";

    private static float PositiveWeight(NetworkPlan plan) => (float)plan.Model.LossOptions.PositiveWeight;
}
