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
/// The members do what those of the same name of the generated class do, which say what may run at the same time.
/// </remarks>
public interface INetwork<TSelf> : CompilerServices.INetwork where TSelf : class, INetwork<TSelf>
{
    /// <summary>Number of input columns.</summary>
    static abstract int InputSize { get; }

    /// <summary>Number of output columns.</summary>
    static abstract int OutputSize { get; }

    /// <summary>Makes a network with fresh weights.</summary>
    /// <param name="seed">Key of the network's random numbers.</param>
    static abstract TSelf Create(int seed);

    /// <summary>Reads a network in the safetensors format.</summary>
    /// <param name="stream">Where to read, to its end; stays open.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or holds another architecture.</exception>
    static abstract TSelf Load(Stream stream);

    /// <summary>Predicts any number of rows. May run at any time.</summary>
    /// <param name="inputs">rows × InputSize, row-major.</param>
    /// <param name="outputs">rows × OutputSize; must fit exactly.</param>
    /// <exception cref="ArgumentException">A length is no whole number of rows, or the outputs do not fit the inputs.</exception>
    void Predict(ReadOnlySpan<float> inputs, Span<float> outputs);

    /// <summary>Trains from where training stands.</summary>
    /// <param name="data">The training data.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="cancellationToken">Ends training between two batches.</param>
    /// <returns>What every epoch came to.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The network is training already; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input, or a parameter after an epoch, is NaN or infinite.</exception>
    TrainingHistory Train(Dataset data, TrainingOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Loss and, for classes, accuracy on a data set. May run at any time.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="ArgumentException">The data do not fit the network.</exception>
    Evaluation Evaluate(Dataset data);

    /// <summary>Writes the network in the safetensors format.</summary>
    /// <param name="stream">Where to write; stays open.</param>
    void Save(Stream stream);

    /// <summary>An independent copy with the same seed.</summary>
    /// <exception cref="InvalidOperationException">The network is training.</exception>
    TSelf Clone();

    /// <summary>Takes the parameters, all statistics and the names of another network; seed and counters stay.</summary>
    /// <param name="other">The network to copy.</param>
    /// <exception cref="InvalidOperationException">One of the networks is training; nothing was changed.</exception>
    void CopyFrom(TSelf other);
}
