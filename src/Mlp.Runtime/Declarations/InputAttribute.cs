namespace Mlp;

/// <summary>Declares a network: the class becomes a multilayer perceptron with this many inputs a row.</summary>
/// <param name="size">Number of input columns, at least 1.</param>
/// <remarks>
/// The attributes of the declaration are read in source order: <c>[Input]</c>, then the layers, then <c>[Loss]</c>.
/// All of them stand on one declaration of the partial class. Only a class can be a network: on a struct, a record or an
/// interface the attributes are allowed so that the generator can say what to write instead.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class InputAttribute(int size) : Attribute
{
    /// <summary>Number of input columns.</summary>
    public int Size { get; } = size;

    /// <summary>
    /// Makes centring and scaling of every input column part of the network: means and standard deviations are learned once, from the data of the first
    /// <c>Train</c> or by <c>LearnInputStatistics</c>, stored with the parameters, and applied to raw values wherever the network is used. A column that
    /// never varies is centred and not scaled. Rows with weights count by them.
    /// </summary>
    public bool Standardize { get; set; }

    /// <summary>
    /// Generates <c>InputGradients</c>: the derivatives of the loss, and of every output, with respect to the inputs.
    /// </summary>
    public bool Gradients { get; set; }
}
