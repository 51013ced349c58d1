namespace Mlp.Hosting;

/// <summary>A network for each of many tenants, loaded when it is asked for, and kept while it is used. Registered by <c>services.AddNetworks</c>.</summary>
/// <typeparam name="TKey">What tells tenants apart.</typeparam>
/// <typeparam name="TNet">The network.</typeparam>
/// <remarks>All members may be called by any number of threads at once.</remarks>
public interface INetworks<TKey, TNet> where TKey : notnull where TNet : class, INetwork<TNet>
{
    /// <summary>
    /// The network of a tenant. The first call loads it; calls meanwhile wait for that one load. One that is kept is returned at once, and nothing is allocated.
    /// </summary>
    /// <param name="key">The tenant.</param>
    /// <param name="cancellationToken">Ends the waiting; a load that has begun goes on for the others.</param>
    /// <returns>The network, which others have too: it may predict, and train only where the application sees to it that one does at a time.</returns>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    /// <remarks>What the load throws goes to all who wait for it, and is not kept: the next call loads again.</remarks>
    ValueTask<TNet> GetAsync(TKey key, CancellationToken cancellationToken = default);

    /// <summary>Forgets a tenant's network, so that the next call loads it anew: after it was trained and stored elsewhere, say.</summary>
    /// <param name="key">The tenant.</param>
    /// <returns>Whether it was kept.</returns>
    bool Remove(TKey key);
}
