using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Trains and evaluates networks on data sets. The members of generated classes call it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Trainer
{
    /// <summary>
    /// Trains a network from where its training stands: goes through the data in mini-batches, epoch after epoch, and validates after each.
    /// </summary>
    /// <param name="network">The network. The run has it for itself: only predictions and evaluations may go on meanwhile.</param>
    /// <param name="data">Rows to train on, at least one, of the network's sizes.</param>
    /// <param name="options">How to train; the defaults of <see cref="TrainingOptions"/> where null.</param>
    /// <param name="cancellationToken">Ends the run between two batches.</param>
    /// <returns>What every epoch came to.</returns>
    /// <remarks>
    /// Parameters, statistics, the optimizer's state and the counters go on from where they are. A network that standardises learns the statistics
    /// of <paramref name="data"/> first, unless it has learned some. Steps allocate nothing. However a run ends, the network is as of its last completed
    /// step; a run that ends before its first one changes nothing at all. With <see cref="TrainingOptions.Checkpoints"/>, a run that was begun before goes on.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A data set is empty, has other sizes, names or classes than the network, or a target out of the loss's range, or the checkpoints are of another run;
    /// nothing was changed.
    /// </exception>
    /// <exception cref="InvalidDataException">There are checkpoints to resume from, and none is whole; nothing was changed.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A checkpoint may not be written.</exception>
    /// <exception cref="InvalidOperationException">The network is training already; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">
    /// An input, a mean loss, or a norm of gradients that is to be clipped is not finite, or a parameter after an epoch; tells epoch, step, and where it
    /// first appeared.
    /// </exception>
    /// <exception cref="TrainingCancelledException">Cancellation was requested.</exception>
    /// <exception cref="ThreadInterruptedException">The thread was interrupted.</exception>
    public static TrainingHistory Train(
        INetwork network, Dataset data, TrainingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        return Train(network, () => data, options ?? new TrainingOptions(), cancellationToken);
    }

    /// <summary>
    /// The same with data that are made when the run has the network for itself. What is fitted to make them goes, too, if the run ends before its first step.
    /// </summary>
    internal static TrainingHistory Train(INetwork network, Func<Dataset> source, TrainingOptions options, CancellationToken cancellationToken)
    {
        NetworkState state = network.State;
        using (state.Exclusively(nameof(Train)))
        {
            LearnedFromData before = new(state);
            OptimizerState? optimizerState = state.Training.OptimizerState;
            Dataset? data = null;
            TrainingRun? run = null;
            bool isResumed = false;
            try
            {
                data = source();
                LossFunction loss = Check(state, data, options);
                double[] layerRates = LayerRate.OfLayers(state.Layout, options.LayerRates, nameof(options));
                run = new TrainingRun(network, loss, data, options, cancellationToken);
                isResumed = run.Resume();
                state.ThreadPolicy.OfRun = options.Threads;
                state.LearningRates.Begin(layerRates);
                if (!isResumed)
                {
                    DataNames.Adopt(state, data);
                    if (!state.Standardization.IsLearned || options.InputStatistics == InputStatistics.Relearn)
                    {
                        DataStatistics.Learn(state, data, inTraining: true);
                    }
                }

                return run.Run();
            }
            finally
            {
                GC.KeepAlive(data);
                state.ThreadPolicy.OfRun = 0;
                state.LearningRates.End();
                if (run is not { StepsMade: > 0 } && !isResumed)
                {
                    before.RestoreTo(state);
                    state.Training.OptimizerState = optimizerState;
                }
            }
        }
    }

    /// <summary>Trains on a thread of its own from when the first result is asked for. Leaving the loop ends the run at a step.</summary>
    /// <param name="network">The network. The run has it for itself until the enumeration has ended.</param>
    /// <param name="data">Rows to train on, at least one, of the network's sizes.</param>
    /// <param name="options">How to train; the defaults of <see cref="TrainingOptions"/> where null. Their progress and callbacks are called on that thread.</param>
    /// <param name="cancellationToken">Ends the run between two batches.</param>
    /// <returns>Each epoch's result as it comes, or later where the reader is slow: that does not hold training back. What a run throws, the loop throws.</returns>
    public static IAsyncEnumerable<EpochResult> TrainAsync(
        INetwork network, Dataset data, TrainingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        return TrainingStream.Train(network, data, options ?? new TrainingOptions(), cancellationToken);
    }

    /// <summary>Learns the statistics of inputs and targets, in place of any that there are. Parameters and the optimizer's state stay.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">Rows of the network's sizes; their weights count, where they have any.</param>
    /// <exception cref="ArgumentException">The data do not fit the network; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">An input, or a target that is to be scaled, is not finite; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public static void LearnInputStatistics(NetworkState network, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        using (network.Exclusively(nameof(LearnInputStatistics)))
        {
            DataFit.CheckStatistics(network, data, nameof(data));
            DataStatistics.Learn(network, data, inTraining: false);
            DataNames.Adopt(network, data);
        }
    }

    /// <summary>Evaluates a network in the mode of <c>Predict</c>. May run at any time.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">At least one row of the network's sizes.</param>
    /// <exception cref="ArgumentException">
    /// The data set is empty, has other sizes, names or classes than the network, a target out of the loss's range, or no row whose weights are
    /// above 0.
    /// </exception>
    public static Evaluation Evaluate(INetwork network, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        LossFunction loss = DataFit.Check(network.State, data, "The data set", nameof(data));
        return new Evaluator(network, loss, data, inDataUnits: true).Run();
    }

    /// <summary>Evaluates a network in the mode of <c>Predict</c>, by more than loss and accuracy. May run at any time.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">At least one row of the network's sizes.</param>
    /// <param name="metrics">What else to compute, all different.</param>
    /// <exception cref="ArgumentException">
    /// The data do not fit the network, as in <see cref="Evaluate(INetwork, Dataset)"/>, or a metric does not, or two metrics have the same name.
    /// </exception>
    public static Evaluation Evaluate(INetwork network, Dataset data, IReadOnlyList<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        metrics = MetricValues.Checked(metrics, nameof(metrics));
        LossFunction loss = DataFit.Check(network.State, data, "The data set", nameof(data));
        Evaluator.CheckMetrics(network.State, metrics, nameof(metrics));
        return new Evaluator(network, loss, data, inDataUnits: true, metrics).Run();
    }

    /// <summary>Checks that data and options fit the network and each other.</summary>
    /// <returns>The network's loss.</returns>
    /// <exception cref="ArgumentException">They do not.</exception>
    private static LossFunction Check(NetworkState state, Dataset data, TrainingOptions options)
    {
        LossFunction loss = DataFit.Check(state, data, "The data set", nameof(data));
        DataFit.CheckSampling(data, options.Sampling, nameof(options));
        if (options.Validation is not null)
        {
            DataNames.CheckValidation(data, options.Validation, nameof(options));
            DataFit.Check(state, options.Validation, "The validation data", nameof(options));
        }

        MonitoredMetrics.Check(state, options, nameof(options));
        if (options.EarlyStopping is not null && options.Validation is null)
        {
            throw new ArgumentException(
                $"{nameof(TrainingOptions.EarlyStopping)} watches validation, and the options have no {nameof(TrainingOptions.Validation)} data; split some off, or leave it out.",
                nameof(options));
        }

        if (options is { Schedule: ReduceOnPlateau { Monitor: Metric monitor }, Validation: null } && monitor != Metric.Loss && monitor != Metric.Accuracy)
        {
            throw new ArgumentException(
                $"{nameof(ReduceOnPlateau)} watches {monitor.Name} of validation, and the options have no {nameof(TrainingOptions.Validation)} data; "
                + "split some off, or watch the loss, which training has too.",
                nameof(options));
        }

        return loss;
    }
}
