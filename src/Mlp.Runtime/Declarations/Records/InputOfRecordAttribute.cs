namespace Mlp;

/// <summary>
/// Declares a network whose rows are records: the properties of <typeparamref name="TRecord"/> that have <c>[Numeric]</c>, <c>[Category]</c> or
/// <c>[Time]</c> are its inputs, in order of declaration, base class first; <c>[Target]</c> is what it learns. The generator writes the encoder.
/// </summary>
/// <typeparam name="TRecord">A class, record or struct, of this project or another, with at least one such property.</typeparam>
/// <remarks>
/// Attributes stand on properties or on the parameters of a constructor that are called like them. Where a property overrides another, or a parameter is handed
/// on to the base, what the most derived type says of it holds.
/// <para>
/// What the encoder learns (means, medians, quantiles, categories) is learned once, from the rows of the first <c>Train</c> or by <c>Fit</c>, and
/// is part of the network: saved, loaded and cloned with it.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class InputAttribute<TRecord> : Attribute
{
    /// <summary>Generates <c>InputGradients</c>: the derivatives of the loss, and of every output, with respect to the encoded inputs.</summary>
    public bool Gradients { get; set; }
}
