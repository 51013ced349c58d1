namespace Mlp;

/// <summary>What every network with a loss can do, for code that works with any of them. Generated classes implement it.</summary>
/// <typeparam name="TSelf">The network's class.</typeparam>
/// <remarks>
/// Nothing here uses reflection, so generic code over networks trims and compiles ahead of time:
/// <code>
/// static double Score&lt;TNet&gt;(Dataset train, Dataset test) where TNet : class, INetwork&lt;TNet&gt;
/// {
///     TNet net = TNet.Create(seed: 1);
///     net.Train(train);
///     return net.Evaluate(test).Loss;
/// }
/// </code>
/// Generated members refer to the documentation of these.
/// </remarks>
public interface INetwork<TSelf> : CompilerServices.INetwork where TSelf : class, INetwork<TSelf>
{
    /// <summary>Number of input columns.</summary>
    static abstract int InputSize { get; }

    /// <summary>Number of output columns.</summary>
    static abstract int OutputSize { get; }

    /// <summary>Makes a network with fresh weights.</summary>
    /// <param name="seed">Key of the network's random numbers. Initial weights depend on it, the layer and the index alone.</param>
    static abstract TSelf Create(int seed);

    /// <summary>Reads a network in the safetensors format.</summary>
    /// <param name="stream">Where to read, from its present position to its end; stays open.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, holds another architecture, or lacks the statistics by which the network standardises.
    /// </exception>
    static abstract TSelf Load(Stream stream);

    /// <summary>Predicts any number of rows. May run at any time, on many threads at once; allocates nothing once warm.</summary>
    /// <param name="inputs">rows × InputSize, row-major. NaN passes through.</param>
    /// <param name="outputs">rows × OutputSize; must fit exactly and not overlap the inputs.</param>
    /// <exception cref="ArgumentException">A length is no whole number of rows, or the outputs do not fit the inputs.</exception>
    void Predict(ReadOnlySpan<float> inputs, Span<float> outputs);

    /// <summary>
    /// Trains from where training stands: parameters, optimizer's state and counters go on, so that two runs of 3 epochs are one of 6. Runs alone.
    /// </summary>
    /// <param name="data">The training data.</param>
    /// <param name="options">Epochs, batch size, optimizer and so on; null for their defaults.</param>
    /// <param name="cancellationToken">Ends training between two batches.</param>
    /// <returns>Loss, accuracy and time of each epoch. Where targets are standardised, the loss is in units of the scaled ones.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The network is training already; nothing was changed.</exception>
    /// <exception cref="TrainingCancelledException">Training was cancelled; the network is as of its last completed step.</exception>
    /// <exception cref="ThreadInterruptedException">The thread was interrupted; the network is as of its last completed step.</exception>
    /// <exception cref="NonFiniteLossException">
    /// The loss or an input, or a parameter after an epoch, is NaN or infinite; the network is as of its last completed step.
    /// </exception>
    TrainingHistory Train(Dataset data, TrainingOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Loss and, for classes, accuracy on a data set, in the mode of <c>Predict</c>. May run at any time, on many threads at once.
    /// </summary>
    /// <param name="data">The data.</param>
    /// <returns>Loss, and accuracy where the network classifies.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, or have other names.</exception>
    Evaluation Evaluate(Dataset data);

    /// <summary>
    /// Writes the network in the safetensors format, from the stream's present position on, and flushes it.
    /// May run at any time; during training the file may hold weights of two steps.
    /// </summary>
    /// <param name="stream">Where to write; stays open.</param>
    /// <exception cref="InvalidOperationException">A parameter or statistic is not finite; nothing was written.</exception>
    void Save(Stream stream);

    /// <summary>An independent copy with the same seed: a new network that takes what <c>CopyFrom</c> does. Runs alone.</summary>
    /// <returns>The new network.</returns>
    /// <exception cref="InvalidOperationException">The network is training.</exception>
    TSelf Clone();

    /// <summary>
    /// Takes the parameters, all statistics, the names and the threshold of another network, whole, and drops the optimizer's state; seed and counters stay.
    /// So a network goes back to an earlier state of its own, kept by <c>Clone</c>. Runs alone, on both networks.
    /// </summary>
    /// <param name="other">The network to copy.</param>
    /// <exception cref="InvalidOperationException">One of the networks is training; nothing was changed.</exception>
    void CopyFrom(TSelf other);
}
