using Orleans.Concurrency;

namespace Tenants;

/// <summary>A customer with a network of its own, somewhere in the cluster.</summary>
[Alias("customer")]
internal interface ICustomer : IGrainWithStringKey
{
    /// <summary>Predicts, also while the network learns.</summary>
    /// <param name="visit">Eight numbers.</param>
    /// <returns>The probability that the visitor will buy something.</returns>
    [AlwaysInterleave]
    [Alias("predict")]
    Task<float> Predict(float[] visit);

    /// <summary>Learns a batch, once: one that was learned before is not learned again, so that a caller without an answer may repeat it.</summary>
    /// <param name="number">The batch's number, from 1, without gaps.</param>
    /// <param name="visits">The batch.</param>
    /// <returns>How many batches are learned and stored.</returns>
    [Alias("learn")]
    Task<long> Learn(long number, Visits visits);

    /// <summary>The network as a file's bytes, and how many batches it has learned.</summary>
    [AlwaysInterleave]
    [Alias("export")]
    Task<LearnedNetwork> Export();
}

/// <summary>What is stored of a customer.</summary>
[GenerateSerializer]
internal sealed record LearnedNetwork
{
    /// <summary>Batches that the network has learned.</summary>
    [Id(0)]
    public long Batches { get; init; }

    /// <summary>The network as a file's bytes; empty before the first batch.</summary>
    [Id(1)]
    public byte[] Bytes { get; init; } = [];
}
