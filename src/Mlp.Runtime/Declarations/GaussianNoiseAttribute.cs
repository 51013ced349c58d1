namespace Mlp;

/// <summary>
/// During training, adds independent normal noise to each output of the preceding layer, or to the network's inputs where it stands before
/// the first layer. Prediction and evaluation have none.
/// </summary>
/// <param name="deviation">Standard deviation, finite and at least 0. At 0 no code is generated.</param>
/// <remarks>
/// Inputs get their noise after <c>Standardize</c>, so that its unit is their deviation. Sietsma and Dow (1991).
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class GaussianNoiseAttribute(double deviation) : Attribute
{
    /// <summary>Standard deviation of the noise.</summary>
    public double Deviation { get; } = deviation;
}
