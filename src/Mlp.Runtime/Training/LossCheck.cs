using System.ComponentModel;
using Mlp.Numerics;

namespace Mlp;

/// <summary>Stops a training step whose batch does not fit, or whose loss or inputs are not finite, before it updates anything. Generated code calls it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LossCheck
{
    private const double SmallestNormal = 1.17549435e-38;

    /// <summary>The mean loss of a batch, weighted where rows or classes have weights, once it and all inputs are known to be finite.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="losses">The loss of each row, class weights applied, the row's own weight not.</param>
    /// <returns>The mean; 0 where nothing has a weight.</returns>
    /// <remarks>
    /// Sums over rows are in double precision, eight partial sums by row mod 8, then the fold. A total below the smallest normal float
    /// counts as nothing: its reciprocal could overflow. Allocates nothing.
    /// </remarks>
    /// <exception cref="NonFiniteLossException">
    /// The mean loss or an input is not finite. Names the first such input, or else target, or else layer, or else row.
    /// </exception>
    public static float Mean(NetworkState network, scoped in TrainingBatch batch, ReadOnlySpan<float> losses)
    {
        double mean;
        if (batch.Weights.IsEmpty && network.Layout.ClassWeights.Length == 0)
        {
            mean = CanonicalSum.Mean(losses);
        }
        else
        {
            (double sum, double total) = WeightedSums(batch, losses, network.Layout.ClassWeights);
            mean = total < SmallestNormal && double.IsFinite(sum) ? 0 : sum / total;
        }

        return float.IsFinite((float)mean) && Finiteness.AllFinite(batch.Inputs)
            ? (float)mean
            : throw NonFiniteDiagnosis.Of(network, batch.Inputs, batch.Targets, lossRow: Finiteness.IndexOfNonFinite(losses));
    }

    /// <summary>
    /// What the mean of <see cref="Mean"/> is over: the number of rows, or the sum of their weights, each the row's own times the <c>Σ w·t</c>
    /// of class weights w and targets t. +∞ where nothing has a weight, so that all deltas become 0.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <exception cref="ArgumentException">A span of the batch does not hold its rows.</exception>
    public static float Weight(NetworkState network, scoped in TrainingBatch batch)
    {
        CheckLength(batch.Inputs.Length, batch.Rows, network.Layout.InputSize, "Inputs");
        CheckLength(batch.Targets.Length, batch.Rows, network.Layout.OutputSize, "Targets");
        if (!batch.Weights.IsEmpty)
        {
            CheckLength(batch.Weights.Length, batch.Rows, 1, "Weights");
        }

        if (!batch.Outputs.IsEmpty)
        {
            CheckLength(batch.Outputs.Length, batch.Rows, network.Layout.OutputSize, "Outputs");
        }

        double total = TotalWeight(network, batch);
        return total > 0 ? (float)total : float.PositiveInfinity;
    }

    /// <summary>Checks the spans of outputs and losses of rows, of which there is one for each loss.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputsLength">Number of inputs.</param>
    /// <param name="targetsLength">Number of targets.</param>
    /// <param name="outputsLength">Room for outputs.</param>
    /// <param name="rows">Room for losses.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="ArgumentException">A span does not hold as many rows.</exception>
    public static nuint Rows(NetworkState network, int inputsLength, int targetsLength, int outputsLength, int rows)
    {
        CheckLength(inputsLength, rows, network.Layout.InputSize, "inputs");
        CheckLength(targetsLength, rows, network.Layout.OutputSize, "targets");
        CheckLength(outputsLength, rows, network.Layout.OutputSize, "outputs");
        return (nuint)rows;
    }

    private static void CheckLength(int length, int rows, int size, string name)
    {
        if (length != (long)rows * size)
        {
            throw new ArgumentException($"{name} holds {length} values; {rows} rows of {size} are {(long)rows * size}.", name);
        }
    }

    /// <summary>The number of the batch's rows, or the sum of their weights; 0 where nothing has a weight.</summary>
    internal static double TotalWeight(NetworkState network, scoped in TrainingBatch batch)
    {
        if (batch.Weights.IsEmpty && network.Layout.ClassWeights.Length == 0)
        {
            return batch.Rows;
        }

        (_, double total) = WeightedSums(batch, default, network.Layout.ClassWeights);
        return total < SmallestNormal ? 0 : total;
    }

    private static (double Losses, double Weights) WeightedSums(
        scoped in TrainingBatch batch, ReadOnlySpan<float> losses, ReadOnlySpan<float> classWeights)
    {
        int columns = batch.Targets.Length / batch.Rows;
        CanonicalSum.Partials lossSums = default;
        CanonicalSum.Partials weightSums = default;
        for (int row = 0; row < batch.Rows; row++)
        {
            double own = batch.Weights.IsEmpty ? 1 : batch.Weights[row];
            float ofClasses = classWeights.IsEmpty ? 1 : RowWeights.OfClasses(batch.Targets.Slice(row * columns, columns), classWeights);
            lossSums[row & 7] += losses.IsEmpty ? 0 : own * losses[row];
            weightSums[row & 7] += own * ofClasses;
        }

        return (CanonicalSum.Fold(in lossSums), CanonicalSum.Fold(in weightSums));
    }
}
