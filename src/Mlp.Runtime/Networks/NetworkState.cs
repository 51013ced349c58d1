using System.ComponentModel;
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
    private readonly GradientAdjustment? _penalties;
    private AlignedBuffer _workspace = new(0);
    private StoredGradients? _gradients;

    /// <summary>Makes a network with fresh weights.</summary>
    /// <param name="layout">The architecture.</param>
    /// <param name="seed">Key of all random numbers: initial weights, dropout.</param>
    public NetworkState(NetworkLayout layout, int seed)
    {
        Layout = layout;
        Seed = seed;
        _parameters = new AlignedBuffer(layout.StoreSize);
        _standardization = new AlignedBuffer(layout.Standardize ? 2 * layout.InputSize : 0);
        if (layout.Standardize)
        {
            InputScales.Fill(1);
        }

        _penalties = GradientAdjustment.For(layout);
        for (int layer = 0; layer < layout.Layers.Length; layer++)
        {
            WeightInitializer.Fill(_parameters.Span, layout.Layers[layer], layer, seed);
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
        NetworkState copy = new(Layout, Seed) { Threads = Threads };
        _parameters.Span.CopyTo(copy._parameters.Span);
        _standardization.Span.CopyTo(copy._standardization.Span);
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
    public float TrainStep(INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer, Span<float> outputs = default)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        int rows = CheckBatch(inputs.Length, targets.Length);
        OptimizerState state = StateFor(optimizer);
        TrainingBatch batch = new() { Inputs = inputs, Targets = targets, Rows = rows, Step = state.StepCount, Outputs = outputs };
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
    public float ComputeGradients(INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients)
    {
        int rows = CheckBatch(inputs.Length, targets.Length);
        CheckParameterCount(gradients.Length, nameof(gradients));
        TrainingBatch batch = new() { Inputs = inputs, Targets = targets, Rows = rows, Step = -1 };
        float loss = Gradients.Compute(network, batch);
        ParameterOrder.FromStore(Layout, Gradients.Span, gradients);
        return loss;
    }

    /// <summary>One optimizer step with gradients that were computed before, bit for bit what <see cref="TrainStep"/> does with the same ones.</summary>
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

    private void Complete(OptimizerState state)
    {
        state.StepCount++;
        OptimizerState = state;
    }

    private int CheckBatch(int inputsLength, int targetsLength)
    {
        int rows = CheckRows(inputsLength, targetsLength);
        return rows > 0 ? rows : throw new ArgumentException("A training step needs at least one row; inputs and targets are empty.", "inputs");
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
