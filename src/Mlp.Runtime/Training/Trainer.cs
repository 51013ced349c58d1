namespace Mlp.CompilerServices;

/// <summary>Trains networks on data sets. Generated classes' <c>Train</c> calls it.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains a network from its present parameters on: goes through the data in mini-batches, epoch after epoch, and validates after each.
    /// </summary>
    /// <param name="network">The network. The run is exclusive: nothing else may use the network meanwhile.</param>
    /// <param name="data">Rows to train on, at least one, of the network's sizes.</param>
    /// <param name="options">How to train; the defaults of <see cref="TrainingOptions"/> where null.</param>
    /// <param name="cancellationToken">Ends the run between two batches.</param>
    /// <returns>What every epoch came to.</returns>
    /// <remarks>
    /// The optimizer's state starts fresh. A network that standardises first learns the mean and deviation of every input column from
    /// <paramref name="data"/>. Steps allocate nothing. However a run ends, the network is as of its last completed step; a run that ends
    /// before its first one restores the input statistics and the optimizer's state too.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A data set is empty, has other sizes or classes than the network, or a target out of the loss's range; nothing was changed.
    /// </exception>
    /// <exception cref="NonFiniteLossException">
    /// An input, a mean loss, or a norm of gradients that is to be clipped is not finite; tells epoch, step, and where it first appeared.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static TrainingHistory Train(
        INetwork network, Dataset data, TrainingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new TrainingOptions();
        LossFunction loss = DataFit.Check(network.State.Layout, data, "The data set", nameof(data));
        if (options.Validation is not null)
        {
            DataFit.Check(network.State.Layout, options.Validation, "The validation data", nameof(options));
        }

        NetworkState state = network.State;
        TrainingRun run = new(network, loss, data, options, cancellationToken);
        float[] means = state.InputMeans.ToArray();
        float[] scales = state.InputScales.ToArray();
        OptimizerState? optimizerState = state.OptimizerState;
        int threads = state.Threads;
        try
        {
            state.Threads = options.Threads > 0 ? options.Threads : threads;
            state.OptimizerState = null;
            if (state.Layout.Standardize)
            {
                InputStatistics.Learn(state, data);
            }

            return run.Run();
        }
        finally
        {
            state.Threads = threads;
            if (run.StepsMade == 0)
            {
                means.CopyTo(state.InputMeans);
                scales.CopyTo(state.InputScales);
                state.OptimizerState = optimizerState;
            }
        }
    }
}
