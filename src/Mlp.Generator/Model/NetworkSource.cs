namespace Mlp.Generator.Model;

/// <summary>All that the generated files of a network are written from.</summary>
/// <param name="Model">The network.</param>
/// <param name="IsPlain">Whether its kernels are written as scalar loops.</param>
internal sealed record NetworkSource(NetworkModel Model, bool IsPlain);
