using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Trains networks on records. The members of generated classes call it.</summary>
/// <typeparam name="TRecord">The record.</typeparam>
/// <typeparam name="TColumns">The encoder's columns.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RecordTrainer<TRecord, TColumns> where TColumns : unmanaged, IRecordColumns<TRecord, TColumns>
{
    /// <summary>Fits a network to records where it is not fitted, encodes them, and trains on them as <see cref="Trainer.Train(INetwork, Dataset, TrainingOptions?, CancellationToken)"/> does.</summary>
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
}
