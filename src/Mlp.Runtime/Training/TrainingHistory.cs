namespace Mlp;

/// <summary>What a training run did.</summary>
public sealed class TrainingHistory
{
    internal TrainingHistory(IReadOnlyList<EpochResult> epochs, long steps)
    {
        Epochs = epochs;
        Steps = steps;
    }

    /// <summary>The epochs, first to last, at least one; the last one may have ended early where a number of steps was asked for.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; }

    /// <summary>Number of optimizer steps made.</summary>
    public long Steps { get; }
}
