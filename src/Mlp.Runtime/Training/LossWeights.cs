namespace Mlp;

/// <summary>
/// What each row counts in a mean loss: its sample weight, times the weight of its class where the loss has class weights. A batch's loss is
/// the sum of its rows' losses times their sample weights (class weights are in a row's loss already) over the sum of these.
/// </summary>
internal static class LossWeights
{
    /// <summary>What a row counts.</summary>
    /// <param name="batch">Rows of a data set.</param>
    /// <param name="row">Number of the row in the batch.</param>
    /// <param name="classWeights">The loss's weights, one a target column; none where all classes count alike.</param>
    /// <returns>At least 0; NaN where a target is that has a class weight.</returns>
    public static double Of(in Batch batch, int row, ReadOnlySpan<float> classWeights)
    {
        double weight = batch.Weights.IsEmpty ? 1 : batch.Weights[row];
        return classWeights.IsEmpty ? weight : weight * OfClass(batch.Targets.Slice(row * classWeights.Length, classWeights.Length), classWeights);
    }

    /// <summary>The class weights of a row's targets, <c>Σ w·t</c>: of one-hot targets that of the class.</summary>
    private static double OfClass(ReadOnlySpan<float> targets, ReadOnlySpan<float> classWeights)
    {
        double sum = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            sum += (double)classWeights[i] * targets[i];
        }

        return sum;
    }
}
