namespace Mlp.Generator.Planning;

/// <summary>How a network is computed.</summary>
internal enum Strategy
{
    /// <summary>Eight samples at a time: a vector is a neuron, its lanes are samples.</summary>
    StraightLine,

    /// <summary>Register-blocked kernels, samples row-major, lanes along a layer's outputs.</summary>
    Tiled,
}
