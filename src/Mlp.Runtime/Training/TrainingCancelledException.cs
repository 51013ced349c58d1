namespace Mlp;

/// <summary>Training was cancelled between two batches. The network is as of its last completed step.</summary>
public sealed class TrainingCancelledException : OperationCanceledException
{
    internal TrainingCancelledException(TrainingHistory history, CancellationToken cancellationToken)
        : base($"Training was cancelled after {history.Steps} steps, in epoch {history.Epochs.Count + 1}.", cancellationToken) => History = history;

    /// <summary>The epochs that were complete.</summary>
    public TrainingHistory History { get; }
}
