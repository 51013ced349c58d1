using System.Runtime.InteropServices;

namespace Mlp;

/// <summary>Parameters and running statistics of a network, or as many other numbers laid out likewise.</summary>
/// <param name="layout">The network's architecture.</param>
/// <param name="hasStatistics">Whether there are statistics; else parameters alone.</param>
internal sealed class WeightsCopy(NetworkLayout layout, bool hasStatistics = true)
{
    /// <summary>The parameters, laid out like the network's store.</summary>
    public AlignedBuffer Store { get; } = new(layout.StoreSize);

    /// <summary>The running statistics, laid out like the network's.</summary>
    public AlignedBuffer Statistics { get; } = new(hasStatistics ? layout.StatisticsSize : 0);

    /// <summary>Whether a network has the same bits.</summary>
    public bool IsIn(NetworkState network) => AreSame(Store.Span, network.Store) && AreSame(Statistics.Span, network.RunningStatistics);

    /// <summary>Takes those of a network.</summary>
    public void Take(NetworkState network)
    {
        network.Store.CopyTo(Store.Span);
        network.RunningStatistics.CopyTo(Statistics.Span);
    }

    /// <summary>Gives a network these.</summary>
    public void GiveTo(NetworkState network)
    {
        Store.Span.CopyTo(network.Store);
        Statistics.Span.CopyTo(network.RunningStatistics);
    }

    /// <summary>Gives a network these, and takes its own.</summary>
    public void ExchangeWith(NetworkState network)
    {
        Exchange(Store.Span, network.Store);
        Exchange(Statistics.Span, network.RunningStatistics);
    }

    /// <summary>Takes those of another copy.</summary>
    public void CopyFrom(WeightsCopy other)
    {
        other.Store.Span.CopyTo(Store.Span);
        other.Statistics.Span.CopyTo(Statistics.Span);
    }

    private static void Exchange(Span<float> first, Span<float> second)
    {
        for (int i = 0; i < first.Length; i += Vec256.Count)
        {
            Vec256 value = Vec256.Load(ref first[i]);
            Vec256.Store(Vec256.Load(ref second[i]), ref first[i]);
            Vec256.Store(value, ref second[i]);
        }
    }

    private static bool AreSame(ReadOnlySpan<float> first, ReadOnlySpan<float> second) =>
        MemoryMarshal.AsBytes(first).SequenceEqual(MemoryMarshal.AsBytes(second));
}
