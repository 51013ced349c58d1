namespace Mlp;

/// <summary>A candidate of a search, and what its networks came to.</summary>
public sealed record SearchRow
{
    /// <summary>The candidate's number from 0, in the order in which they were given.</summary>
    public required int Candidate { get; init; }

    /// <summary>The candidate.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Its folds; some are missing where training overflowed, or the search was cancelled.</summary>
    public required FoldTable Table { get; init; }

    /// <summary>Whether it has all its folds.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>What made the training of a fold end; null where nothing did.</summary>
    public required NonFiniteLossException? Failure { get; init; }

    /// <summary>Mean and deviation of a metric over its folds, as <see cref="FoldTable"/> has them.</summary>
    /// <param name="metric">The metric.</param>
    /// <exception cref="KeyNotFoundException">The metric was not computed.</exception>
    public (double Mean, double Deviation) this[Metric metric] => Table[metric];
}
