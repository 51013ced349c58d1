using System.Diagnostics.Metrics;
using BitFaster.Caching;

namespace Mlp.Hosting;

/// <summary>What hosted networks tell tools that observe a process: a meter named <c>Mlp.Hosting</c>, each value tagged with the network's class.</summary>
internal static class HostingMetrics
{
    private const string Name = "Mlp.Hosting";
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Swaps = Meter.CreateCounter<long>("mlp.hosting.swaps", "{swap}", "Networks that took the place of the one served.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("mlp.hosting.reload.failures", "{failure}", "Changed files that could not be taken.");
    private static readonly Histogram<double> LoadDuration = Meter.CreateHistogram<double>("mlp.hosting.load.duration", "s", "Time to load a tenant's network.");

    /// <summary>Counts a network that is served in the place of another.</summary>
    /// <param name="source">Where it came from: <c>file</c> or <c>published</c>.</param>
    public static void CountSwap<TNet>(string source) => Swaps.Add(1, Network<TNet>(), new KeyValuePair<string, object?>("source", source));

    /// <summary>Counts a file that could not be taken.</summary>
    public static void CountFailure<TNet>() => Failures.Add(1, Network<TNet>());

    /// <summary>Records a load of a tenant's network.</summary>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="error">The type of what went wrong; null where nothing did.</param>
    public static void RecordLoad<TNet>(TimeSpan elapsed, string? error)
    {
        if (error is null)
        {
            LoadDuration.Record(elapsed.TotalSeconds, Network<TNet>());
        }
        else
        {
            LoadDuration.Record(elapsed.TotalSeconds, Network<TNet>(), new KeyValuePair<string, object?>("error.type", error));
        }
    }

    /// <summary>Shows how many tenants' networks are kept, and how often one was there, was loaded, and was dropped.</summary>
    /// <param name="networks">The networks.</param>
    /// <returns>What shows it until it is disposed.</returns>
    public static Meter OfTenants<TKey, TNet>(IAsyncCache<TKey, TNet> networks)
    {
        Meter meter = new(Name);
        ICacheMetrics metrics = networks.Metrics.Value!;
        meter.CreateObservableUpDownCounter("mlp.hosting.kept", () => Value(networks.Count), "{network}", "Tenants' networks in memory.");
        meter.CreateObservableCounter("mlp.hosting.hits", () => Value(metrics.Hits), "{request}", "Requests for a tenant's network that was in memory.");
        meter.CreateObservableCounter("mlp.hosting.misses", () => Value(metrics.Misses), "{request}", "Requests for a tenant's network that was not.");
        meter.CreateObservableCounter("mlp.hosting.evictions", () => Value(metrics.Evicted), "{network}", "Tenants' networks that were dropped for others or after idling.");
        return meter;

        static Measurement<long> Value(long value) => new(value, Network<TNet>());
    }

    private static KeyValuePair<string, object?> Network<TNet>() => new("network", typeof(TNet).Name);
}
