namespace Mlp;

/// <summary>How a network is trained. Every value has a default, and setting one that makes no sense throws at once.</summary>
public sealed record TrainingOptions
{
    private readonly bool? _shuffle;
    private readonly Sampling? _sampling;

    /// <summary>How often training goes through the data, at least 1. Default: 10. <see cref="Steps"/> overrides it.</summary>
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

    /// <summary>
    /// When set, a time above 0 after which the run ends at a step, whatever is left of it; the epoch that ends early is validated and reported like others.
    /// A run that resumes begins anew to count. Validation and callbacks are not cut short.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public TimeSpan? TimeLimit
    {
        get;
        init => field = !(value <= TimeSpan.Zero) ? value : throw new ArgumentOutOfRangeException(nameof(TimeLimit), value, $"{nameof(TimeLimit)} must be above 0.");
    }

    /// <summary>
    /// When set, how much training goes from one report of the layers' statistics to the next, longer than 0: norms of weights and gradients, the size of
    /// updates and dead units, in <see cref="EpochResult.Layers"/> of the epochs in which a report falls due. Changes no bit of training; a step that is
    /// reported takes about as long as two.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is a duration of 0.</exception>
    public Duration? Statistics
    {
        get;
        init => field = value is Duration every ? Duration.Positive(every, nameof(Statistics)) : null;
    }

    /// <summary>Rows of a mini-batch, at least 1. Default: 64. The last batch of an epoch holds what remains.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int BatchSize
    {
        get;
        init => field = AtLeast(1, value, nameof(BatchSize));
    } = 64;

    /// <summary>
    /// The optimizer. Default: Adam with its default rates. Its state lives in the network: a run goes on with that of the run before, if that had
    /// an optimizer of the same kind.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public Optimizer Optimizer
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Optimizer));
    } = new Adam();

    /// <summary>
    /// How the learning rate changes in the run, a factor of the optimizer's own; <see langword="null"/>, the default, keeps it. Steps are counted from
    /// the run's first, so that two runs begin the schedule twice.
    /// </summary>
    public Schedule? Schedule { get; init; }

    /// <summary>
    /// Factors of the learning rate by layer, at most one a layer; others have 1. Default: none. 0 freezes a layer for this run: its parameters stay, it
    /// computes as in <c>Predict</c>, with running statistics and without the noise behind it, and neither its gradients are computed nor deltas that only
    /// frozen layers would need.
    /// </summary>
    /// <remarks>
    /// Decoupled weight decay is scaled with the rate. A run that trains a layer that the one before left frozen begins with a new state of the optimizer,
    /// whose moments of that layer would be out of date.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value, or one of its elements, is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Two elements name the same layer.</exception>
    public IReadOnlyList<LayerRate> LayerRates
    {
        get;
        init => field = OnePerLayer(value);
    } = [];

    /// <summary>Averages the weights of the run: their mean is validated, compared and kept. <see langword="null"/>, the default, for the weights themselves.</summary>
    public WeightAverage? Averaging { get; init; }

    /// <summary>
    /// Mini-batches whose gradients make one step of the optimizer, at least 1. Default: 1. The step takes the mean over all their rows, so that
    /// it is that of one batch of all of them, but needs the memory of one of <see cref="BatchSize"/> rows. The last step of an epoch
    /// takes what remains. Steps are counted, and progress is reported, by the steps of the optimizer.
    /// </summary>
    /// <remarks>Where rows or classes have weights, so have the mini-batches. Batch normalization keeps to the statistics of each mini-batch.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int AccumulationSteps
    {
        get;
        init => field = AtLeast(1, value, nameof(AccumulationSteps));
    } = 1;

    /// <summary>
    /// Penalty L1·Σ|w| of all layers' weights, finite and at least 0; 0, the default, is none. It is added to a layer's own; biases have none.
    /// </summary>
    /// <remarks>
    /// A step goes through these in order: the gradient of the mean loss g; the penalties' gradients, <c>g + L2·w + L1·sign(w)</c> with
    /// sign(0) = 0; <see cref="ClipValue"/>; <see cref="ClipNorm"/>; the optimizer with its own weight decay; <see cref="MaxNorm"/>. Reported losses are those
    /// of the data alone. L1 makes weights exactly 0 only where the optimizer's steps happen to; it draws them there (Tibshirani, 1996).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float L1
    {
        get;
        init => field = Rates.NotNegative(value, nameof(L1));
    }

    /// <summary>
    /// Penalty L2/2·Σw² of all layers' weights, finite and at least 0; 0, the default, is none. It is added to a layer's own; biases have none.
    /// Krogh and Hertz (1992).
    /// </summary>
    /// <remarks>The same as the coupled weight decay of an optimizer; <see cref="L1"/> says in which order a step goes.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float L2
    {
        get;
        init => field = Rates.NotNegative(value, nameof(L2));
    }

    /// <summary>
    /// Largest magnitude of each gradient: <c>g = min(max(g, −c), c)</c>. Finite and at least 0; 0, the default, is no limit. NaN stays NaN.
    /// Mikolov (2012).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float ClipValue
    {
        get;
        init => field = Rates.NotNegative(value, nameof(ClipValue));
    }

    /// <summary>
    /// Largest Euclidean norm of all gradients together: where ‖g‖ is larger, <c>g = g·c/‖g‖</c>. Finite and at least 0; 0, the
    /// default, is no limit. Pascanu, Mikolov and Bengio (2013), algorithm 1. A norm that is not finite stops the run with
    /// <see cref="NonFiniteLossException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float ClipNorm
    {
        get;
        init => field = Rates.NotNegative(value, nameof(ClipNorm));
    }

    /// <summary>
    /// Largest Euclidean norm of the weights that come into a unit, without its bias: after a step that exceeds it, they are scaled
    /// down to it. Finite and at least 0; 0, the default, is no limit. Srebro and Shraibman (2005); Hinton et al. (2012).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float MaxNorm
    {
        get;
        init => field = Rates.NotNegative(value, nameof(MaxNorm));
    }

    /// <summary>When a network that standardises learns its statistics. Default: once; <see cref="InputStatistics.Relearn"/> learns them anew.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's.</exception>
    public InputStatistics InputStatistics
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(InputStatistics), value, "Not one of the values.");
    }

    /// <summary>Data that is evaluated after every epoch and never trained on; <see langword="null"/> for none.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>When to end before the last epoch, and which weights to keep; needs <see cref="Validation"/>. <see langword="null"/>, the default, for never.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Files to resume the run from, should it not come to its end; <see langword="null"/>, the default, for none.</summary>
    public Checkpoints? Checkpoints { get; init; }

    /// <summary>What is told of the run as it goes, in this order. Default: nothing.</summary>
    /// <exception cref="ArgumentNullException">The value, or one of the callbacks, is <see langword="null"/>.</exception>
    public IReadOnlyList<TrainingCallback> Callbacks
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Callbacks));
            foreach (TrainingCallback? callback in value)
            {
                ArgumentNullException.ThrowIfNull(callback, nameof(Callbacks));
            }

            field = Array.AsReadOnly<TrainingCallback>([.. value]);
        }
    } = [];

    /// <summary>
    /// What validation computes after every epoch beside loss and accuracy, all different; needs <see cref="Validation"/>. Default: none.
    /// The values are in <see cref="EpochResult.Metrics"/>, with those that early stopping and the schedule monitor.
    /// </summary>
    /// <remarks>While there are any, the outputs for the whole validation data are kept: rows × OutputSize floats.</remarks>
    /// <exception cref="ArgumentNullException">The list or one of the metrics is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Two metrics have the same name.</exception>
    public IReadOnlyList<Metric> Metrics
    {
        get;
        init => field = MetricValues.Checked(value, nameof(Metrics));
    } = [];

    /// <summary>
    /// Seeds the order of the rows, dropout and noise, together with the network's seed and counters: every run of a network has its own, and
    /// another seed changes all of them.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>Which rows an epoch goes through, and in which order. Default: all of them, in a new random order every epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enum's, or contradicts <see cref="Shuffle"/>.</exception>
    public Sampling Sampling
    {
        get => _sampling ?? (_shuffle is false ? Sampling.InOrder : Sampling.Shuffle);
        init
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(Sampling), value, "Not one of the values.");
            }

            _sampling = value;
            CheckSampling(nameof(Sampling), value);
        }
    }

    /// <summary>
    /// Whether the order of the rows is random: false is short for <see cref="Sampling.InOrder"/>. Default: what <see cref="Sampling"/> says.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value contradicts <see cref="Sampling"/>.</exception>
    public bool Shuffle
    {
        get => Sampling != Sampling.InOrder;
        init
        {
            _shuffle = value;
            CheckSampling(nameof(Shuffle), value);
        }
    }

    /// <summary>
    /// Threads that training may use, at most one a processor. Default: 0, which takes the network's own setting; that is by default as many as
    /// pay off. Results do not depend on it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Threads
    {
        get;
        init => field = AtLeast(0, value, nameof(Threads));
    }

    /// <summary>
    /// Receives a report after every step and every finished epoch, on the training thread; <see langword="null"/> for none. What it throws ends the
    /// run. <see cref="ConsoleProgress"/> prints a line an epoch. The framework's <see cref="Progress{T}"/> hands reports on to another thread: they
    /// arrive late, perhaps after the run.
    /// </summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    private void CheckSampling(string name, object value)
    {
        if (_shuffle is bool shuffle && _sampling is Sampling sampling && shuffle != (sampling != Sampling.InOrder))
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"Shuffle = {(shuffle ? "true" : "false")} contradicts Sampling.{sampling}; say Sampling alone.");
        }
    }

    private static LayerRate[] OnePerLayer(IReadOnlyList<LayerRate> rates)
    {
        ArgumentNullException.ThrowIfNull(rates, nameof(LayerRates));
        LayerRate[] copy = [.. rates];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (LayerRate? rate in copy)
        {
            ArgumentNullException.ThrowIfNull(rate, nameof(LayerRates));
            if (!names.Add(rate.Layer))
            {
                throw new ArgumentException($"LayerRates names {rate.Layer} twice; a layer has one factor.", nameof(LayerRates));
            }
        }

        return copy;
    }

    private static int AtLeast(int least, int value, string name) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");
}
