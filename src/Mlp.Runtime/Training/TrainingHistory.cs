namespace Mlp;

/// <summary>What a training run did.</summary>
public sealed class TrainingHistory
{
    internal TrainingHistory(IReadOnlyList<EpochResult> epochs) => Epochs = epochs;

    /// <summary>
    /// The epochs, first to last. The last one may have ended early, by a number of steps or a callback; there is none if the run was stopped before its
    /// first step.
    /// </summary>
    public IReadOnlyList<EpochResult> Epochs { get; }

    /// <summary>Number of optimizer steps made.</summary>
    public long Steps { get; internal set; }

    /// <summary>Why the run ended.</summary>
    public StopReason StopReason { get; internal set; }

    /// <summary>What the callback said that ended it; else null.</summary>
    public string? StopMessage { get; internal set; }

    /// <summary>
    /// The last epoch, from 1, whose validation was better than that of all before: by more than <see cref="EarlyStopping.MinimumDelta"/> where the
    /// options stop early, in what these monitor, else in its loss. Null without validation.
    /// </summary>
    public int? BestEpoch { get; internal set; }

    /// <summary>Writes a line an epoch as comma-separated values, with the columns of <see cref="CsvLog"/>.</summary>
    /// <param name="path">The file; replaced, whole or not at all, if it exists.</param>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; an older one is as it was.</exception>
    public void SaveCsv(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] text = System.Text.Encoding.UTF8.GetBytes(LogColumns.CsvHeader(Epochs) + string.Concat(Epochs.Select(LogColumns.CsvLine)));
        AtomicFile.Write(path, stream => stream.Write(text));
    }
}
