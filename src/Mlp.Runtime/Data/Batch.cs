namespace Mlp;

/// <summary>One mini-batch of a <see cref="DataLoader"/>. Its spans are valid until the loader moves on to the next batch.</summary>
public readonly ref struct Batch
{
    internal Batch(
        int index, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, ReadOnlySpan<int> rowIndices)
    {
        Index = index;
        Inputs = inputs;
        Targets = targets;
        Weights = weights;
        RowIndices = rowIndices;
    }

    /// <summary>Inputs, row-major <c>[Count × InputSize]</c>.</summary>
    public ReadOnlySpan<float> Inputs { get; }

    /// <summary>Targets, row-major <c>[Count × TargetSize]</c> of the loader.</summary>
    public ReadOnlySpan<float> Targets { get; }

    /// <summary>
    /// The weight of each row, as <see cref="Dataset.Weights"/> tells what it means; empty where the data set has none.
    /// </summary>
    public ReadOnlySpan<float> Weights { get; }

    /// <summary>For each row of the batch, the row of the data set that it comes from.</summary>
    public ReadOnlySpan<int> RowIndices { get; }

    /// <summary>Number of rows, at least 1.</summary>
    public int Count => RowIndices.Length;

    /// <summary>Index of the batch in its epoch, from 0.</summary>
    public int Index { get; }
}
