namespace Mlp;

/// <summary>How far a cross-validation or a search is: after each network that was trained and judged.</summary>
public readonly record struct FoldProgress
{
    /// <summary>Networks that were trained and judged.</summary>
    public required int Completed { get; init; }

    /// <summary>Networks that there will be.</summary>
    public required int Total { get; init; }

    /// <summary>Time since the beginning.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What the last one came to; null where its training overflowed, which a search goes on after.</summary>
    public required FoldResult? Result { get; init; }

    /// <summary>Time that the others will take, if they take as long each.</summary>
    public TimeSpan Remaining => Elapsed * ((double)(Total - Completed) / Math.Max(1, Completed));
}
