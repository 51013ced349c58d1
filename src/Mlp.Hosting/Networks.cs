using System.Diagnostics.Metrics;
using BitFaster.Caching;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Options;

namespace Mlp.Hosting;

/// <summary>Keeps the networks that were used last, and loads each once.</summary>
internal sealed class Networks<TKey, TNet> : INetworks<TKey, TNet>, IAsyncDisposable, IDisposable where TKey : notnull where TNet : class, INetwork<TNet>
{
    /// <summary>How often in the time that a network may idle those are looked for that did.</summary>
    private const int LooksPerIdleTime = 4;

    private readonly IAsyncCache<TKey, TNet> _networks;
    private readonly Func<TKey, Task<TNet>> _load;
    private readonly CancellationTokenSource _stop = new();
    private readonly Meter _meter;
    private readonly Task _trimming;

    /// <exception cref="OptionsValidationException">An option is out of range.</exception>
    public Networks(Func<TKey, CancellationToken, ValueTask<TNet>> load, IOptions<NetworksOptions<TKey, TNet>> options, TimeProvider time)
    {
        ConcurrentLruBuilder<TKey, TNet> builder = new ConcurrentLruBuilder<TKey, TNet>().WithCapacity(options.Value.Capacity).WithMetrics();
        TimeSpan? idle = options.Value.IdleTime;
        if (idle is { } longest)
        {
            builder = builder.WithExpireAfterAccess(longest);
        }

        _networks = builder.AsAsyncCache().WithAtomicGetOrAdd().Build();
        _meter = HostingMetrics.OfTenants(_networks);
        _load = key => Load(load, key, time);
        _trimming = idle is { } period ? Trim(period / LooksPerIdleTime, time) : Task.CompletedTask;
    }

    public ValueTask<TNet> GetAsync(TKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _networks.TryGet(key, out TNet? network) ? new ValueTask<TNet>(network) : new ValueTask<TNet>(Wait(key, cancellationToken));
    }

    public bool Remove(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _networks.TryRemove(key);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _trimming.ConfigureAwait(false);
        _meter.Dispose();
        _stop.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private Task<TNet> Wait(TKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _networks.GetOrAddAsync(key, _load).AsTask().WaitAsync(cancellationToken);
    }

    /// <summary>Loads a network for all who wait for it: no one of them can cancel it, only the application's end.</summary>
    private async Task<TNet> Load(Func<TKey, CancellationToken, ValueTask<TNet>> load, TKey key, TimeProvider time)
    {
        long start = time.GetTimestamp();
        string? error = null;
        try
        {
            return await load(key, _stop.Token).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"The load of {typeof(TNet).Name} for {key} gave null.");
        }
        catch (Exception exception)
        {
            error = exception.GetType().FullName;
            throw;
        }
        finally
        {
            HostingMetrics.RecordLoad<TNet>(time.GetElapsedTime(start), error);
        }
    }

    /// <summary>Drops what was not used for long, also where nothing else happens.</summary>
    private async Task Trim(TimeSpan period, TimeProvider time)
    {
        using PeriodicTimer timer = new(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                _networks.Policy.ExpireAfterAccess.Value!.TrimExpired();
            }
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
    }
}
