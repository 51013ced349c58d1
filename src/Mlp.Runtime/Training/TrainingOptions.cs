namespace Mlp;

/// <summary>How a network is trained. Every value has a default, and setting one that makes no sense throws at once.</summary>
public sealed record TrainingOptions
{
    /// <summary>How often training goes through the data, at least 1; 10 unless said. <see cref="Steps"/> overrides it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Epochs
    {
        get;
        init => field = AtLeast(1, value, nameof(Epochs));
    } = 10;

    /// <summary>
    /// When set, training makes exactly so many steps, at least 1, in as many epochs as that takes; <see cref="Epochs"/> has no effect
    /// then. The last epoch may end early; it is reported and validated like the others.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Steps
    {
        get;
        init => field = value is int steps ? AtLeast(1, steps, nameof(Steps)) : null;
    }

    /// <summary>Rows of a mini-batch, at least 1; 64 unless said. The last batch of an epoch holds what remains.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int BatchSize
    {
        get;
        init => field = AtLeast(1, value, nameof(BatchSize));
    } = 64;

    /// <summary>The optimizer; Adam with its default rates unless said. Its state starts fresh with every training run.</summary>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public Optimizer Optimizer
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Optimizer));
    } = new Adam();

    /// <summary>Data that is evaluated after every epoch and never trained on; <see langword="null"/> for none.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>Decides, with the epoch, the order of the rows.</summary>
    public int Seed { get; init; }

    /// <summary>Whether the rows come in a new random order every epoch, as they do unless said; otherwise in the data set's.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Threads that training may use. 0, the default, leaves it to the network's own setting, which is as many as pay off unless said.
    /// Results do not depend on it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Threads
    {
        get;
        init => field = AtLeast(0, value, nameof(Threads));
    }

    /// <summary>
    /// Is told of every step and of every finished epoch, on the training thread; <see langword="null"/> for none. What it throws ends the
    /// run. <see cref="ConsoleProgress"/> prints a line an epoch.
    /// </summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    private static int AtLeast(int least, int value, string name) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");
}
