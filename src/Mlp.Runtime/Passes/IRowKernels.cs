using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>The kernels of a network whose values lie row by row: tiled products, or plain loops.</summary>
/// <remarks>The caller vouches for the memory behind the references.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowKernels
{
    /// <summary>What the runtime must know of the plan.</summary>
    static abstract RowSizes Sizes { get; }

    /// <summary>Number of members of an ensemble; 1 for a network that is none.</summary>
    static virtual int Members => 1;

    /// <summary>Whether inputs are the numbers of rows in tables of embeddings.</summary>
    static virtual bool HasEmbeddings => false;

    /// <summary>All layers up to the pre-activations of the last; of an ensemble all but the last, for rows of any members.</summary>
    /// <param name="pass">The rows.</param>
    static abstract void Forward<V>(scoped in RowPass pass) where V : struct, IVector<V>;

    /// <summary>The last layer of an ensemble's member, up to its pre-activations.</summary>
    /// <param name="pass">Rows of the member, those of the other layers done.</param>
    static virtual void Head<V>(scoped in RowPass pass) where V : struct, IVector<V>
    {
    }

    /// <summary>The outputs, from the last layer's pre-activations.</summary>
    /// <param name="pass">The rows.</param>
    static abstract void Output(scoped in RowPass pass);
}

/// <summary>The kernels of such a network that has a loss.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowTrainingKernels : IRowKernels
{
    /// <summary>Where each buffer begins that deltas and gradients are made of, and last where the first delta's does, in floats for each row.</summary>
    static abstract ReadOnlySpan<int> ForwardOffsets { get; }

    /// <summary>The outputs, and the loss of each row.</summary>
    /// <param name="pass">The rows, forward pass done.</param>
    static abstract void Losses(scoped in RowPass pass);

    /// <summary>The derivative that the output layer begins with.</summary>
    /// <param name="pass">The rows, losses done.</param>
    /// <param name="batchWeight">What the mean over the rows is over.</param>
    static abstract void OutputDelta(scoped in RowPass pass, float batchWeight);

    /// <summary>The deltas that leave the last layer of an ensemble's member.</summary>
    /// <param name="pass">Rows of the member.</param>
    static virtual void HeadDeltas<V>(scoped in RowPass pass) where V : struct, IVector<V>
    {
    }

    /// <summary>The deltas of the other layers, last to first, down to <see cref="RowPass.FirstDelta"/>.</summary>
    /// <param name="pass">The rows.</param>
    static virtual void Deltas<V>(scoped in RowPass pass) where V : struct, IVector<V>
    {
    }

    /// <summary>The gradients of a share of every trained layer's weights, once all deltas are there; of an ensemble without the last layers.</summary>
    /// <param name="pass">All rows of the batch.</param>
    /// <param name="part">Number of the share, from 0.</param>
    /// <param name="parts">Number of shares.</param>
    /// <param name="sink">Takes each gradient once it is complete.</param>
    static abstract void Gradients<V, TSink>(scoped in RowPass pass, int part, int parts, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct;

    /// <summary>The gradients of a share of the last layer of an ensemble's member, if it is trained.</summary>
    /// <param name="pass">All rows of the member.</param>
    /// <param name="part">Number of the share, from 0.</param>
    /// <param name="parts">Number of shares.</param>
    /// <param name="sink">Takes each gradient once it is complete.</param>
    static virtual void HeadGradients<V, TSink>(scoped in RowPass pass, int part, int parts, scoped TSink sink)
        where V : struct, IVector<V>
        where TSink : struct, IGradientSink, allows ref struct
    {
    }

    /// <summary>Draws the factors and summands of dropout and noise.</summary>
    /// <param name="pass">The rows.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="step">Their key; −1 for factors of 1 and summands of 0.</param>
    static virtual void FillNoise(scoped in RowPass pass, int seed, long step)
    {
    }

    /// <summary>The derivative of one output with respect to the pre-activations of the output layer.</summary>
    /// <param name="pass">The rows, outputs done.</param>
    /// <param name="output">The output.</param>
    static virtual void OutputSeed(scoped in RowPass pass, nuint output) => throw new NotSupportedException();
}

/// <summary>What the runtime must know of a plan whose values lie row by row; offsets in floats for each row.</summary>
/// <param name="RowBlock">Rows that go through all layers together, so that their activations stay in the second-level cache.</param>
/// <param name="ForwardFloats">Floats of the forward pass's buffers for each row.</param>
/// <param name="Cost">Multiply-adds of predicting a row.</param>
/// <param name="TrainingFloats">Floats of all buffers for each row.</param>
/// <param name="TrainingCost">Multiply-adds of training with a row.</param>
/// <param name="OutputDelta">Where the derivative lies that the output layer begins with.</param>
/// <param name="OutputStride">Floats from one row of it to the next.</param>
/// <param name="Outputs">Where a training pass keeps its outputs.</param>
/// <param name="Losses">Where it keeps the loss of each row.</param>
/// <param name="SoftTargets">Where smoothed or weighted targets are made; −1 where there are none.</param>
/// <param name="InputDelta">Where the derivative with respect to the inputs goes.</param>
/// <param name="InputDeltaStride">Floats from one row of it to the next.</param>
/// <param name="PreActivations">Of an ensemble, where the pre-activations of the last layer lie.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct RowSizes(
    int RowBlock, int ForwardFloats, long Cost, int TrainingFloats = 0, long TrainingCost = 0, int OutputDelta = 0, int OutputStride = 0, int Outputs = 0,
    int Losses = 0, int SoftTargets = -1, int InputDelta = 0, int InputDeltaStride = 0, int PreActivations = 0);
