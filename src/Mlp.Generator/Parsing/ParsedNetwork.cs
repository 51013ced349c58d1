using Microsoft.CodeAnalysis;
using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>What came of reading a type.</summary>
/// <param name="Model">
/// Null where the type is no network, or its form lets nothing be added to it. With problems, what could be understood:
/// good enough to write members that throw.
/// </param>
/// <param name="Problems">What is wrong, in source order. Only a faulty network has any, so that no position of a sound one flows down to what is written.</param>
internal sealed record ParsedNetwork(NetworkModel? Model, EquatableArray<Problem> Problems)
{
    public static readonly ParsedNetwork None = new(null, default);

    /// <summary>Where a sound network names its weights, which are still to be compared with it; null where it has none.</summary>
    public Location? PlaceOfWeights { get; init; }
}
