namespace Mlp.Hosting;

/// <summary>A network that is served, and since when.</summary>
/// <param name="Network">The network; nobody changes it.</param>
/// <param name="Source">Where it came from, for health checks: a file's path, or that it was published.</param>
/// <param name="Since">When it was taken.</param>
internal sealed record ServedNetwork<TNet>(TNet Network, string Source, DateTimeOffset Since);
