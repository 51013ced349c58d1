using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>
/// The kernels of a straight-line network: eight rows at a time, a vector for each input, neuron or delta and a lane for each row. The values of eight
/// rows are a group; all offsets are in floats from a group's start.
/// </summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ILaneKernels
{
    /// <summary>What the runtime must know of the plan.</summary>
    static abstract LaneSizes Sizes { get; }

    /// <summary>Whether there is a kernel for a single row.</summary>
    static virtual bool HasRowKernel => false;

    /// <summary>Predicts a single row.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="input">The row.</param>
    /// <param name="output">Receives its outputs.</param>
    static virtual void PredictRow(NetworkState network, ref float input, ref float output) => throw new NotSupportedException();

    /// <summary>All layers, from inputs in their place to outputs; the values of every layer are kept.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="values">The first group.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="isTraining">Whether dropout and noise apply.</param>
    static abstract void Forward<V>(NetworkState network, ref float values, nuint rows, bool isTraining) where V : struct, IRowVector<V>;
}

/// <summary>The kernels of a straight-line network that has a loss.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ILaneTrainingKernels : ILaneKernels
{
    /// <summary>For each layer four offsets: what it saw, its deltas (−1 where they are kept nowhere), and of a learned slope the outputs' derivatives and the pre-activations.</summary>
    static abstract ReadOnlySpan<int> GradientOperands { get; }

    /// <summary>The loss of each row.</summary>
    /// <param name="network">The network.</param>
    /// <param name="values">The first group, forward pass and targets done.</param>
    /// <param name="losses">Receives one loss a row.</param>
    /// <param name="rows">Number of rows.</param>
    static abstract void Losses<V>(NetworkState network, ref float values, ref float losses, nuint rows) where V : struct, IRowVector<V>;

    /// <summary>The derivative that the output layer begins with.</summary>
    /// <param name="network">The network.</param>
    /// <param name="values">The first group, forward pass and targets done.</param>
    /// <param name="batchWeight">What the mean over the rows is over.</param>
    /// <param name="rows">Number of rows.</param>
    static abstract void OutputDelta<V>(NetworkState network, ref float values, float batchWeight, nuint rows) where V : struct, IRowVector<V>;

    /// <summary>The deltas of the other layers, last to first.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="values">The first group.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="firstDelta">Number, from 0, of the first layer whose delta is needed; −1 where the inputs' is.</param>
    static virtual void Deltas<V>(NetworkState network, ref float values, nuint rows, int firstDelta) where V : struct, IRowVector<V>
    {
    }

    /// <summary>The gradients of the trained layers from a block of rows, added to eight partial sums a parameter.</summary>
    /// <param name="network">The network's parameters.</param>
    /// <param name="values">The first group, deltas done.</param>
    /// <param name="partials">Eight floats for each float of the store.</param>
    /// <param name="rows">Number of rows.</param>
    static abstract void Gradients(NetworkState network, ref float values, ref float partials, nuint rows);

    /// <summary>Of these, the first layer's, whose deltas are kept nowhere.</summary>
    /// <param name="parameters">The network's store.</param>
    /// <param name="values">The first group, deltas done.</param>
    /// <param name="partials">Eight floats for each float of the store.</param>
    /// <param name="rows">Number of rows.</param>
    static virtual void FirstGradient<V>(ref float parameters, ref float values, ref float partials, nuint rows) where V : struct, IRowVector<V> =>
        throw new NotSupportedException();

    /// <summary>Draws the factors and summands of dropout and noise, of each kind rows × units.</summary>
    /// <param name="network">The network, whose frozen layers have none.</param>
    /// <param name="noise">Where they go, kind after kind.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="step">Their key; −1 for factors of 1 and summands of 0.</param>
    static virtual void FillNoise(NetworkState network, ref float noise, nuint rows, int seed, long step)
    {
    }

    /// <summary>Units of each kind of noise, in the order of the forward pass.</summary>
    static virtual ReadOnlySpan<int> NoiseUnits => [];

    /// <summary>The derivative of one output with respect to the pre-activations of the output layer.</summary>
    /// <param name="values">The first group.</param>
    /// <param name="output">The output.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="network">The network's parameters.</param>
    static virtual void OutputSeed(NetworkState network, ref float values, nuint output, nuint rows) => throw new NotSupportedException();
}

/// <summary>What the runtime must know of a straight-line network's plan; offsets in floats from a group's start.</summary>
/// <param name="Group">Floats from the values of eight rows to those of the next.</param>
/// <param name="InputSize">Number of inputs.</param>
/// <param name="OutputSize">Number of outputs.</param>
/// <param name="RowsAtOnce">Rows that go through the passes together; what one pass reads and writes stays in the first-level cache.</param>
/// <param name="Cost">Multiply-adds of predicting a row.</param>
/// <param name="Outputs">Where the outputs lie; the inputs are at 0.</param>
/// <param name="Targets">Where the targets lie.</param>
/// <param name="SoftTargets">Where smoothed or weighted targets are made; 0 where there are none.</param>
/// <param name="Noise">Where factors and summands of noise lie.</param>
/// <param name="FirstDelta">Where the deltas begin, behind all that they and the gradients are made of.</param>
/// <param name="OutputDelta">Where the derivative lies that the output layer begins with.</param>
/// <param name="InputDelta">Where the derivative with respect to the inputs goes.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct LaneSizes(
    int Group, int InputSize, int OutputSize, int RowsAtOnce, int Cost, int Outputs, int Targets = 0, int SoftTargets = 0, int Noise = 0, int FirstDelta = 0, int OutputDelta = 0, int InputDelta = 0);
