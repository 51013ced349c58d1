namespace Mlp;

/// <summary>How a layer's weights are drawn before training. Biases start at 0, except with <see cref="Auto"/>.</summary>
/// <remarks>
/// <c>inputs</c> and <c>outputs</c> are those of the layer. Only <see cref="TruncatedNormal"/> truncates its distribution. Every number is a
/// function of the network's seed, the layer and the weight's index.
/// </remarks>
public enum Initializer
{
    /// <summary>
    /// HeUniform for Relu, LeakyRelu and PRelu in layers with no more outputs than inputs; LeCunUniform for Elu, Gelu, GeluTanh, Silu, Mish and
    /// HardSwish; LeCunNormal for Selu; uniform in ±√(2 / (inputs + outputs)), as scikit-learn has it, for hidden layers of Sigmoid and
    /// what follows them; GlorotUniform otherwise. Biases are drawn too, except for Selu: uniform in ±√(6 / (inputs + outputs)), or as the smaller weights.
    /// </summary>
    Auto,

    /// <summary>Uniform in ±√(6 / inputs). He, Zhang, Ren and Sun (2015).</summary>
    HeUniform,

    /// <summary>Normal with standard deviation √(2 / inputs). He, Zhang, Ren and Sun (2015), equation 10.</summary>
    HeNormal,

    /// <summary>Uniform in ±√(6 / (inputs + outputs)). Glorot and Bengio (2010), equation 16.</summary>
    GlorotUniform,

    /// <summary>Normal with standard deviation √(2 / (inputs + outputs)). Glorot and Bengio (2010), equation 12.</summary>
    GlorotNormal,

    /// <summary>Uniform in ±√(3 / inputs). LeCun, Bottou, Orr and Müller (1998), section 4.6.</summary>
    LeCunUniform,

    /// <summary>
    /// Normal with standard deviation √(1 / inputs). LeCun, Bottou, Orr and Müller (1998), section 4.6; what Selu needs according to
    /// Klambauer, Unterthiner, Mayr and Hochreiter (2017).
    /// </summary>
    LeCunNormal,

    /// <summary>
    /// Normal with standard deviation <c>InitializerScale</c> (default: 0.05), drawn again beyond two standard deviations. The result's standard
    /// deviation is 0.88 times as large.
    /// </summary>
    TruncatedNormal,

    /// <summary>
    /// A random orthogonal matrix, uniform among all, times the gain <c>InitializerScale</c> (default: 1): rows or columns, whichever are
    /// fewer, are orthogonal and as long as the gain. Saxe, McClelland and Ganguli (2014); the matrix is Q of a QR decomposition of normal
    /// numbers with R's diagonal positive, as in Mezzadri (2007).
    /// </summary>
    /// <remarks>The work grows with inputs · outputs · the smaller of both.</remarks>
    Orthogonal,

    /// <summary>All zeros: for single-layer networks, where there is no symmetry to break.</summary>
    Zeros,

    /// <summary>All ones.</summary>
    Ones,

    /// <summary>All <c>InitializerScale</c> (default: 0).</summary>
    Constant,
}
