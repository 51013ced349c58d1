using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Makes batches of the caller's spans, once all of these are known to be right.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CheckedBatch
{
    /// <summary>The batch of the loss's derivative with respect to the inputs, without dropout and noise.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">rows × InputSize.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="gradientsLength">Length of the span that receives the derivatives.</param>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or the gradients do not fit the inputs, or a target is out of the loss's range.
    /// </exception>
    /// <exception cref="InvalidOperationException">The statistics of the network are not learned.</exception>
    public static TrainingBatch ForInputGradients(NetworkState network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int gradientsLength)
    {
        TrainingBatch batch = Of(network, inputs, targets, weights: default, step: -1, "InputGradients");
        return gradientsLength == inputs.Length
            ? batch
            : throw new ArgumentException($"There is one gradient for each of the {inputs.Length} inputs; gradients holds {gradientsLength}.", "gradients");
    }

    /// <summary>The batch of a step.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">rows × InputSize.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="weights">One a row; empty where all count 1.</param>
    /// <param name="step">Key of dropout and noise; −1 for none.</param>
    /// <param name="member">The generated member that is called, for messages.</param>
    internal static TrainingBatch Of(
        NetworkState network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, long step, string member)
    {
        NetworkLayout layout = network.Layout;
        int rows = Arguments.CheckRows(inputs.Length, targets.Length, layout.InputSize, layout.OutputSize, nameof(targets));
        if (rows == 0)
        {
            throw new ArgumentException("A training step needs at least one row; inputs and targets are empty.", nameof(inputs));
        }

        if (!network.Standardization.IsLearned)
        {
            throw new InvalidOperationException(
                $"{member} needs the statistics of the training data, by which the network standardises, and they are not learned yet; "
                + "call LearnInputStatistics with that data first, or Train, which does it.");
        }

        Arguments.CheckWeights(weights, rows);
        TargetRange.Check(layout, targets);
        ReadOnlySpan<float> scaled = network.Training.ScaledTargets(targets);
        return new TrainingBatch(inputs, scaled, weights, rows)
        {
            Step = step,
            NoiseSeed = network.Seed,
            OwnWeight = LossCheck.WeightSum(layout, scaled, weights, rows),
        };
    }
}
