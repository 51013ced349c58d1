namespace Mlp;

/// <summary>The function that a dense layer applies to its pre-activations <c>z = x·W + b</c>.</summary>
/// <remarks>
/// The members are implicit static usings in projects that reference the package, so that a declaration reads
/// <c>[Dense(300, Relu)]</c>. Where a <c>Relu</c> of your own is in scope, write <c>Activation.Relu</c>.
/// </remarks>
public enum Activation
{
    /// <summary><c>z</c>: no activation.</summary>
    Linear,

    /// <summary><c>max(0, z)</c>; the subgradient at 0 is 0, NaN stays NaN.</summary>
    Relu,

    /// <summary><c>1 / (1 + e⁻ᶻ)</c>, in (0, 1).</summary>
    Sigmoid,

    /// <summary><c>tanh z</c>, in (−1, 1).</summary>
    Tanh,

    /// <summary><c>eᶻⁱ / Σ eᶻʲ</c> over the layer's outputs: probabilities of exclusive classes. Output layer only.</summary>
    Softmax,
}
