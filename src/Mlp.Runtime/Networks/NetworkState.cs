using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using Mlp.Numerics;

namespace Mlp;

/// <summary>
/// What a network owns and what of it does not depend on its architecture: the one store of parameters, the statistics of standardised
/// inputs, the optimizer's state and the training workspace. Generated classes hold one and pass their calls on.
/// </summary>
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
        _standardization = new AlignedBuffer(layout.Standardize ? 2 * layout.InputSize : 0);
        if (layout.Standardize)
        {
            InputScales.Fill(1);
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

    /// <summary>How many threads a piece of work is for, by the wish of the user or else by what pays off; at least 1.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="multiplyAdds">An estimate of the work of each.</param>
    public int ThreadsFor(nuint rows, long multiplyAdds) => WorkerPool.Threads(Threads, (long)rows * multiplyAdds);

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

    /// <summary>The first of batch normalization's running statistics; the layers' layouts tell where each is.</summary>
    public ref float Statistics => ref _statistics.Origin;

    /// <summary>Running means of the layer number <paramref name="layer"/> from 0, one a unit, 0 before training; empty without batch normalization.</summary>
    public Span<float> RunningMeans(int layer) => Running(Layout.Layers[layer], 0);

    /// <summary>Running variances of the layer number <paramref name="layer"/> from 0, one a unit, 1 before training; empty without batch normalization.</summary>
    public Span<float> RunningVariances(int layer) => Running(Layout.Layers[layer], Layout.Layers[layer].VectorLength);

    /// <summary>A buffer for training, kept from step to step, of at least this many floats with arbitrary contents.</summary>
    /// <param name="floats">How many floats are needed.</param>
    /// <exception cref="ArgumentException">More than an array can hold: the batch is too large.</exception>
    public ref float Workspace(long floats)
    {
        if (_workspace.Length < floats)
        {
            if (floats > LargestWorkspace)
            {
                throw new ArgumentException($"A batch of this size needs {floats} floats of working memory; {LargestWorkspace} are the most. Use smaller batches.", "inputs");
            }

            _workspace = new AlignedBuffer((int)floats);
        }

        return ref _workspace.Origin;
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

    /// <summary>Replaces all parameters, in the order of <see cref="CopyParametersTo"/>.</summary>
    /// <param name="parameters">Exactly ParameterCount floats.</param>
    /// <exception cref="ArgumentException">The span has another length; the network is unchanged.</exception>
    public void LoadParameters(ReadOnlySpan<float> parameters)
    {
        CheckParameterCount(parameters.Length, nameof(parameters));
        ParameterOrder.ToStore(Layout, parameters, _parameters.Span);
    }

    /// <summary>Makes an independent copy of parameters and statistics; the optimizer's state starts fresh.</summary>
    public NetworkState Clone()
    {
        NetworkState copy = new(Layout, Seed, drawsWeights: false) { Threads = Threads };
        _parameters.Span.CopyTo(copy._parameters.Span);
        _standardization.Span.CopyTo(copy._standardization.Span);
        _statistics.Span.CopyTo(copy._statistics.Span);
        return copy;
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
    /// <exception cref="ArgumentException">The spans do not hold the same number of rows, or none, or the gradients do not fit the inputs.</exception>
    public TrainingBatch GradientBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int gradientsLength)
    {
        int rows = CheckBatch(inputs.Length, targets.Length);
        return gradientsLength == inputs.Length
            ? new TrainingBatch { Inputs = inputs, Targets = targets, Rows = rows, Step = -1 }
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

    /// <summary>One optimizer step on one mini-batch.</summary>
    /// <returns>The mean loss before the update.</returns>
    /// <exception cref="ArgumentException">The spans do not hold the same number of rows, or none.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite; nothing was updated.</exception>
    public float TrainStep(INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer, Span<float> outputs = default) =>
        TrainStep(network, inputs, targets, weights: default, optimizer, outputs);

    /// <summary>One optimizer step on one mini-batch whose rows have weights.</summary>
    /// <param name="network">The network that owns this state.</param>
    /// <param name="inputs">rows × InputSize.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="weights">How much each row counts in the mean, finite and at least 0; empty where all count 1.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="outputs">Receives the activated outputs of the training pass, rows × OutputSize; empty where nobody asks for them.</param>
    /// <returns>The weighted mean loss before the update; 0 where no row has a weight.</returns>
    /// <exception cref="ArgumentException">The spans do not hold the same number of rows, or none, or a weight is out of range.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite; nothing was updated.</exception>
    public float TrainStep(
        INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Optimizer optimizer, Span<float> outputs = default)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        int rows = CheckBatch(inputs.Length, targets.Length);
        CheckWeights(weights, rows);
        OptimizerState state = StateFor(optimizer);
        TrainingBatch batch = new() { Inputs = inputs, Targets = targets, Weights = weights, Rows = rows, Step = state.StepCount, Outputs = outputs };
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
    /// <param name="network">The network that owns this state.</param>
    /// <param name="inputs">rows × InputSize.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="gradients">Receives ParameterCount floats in parameter order.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="ArgumentException">The spans do not hold the same number of rows, or none, or the gradients do not fit.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite.</exception>
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
    /// The spans do not hold the same number of rows, or none, or a weight is out of range, or the gradients do not fit.
    /// </exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite.</exception>
    public float ComputeGradients(
        INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> gradients)
    {
        int rows = CheckBatch(inputs.Length, targets.Length);
        CheckWeights(weights, rows);
        CheckParameterCount(gradients.Length, nameof(gradients));
        TrainingBatch batch = new() { Inputs = inputs, Targets = targets, Weights = weights, Rows = rows, Step = -1 };
        float loss = Gradients.Compute(network, batch);
        ParameterOrder.FromStore(Layout, Gradients.Span, gradients);
        return loss;
    }

    /// <summary>One optimizer step with gradients that were computed before, bit for bit what <c>TrainStep</c> does with the same ones.</summary>
    /// <param name="gradients">ParameterCount floats in parameter order.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <exception cref="ArgumentException">The gradients do not fit, or one is not finite; nothing was updated.</exception>
    public void ApplyGradients(ReadOnlySpan<float> gradients, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        CheckParameterCount(gradients.Length, nameof(gradients));
        for (int i = 0; i < gradients.Length; i++)
        {
            if (!float.IsFinite(gradients[i]))
            {
                throw new ArgumentException($"Gradient {i} is {gradients[i]}; gradients must be finite.", nameof(gradients));
            }
        }

        ParameterOrder.ToStore(Layout, gradients, Gradients.Span);
        Update(Gradients, optimizer, _penalties);
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
        optimizer.Step(gradients, new TrainingBatch { Inputs = default, Targets = default, Rows = 0, Step = -1 }, state);
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
    }

    private int CheckBatch(int inputsLength, int targetsLength)
    {
        int rows = CheckRows(inputsLength, targetsLength);
        return rows > 0 ? rows : throw new ArgumentException("A training step needs at least one row; inputs and targets are empty.", "inputs");
    }

    private static void CheckWeights(ReadOnlySpan<float> weights, int rows)
    {
        if (!weights.IsEmpty && weights.Length != rows)
        {
            throw new ArgumentException($"The batch has {rows} rows; weights must be empty or hold one a row, and holds {weights.Length}.", nameof(weights));
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
            throw new ArgumentException($"The network has {Layout.ParameterCount} parameters; the length of {name} is {length}.", name);
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
        throw new ArgumentException($"One row has {inputSize} values; {name} has {length}.", name);
}
