namespace Mlp.Generator.Planning;

/// <summary>
/// What the generator must know of an activation; its code is the struct of the same name in the runtime's Activations. One row of the table is all that a
/// new element-wise activation needs here.
/// </summary>
/// <param name="Formula">How an output comes from the pre-activation: <c>{0}</c> is the pre-activation, <c>{1}</c> the slope or scale.</param>
/// <param name="SlopeFormula">The derivative: <c>{0}</c> is what it is computed from, <c>{1}</c> the slope or scale. Empty where it is 1, or taken as 1.</param>
/// <param name="Locals">About how many locals the output takes as the JIT inlines it.</param>
/// <param name="SlopeLocals">The same of the derivative.</param>
internal sealed record ActivationFacts(string Formula, string SlopeFormula, int Locals, int SlopeLocals)
{
    private const string PerceptronNote = "The derivative of a jump, 0 wherever there is one, is taken as 1: Rosenblatt's rule.";
    private const string LeakySlope = "(1[{0} > 0] + {1}·1[{0} ≤ 0])";
    private const string LeakyNote = "leaky(z, α) is z above 0, else α·z.";

    private static readonly Dictionary<Activation, ActivationFacts> Table = new()
    {
        [Activation.Linear] = new("{0}", "", 5, 0),
        [Activation.Relu] = new("max(0, {0})", "1[{0} > 0]", 5, 5),
        [Activation.LeakyRelu] = new("leaky({0}, {1})", LeakySlope, 5, 5) { Note = LeakyNote },
        [Activation.PRelu] = new("leaky({0}, {1})", LeakySlope, 5, 5) { Note = LeakyNote, NeedsPreActivations = true },
        [Activation.Elu] = new("elu({0}, {1})", "(1[{0} > 0] + ({0} + {1})·1[{0} ≤ 0])", 60, 10)
        {
            Note = "elu(z, α) is z above 0, else α·(e^z − 1); its derivative there, α·e^z, is the output plus α.",
        },
        [Activation.Selu] = new("selu({0})", "(λ·1[{0} > 0] + ({0} + λα)·1[{0} ≤ 0])", 60, 10)
        {
            Note = "selu(z) is λ·z above 0, else λα·(e^z − 1), with λ = 1.0507009873554805 and α = 1.6732632423543772.",
        },
        [Activation.Sigmoid] = new("σ({0})", "{0} ⊙ (1 − {0})", 60, 8),
        [Activation.Tanh] = new("tanh({0})", "(1 − {0}²)", 80, 8),
        [Activation.Gelu] = new("{0} ⊙ Φ({0})", "(Φ({0}) + {0} ⊙ φ({0}))", 100, 100)
        {
            Note = "Φ(z) = (1 + erf(z/√2))/2 is the normal distribution's probability of less than z, φ(z) = e^(−z²/2)/√(2π) its density.",
            NeedsPreActivations = true,
        },
        [Activation.GeluTanh] = new("{0}/2 ⊙ (1 + tanh(u({0})))", "((1 + tanh(u({0})))/2 + {0}/2 ⊙ (1 − tanh²(u({0}))) ⊙ u'({0}))", 80, 80)
        {
            Note = "u(z) = √(2/π)·(z + 0.044715·z³), so u'(z) = √(2/π)·(1 + 0.134145·z²).",
            NeedsPreActivations = true,
        },
        [Activation.Silu] = new("{0} ⊙ σ({0})", "σ({0}) ⊙ (1 + {0} ⊙ (1 − σ({0})))", 60, 60) { NeedsPreActivations = true },
        [Activation.Mish] = new("{0} ⊙ T({0})", "(T({0}) + {0} ⊙ σ({0}) ⊙ (1 − T({0})²))", 80, 80)
        {
            Note = "T(z) = tanh(ln(1 + e^z)).",
            NeedsPreActivations = true,
        },
        [Activation.Softplus] = new("ln(1 + e^({0}))", "(1 − e^−{0})", 100, 60),
        [Activation.Softsign] = new("{0} / (1 + |{0}|)", "(1 − |{0}|)²", 60, 10),
        [Activation.HardSigmoid] = new("min(max(0, ({0} + 3) / 6), 1)", "1[0 < {0} < 1]/6", 60, 8),
        [Activation.HardSwish] = new("{0} ⊙ min(max(0, ({0} + 3) / 6), 1)", "(1[{0} ≥ 3] + (2·{0} + 3)/6 ⊙ 1[|{0}| < 3])", 60, 60)
        {
            NeedsPreActivations = true,
        },
        [Activation.Exp] = new("e^({0})", "{0}", 60, 5),
        [Activation.Step] = new("1[{0} ≥ 0]", "", 60, 0) { Note = PerceptronNote },
        [Activation.Sign] = new("sign({0})", "", 60, 0) { Note = PerceptronNote },

        // Acts on a whole row; its delta is that of the pair with its loss.
        [Activation.Softmax] = new("softmax({0})", "", 60, 0),
    };

    /// <summary>What the names in the formulas stand for, a sentence; empty where they speak for themselves.</summary>
    public string Note { get; init; } = "";

    /// <summary>
    /// Whether the derivative is computed from the pre-activation, which then is kept: the function is not monotone, or may have a slope below 0, so
    /// that an output has several pre-activations.
    /// </summary>
    public bool NeedsPreActivations { get; init; }

    /// <summary>Whether the activation stands at the end of the sums, before they leave their registers.</summary>
    public bool IsShort => Locals <= Limits.MostShortLocals;

    /// <summary>Whether the slope does.</summary>
    public bool HasShortSlope => SlopeLocals <= Limits.MostShortLocals;

    /// <summary>Whether there is a slope other than 1.</summary>
    public bool HasSlope => SlopeFormula.Length > 0;

    public static ActivationFacts Of(Activation activation) => Table[activation];
}
