namespace Mlp;

/// <summary>
/// How far a training run is: after each step, and once more, with <see cref="Result"/>, after each epoch and its validation.
/// </summary>
public readonly record struct TrainingProgress
{
    /// <summary>The present epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Number of epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Number of steps made since the run began.</summary>
    public required long Step { get; init; }

    /// <summary>Rows that the present epoch has trained on.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows that the present epoch will have trained on at its end.</summary>
    public required int RowsInEpoch { get; init; }

    /// <summary>Mean loss over the epoch's rows so far, in the units of <see cref="EpochResult.Loss"/>.</summary>
    public required double Loss { get; init; }

    /// <summary>Accuracy over the epoch's rows so far; null where there are no classes.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>Time since the epoch began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Time that the rest of the run will take if it goes on as fast, as far as it is planned; early stopping may end it before.</summary>
    public TimeSpan Remaining { get; init; }

    /// <summary>Whether the epoch is complete and the best so far by validation, as <see cref="TrainingHistory.BestEpoch"/> is.</summary>
    public bool IsBest { get; init; }

    /// <summary>The epoch's result, once it is complete; else null.</summary>
    public EpochResult? Result { get; init; }
}
