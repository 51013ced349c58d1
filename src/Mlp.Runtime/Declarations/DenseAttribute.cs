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

    /// <summary>Name of the layer's view and of its tensors in files. Unset, dense layers are <c>Layer1</c>, <c>Layer2</c>, …</summary>
    public string? Name { get; set; }

    /// <summary>Whether a bias is added to every output.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>How the weights are drawn before training.</summary>
    public Initializer Initializer { get; set; } = Initializer.Auto;
}
