using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>
/// Stops a training step before it updates anything if its batch does not fit, or its loss or inputs are not finite. Generated code calls it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LossCheck
{
    private const double SmallestNormal = 1.17549435e-38;

    /// <summary>The mean loss of a batch, weighted where rows or classes have weights, once it and all inputs are known to be finite.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="losses">The loss of each row, class weights applied, the row's own weight not.</param>
    /// <returns>The mean; 0 where all weights are 0.</returns>
    /// <remarks>
    /// Sums over rows are in double precision, eight partial sums by row mod 8, then the fold. Rows of weight 0 are left out, even if their loss is
    /// not finite. A total weight below the smallest normal float counts as 0, because its reciprocal could overflow.
    /// Allocates nothing.
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
            double sum = WeightedSum(batch.Weights, losses);
            double total = TotalWeight(network, batch);
            mean = total == 0 && double.IsFinite(sum) ? 0 : sum / total;
        }

        return float.IsFinite((float)mean) && Finiteness.AllFinite(batch.Inputs)
            ? (float)mean
            : throw NonFiniteDiagnosis.Of(network, batch.Inputs, batch.Targets, Finiteness.IndexOfNonFinite(losses, batch.Weights), weights: batch.Weights);
    }

    /// <summary>
    /// The batch weight B, the denominator of <see cref="Mean"/>. Without weights: the number of rows. With sample or class weights: the sum over
    /// the rows of sample weight times <c>Σ w·t</c>, for class weights w and targets t; or, where the batch knows the mean of these products over
    /// the data set, the number of rows times that mean. +∞ where all weights are 0, so that all deltas become 0.
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

    private static void CheckLength(int length, int rows, int size, string name)
    {
        if (length != (long)rows * size)
        {
            throw new ArgumentException($"{name} holds {length} values; {rows} rows of {size} are {(long)rows * size}.", name);
        }
    }

    /// <summary>The same in double precision; 0 where all weights are 0.</summary>
    internal static double TotalWeight(NetworkState network, scoped in TrainingBatch batch)
    {
        double total = batch.MeanWeight > 0 ? batch.MeanWeight * batch.Rows : OwnWeight(network, batch);
        return total < SmallestNormal ? 0 : total;
    }

    /// <summary>The number of the batch's rows, or the sum of their weights.</summary>
    internal static double OwnWeight(NetworkState network, scoped in TrainingBatch batch) =>
        batch.OwnWeight ?? WeightSum(network.Layout, batch.Targets, batch.Weights, batch.Rows);

    /// <summary>The number of rows, or the sum of their weights, each times that of its class.</summary>
    internal static double WeightSum(NetworkLayout layout, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int rows)
    {
        ReadOnlySpan<float> classWeights = layout.ClassWeights;
        if (weights.IsEmpty && classWeights.IsEmpty)
        {
            return rows;
        }

        int columns = layout.OutputSize;
        CanonicalSum.Partials sums = default;
        int number = 0;
        for (int row = 0; row < rows; row++)
        {
            double own = weights.IsEmpty ? 1 : weights[row];
            if (own > 0)
            {
                sums[number++ & 7] += own * (classWeights.IsEmpty ? 1 : RowWeights.OfClasses(targets.Slice(row * columns, columns), classWeights));
            }
        }

        return CanonicalSum.Fold(in sums);
    }

    private static double WeightedSum(ReadOnlySpan<float> weights, ReadOnlySpan<float> losses)
    {
        CanonicalSum.Partials sums = default;
        int number = 0;
        for (int row = 0; row < losses.Length; row++)
        {
            double own = weights.IsEmpty ? 1 : weights[row];
            if (own > 0)
            {
                sums[number++ & 7] += own * losses[row];
            }
        }

        return CanonicalSum.Fold(in sums);
    }
}
