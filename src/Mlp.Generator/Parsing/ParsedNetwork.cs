using Mlp.Generator.Model;

namespace Mlp.Generator.Parsing;

/// <summary>What came of reading a type.</summary>
/// <param name="Model">
/// Null where the type is no network, or its form lets nothing be added to it. With problems, what could be understood:
/// good enough to write members that throw.
/// </param>
/// <param name="Problems">For the analyzer; the generator drops them, so that no position flows down its pipeline.</param>
internal sealed record ParsedNetwork(NetworkModel? Model, EquatableArray<Problem> Problems)
{
    public static readonly ParsedNetwork None = new(null, default);
}
