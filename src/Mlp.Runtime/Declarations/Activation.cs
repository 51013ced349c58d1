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

    /// <summary><c>z</c> above 0, else <c>α·z</c>, with α the layer's <c>Alpha</c> (default: 0.01). Maas, Hannun and Ng (2013).</summary>
    LeakyRelu,

    /// <summary>
    /// <c>z</c> above 0, else <c>α·z</c>, with one learned slope α a layer, which begins as the layer's <c>Alpha</c> (default: 0.25).
    /// He, Zhang, Ren and Sun (2015).
    /// </summary>
    PRelu,

    /// <summary><c>z</c> above 0, else <c>α·(eᶻ − 1)</c>, with α the layer's <c>Alpha</c> (default: 1). Clevert, Unterthiner and Hochreiter (2016).</summary>
    Elu,

    /// <summary>
    /// <c>λz</c> above 0, else <c>λα·(eᶻ − 1)</c>, with λ = 1.0507009873554805 and α = 1.6732632423543772. Klambauer, Unterthiner, Mayr and
    /// Hochreiter (2017).
    /// </summary>
    Selu,

    /// <summary><c>z·Φ(z)</c>, Φ the normal distribution's cumulative probability. Hendrycks and Gimpel (2016).</summary>
    Gelu,

    /// <summary><c>z/2·(1 + tanh(√(2/π)·(z + 0.044715·z³)))</c>, which approximates Gelu. Hendrycks and Gimpel (2016).</summary>
    GeluTanh,

    /// <summary><c>z·σ(z)</c>, also called swish. Elfwing, Uchibe and Doya (2018).</summary>
    Silu,

    /// <summary><c>z·tanh(ln(1 + eᶻ))</c>. Misra (2020).</summary>
    Mish,

    /// <summary><c>ln(1 + eᶻ)</c>, above 0.</summary>
    Softplus,

    /// <summary><c>z / (1 + |z|)</c>, in (−1, 1).</summary>
    Softsign,

    /// <summary><c>(z + 3) / 6</c>, but at least 0 and at most 1.</summary>
    HardSigmoid,

    /// <summary><c>z</c> times its hard sigmoid. Howard and others (2019).</summary>
    HardSwish,

    /// <summary><c>eᶻ</c>, above 0: rates of counts, with the Poisson loss.</summary>
    Exp,

    /// <summary>1 where <c>z ≥ 0</c>, else 0: Rosenblatt's perceptron. Its derivative is taken as 1.</summary>
    Step,

    /// <summary>1 above 0, −1 below, 0 at 0: a perceptron with signs. Its derivative is taken as 1.</summary>
    Sign,

    /// <summary><c>eᶻⁱ / Σ eᶻʲ</c> over the layer's outputs: probabilities of exclusive classes. Output layer only.</summary>
    Softmax,
}
