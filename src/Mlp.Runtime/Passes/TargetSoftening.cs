namespace Mlp.CompilerServices;

/// <summary>What label smoothing and class weights make of targets.</summary>
internal static class TargetSoftening
{
    /// <summary>Computes the targets that the loss sees.</summary>
    /// <param name="layout">The network, with its loss.</param>
    /// <param name="targets">rows × outputs.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="results">Receives rows × outputs.</param>
    public static void Soften(NetworkLayout layout, ref readonly float targets, nuint rows, ref float results)
    {
        // Smoothing spreads over all classes: two for each output that is a probability of its own.
        nuint outputs = (nuint)layout.OutputSize, classes = layout.Loss == LossFunction.BCE ? 2 : outputs;
        SoftTargets.Compute(in targets, rows, outputs, layout.LossSettings.LabelSmoothing, classes, layout.ClassWeights, ref results);
    }
}
