namespace Mlp;

/// <summary>What one step of the optimizer came to.</summary>
public readonly record struct StepResult
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The step of the run, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Rows that it trained on: those of all its mini-batches.</summary>
    public required int Rows { get; init; }

    /// <summary>Mean loss over its rows before the update, in the units of <see cref="EpochResult.Loss"/>.</summary>
    public required double Loss { get; init; }

    /// <summary>The learning rate of the step: the optimizer's own, times the schedule's factor.</summary>
    public required double LearningRate { get; init; }
}
