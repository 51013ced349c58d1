using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>One mini-batch on its way through a training step.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct TrainingBatch
{
    /// <summary>rows × InputSize, row-major.</summary>
    public required ReadOnlySpan<float> Inputs { get; init; }

    /// <summary>rows × OutputSize, row-major.</summary>
    public required ReadOnlySpan<float> Targets { get; init; }

    /// <summary>How much each row counts, one finite number of at least 0 a row; empty where all count 1.</summary>
    public ReadOnlySpan<float> Weights { get; init; }

    /// <summary>Number of rows, at least 1.</summary>
    public required int Rows { get; init; }

    /// <summary>
    /// A key of the dropout's random numbers: the steps that the optimizer has made before this one, times the mini-batches of a step, plus the
    /// number of this one among them from 0; −1 switches dropout off.
    /// </summary>
    public required long Step { get; init; }

    /// <summary>Receives the activated outputs of the training pass, rows × OutputSize, for metrics; empty where nobody asks for them.</summary>
    public Span<float> Outputs { get; init; }
}
