namespace Mlp;

/// <summary>What a network that was trained on a fold's training rows came to on its test rows.</summary>
public sealed record FoldResult
{
    /// <summary>The fold's number, from 0 over all repeats: that of <see cref="Dataset.Folds(Folds)"/>.</summary>
    public required int Number { get; init; }

    /// <summary>Rows that were trained on; where training validates, those that it validates by are not among them.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Rows that the network was judged by.</summary>
    public required int TestRows { get; init; }

    /// <summary>The metrics of the test rows, in the data's units.</summary>
    public required MetricValues Metrics { get; init; }

    /// <summary>How the network was trained: the candidate that the search chose, or else what was asked for.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>What training came to.</summary>
    public required TrainingHistory History { get; init; }
}
