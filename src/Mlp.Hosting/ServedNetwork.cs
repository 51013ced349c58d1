namespace Mlp.Hosting;

/// <summary>A network that is served, and since when.</summary>
/// <param name="Network">The network; nobody can change it.</param>
/// <param name="Source">Where it came from, for health checks: a file's path, or that it was published.</param>
/// <param name="Since">When it was taken.</param>
internal sealed record ServedNetwork<TNet>(TNet Network, string Source, DateTimeOffset Since) where TNet : class, INetwork<TNet>
{
    /// <summary>Serves a network that nobody else has: read-only from now on, so that no request can change what others are answered.</summary>
    public static ServedNetwork<TNet> Of(TNet network, string source, DateTimeOffset since)
    {
        network.State.MakeReadOnly();
        return new ServedNetwork<TNet>(network, source, since);
    }
}
