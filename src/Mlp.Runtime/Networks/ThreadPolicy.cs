namespace Mlp.CompilerServices;

/// <summary>How many threads the work of a network is for. Results do not depend on it.</summary>
internal sealed class ThreadPolicy
{
    /// <summary>What the network's user asks for; 0 means as many as pay off.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int OfNetwork
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(NetworkState.Threads));
            field = value;
        }
    }

    /// <summary>The same for the training run at hand, where its options say so; else 0.</summary>
    public int OfRun { get; set; }

    /// <summary>What is asked for at present; 0 means as many as pay off.</summary>
    public int Wanted => OfRun > 0 ? OfRun : OfNetwork;

    /// <summary>Threads for a piece of work; at least 1.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="multiplyAdds">An estimate of the work of each.</param>
    public int For(nuint rows, long multiplyAdds) => WorkerPool.Threads(Wanted, (long)rows * multiplyAdds);

    /// <summary>The same for work that is split by rows alone: no more than there are groups of eight of them.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="multiplyAdds">An estimate of the work of each.</param>
    public int ForRows(nuint rows, long multiplyAdds) =>
        rows <= 8 ? 1 : Math.Min(For(rows, multiplyAdds), (int)Math.Min((rows + 7) / 8, int.MaxValue));
}
