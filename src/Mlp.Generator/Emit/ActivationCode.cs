namespace Mlp.Generator.Emit;

/// <summary>An activation as code and as formula. One row of the table is all that a new element-wise activation needs here.</summary>
/// <param name="Formula">How an output comes from the pre-activation, in text; <c>{0}</c> is the pre-activation.</param>
/// <param name="SlopeFormula">The derivative in terms of the kept output, in text; <c>{0}</c> is the output. Empty where it is 1.</param>
/// <param name="Forward">The output as code, from the pre-activation's.</param>
/// <param name="Backward">The delta behind the activation as code, from the vector's type, the delta before it and the output.</param>
internal sealed record ActivationCode(
    string Formula,
    string SlopeFormula,
    Func<string, string> Forward,
    Func<string, string, string, string> Backward)
{
    private const string VectorMath = $"{Emitted.Numerics}.VectorMath";

    private static readonly Dictionary<Activation, ActivationCode> Table = new()
    {
        [Activation.Linear] = new(
            "{0}", "",
            static z => z,
            static (_, delta, _) => delta),
        [Activation.Relu] = new(
            "max(0, {0})", "1[{0} > 0]",
            static z => $"{VectorMath}.Relu({z})",
            static (vector, delta, h) => $"{vector}.GreaterThan({h}, {vector}.Zero) & {delta}"),
        [Activation.Sigmoid] = new(
            "σ({0})", "{0} ⊙ (1 − {0})",
            static z => $"{VectorMath}.Sigmoid({z})",
            static (vector, delta, h) => $"{delta} * ({h} * ({vector}.Create(1f) - {h}))"),
        [Activation.Tanh] = new(
            "tanh({0})", "(1 − {0}²)",
            static z => $"{VectorMath}.Tanh({z})",
            static (vector, delta, h) => $"{delta} * ({vector}.Create(1f) - ({h} * {h}))"),

        // Acts on a whole row, so its code stands in the output's stage; its delta is fused with the loss or written there.
        [Activation.Softmax] = new("softmax({0})", "", static z => z, static (_, delta, _) => delta),
    };

    public static ActivationCode Of(Activation activation) => Table[activation];
}
