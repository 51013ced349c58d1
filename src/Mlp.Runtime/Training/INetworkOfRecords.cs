namespace Mlp;

/// <summary>What every network over records can do, for code that works with any of them. Generated classes implement it.</summary>
/// <typeparam name="TSelf">The network's class.</typeparam>
/// <typeparam name="TRecord">The record.</typeparam>
/// <remarks>
/// A source of rows is enumerated once, and may give the same object for every row. What cannot be read throws <see cref="ArgumentException"/> that names the
/// row and the property, or for rows that <c>ReadRows</c> reads <see cref="InvalidDataException"/> with line and column.
/// </remarks>
public interface INetwork<TSelf, TRecord> : INetwork<TSelf> where TSelf : class, INetwork<TSelf, TRecord>
{
    /// <summary>Learns what the encoder needs to know of its columns, such as means, medians and categories. Runs alone.</summary>
    /// <param name="rows">The rows to train on, at least one.</param>
    /// <remarks>
    /// What is fitted is fitted once, as the weights learn with it: a network that is fitted, by this, by <c>Train</c> or in its file, cannot be fitted again.
    /// It is part of the network: saved, loaded, cloned. Every row counts alike, whatever it weighs.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The network is fitted already, or training; nothing was changed.</exception>
    /// <exception cref="ArgumentException">
    /// There are no rows, one cannot be read, or a text target has other than OutputSize classes; nothing was changed.
    /// </exception>
    void Fit(IEnumerable<TRecord> rows);

    /// <summary>Writes the inputs of a record. May run at any time, on many threads at once; allocates nothing.</summary>
    /// <param name="row">The record. Its target, weight, group and time are not read.</param>
    /// <param name="inputs">InputSize values.</param>
    /// <exception cref="InvalidOperationException">The network is not fitted.</exception>
    /// <exception cref="ArgumentException">The span is not one row, or a property cannot be read.</exception>
    void Encode(TRecord row, Span<float> inputs);

    /// <summary>Makes a data set of records. May run at any time, on many threads at once.</summary>
    /// <param name="rows">The rows.</param>
    /// <returns>
    /// Inputs, targets or labels, and weights, groups and times where they are declared. An enum or text becomes labels with the names of the classes; a
    /// <see cref="bool"/> becomes a target of 0 or 1, and −1 or 1 for the loss Hinge.
    /// </returns>
    /// <exception cref="InvalidOperationException">The network is not fitted.</exception>
    /// <exception cref="ArgumentException">A row cannot be read.</exception>
    Dataset Encode(IEnumerable<TRecord> rows);

    /// <summary>Fits the network to records where it is not fitted, and trains on them from where training stands. Runs alone.</summary>
    /// <param name="rows">The rows, at least one.</param>
    /// <param name="options">
    /// Epochs, batch size, optimizer and so on; null for their defaults. Validation data are made by <c>Encode</c>, so <c>Fit</c> comes before them.
    /// </param>
    /// <param name="cancellationToken">Ends training between two batches.</param>
    /// <returns>Loss, accuracy and time of each epoch. Where targets are standardised, the loss is in units of the scaled ones.</returns>
    /// <remarks>
    /// So that the slot of unseen and missing categories is trained, each row of a column of learned categories takes it in each step with probability
    /// 1/<c>Capacity</c>. A run that ends before its first step leaves the network as it was, also not fitted.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The network is training already; nothing was changed.</exception>
    /// <exception cref="ArgumentException">A row cannot be read, or the rows do not fit the network; nothing was changed.</exception>
    /// <inheritdoc cref="INetwork{TSelf}.Train"/>
    TrainingHistory Train(IEnumerable<TRecord> rows, TrainingOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Loss and, for classes, accuracy on records, in the mode of <c>Predict</c>. May run at any time, on many threads at once.</summary>
    /// <param name="rows">The rows, at least one.</param>
    /// <returns>Loss, and accuracy where the network classifies.</returns>
    /// <exception cref="InvalidOperationException">The network is not fitted.</exception>
    /// <exception cref="ArgumentException">A row cannot be read, or the rows do not fit the network.</exception>
    Evaluation Evaluate(IEnumerable<TRecord> rows);
}
