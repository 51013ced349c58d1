using Mlp.Generator.Model;

namespace Mlp.Generator.Emit;

/// <summary>An activation as code and as formula. One row of the table is all that a new element-wise activation needs here.</summary>
/// <param name="Formula">How an output comes from the pre-activation, in text; <c>{0}</c> is the pre-activation, <c>{1}</c> the slope or scale.</param>
/// <param name="SlopeFormula">
/// The derivative in text: <c>{0}</c> is what it is computed from, the output or the pre-activation as Planning says, <c>{1}</c> the slope or scale.
/// Empty where it is 1.
/// </param>
/// <param name="Forward">The output as code, from the vector's type, the pre-activation, and the slope or scale.</param>
/// <param name="Backward">
/// The delta behind the activation as code, from the vector's type, the delta before it, what the derivative is computed from, and the slope or scale.
/// </param>
internal sealed record ActivationCode(
    string Formula,
    string SlopeFormula,
    Func<string, string, string, string> Forward,
    Func<string, string, string, string, string> Backward)
{
    /// <summary>What the names in the formulas stand for, a sentence; empty where they speak for themselves.</summary>
    public string Note { get; init; } = "";

    /// <summary>The local that holds a learned slope.</summary>
    public const string LearnedSlope = "slope";

    private const string PerceptronNote = "The derivative of a jump, 0 wherever there is one, is taken as 1: Rosenblatt's rule.";
    private const string SeluScale = "1.050701f";
    private const string SeluScaleAlpha = "1.7580993f";

    private static readonly Dictionary<Activation, ActivationCode> Table = new()
    {
        [Activation.Linear] = Constant("{0}", static (_, z, _) => z),
        [Activation.Relu] = Call("Relu", "max(0, {0})", "1[{0} > 0]", static (v, delta, h, _) => $"{v}.GreaterThan({h}, {v}.Zero) & {delta}"),
        [Activation.LeakyRelu] = Leaky("1[{0} > 0] + {1}·1[{0} ≤ 0]"),
        [Activation.PRelu] = Leaky("1[{0} > 0] + {1}·1[{0} ≤ 0]"),
        [Activation.Elu] = new(
            "elu({0}, {1})", "(1[{0} > 0] + ({0} + {1})·1[{0} ≤ 0])",
            static (v, z, alpha) => $"Mlp::VectorMath.Elu({z}, {alpha})",
            static (v, delta, h, alpha) => $"{delta} * {v}.Select({v}.GreaterThan({h}, {v}.Zero), {v}.Create(1f), {h} + {alpha})")
        {
            Note = "elu(z, α) is z above 0, else α·(e^z − 1); its derivative there, α·e^z, is the output plus α.",
        },
        [Activation.Selu] = Call(
            "Selu", "selu({0})", "(λ·1[{0} > 0] + ({0} + λα)·1[{0} ≤ 0])",
            static (v, delta, h, _) =>
                $"{delta} * {v}.Select({v}.GreaterThan({h}, {v}.Zero), {v}.Create({SeluScale}), {h} + {v}.Create({SeluScaleAlpha}))") with
        {
            Note = "selu(z) is λ·z above 0, else λα·(e^z − 1), with λ = 1.0507009873554805 and α = 1.6732632423543772.",
        },
        [Activation.Sigmoid] = Call("Sigmoid", "σ({0})", "{0} ⊙ (1 − {0})", static (v, delta, h, _) => $"{delta} * ({h} * ({v}.Create(1f) - {h}))"),
        [Activation.Tanh] = Call("Tanh", "tanh({0})", "(1 − {0}²)", static (v, delta, h, _) => $"{delta} * ({v}.Create(1f) - ({h} * {h}))"),
        [Activation.Gelu] = WithSlope("Gelu", "{0} ⊙ Φ({0})", "(Φ({0}) + {0} ⊙ φ({0}))") with
        {
            Note = "Φ(z) = (1 + erf(z/√2))/2 is the normal distribution's probability of less than z, φ(z) = e^(−z²/2)/√(2π) its density.",
        },
        [Activation.GeluTanh] = WithSlope("GeluTanh", "{0}/2 ⊙ (1 + tanh(u({0})))", "((1 + tanh(u({0})))/2 + {0}/2 ⊙ (1 − tanh²(u({0}))) ⊙ u'({0}))") with
        {
            Note = "u(z) = √(2/π)·(z + 0.044715·z³), so u'(z) = √(2/π)·(1 + 0.134145·z²).",
        },
        [Activation.Silu] = WithSlope("Silu", "{0} ⊙ σ({0})", "σ({0}) ⊙ (1 + {0} ⊙ (1 − σ({0})))"),
        [Activation.Mish] = WithSlope("Mish", "{0} ⊙ T({0})", "(T({0}) + {0} ⊙ σ({0}) ⊙ (1 − T({0})²))") with
        {
            Note = "T(z) = tanh(ln(1 + e^z)).",
        },
        [Activation.Softplus] = Call("Softplus", "ln(1 + e^({0}))", "(1 − e^−{0})", static (_, delta, h, _) => $"{delta} * -Mlp::VectorMath.Expm1(-{h})"),
        [Activation.Softsign] = Call("Softsign", "{0} / (1 + |{0}|)", "(1 − |{0}|)²", static (v, delta, h, _) =>
            $"{delta} * (({v}.Create(1f) - {v}.Abs({h})) * ({v}.Create(1f) - {v}.Abs({h})))"),
        [Activation.HardSigmoid] = Call("HardSigmoid", "min(max(0, ({0} + 3) / 6), 1)", "1[0 < {0} < 1]/6", static (v, delta, h, _) =>
            $"{v}.GreaterThan({h}, {v}.Zero) & {v}.LessThan({h}, {v}.Create(1f)) & ({delta} * {v}.Create(0.16666667f))"),
        [Activation.HardSwish] = WithSlope("HardSwish", "{0} ⊙ min(max(0, ({0} + 3) / 6), 1)", "(1[{0} ≥ 3] + (2·{0} + 3)/6 ⊙ 1[|{0}| < 3])"),
        [Activation.Exp] = Call("Exp", "e^({0})", "{0}", static (_, delta, h, _) => $"{delta} * {h}"),
        [Activation.Step] = Constant("1[{0} ≥ 0]", static (_, z, _) => $"Mlp::VectorMath.Step({z})") with { Note = PerceptronNote },
        [Activation.Sign] = Constant("sign({0})", static (_, z, _) => $"Mlp::VectorMath.Sign({z})") with { Note = PerceptronNote },

        // Acts on a whole row, so its code stands in the output's stage; its delta is fused with the loss or written there.
        [Activation.Softmax] = Constant("softmax({0})", static (_, z, _) => z),
    };

    public static ActivationCode Of(LayerModel layer) => Table[layer.Activation];

    /// <summary>The slope or scale as text: a number, or the letter of a learned one.</summary>
    public static string AlphaText(LayerModel layer, int number) => layer.HasSlope ? $"α{number}" : Literals.Short(layer.Alpha);

    /// <summary>The slope or scale as code.</summary>
    public static string AlphaCode(LayerModel layer, string vector) =>
        layer.HasSlope ? LearnedSlope : $"{vector}.Create({Literals.Of((float)layer.Alpha)})";

    /// <summary>An activation whose derivative is 1, or taken as 1.</summary>
    private static ActivationCode Constant(string formula, Func<string, string, string, string> forward) =>
        new(formula, "", forward, static (_, delta, _, _) => delta);

    /// <summary>An activation that is one call of the runtime.</summary>
    private static ActivationCode Call(string name, string formula, string slope, Func<string, string, string, string, string> backward) =>
        new(formula, slope, (_, z, _) => $"Mlp::VectorMath.{name}({z})", backward);

    /// <summary>An activation whose derivative is a call as well.</summary>
    private static ActivationCode WithSlope(string name, string formula, string slope) =>
        Call(name, formula, slope, (_, delta, z, _) => $"{delta} * Mlp::VectorMath.{name}Slope({z})");

    private static ActivationCode Leaky(string slope) => new(
        "leaky({0}, {1})", $"({slope})",
        static (_, z, alpha) => $"Mlp::VectorMath.LeakyRelu({z}, {alpha})",
        static (v, delta, kept, alpha) => $"{v}.Select({v}.GreaterThan({kept}, {v}.Zero), {delta}, {delta} * {alpha})")
    {
        Note = "leaky(z, α) is z above 0, else α·z.",
    };
}
