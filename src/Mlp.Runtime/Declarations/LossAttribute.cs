namespace Mlp;

/// <summary>Declares what training minimises. Without it only the prediction half of the network is generated.</summary>
/// <param name="loss">The loss; a mean over the mini-batch.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class LossAttribute(LossFunction loss) : Attribute
{
    /// <summary>The loss.</summary>
    public LossFunction Loss { get; } = loss;
}
