namespace Mlp;

/// <summary>
/// Writes the state of a run into files from time to time, from which a run that was killed, cancelled or failed goes on to the bits of never having stopped.
/// A description: one object serves any number of runs, each with a folder of its own.
/// </summary>
/// <remarks>
/// A checkpoint is called <c>step-000001200.safetensors</c> after the run's steps and holds parameters, statistics, the optimizer's state, averaged and
/// best weights, counters, the place in the epoch, the history and the states of callbacks. A network's <c>Load</c> takes it as a model. Files appear whole or
/// not at all, are synced to disk, and have a SHA-256 over everything: of damaged ones, <c>Train</c> takes the one before.
/// The first is written before the first step, the last when the run returns or is cancelled. If one cannot be written, the run ends with the exception; the
/// network is as of its last completed step, and earlier checkpoints are as they were.
/// <para>
/// A run resumes only as the same run: of the same network, data and options. It may have other <see cref="TrainingOptions.Threads"/>,
/// <see cref="TrainingOptions.Progress"/>, checkpoints and callbacks without a state, and more <see cref="TrainingOptions.Epochs"/> if no schedule depends on the
/// run's length. All else is refused, by name.
/// </para>
/// </remarks>
public sealed record Checkpoints
{
    /// <summary>Describes checkpoints in a folder.</summary>
    /// <param name="folder">The folder, of this run alone; made where it does not exist.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public Checkpoints(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>How much training lies between two checkpoints, longer than 0. Default: one epoch. They are written after a step, or after an epoch's validation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0.</exception>
    public Duration Every
    {
        get;
        init => field = Duration.Positive(value, nameof(Every));
    } = Duration.Epochs(1);

    /// <summary>How many of the newest checkpoints stay in the folder, at least 1. Default: 2, so that one is left if the newest is damaged.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Keep
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Keep), value, $"{nameof(Keep)} must be at least 1.");
    } = 2;

    /// <summary>
    /// Whether the network of the best epoch (<see cref="TrainingHistory.BestEpoch"/>) is kept as <c>best.safetensors</c>, as <c>Save</c> writes it. Default: true;
    /// without validation there is none.
    /// </summary>
    public bool Best { get; init; } = true;

    /// <summary>
    /// Whether <c>Train</c> goes on from the newest whole checkpoint in the folder, where there is one; of a run that had ended it returns the history. Default:
    /// true. Where false, a new run begins, and what the folder holds of others is removed with its first checkpoint.
    /// </summary>
    public bool Resume { get; init; } = true;
}
