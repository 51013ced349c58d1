namespace Mlp.Generator.Planning;

/// <summary>How a network is computed, chosen by its size alone. It decides the order of the gradients' sums, so the bits.</summary>
internal enum Strategy
{
    /// <summary>Eight samples at a time: a vector is a neuron, its lanes are samples.</summary>
    StraightLine,

    /// <summary>Register-blocked kernels, samples row-major, lanes along a layer's outputs.</summary>
    Tiled,
}

/// <summary>How the kernels are written.</summary>
internal enum Form
{
    /// <summary>That of the strategy of the same name.</summary>
    StraightLine,

    /// <inheritdoc cref="StraightLine"/>
    Tiled,

    /// <summary>Scalar loops, the textbook form, with the bits of the strategy.</summary>
    Plain,
}
