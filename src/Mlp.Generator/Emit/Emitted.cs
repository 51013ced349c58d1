using Mlp.Generator.Model;
using Mlp.Generator.Planning;

namespace Mlp.Generator.Emit;

/// <summary>Names and phrases that all forms of kernels share.</summary>
internal static class Emitted
{
    /// <summary>Declaration of the type that has the kernels: as a type argument, a struct has code of its own in the runtime's generic passes.</summary>
    public const string KernelsHead = $"private readonly partial struct {MemberNames.KernelsType}";

    /// <summary>Attribute of a kernel: compiled once and fully, without a slow first tier.</summary>
    public const string Optimized = "[Compiler::MethodImpl(Mlp::KernelOptions.Optimized)]";

    /// <summary>Constraint of a kernel's vector.</summary>
    public const string WhereV = "where V : struct, Mlp::IVector<V>";

    /// <summary>Constraint of a vector whose lanes are rows.</summary>
    public const string WhereRowV = "where V : struct, Mlp::IRowVector<V>";

    /// <summary>Constraint of a gradient's destination.</summary>
    public const string WhereSink = "where TSink : struct, Mlp::IGradientSink, allows ref struct";

    /// <summary>The vector of everything that has eight lanes on every machine.</summary>
    public const string Vec8 = "Mlp::Vec256";

    /// <summary>The interface by which the runtime's passes call the kernels.</summary>
    public static string Interface(NetworkPlan plan) =>
        (plan.Form == Form.StraightLine ? "ILane" : "IRow") + (plan.Model.Loss is null ? "Kernels" : "TrainingKernels");

    /// <summary>The runtime's passes of prediction over the kernels.</summary>
    public static string Passes(NetworkPlan plan) => $"Mlp::{(plan.Form == Form.StraightLine ? "Lane" : "Row")}Passes<{MemberNames.KernelsType}>";

    /// <summary>The runtime's passes of training over the kernels.</summary>
    public static string Training(NetworkPlan plan) => $"Mlp::{(plan.Form == Form.StraightLine ? "Lane" : "Row")}Training<{MemberNames.KernelsType}>";

    /// <summary>The struct of a layer's activation.</summary>
    public static string Activation(LayerPlan layer) => $"Mlp::Activations.{layer.Model.Activation}";

    /// <summary>A layer's slope or scale as an optional argument, of a learned one the parameter.</summary>
    public static string Alpha(LayerPlan layer, string slope) =>
        layer.Model.HasSlope ? $", alpha: {slope}"
        : layer.Model.Alpha != 0 ? $", alpha: {Literals.Of((float)layer.Model.Alpha)}"
        : "";

    /// <summary>The runtime's pass that activates the outputs and computes the losses.</summary>
    public static OutputPass Losses(NetworkPlan plan) => IsCrossEntropy(plan) ? new("CrossEntropy", "") : new("Losses", Loss(plan));

    /// <summary>The runtime's pass that computes the last layer's delta.</summary>
    public static OutputPass OutputDelta(NetworkPlan plan) =>
        IsCrossEntropy(plan) ? new("CrossEntropyDelta", "")
        : IsSoftmax(plan) ? new("SoftmaxDelta", Loss(plan))
        : new("Delta", Loss(plan));

    /// <summary>The runtime's pass that begins the derivative of one output.</summary>
    public static OutputPass Seed(NetworkPlan plan) =>
        IsSoftmax(plan) ? new("SoftmaxSeed", "")
        : new("Seed", plan.Last.KeepsOutputDelta || plan.Last.Kept is null ? "Mlp::Activations.Linear" : Activation(plan.Last));

    /// <summary>Whether the outputs of a row depend on each other.</summary>
    public static bool IsSoftmax(NetworkPlan plan) => plan.Last.Model.Activation == Mlp.Activation.Softmax;

    private static bool IsCrossEntropy(NetworkPlan plan) => plan.Model.Loss == LossFunction.CrossEntropy;

    /// <summary>The struct of the loss, followed by the slope of the output activation where that is not part of its formula.</summary>
    private static string Loss(NetworkPlan plan)
    {
        LossFacts facts = LossFacts.Of(plan.Model);
        string loss = $"Mlp::Losses.{facts.Code}";
        return facts.IsClosedForm || plan.Last.KeepsOutputDelta || plan.Last.Kept is null ? loss : $"Mlp::Chain<{loss}, {Activation(plan.Last)}>";
    }

    /// <summary>What the derivative of an output begins with, as a sentence.</summary>
    public static string SeedFormula(NetworkPlan plan)
    {
        LayerPlan last = plan.Last;
        string seed = IsSoftmax(plan) ? "y_o ⊙ (e_o − y)"
            : last.KeepsOutputDelta ? "e_o"
            : $"e_o{Formulas.Slope(last)}";
        return $"The derivative of output o: {last.IncomingDelta.Symbol} = {seed}, with e_o the row that is 1 at o and else 0.";
    }

    /// <summary>A comment: what an operation computes.</summary>
    public static string Comment(Operation operation, bool isHead = false)
    {
        string head = isHead ? $"{Formulas.Head(operation.Layer)}      " : "";
        string shapes = operation.Shapes.Length == 0 ? "" : $"      {operation.Shapes}";
        return $"// {head}{operation.Formula}{shapes}";
    }

    /// <summary>The end of the deltas before a product that only frozen layers would need, or only the inputs.</summary>
    public static string LastDelta(NetworkPlan plan, Operation product, string firstDelta)
    {
        int target = product.Target?.Number ?? 0;
        string reason = target > 0 ? $"Nothing below layer {product.Layer.Number} is trained."
            : plan.TrainsTables ? "The tables are frozen with the first layer."
            : plan.TrainsScales ? "The scales are frozen with the first layer."
            : "Training does without the derivative of the inputs.";
        return $"if ({firstDelta} >= {target}) {{ return; }} // {reason}";
    }

    /// <summary>The key of a layer's noise, which has none where the layer is frozen.</summary>
    public static string StepOfNoise(NoisePlan noise, string network) => noise.Number == 0 ? "step" : $"{network}.StepOfNoise({noise.Number - 1}, step)";

    /// <summary>Declares the constants that a text mentions.</summary>
    public static void Constants(SourceWriter w, IEnumerable<(string Name, int Value, string Comment)> constants, string text)
    {
        foreach ((string name, int value, string comment) in constants.Where(constant => Mentions(text, constant.Name)))
        {
            w.Lines($"private const int {name} = {value};{(comment.Length == 0 ? "" : $" // {comment}")}");
        }
    }

    private static bool Mentions(string text, string name)
    {
        for (int at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            int behind = at + name.Length;
            if (!IsPart(text[at - 1]) && !(behind < text.Length && IsPart(text[behind])))
            {
                return true;
            }
        }

        return false;

        static bool IsPart(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '.';
    }
}

/// <summary>A pass of the runtime over the outputs.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Type">The loss or activation that it is compiled for; empty where its name says which.</param>
internal sealed record OutputPass(string Method, string Type)
{
    /// <summary>The call of a pass that is not generic over vectors.</summary>
    public override string ToString() => Type.Length == 0 ? Method : $"{Method}<{Type}>";

    /// <summary>The call of a pass over lanes, which is.</summary>
    public string OfVectors => Type.Length == 0 ? $"{Method}<V>" : $"{Method}<V, {Type}>";
}
