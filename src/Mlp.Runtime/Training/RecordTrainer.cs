using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Trains networks on records. The members of generated classes call it.</summary>
/// <typeparam name="TRecord">The record.</typeparam>
/// <typeparam name="TColumns">The encoder's columns.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RecordTrainer<TRecord, TColumns> where TColumns : unmanaged, IRecordColumns<TRecord, TColumns>
{
    /// <summary>
    /// Fits a network to records where it is not fitted, encodes them, and trains on them as
    /// <see cref="Trainer.Train(INetwork, Dataset, TrainingOptions?, CancellationToken)"/> does.
    /// </summary>
    /// <param name="network">The network. The run has it for itself: only predictions and evaluations may go on meanwhile.</param>
    /// <param name="rows">The rows, at least one; enumerated once.</param>
    /// <param name="options">How to train; the defaults of <see cref="TrainingOptions"/> where null.</param>
    /// <param name="cancellationToken">Ends the run between two batches.</param>
    /// <returns>What every epoch came to.</returns>
    /// <remarks>A run that ends before its first step changes nothing at all: what was not fitted is not fitted then.</remarks>
    public static TrainingHistory Train(INetwork network, IEnumerable<TRecord> rows, TrainingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(rows);
        return Trainer.Train(network, () => RecordEncoder<TRecord, TColumns>.EncodeFitted(network.State, rows), options ?? new TrainingOptions(), cancellationToken);
    }

    /// <summary>One optimizer step on records as one mini-batch, for networks that learn beside serving; nothing is masked.</summary>
    /// <param name="network">The network, which is fitted.</param>
    /// <param name="rows">The rows, at least one; enumerated once.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <returns>The mean loss before the update, weighted where rows have weights.</returns>
    public static float TrainStep(INetwork network, IEnumerable<TRecord> rows, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        Dataset data = RecordEncoder<TRecord, TColumns>.Encode(network.State, rows);
        DataLoader whole = new(data, Math.Max(data.Count, 1), shuffle: false, targetSize: network.State.Layout.OutputSize, loss: network.State.Layout.Loss);
        foreach (Batch batch in whole.Epoch(0))
        {
            return TrainingSteps.TrainStep(network, batch.Inputs, batch.Targets, batch.Weights, optimizer);
        }

        throw new ArgumentException("There is no row to learn from.", nameof(rows));
    }
}
