using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Where gradients go: an optimizer's update rule, applied in the very kernel that made them, or a buffer.</summary>
/// <remarks>Every parameter of the network arrives exactly once a step, padding included: its gradient is 0, and it must stay 0.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IGradientSink
{
    /// <summary>Announces that the gradients of a cache line of parameters come next: a rule asks for the memory that it will need.</summary>
    /// <param name="parameter">The first of the parameters.</param>
    /// <param name="index">Its index in the network's store.</param>
    void Expect(ref readonly float parameter, nuint index);

    /// <summary>Takes the gradient of one vector of weights.</summary>
    /// <param name="gradient">Gradient of the mean loss, one lane a weight.</param>
    /// <param name="weight">The first of the weights; a rule updates them.</param>
    /// <param name="index">Index of the first weight in the network's store.</param>
    void Weights<V>(V gradient, ref float weight, nuint index) where V : struct, IVector<V>;

    /// <summary>Takes the gradient of one vector of biases.</summary>
    /// <inheritdoc cref="Weights"/>
    void Biases<V>(V gradient, ref float bias, nuint index) where V : struct, IVector<V>;
}
