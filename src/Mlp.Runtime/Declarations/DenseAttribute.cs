namespace Mlp;

/// <summary>A fully connected layer <c>h = activation(x·W + b)</c>.</summary>
/// <param name="units">Number of outputs, at least 1; the number of inputs is inferred.</param>
/// <param name="activation">Applied to every output.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class DenseAttribute(int units, Activation activation = Activation.Linear) : Attribute
{
    /// <summary>Number of outputs.</summary>
    public int Units { get; } = units;

    /// <summary>Applied to every output.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>Name of the layer's view and of its tensors in files. Default: <c>Layer1</c>, <c>Layer2</c>, … in the order of the dense layers.</summary>
    public string? Name { get; set; }

    /// <summary>Whether a bias is added to every output.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>How the weights are drawn before training.</summary>
    public Initializer Initializer { get; set; } = Initializer.Auto;

    /// <summary>
    /// Number that the initializer needs: standard deviation of <c>TruncatedNormal</c>, gain of
    /// <c>Orthogonal</c>, value of <c>Constant</c>. Default: the initializer's own.
    /// </summary>
    public double InitializerScale { get; set; } = double.NaN;

    /// <summary>
    /// Slope of LeakyRelu below 0 (default: 0.01), initial slope of PRelu (default: 0.25), scale of Elu (default: 1). Finite; for LeakyRelu and
    /// Elu at least 0.
    /// </summary>
    public double Alpha { get; set; } = double.NaN;

    /// <summary>Whether the layer's inputs are added to its activated outputs, <c>h = activation(x·W + b) + x</c>; needs as many inputs as units.</summary>
    /// <remarks>He, Zhang, Ren and Sun (2016).</remarks>
    public bool Residual { get; set; }

    /// <summary>
    /// Whether training leaves the layer as it is: no gradient of its parameters is computed, nor of layers before it where nothing else needs that.
    /// The layer computes as in <c>Predict</c>: batch normalization with its running statistics, and no dropout or noise on its outputs. Its parameters
    /// can be loaded and written.
    /// </summary>
    public bool Frozen { get; set; }

    /// <summary>Normalization between the linear part and the activation, with a learned gain and shift for every unit.</summary>
    public Normalization Normalization { get; set; } = Normalization.None;

    /// <summary>What normalization adds to the variance before it takes the root, above 0. Default: 1e-5.</summary>
    public double NormalizationEpsilon { get; set; } = 1e-5;

    /// <summary>Share of the new batch in batch normalization's running statistics, in (0, 1]. Default: 0.1.</summary>
    public double NormalizationMomentum { get; set; } = 0.1;

    /// <summary>
    /// Penalty on the absolute values of the layer's weights: every update adds <c>L1·sign(w)</c> to their gradients. At least 0; biases have
    /// none, and reported losses do not contain it.
    /// </summary>
    public double L1 { get; set; }

    /// <summary>
    /// Penalty <c>L2/2·Σw²</c> on the layer's weights: every update adds <c>L2·w</c> to their gradients. At least 0; biases have none, and
    /// reported losses do not contain it.
    /// </summary>
    public double L2 { get; set; }
}
