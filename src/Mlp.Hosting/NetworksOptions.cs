namespace Mlp.Hosting;

/// <summary>How many tenants' networks are kept, and how long.</summary>
/// <typeparam name="TKey">What tells tenants apart.</typeparam>
/// <typeparam name="TNet">The network.</typeparam>
public sealed class NetworksOptions<TKey, TNet> where TKey : notnull where TNet : class, INetwork<TNet>
{
    /// <summary>
    /// How many networks are kept at most, at least 3; 1,000 unless set. Beyond it, those that were not used for longest are dropped, roughly in that order.
    /// </summary>
    public int Capacity { get; set; } = 1_000;

    /// <summary>How long a network is kept that nobody asks for, from 1 s to 30 days; null, as by default, for as long as there is room.</summary>
    public TimeSpan? IdleTime { get; set; }
}
