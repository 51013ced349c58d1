namespace Mlp;

/// <summary>
/// Makes the network an ensemble whose members share all layers but the last. Each member scales the inputs, element by element, by numbers of its own, and
/// has an output layer of its own; all are trained together, and predictions are the mean of the members' outputs: of probabilities, where outputs are
/// such. <c>PredictSpread</c> says how far the members are apart.
/// </summary>
/// <param name="members">Number of members, 2 to 64. A step costs about as many times what it costs without.</param>
/// <remarks>
/// TabM-mini: Gorishniy, Kotelnikov and Babenko (2025). The scales begin as random signs, ±1, as in the authors' code for inputs without embeddings; the
/// last layers are drawn independently. Scales learn at the rate of the first layer, have no penalties and no weight decay, and are frozen with it. The loss
/// of a row is the mean of its members' losses in training, and the loss of the averaged outputs in evaluation. Dropout, noise and batch normalization act
/// on the rows of all members, and every member's are drawn anew; noise on inputs is added to the scaled ones.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class EnsembleAttribute(int members) : Attribute
{
    /// <summary>Number of members.</summary>
    public int Members { get; } = members;
}
