namespace Mlp.Generator.Planning;

/// <summary>How a network is computed.</summary>
internal enum Strategy
{
    /// <summary>One lane is one sample, one local is one neuron, no loops over neurons.</summary>
    StraightLine,

    /// <summary>Register-blocked kernels, samples row-major, lanes along a layer's outputs.</summary>
    Tiled,
}
