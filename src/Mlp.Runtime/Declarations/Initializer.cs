namespace Mlp;

/// <summary>How a layer's weights are drawn before training. Biases start at 0.</summary>
public enum Initializer
{
    /// <summary>He uniform for Relu, Glorot uniform otherwise.</summary>
    Auto,

    /// <summary>Uniform in ±√(6 / inputs). He, Zhang, Ren and Sun (2015).</summary>
    HeUniform,

    /// <summary>Uniform in ±√(6 / (inputs + outputs)). Glorot and Bengio (2010).</summary>
    GlorotUniform,

    /// <summary>All zeros: for single-layer networks, where there is no symmetry to break.</summary>
    Zeros,
}
