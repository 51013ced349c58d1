using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Mlp;

/// <summary>Trains on a thread of its own, and hands on every epoch's result.</summary>
internal static class TrainingStream
{
    /// <summary>Begins to train when the first result is asked for, and has ended when the enumeration has.</summary>
    public static async IAsyncEnumerable<EpochResult> Train(
        INetwork network, Dataset data, TrainingOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<EpochResult> epochs = Channel.CreateUnbounded<EpochResult>(new() { SingleReader = true, SingleWriter = true });
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TrainingOptions observed = options with { Callbacks = [.. options.Callbacks, new Writing(epochs.Writer)] };
        new Thread(Run) { IsBackground = true, Name = "MlpGen training" }.Start();
        try
        {
            await foreach (EpochResult epoch in epochs.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return epoch;
            }
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
            await ended.Task.ConfigureAwait(false);
        }

        void Run()
        {
            Exception? failure = null;
            try
            {
                _ = Trainer.Train(network, data, observed, left.Token);
            }
            catch (TrainingCancelledException cancelled) when (cancellationToken.IsCancellationRequested)
            {
                failure = new TrainingCancelledException(cancelled.History, cancellationToken);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            // The reader goes on only after the network is free again.
            epochs.Writer.Complete(failure);
            ended.SetResult();
        }
    }

    private sealed class Writing(ChannelWriter<EpochResult> epochs) : TrainingCallback
    {
        public override void OnEpoch(TrainingContext context, EpochResult epoch) => _ = epochs.TryWrite(epoch);
    }
}
