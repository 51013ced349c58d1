using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>One mini-batch on its way through a training step. Only the runtime makes them, of spans whose lengths it has checked.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct TrainingBatch
{
    internal TrainingBatch(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int rows)
    {
        Inputs = inputs;
        Targets = targets;
        Weights = weights;
        Rows = rows;
    }

    /// <summary>rows × InputSize, row-major.</summary>
    public ReadOnlySpan<float> Inputs { get; }

    /// <summary>rows × OutputSize, row-major; scaled where the network standardises targets.</summary>
    public ReadOnlySpan<float> Targets { get; }

    /// <summary>How much each row counts, one finite number of at least 0 a row; empty where all count 1.</summary>
    public ReadOnlySpan<float> Weights { get; }

    /// <summary>Number of rows, at least 1.</summary>
    public int Rows { get; }

    /// <summary>
    /// The mean over the data set of the rows' weights, times those of their classes, by which the batch's are divided; 0 where they are divided by
    /// their own mean, as a batch that stands alone knows no other.
    /// </summary>
    public double MeanWeight { get; internal init; }

    /// <summary>The sum of the rows' weights, times those of their classes, where it is known already; else null.</summary>
    internal double? OwnWeight { get; init; }

    /// <summary>Seed of the random numbers of dropout and noise.</summary>
    public int NoiseSeed { get; internal init; }

    /// <summary>Their key: differs for every mini-batch that a network is trained on. −1 switches dropout and noise off.</summary>
    public long Step { get; internal init; }

    /// <summary>Receives the activated outputs of the training pass, rows × OutputSize, for metrics; empty where nobody asks for them.</summary>
    public Span<float> Outputs { get; internal init; }
}
