using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>
/// What a network owns, independently of its architecture: the one store of parameters, all statistics and names, and what training keeps.
/// Generated classes hold one and pass their calls on.
/// </summary>
/// <remarks>
/// Predictions and evaluations may run at any time. All that trains, or replaces what was trained, runs alone: see <see cref="Exclusively"/>.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NetworkState
{
    /// <summary>The threshold of a new network.</summary>
    internal const double DefaultThreshold = 0.5;

    private readonly AlignedBuffer _parameters;
    private readonly AlignedBuffer _statistics;
    private readonly Exclusion _exclusion = new();

    /// <summary>Makes a network with fresh weights.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="seed">Key of all random numbers: initial weights, dropout.</param>
    public NetworkState(NetworkLayout layout, int seed)
        : this(layout, seed, drawsWeights: true)
    {
    }

    /// <summary>Makes a network with fresh weights, or with all weights 0 where others will replace them.</summary>
    internal NetworkState(NetworkLayout layout, int seed, bool drawsWeights)
    {
        Layout = layout;
        Seed = seed;
        _parameters = new AlignedBuffer(layout.StoreSize);
        _statistics = new AlignedBuffer(layout.StatisticsSize);
        Standardization = new Standardization(layout);
        Training = new TrainingState(this);
        LearningRates = new LearningRates(layout);
        if (drawsWeights && layout.Ensemble is EnsembleLayout ensemble)
        {
            WeightInitializer.FillSigns(_parameters.Span, ensemble, layout.ExpandedSize, seed);
        }

        for (int number = 0; drawsWeights && number < layout.Embeddings.Length; number++)
        {
            WeightInitializer.FillTable(_parameters.Span, layout.Embeddings[number], number, seed);
        }

        for (int number = 0; number < layout.Layers.Length; number++)
        {
            DenseLayout layer = layout.Layers[number];
            if (drawsWeights)
            {
                WeightInitializer.Fill(_parameters.Span, layer, number, seed);
            }

            if (layer.IsNormalized)
            {
                _parameters.Span.Slice(layer.GainsOffset, layer.Outputs).Fill(1);
            }

            if (layer.HasSlope)
            {
                _parameters.Span[layer.SlopeOffset] = layer.Alpha;
            }

            RunningVariances(number).Fill(1);
        }
    }

    /// <summary>The architecture.</summary>
    public NetworkLayout Layout { get; }

    /// <summary>Key of all random numbers: initial weights, dropout.</summary>
    public int Seed { get; }

    /// <summary>The statistics of inputs and targets.</summary>
    public Standardization Standardization { get; }

    /// <summary>What training keeps from step to step.</summary>
    internal TrainingState Training { get; }

    /// <summary>How fast it learns.</summary>
    internal LearningRates LearningRates { get; }

    /// <summary>How many threads work is for.</summary>
    internal ThreadPolicy ThreadPolicy { get; } = new();

    /// <summary>Threads that training, gradients, evaluation and batched prediction may use; 0 means as many as pay off. Results do not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    /// <exception cref="InvalidOperationException">The network is read-only.</exception>
    public int Threads
    {
        get => ThreadPolicy.OfNetwork;
        set
        {
            CheckWritable(nameof(Threads));
            ThreadPolicy.OfNetwork = value;
        }
    }

    /// <summary>What the optimizer's learning rate is multiplied by in single steps, finite and at least 0. Runs have a schedule instead.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    /// <exception cref="InvalidOperationException">The network is read-only.</exception>
    public double LearningRateFactor
    {
        get => LearningRates.OfNetwork;
        set
        {
            CheckWritable(nameof(LearningRateFactor));
            LearningRates.OfNetwork = value;
        }
    }

    /// <summary>The probability from which on an output with BCE says yes; 0.5 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    /// <exception cref="InvalidOperationException">The network is read-only.</exception>
    public double Threshold
    {
        get;
        set
        {
            CheckWritable(nameof(Threshold));
            field = IsThreshold(value)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(Threshold), value, "The threshold is a probability, from 0 to 1.");
        }
    } = DefaultThreshold;

    /// <summary>Epochs that <c>Train</c> has completed since the network was made, loaded or reset.</summary>
    public int EpochsTrained => Training.EpochsTrained;

    /// <summary>Steps of optimizers since the network was made, loaded or reset. With the epochs they key the random numbers of training.</summary>
    public long StepsTrained => Training.StepsTrained;

    /// <summary>Whether a layer is trained: frozen neither by its declaration nor by the run at hand.</summary>
    /// <param name="layer">The layer's number from 0.</param>
    public bool Trains(int layer) => LearningRates.AreTrained[layer];

    /// <summary>The key of the noise behind a layer, which has none where it is frozen.</summary>
    /// <param name="layer">The layer's number from 0.</param>
    /// <param name="step">The key of the step's noise, −1 for none.</param>
    public long StepOfNoise(int layer, long step) => Trains(layer) ? step : -1;

    /// <summary>How many threads a piece of work is for, by the wish of the user or else by what pays off; at least 1.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="multiplyAdds">An estimate of the work of each.</param>
    public int ThreadsFor(nuint rows, long multiplyAdds) => ThreadPolicy.For(rows, multiplyAdds);

    /// <summary>The same for work that is split by rows alone: no more than there are groups of eight of them.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="multiplyAdds">An estimate of the work of each.</param>
    public int ThreadsForRows(nuint rows, long multiplyAdds) => ThreadPolicy.ForRows(rows, multiplyAdds);

    /// <summary>The first float of the store.</summary>
    public ref float Parameters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _parameters.Origin;
    }

    /// <summary>The first float of the store, for views: whoever has the reference can write through it.</summary>
    /// <exception cref="InvalidOperationException">The network is read-only.</exception>
    internal ref float ViewedParameters
    {
        get
        {
            if (IsReadOnly)
            {
                throw new InvalidOperationException(
                    "This network is shared and read-only, as the Trained of a class and served networks are, and what a view refers to could be written. "
                    + "Read its parameters from a Clone(), or by CopyParametersTo.");
            }

            return ref _parameters.Origin;
        }
    }

    /// <summary>Whether the network is shared by all who ask for it, so that nobody may change it.</summary>
    internal bool IsReadOnly => _exclusion.IsClosed;

    /// <summary>Makes the network read-only, for good. Only who made it and has not given it away may.</summary>
    internal void MakeReadOnly() => _exclusion.Close();

    /// <summary>The whole store, padding included.</summary>
    internal Span<float> Store => _parameters.Span;

    /// <summary>What is subtracted from each input column before scaling; empty where the network does not standardise.</summary>
    public Span<float> InputMeans => Standardization.InputMeans;

    /// <summary>What each centred input column is multiplied by; empty where the network does not standardise.</summary>
    public Span<float> InputScales => Standardization.InputScales;

    /// <summary>The first of <see cref="InputMeans"/>; whole vectors can be read to the end.</summary>
    public ref float InputMean => ref Standardization.InputMean;

    /// <summary>The first of <see cref="InputScales"/>; whole vectors can be read to the end.</summary>
    public ref float InputScale => ref Standardization.InputScale;

    /// <summary>Names of the input columns, those of the data that first trained the network; null where there are none.</summary>
    public IReadOnlyList<string>? InputNames { get; internal set; }

    /// <summary>Names of the classes, those of the data that first trained the network; null where there are none.</summary>
    public IReadOnlyList<string>? ClassNames { get; internal set; }

    /// <summary>The name of a class, or its index as text where classes have no names.</summary>
    /// <param name="index">Index of the class, from 0.</param>
    public string NameOfClass(int index) => ClassNames is null ? index.ToString(CultureInfo.InvariantCulture) : ClassNames[index];

    /// <summary>What the encoder of records has learned; null where nothing is fitted, or the network is not over records.</summary>
    internal FittedEncoder? Fitted { get; set; }

    /// <summary>What the encoder of records has learned.</summary>
    /// <param name="member">The generated member that is called, for messages.</param>
    /// <exception cref="InvalidOperationException">Nothing is fitted yet.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FittedEncoder FittedEncoder(string member) => Fitted ?? throw NotFitted(member);

    /// <summary>Takes what an encoder has learned, and the names that inputs and classes have by it.</summary>
    internal void Adopt(FittedEncoder fitted)
    {
        Fitted = fitted;
        InputNames = fitted.InputNames;
        if (Layout.Loss is not null)
        {
            ClassNames = fitted.ClassNames;
        }
    }

    /// <summary>The first of batch normalization's running statistics; the layers' layouts tell where each is.</summary>
    public ref float Statistics => ref _statistics.Origin;

    /// <summary>All running statistics, padding included.</summary>
    internal Span<float> RunningStatistics => _statistics.Span;

    /// <summary>Running means of the layer number <paramref name="layer"/> from 0, one a unit, 0 before training; empty without batch normalization.</summary>
    public Span<float> RunningMeans(int layer) => Running(Layout.Layers[layer], 0);

    /// <summary>Running variances of the layer number <paramref name="layer"/> from 0, one a unit, 1 before training; empty without batch normalization.</summary>
    public Span<float> RunningVariances(int layer) => Running(Layout.Layers[layer], Layout.Layers[layer].VectorLength);

    /// <summary>A buffer for training, kept from step to step, of at least this many floats with arbitrary contents.</summary>
    /// <param name="floats">How many floats are needed.</param>
    /// <remarks>Whoever uses it runs alone (<see cref="Exclusively"/>). The buffer handed out has the size asked for, whatever happens meanwhile.</remarks>
    /// <exception cref="ArgumentException">More than an array can hold: the batch is too large.</exception>
    public ref float Workspace(long floats) => ref Training.Workspace(floats);

    /// <summary>A view of the dense layer number <paramref name="layer"/> from 0.</summary>
    public DenseLayer View(int layer) => new(this, Layout.Layers[layer]);

    /// <summary>A view of an ensemble's last layers.</summary>
    public EnsembleLayer Heads => new(this);

    /// <summary>A view of the table of embeddings number <paramref name="number"/> from 0.</summary>
    public EmbeddingTable Table(int number) => new(this, Layout.Embeddings[number]);

    /// <summary>A view of what an ensemble's members multiply the inputs by.</summary>
    public MemberScalesView MemberScales => new(this);

    /// <summary>
    /// Copies the parameters out, layer by layer: weights [inputs × outputs] row-major, then biases; of an ensemble the members' scales first.
    /// </summary>
    /// <param name="destination">Exactly ParameterCount floats.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void CopyParametersTo(Span<float> destination)
    {
        Arguments.CheckParameterCount(destination.Length, Layout, nameof(destination));
        ParameterOrder.FromStore(Layout, _parameters.Span, destination);
    }

    /// <summary>Replaces the trained parameters, in the order of <see cref="CopyParametersTo"/>, and drops the optimizer's state. Statistics stay.</summary>
    /// <param name="parameters">Exactly ParameterCount floats.</param>
    /// <exception cref="ArgumentException">The span has another length; the network is unchanged.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public void LoadParameters(ReadOnlySpan<float> parameters)
    {
        Arguments.CheckParameterCount(parameters.Length, Layout, nameof(parameters));
        using (Exclusively(nameof(LoadParameters)))
        {
            ParameterOrder.ToStore(Layout, parameters, _parameters.Span);
            Training.OptimizerState = null;
        }
    }

    /// <summary>Makes an independent copy of parameters, statistics, names and threshold, with the same seed. Its counters are 0.</summary>
    /// <exception cref="InvalidOperationException">The network is training.</exception>
    public NetworkState Clone()
    {
        NetworkState copy = new(Layout, Seed, drawsWeights: false) { Threads = Threads, LearningRateFactor = LearningRateFactor };
        copy.Take(this, nameof(Clone));
        return copy;
    }

    /// <summary>
    /// Takes parameters, all statistics, the names and the threshold of another network, and drops the optimizer's state. Seed and counters stay.
    /// </summary>
    /// <param name="other">A network of the same class. The same object is left as it is.</param>
    /// <exception cref="ArgumentException">The other network has another architecture; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">One of the two is training; nothing was changed.</exception>
    public void CopyFrom(NetworkState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(other, this))
        {
            using (Exclusively(nameof(CopyFrom)))
            {
                return;
            }
        }

        if (!ReferenceEquals(other.Layout, Layout))
        {
            throw new ArgumentException($"Another architecture cannot be copied: it is {other.Layout.Architecture}, and this one {Layout.Architecture}.", nameof(other));
        }

        Take(other, nameof(CopyFrom));
    }

    /// <summary>Drops the optimizer's state, and counts epochs and steps from 0 again. Parameters and statistics stay.</summary>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public void ResetTraining()
    {
        using (Exclusively(nameof(ResetTraining)))
        {
            Training.Reset();
        }
    }

    /// <summary>Gives back the memory that only training needs: the workspace, stored gradients and the optimizer's state. Counters stay.</summary>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public void ReleaseTrainingBuffers()
    {
        using (Exclusively(nameof(ReleaseTrainingBuffers)))
        {
            Training.ReleaseBuffers();
        }
    }

    /// <summary>
    /// Begins a call that changes what training works with, for as long as the result is not disposed. Only one such call can run on a network;
    /// predictions and evaluations may go on.
    /// </summary>
    /// <param name="member">The generated member that is called, for messages.</param>
    /// <exception cref="InvalidOperationException">Another such call is running.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ExclusiveUse Exclusively(string member) => _exclusion.Begin(member);

    /// <summary>Whether a number can be a threshold.</summary>
    internal static bool IsThreshold(double value) => value is >= 0 and <= 1;

    private void CheckWritable(string member)
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException(
                $"{member} cannot be set: this network is shared and read-only, as the Trained of a class and served networks are. Set it on its Clone(), or on a network "
                + "that took its weights by CopyFrom.");
        }
    }

    private void Take(NetworkState other, string member)
    {
        // Nothing writes to a network that is read-only, so any number of calls may copy it.
        using (Exclusively(member))
        using (other.IsReadOnly ? default : other.Exclusively(member))
        {
            TakeWhole(other);
        }
    }

    /// <summary>Takes what <see cref="CopyFrom"/> does, for a caller that has both networks for itself.</summary>
    internal void TakeWhole(NetworkState other)
    {
        other._parameters.Span.CopyTo(_parameters.Span);
        other._statistics.Span.CopyTo(_statistics.Span);
        new LearnedFromData(other).RestoreTo(this);
        Threshold = other.Threshold;
        Training.OptimizerState = null;
    }

    private static InvalidOperationException NotFitted(string member) => new(
        $"{member} encodes records by what was fitted to others, such as means and categories, and nothing is fitted yet: call Fit, or Train, with records first.");

    private Span<float> Running(DenseLayout layer, int start) => layer.Normalization == Normalization.Batch
        ? _statistics.Span.Slice(layer.StatisticsOffset + start, layer.Outputs)
        : [];
}
