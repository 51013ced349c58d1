namespace Mlp;

/// <summary>Trains and judges networks on folds. Safe for use by many threads at once.</summary>
/// <typeparam name="TNet">The network's class.</typeparam>
internal sealed class FoldTraining<TNet> where TNet : class, INetwork<TNet>
{
    /// <summary>Share of a fold's training rows that stay for training where some are needed to validate by.</summary>
    private const double TrainShare = 0.85;

    private readonly Folds _folds;
    private readonly int _threads;

    /// <param name="folds">How rows are cut, also those to validate by.</param>
    /// <param name="candidates">How networks will be trained, at least one.</param>
    /// <param name="also">A metric that is computed whatever the options name; null for none.</param>
    /// <exception cref="ArgumentException">Options hold what belongs to a single run, or a metric does not fit the network.</exception>
    public FoldTraining(Folds folds, IReadOnlyList<TrainingOptions> candidates, Metric? also)
    {
        _folds = folds;
        foreach (TrainingOptions options in candidates)
        {
            Check(options);
        }

        _threads = candidates.Any(static options => options.Threads == 0) ? 0 : candidates.Max(static options => options.Threads);
        NetworkState network = TNet.Create(seed: 0).State;
        List<Metric> metrics = [Metric.Loss];
        if (network.Layout.Loss is LossFunction loss && Metric.Accuracy.WhyUnfit(loss, network.Layout.OutputSize) is null)
        {
            metrics.Add(Metric.Accuracy);
        }

        metrics.AddRange(candidates.SelectMany(static options => options.Metrics));
        if (also is not null)
        {
            metrics.Add(also);
        }

        Metrics = MetricValues.Checked([.. metrics.Distinct()], "options");
        Evaluator.CheckMetrics(network, Metrics, "options");
    }

    /// <summary>What networks are judged by: loss, accuracy where there are classes, and what the options name.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>How many networks to train at once.</summary>
    public int Workers(int networks) => Math.Min(networks, _threads == 0 ? Environment.ProcessorCount : _threads);

    /// <summary>Trains a network and judges it.</summary>
    /// <param name="train">The fold's training rows.</param>
    /// <param name="test">Its test rows.</param>
    /// <param name="number">Its number.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How to train.</param>
    /// <param name="threads">Threads of the network.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="NonFiniteLossException">Training overflowed; the message begins with the name.</exception>
    /// <remarks>Other exceptions stay as they are thrown, with the name among their <see cref="Exception.Data"/>.</remarks>
    public FoldResult Run(FoldData<TNet> train, FoldData<TNet> test, int number, string name, TrainingOptions options, int threads, CancellationToken cancellationToken)
    {
        try
        {
            return Run(train, test, number, options, threads, cancellationToken);
        }
        catch (NonFiniteLossException error)
        {
            throw error.In(name);
        }
        catch (Exception error)
        {
            error.Data[CrossValidation.FoldKey] = name;
            throw;
        }
    }

    private FoldResult Run(FoldData<TNet> train, FoldData<TNet> test, int number, TrainingOptions options, int threads, CancellationToken cancellationToken)
    {
        TNet network = TNet.Create(unchecked(options.Seed + number));
        network.State.Threads = threads;
        TrainingOptions own = options with { Threads = threads, Progress = null };
        if (NeedsValidation(options))
        {
            int rows = train.Count;
            (train, FoldData<TNet> validation) = train.Split(TrainShare, _folds.SplitBy, _folds.Seed);
            if (validation.Count == 0)
            {
                throw new ArgumentException(
                    $"A fold trains on {rows} {(rows == 1 ? "row" : "rows")}, too few to keep 15 % of them for the validation that early stopping and "
                    + $"{nameof(ReduceOnPlateau)} need. Take more rows, or leave those out.",
                    nameof(options));
            }

            train.FitTo(network);
            own = own with { Validation = validation.EncodedBy(network) };
        }
        else
        {
            // They are those of the test rows alone.
            own = own with { Metrics = [] };
            train.FitTo(network);
        }

        TrainingHistory history = network.Train(train.EncodedBy(network), own, cancellationToken);
        return new FoldResult
        {
            Number = number,
            TrainRows = train.Count,
            TestRows = test.Count,
            Metrics = Trainer.Evaluate(network, test.EncodedBy(network), Metrics).Metrics,
            Options = options,
            History = history,
        };
    }

    private static bool NeedsValidation(TrainingOptions options) => options.EarlyStopping is not null || options.Schedule is ReduceOnPlateau;

    private static void Check(TrainingOptions options)
    {
        string? problem = options.Validation is not null ? "Validation: folds keep rows of their own to validate by"
            : options.Callbacks.Count > 0 ? "Callbacks: a callback belongs to one run"
            : options.Checkpoints is not null ? "Checkpoints: a folder of checkpoints belongs to one run"
            : null;
        if (problem is not null)
        {
            throw new ArgumentException($"The options of folds cannot have {problem}. Leave it out.", nameof(options));
        }
    }
}
