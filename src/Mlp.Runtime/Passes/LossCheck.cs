using System.ComponentModel;

namespace Mlp.CompilerServices;

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
    /// Sums over rows are in double precision, eight partial sums by row mod 8, then the fold. Rows of weight 0 are left out, even where their
    /// loss is not finite, and are not counted. A total below the smallest normal float counts as nothing: its reciprocal could overflow.
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
            (double sum, double own) = WeightedSums(batch, losses, network.Layout.ClassWeights);
            double total = batch.MeanWeight > 0 ? batch.MeanWeight * batch.Rows : own;
            mean = total < SmallestNormal && double.IsFinite(sum) ? 0 : sum / total;
        }

        return float.IsFinite((float)mean) && Finiteness.AllFinite(batch.Inputs)
            ? (float)mean
            : throw NonFiniteDiagnosis.Of(network, batch.Inputs, batch.Targets, Finiteness.IndexOfNonFinite(losses, batch.Weights), weights: batch.Weights);
    }

    /// <summary>
    /// What the mean of <see cref="Mean"/> is over: the number of rows, or where rows or classes have weights, their sum, each the row's own times the
    /// <c>Σ w·t</c> of class weights w and targets t; or the number of rows times the mean of that over the data set, where the batch knows it.
    /// +∞ where nothing has a weight, so that all deltas become 0.
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

    /// <summary>The same in double precision; 0 where nothing has a weight.</summary>
    internal static double TotalWeight(NetworkState network, scoped in TrainingBatch batch)
    {
        double total = batch.MeanWeight > 0 ? batch.MeanWeight * batch.Rows : OwnWeight(network, batch);
        return total < SmallestNormal ? 0 : total;
    }

    /// <summary>The number of the batch's rows, or the sum of their weights.</summary>
    internal static double OwnWeight(NetworkState network, scoped in TrainingBatch batch) =>
        batch.Weights.IsEmpty && network.Layout.ClassWeights.Length == 0
            ? batch.Rows
            : WeightedSums(batch, default, network.Layout.ClassWeights).Weights;

    private static (double Losses, double Weights) WeightedSums(
        scoped in TrainingBatch batch, ReadOnlySpan<float> losses, ReadOnlySpan<float> classWeights)
    {
        int columns = batch.Targets.Length / batch.Rows;
        CanonicalSum.Partials lossSums = default;
        CanonicalSum.Partials weightSums = default;
        int number = 0;
        for (int row = 0; row < batch.Rows; row++)
        {
            double own = batch.Weights.IsEmpty ? 1 : batch.Weights[row];
            if (own > 0)
            {
                float ofClasses = classWeights.IsEmpty ? 1 : RowWeights.OfClasses(batch.Targets.Slice(row * columns, columns), classWeights);
                lossSums[number & 7] += losses.IsEmpty ? 0 : own * losses[row];
                weightSums[number & 7] += own * ofClasses;
                number++;
            }
        }

        return (CanonicalSum.Fold(in lossSums), CanonicalSum.Fold(in weightSums));
    }
}
