namespace Mlp;

/// <summary>
/// During training, sets each output of the preceding layer, or each of the network's inputs where it stands before the first layer, to 0 with
/// the given probability and multiplies the others by <c>1 / (1 − rate)</c>, so that nothing changes when predicting.
/// </summary>
/// <param name="rate">Probability in [0, 1). At 0 no code is generated.</param>
/// <remarks>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), inverted scaling.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class DropoutAttribute(double rate) : Attribute
{
    /// <summary>Probability that an output is dropped.</summary>
    public double Rate { get; } = rate;
}
