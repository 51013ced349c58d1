using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>
/// What a network owns and what of it does not depend on its architecture: the one store of parameters, all statistics, the optimizer's state
/// and counters of training, and its workspace. Generated classes hold one and pass their calls on.
/// </summary>
/// <remarks>
/// Predictions and evaluations may run at any time. All that trains, or replaces what was trained, runs alone: see <see cref="Exclusively"/>.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NetworkState
{
    // One array holds it, with room for its alignment.
    private const int LargestWorkspace = 0x7FFFFF00;

    private readonly AlignedBuffer _parameters;
    private readonly AlignedBuffer _standardization;
    private readonly AlignedBuffer _statistics;
    private readonly GradientAdjustment? _penalties;
    private AlignedBuffer _workspace = new(0);
    private StoredGradients? _gradients;
    private float[] _scaledTargets = [];
    private string? _running;

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
        HasStatistics = !layout.Standardize && !layout.StandardizeTargets;
        _parameters = new AlignedBuffer(layout.StoreSize);
        _standardization = new AlignedBuffer(layout.Standardize ? 2 * layout.InputSize : 0);
        if (layout.Standardize)
        {
            InputScales.Fill(1);
        }

        if (layout.StandardizeTargets)
        {
            TargetMeans = new float[layout.OutputSize];
            TargetScales = new float[layout.OutputSize];
            TargetScales.AsSpan().Fill(1);
        }

        _statistics = new AlignedBuffer(layout.StatisticsSize);
        _penalties = GradientAdjustment.For(layout);
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

    /// <summary>Threads that training, gradients, evaluation and batched prediction may use; 0 means as many as pay off. Results do not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Threads
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Threads));
            field = value;
        }
    }

    /// <summary>The same for the training run at hand, where its options say so; else 0.</summary>
    internal int RunThreads { get; set; }

    internal int WantedThreads => RunThreads > 0 ? RunThreads : Threads;

    /// <summary>Epochs that <c>Train</c> has completed since the network was made, loaded or reset.</summary>
    public int EpochsTrained { get; internal set; }

    /// <summary>Steps of optimizers since the network was made, loaded or reset. With the epochs they key the random numbers of training.</summary>
    public long StepsTrained { get; internal set; }

    /// <summary>How many threads a piece of work is for, by the wish of the user or else by what pays off; at least 1.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="multiplyAdds">An estimate of the work of each.</param>
    public int ThreadsFor(nuint rows, long multiplyAdds) => WorkerPool.Threads(WantedThreads, (long)rows * multiplyAdds);

    /// <summary>The same for work that is split by rows alone: no more than there are groups of eight of them.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="multiplyAdds">An estimate of the work of each.</param>
    public int ThreadsForRows(nuint rows, long multiplyAdds) =>
        rows <= 8 ? 1 : Math.Min(ThreadsFor(rows, multiplyAdds), (int)Math.Min((rows + 7) / 8, int.MaxValue));

    /// <summary>The first float of the store.</summary>
    public ref float Parameters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _parameters.Origin;
    }

    /// <summary>What is subtracted from each input column before scaling; empty where the network does not standardise.</summary>
    public Span<float> InputMeans => _standardization.Span[..(_standardization.Length / 2)];

    /// <summary>What each centred input column is multiplied by; empty where the network does not standardise.</summary>
    public Span<float> InputScales => _standardization.Span[(_standardization.Length / 2)..];

    /// <summary>The first of <see cref="InputMeans"/>; whole vectors can be read to the end.</summary>
    public ref float InputMean => ref _standardization.Origin;

    /// <summary>The first of <see cref="InputScales"/>; whole vectors can be read to the end.</summary>
    public ref float InputScale => ref Unsafe.Add(ref _standardization.Origin, Layout.InputSize);

    /// <summary>What is added to each output, once it is multiplied by its scale; empty where the network does not standardise targets.</summary>
    internal float[] TargetMeans { get; } = [];

    /// <summary>What each output is multiplied by, the deviation of its target; empty where the network does not standardise targets.</summary>
    internal float[] TargetScales { get; } = [];

    /// <summary>Whether the statistics of inputs and targets are learned; true where the network has none.</summary>
    internal bool HasStatistics { get; set; }

    /// <summary>Names of the input columns, those of the data that first trained the network; null where there are none.</summary>
    public IReadOnlyList<string>? InputNames { get; internal set; }

    /// <summary>Names of the classes, those of the data that first trained the network; null where there are none.</summary>
    public IReadOnlyList<string>? ClassNames { get; internal set; }

    /// <summary>The first of batch normalization's running statistics; the layers' layouts tell where each is.</summary>
    public ref float Statistics => ref _statistics.Origin;

    /// <summary>Running means of the layer number <paramref name="layer"/> from 0, one a unit, 0 before training; empty without batch normalization.</summary>
    public Span<float> RunningMeans(int layer) => Running(Layout.Layers[layer], 0);

    /// <summary>Running variances of the layer number <paramref name="layer"/> from 0, one a unit, 1 before training; empty without batch normalization.</summary>
    public Span<float> RunningVariances(int layer) => Running(Layout.Layers[layer], Layout.Layers[layer].VectorLength);

    /// <summary>A buffer for training, kept from step to step, of at least this many floats with arbitrary contents.</summary>
    /// <param name="floats">How many floats are needed.</param>
    /// <remarks>Whoever uses it runs alone (<see cref="Exclusively"/>). The buffer handed out has the size asked for, whatever happens meanwhile.</remarks>
    /// <exception cref="ArgumentException">More than an array can hold: the batch is too large.</exception>
    public ref float Workspace(long floats)
    {
        AlignedBuffer workspace = _workspace;
        if (workspace.Length < floats)
        {
            if (floats > LargestWorkspace)
            {
                throw new ArgumentException($"A batch of this size needs {floats} floats of working memory; {LargestWorkspace} are the most. Use smaller batches.", "inputs");
            }

            _workspace = workspace = new AlignedBuffer((int)floats);
        }

        return ref workspace.Origin;
    }

    /// <summary>A view of the dense layer number <paramref name="layer"/> from 0.</summary>
    public DenseLayer View(int layer) => new(this, Layout.Layers[layer]);

    internal Span<float> Store => _parameters.Span;

    /// <summary>All running statistics, padding included.</summary>
    internal Span<float> RunningStatistics => _statistics.Span;
    private StoredGradients Gradients => _gradients ??= new StoredGradients(this);

    /// <summary>What the optimizer of the last completed step remembers; null before the first.</summary>
    internal OptimizerState? OptimizerState { get; set; }

    /// <summary>Copies the parameters out, layer by layer: weights [inputs × outputs] row-major, then biases.</summary>
    /// <param name="destination">Exactly ParameterCount floats.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void CopyParametersTo(Span<float> destination)
    {
        CheckParameterCount(destination.Length, nameof(destination));
        ParameterOrder.FromStore(Layout, _parameters.Span, destination);
    }

    /// <summary>Replaces the trained parameters, in the order of <see cref="CopyParametersTo"/>, and drops the optimizer's state. Statistics stay.</summary>
    /// <param name="parameters">Exactly ParameterCount floats.</param>
    /// <exception cref="ArgumentException">The span has another length; the network is unchanged.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public void LoadParameters(ReadOnlySpan<float> parameters)
    {
        CheckParameterCount(parameters.Length, nameof(parameters));
        using (Exclusively(nameof(LoadParameters)))
        {
            ParameterOrder.ToStore(Layout, parameters, _parameters.Span);
            OptimizerState = null;
        }
    }

    /// <summary>Makes an independent copy of parameters, statistics and names, with the same seed. Its counters are 0.</summary>
    /// <exception cref="InvalidOperationException">The network is training.</exception>
    public NetworkState Clone()
    {
        NetworkState copy = new(Layout, Seed, drawsWeights: false) { Threads = Threads };
        copy.Take(this, nameof(Clone));
        return copy;
    }

    /// <summary>
    /// Takes parameters, all statistics and the names of another network, and drops the optimizer's state. Seed and counters stay.
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

    private void Take(NetworkState other, string member)
    {
        using (Exclusively(member))
        using (other.Exclusively(member))
        {
            other._parameters.Span.CopyTo(_parameters.Span);
            other._statistics.Span.CopyTo(_statistics.Span);
            new LearnedFromData(other).RestoreTo(this);
            OptimizerState = null;
        }
    }

    /// <summary>Drops the optimizer's state, and counts epochs and steps from 0 again. Parameters and statistics stay.</summary>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public void ResetTraining()
    {
        using (Exclusively(nameof(ResetTraining)))
        {
            OptimizerState = null;
            EpochsTrained = 0;
            StepsTrained = 0;
        }
    }

    /// <summary>Gives back the memory that only training needs: the workspace, stored gradients and the optimizer's state. Counters stay.</summary>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public void ReleaseTrainingBuffers()
    {
        using (Exclusively(nameof(ReleaseTrainingBuffers)))
        {
            OptimizerState = null;
            _gradients = null;
            _scaledTargets = [];
            _workspace = new AlignedBuffer(0);
        }
    }

    /// <summary>Learns the statistics of inputs and targets, in place of any that there are. Parameters and the optimizer's state stay.</summary>
    /// <param name="data">Rows of the network's sizes; their weights count, where they have any.</param>
    /// <exception cref="ArgumentException">The data do not fit the network; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">An input, or a target that is to be scaled, is not finite; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public void LearnInputStatistics(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        using (Exclusively(nameof(LearnInputStatistics)))
        {
            DataFit.CheckStatistics(this, data, nameof(data));
            DataStatistics.Learn(this, data, inTraining: false);
            DataNames.Adopt(this, data);
        }
    }

    /// <summary>
    /// Begins a call that changes what training works with, for as long as the result is not disposed. Only one such call can run on a network;
    /// predictions and evaluations may go on.
    /// </summary>
    /// <param name="member">The generated member that is called, for messages.</param>
    /// <exception cref="InvalidOperationException">Another such call is running.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ExclusiveUse Exclusively(string member)
    {
        if (Interlocked.CompareExchange(ref _running, member, null) is string other)
        {
            ThrowNotAlone(member, other);
        }

        return new ExclusiveUse(this);
    }

    /// <summary>Ends what <see cref="Exclusively"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EndExclusiveUse() => Volatile.Write(ref _running, null);

    /// <summary>Brings outputs of the kernels to the data's units, in place: times the target's deviation, plus its mean.</summary>
    /// <param name="outputs">rows × OutputSize. Those of a network that does not standardise targets are in them already.</param>
    public void ToDataUnits(Span<float> outputs)
    {
        CheckWholeRows(outputs.Length, nameof(outputs));
        for (int start = 0; start < outputs.Length; start += Layout.OutputSize)
        {
            for (int column = 0; column < TargetScales.Length; column++)
            {
                outputs[start + column] = (outputs[start + column] * TargetScales[column]) + TargetMeans[column];
            }
        }
    }

    /// <summary>Brings derivatives of outputs to the data's units, in place: times the target's deviation.</summary>
    /// <param name="jacobian">rows × OutputSize × InputSize, of a network that standardises targets.</param>
    public void JacobianToDataUnits(Span<float> jacobian)
    {
        for (int start = 0; start < jacobian.Length; start += Layout.InputSize)
        {
            float scale = TargetScales[start / Layout.InputSize % TargetScales.Length];
            foreach (ref float derivative in jacobian.Slice(start, Layout.InputSize))
            {
                derivative *= scale;
            }
        }
    }

    /// <summary>Targets as the loss takes them: themselves, or where the network standardises them, scaled ones in a buffer that the next call reuses.</summary>
    /// <param name="targets">rows × OutputSize, in the data's units.</param>
    internal ReadOnlySpan<float> ScaledTargets(ReadOnlySpan<float> targets)
    {
        if (!Layout.StandardizeTargets)
        {
            return targets;
        }

        if (_scaledTargets.Length < targets.Length)
        {
            _scaledTargets = new float[targets.Length];
        }

        Span<float> scaled = _scaledTargets.AsSpan(0, targets.Length);
        ScaleTargets(targets, scaled);
        return scaled;
    }

    /// <summary>Writes targets in units of their deviation from the mean.</summary>
    internal void ScaleTargets(ReadOnlySpan<float> targets, Span<float> scaled)
    {
        for (int start = 0; start < targets.Length; start += TargetScales.Length)
        {
            for (int column = 0; column < TargetScales.Length; column++)
            {
                scaled[start + column] = (targets[start + column] - TargetMeans[column]) / TargetScales[column];
            }
        }
    }

    /// <summary>Checks the spans of a prediction.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="ArgumentException">A length is no whole number of rows, or the outputs do not fit the inputs.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CheckPrediction(int inputsLength, int outputsLength, int inputSize, int outputSize)
    {
        int rows = inputsLength / inputSize;
        if (rows * inputSize != inputsLength || (long)rows * outputSize != outputsLength)
        {
            ThrowWrongSpans(inputsLength, outputsLength, inputSize, outputSize, "outputs");
        }

        return rows;
    }

    /// <summary>Checks the spans of predictions with a loss for each row.</summary>
    /// <exception cref="ArgumentException">The spans do not hold the same number of rows.</exception>
    public void CheckLosses(int inputsLength, int targetsLength, int outputsLength, int lossesLength)
    {
        int rows = CheckRows(inputsLength, targetsLength);
        CheckPrediction(inputsLength, outputsLength, Layout.InputSize, Layout.OutputSize);
        if (lossesLength != rows)
        {
            throw new ArgumentException($"There is one loss for each of the {rows} rows; losses holds {lossesLength}.", "losses");
        }
    }

    /// <summary>Checks the spans of the outputs' derivatives by the inputs.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="ArgumentException">A length is no whole number of rows, or the results do not fit the inputs.</exception>
    public static int CheckJacobian(int inputsLength, int jacobianLength, int inputSize, int outputSize)
    {
        int rows = inputsLength / inputSize;
        if (rows * inputSize != inputsLength)
        {
            throw new ArgumentException($"inputs has {inputsLength} values; rows of {inputSize} need a multiple of {inputSize}.", "inputs");
        }

        long needed = (long)rows * inputSize * outputSize;
        return needed == jacobianLength ? rows : throw new ArgumentException(
            $"inputs holds {rows} × {inputSize} values, so jacobian must hold {rows} × {outputSize} × {inputSize} = {needed}; it holds {jacobianLength}.", "jacobian");
    }

    /// <summary>Checks the spans of the loss's derivative by the inputs, and makes their batch, without noise.</summary>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or the gradients do not fit the inputs, or a target is out of the loss's range.
    /// </exception>
    /// <exception cref="InvalidOperationException">The statistics of the network are not learned.</exception>
    public TrainingBatch GradientBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int gradientsLength)
    {
        TrainingBatch batch = CheckedBatch(inputs, targets, weights: default, step: -1, "InputGradients");
        return gradientsLength == inputs.Length
            ? batch
            : throw new ArgumentException($"There is one gradient for each of the {inputs.Length} inputs; gradients holds {gradientsLength}.", "gradients");
    }

    /// <summary>Checks the input of a single-row prediction.</summary>
    /// <exception cref="ArgumentException">The span is not one row.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckRow(int length, int inputSize, string name)
    {
        if (length != inputSize)
        {
            ThrowWrongRow(length, inputSize, name);
        }
    }

    /// <summary>Index of the largest value, the first of equal ones; NaN counts as smallest.</summary>
    public static int LargestOf(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest] || (float.IsNaN(values[largest]) && !float.IsNaN(values[i])))
            {
                largest = i;
            }
        }

        return largest;
    }

    /// <summary>The name of a class, or its index as text where classes have no names.</summary>
    /// <param name="index">Index of the class, from 0.</param>
    public string NameOfClass(int index) => ClassNames is null ? index.ToString(CultureInfo.InvariantCulture) : ClassNames[index];

    /// <summary>One optimizer step on one mini-batch.</summary>
    /// <inheritdoc cref="TrainStep(INetwork, ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, Optimizer)"/>
    public float TrainStep(INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer) =>
        TrainStep(network, inputs, targets, weights: default, optimizer);

    /// <summary>One optimizer step on one mini-batch whose rows have weights.</summary>
    /// <param name="network">The network that owns this state.</param>
    /// <param name="inputs">rows × InputSize.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="weights">How much each row counts in the mean, finite and at least 0; empty where all count 1.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <returns>The weighted mean loss before the update; 0 where no row has a weight.</returns>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or a weight or a target is out of range.
    /// </exception>
    /// <exception cref="InvalidOperationException">The statistics of the network are not learned, or it is training; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite; nothing was updated.</exception>
    public float TrainStep(
        INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        CheckOwner(network);
        using (Exclusively(nameof(TrainStep)))
        {
            return Step(network, CheckedBatch(inputs, targets, weights, StepsTrained, nameof(TrainStep)), optimizer);
        }
    }

    /// <summary>One optimizer step on a mini-batch that was checked.</summary>
    internal float Step(INetwork network, scoped in TrainingBatch batch, Optimizer optimizer)
    {
        OptimizerState state = StateFor(optimizer);
        float loss;
        if (_penalties is null)
        {
            loss = optimizer.Step(network, batch, state);
            Complete(state);
        }
        else
        {
            loss = Gradients.Compute(network, batch);
            Update(Gradients, optimizer, state, _penalties, place: default);
        }

        return loss;
    }

    /// <summary>The mean loss of a batch and its gradient, without dropout; changes nothing.</summary>
    /// <inheritdoc cref="ComputeGradients(INetwork, ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float})"/>
    public float ComputeGradients(INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients) =>
        ComputeGradients(network, inputs, targets, weights: default, gradients);

    /// <summary>The weighted mean loss of a batch and its gradient, without dropout; changes nothing.</summary>
    /// <param name="network">The network that owns this state.</param>
    /// <param name="inputs">rows × InputSize.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="weights">How much each row counts in the mean, finite and at least 0; empty where all count 1.</param>
    /// <param name="gradients">Receives ParameterCount floats in parameter order.</param>
    /// <returns>The weighted mean loss; 0 where no row has a weight.</returns>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or a weight or a target is out of range, or the gradients do not fit.
    /// </exception>
    /// <exception cref="InvalidOperationException">The statistics of the network are not learned, or it is training; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite.</exception>
    public float ComputeGradients(
        INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> gradients)
    {
        CheckOwner(network);
        CheckParameterCount(gradients.Length, nameof(gradients));
        using (Exclusively(nameof(ComputeGradients)))
        {
            float loss = Gradients.Compute(network, CheckedBatch(inputs, targets, weights, step: -1, nameof(ComputeGradients)));
            ParameterOrder.FromStore(Layout, Gradients.Span, gradients);
            return loss;
        }
    }

    /// <summary>One optimizer step with gradients that were computed before, bit for bit what <c>TrainStep</c> does with the same ones.</summary>
    /// <param name="gradients">ParameterCount floats in parameter order.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <exception cref="ArgumentException">The gradients do not fit, or one is not finite; nothing was updated.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public void ApplyGradients(ReadOnlySpan<float> gradients, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        CheckParameterCount(gradients.Length, nameof(gradients));
        for (int i = 0; i < gradients.Length; i++)
        {
            if (!float.IsFinite(gradients[i]))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"Gradient {i} is {gradients[i]}; gradients must be finite."), nameof(gradients));
            }
        }

        using (Exclusively(nameof(ApplyGradients)))
        {
            ParameterOrder.ToStore(Layout, gradients, Gradients.Span);
            Update(Gradients, optimizer, _penalties);
        }
    }

    /// <summary>One optimizer step with stored gradients.</summary>
    /// <param name="gradients">The gradients of the loss. The adjustment changes them.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="adjustment">The regularisation of the step, the layers' own penalties included; null for none.</param>
    /// <param name="place">Where in a run the step is.</param>
    /// <exception cref="NonFiniteLossException">The gradients' norm is to be clipped and not finite; nothing was updated.</exception>
    internal void Update(StoredGradients gradients, Optimizer optimizer, GradientAdjustment? adjustment, TrainingPlace place = default) =>
        Update(gradients, optimizer, StateFor(optimizer), adjustment, place);

    private void Update(
        StoredGradients gradients, Optimizer optimizer, OptimizerState state, GradientAdjustment? adjustment, TrainingPlace place)
    {
        adjustment?.BeforeUpdate(_parameters.Span, gradients.Span, place);
        optimizer.Step(gradients, default, state);
        adjustment?.AfterUpdate(_parameters.Span);
        Complete(state);
    }

    /// <summary>The network's state where it fits the optimizer, else a new one, which becomes the network's with its first completed step.</summary>
    private OptimizerState StateFor(Optimizer optimizer) => OptimizerState?.Fits(optimizer) == true
        ? OptimizerState
        : new OptimizerState(optimizer.GetType(), Layout.StoreSize, optimizer.StatePerParameter);

    private Span<float> Running(DenseLayout layer, int start) => layer.Normalization == Normalization.Batch
        ? _statistics.Span.Slice(layer.StatisticsOffset + start, layer.Outputs)
        : [];

    private void Complete(OptimizerState state)
    {
        state.CountStep(_parameters.Span);
        OptimizerState = state;
        StepsTrained++;
    }

    /// <summary>A batch of the caller's spans, once all of them are known to be right.</summary>
    private TrainingBatch CheckedBatch(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, long step, string member)
    {
        int rows = CheckRows(inputs.Length, targets.Length);
        if (rows == 0)
        {
            throw new ArgumentException("A training step needs at least one row; inputs and targets are empty.", nameof(inputs));
        }

        if (!HasStatistics)
        {
            throw new InvalidOperationException(
                $"{member} needs the statistics of the training data, by which the network standardises, and they are not learned yet; "
                + $"call {nameof(LearnInputStatistics)} with that data first, or Train, which does it.");
        }

        CheckWeights(weights, rows);
        TargetRange.Check(Layout, targets);
        return new TrainingBatch(inputs, ScaledTargets(targets), weights, rows) { Step = step, NoiseSeed = Seed };
    }

    /// <summary>The batch is checked against this network, so no other may compute with it.</summary>
    private void CheckOwner(INetwork network)
    {
        if (!ReferenceEquals(network.State, this))
        {
            throw new ArgumentException("The state is that of another network.", nameof(network));
        }
    }

    private void CheckWholeRows(int length, string name)
    {
        if (length % Layout.OutputSize != 0)
        {
            throw new ArgumentException($"{name} has {length} values; rows of {Layout.OutputSize} need a multiple of {Layout.OutputSize}.", name);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNotAlone(string member, string other) => throw new InvalidOperationException(
        $"{member} was called on a network while {other} runs there; nothing was changed. Only Predict and Evaluate may run at the same time: "
        + "wait for the other call, or work on a Clone made before it.");

    private static void CheckWeights(ReadOnlySpan<float> weights, int rows)
    {
        if (!weights.IsEmpty && weights.Length != rows)
        {
            throw new ArgumentException($"weights holds {weights.Length} values, and the batch has {rows} rows; give one a row, or none.", nameof(weights));
        }

        double total = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            total += weights[row];
            if (!(float.IsFinite(weights[row]) && weights[row] >= 0))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"The weight of row {row} is {weights[row]}; weights must be finite and at least 0."), nameof(weights));
            }
        }

        if (total > float.MaxValue)
        {
            throw new ArgumentException("The weights add up to more than a float can hold; divide them all by the same number.", nameof(weights));
        }
    }

    private int CheckRows(int inputsLength, int targetsLength)
    {
        int rows = inputsLength / Layout.InputSize;
        if (rows * Layout.InputSize != inputsLength || (long)rows * Layout.OutputSize != targetsLength)
        {
            ThrowWrongSpans(inputsLength, targetsLength, Layout.InputSize, Layout.OutputSize, "targets");
        }

        return rows;
    }

    private void CheckParameterCount(int length, string name)
    {
        if (length != Layout.ParameterCount)
        {
            throw new ArgumentException($"{name} holds {length} values; the network has {Layout.ParameterCount} parameters.", name);
        }
    }

    private static void ThrowWrongSpans(int inputsLength, int otherLength, int inputSize, int outputSize, string otherName)
    {
        if (inputsLength % inputSize != 0)
        {
            throw new ArgumentException($"inputs has {inputsLength} values; rows of {inputSize} need a multiple of {inputSize}.", "inputs");
        }

        int rows = inputsLength / inputSize;
        string hint = otherName == "targets" ? $" The batches of a DataLoader do with targetSize: {outputSize}." : "";
        throw new ArgumentException(
            $"inputs holds {rows} × {inputSize} values, so {otherName} must hold {rows} × {outputSize} = {(long)rows * outputSize}; it holds {otherLength}.{hint}",
            otherName);
    }

    private static void ThrowWrongRow(int length, int inputSize, string name) =>
        throw new ArgumentException($"{name} has {length} values; one row of this network has {inputSize}.", name);
}
