using System.ComponentModel;

namespace Mlp.CompilerServices;

/// <summary>Single steps of training. The members of generated classes call it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TrainingSteps
{
    /// <summary>One optimizer step on one mini-batch.</summary>
    /// <inheritdoc cref="TrainStep(INetwork, ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, Optimizer)"/>
    public static float TrainStep(INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer) =>
        TrainStep(network, inputs, targets, weights: default, optimizer);

    /// <summary>One optimizer step on one mini-batch whose rows have weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">rows × InputSize.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="weights">How much each row counts in the mean, finite and at least 0; empty where all count 1.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <returns>The weighted mean loss before the update; 0 where no row has a weight.</returns>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or a weight or a target is out of range.
    /// </exception>
    /// <exception cref="InvalidOperationException">The statistics of the network are not learned, or it is training; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite; nothing was updated.</exception>
    public static float TrainStep(
        INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        NetworkState state = network.State;
        using (state.Exclusively(nameof(TrainStep)))
        {
            return Step(network, CheckedBatch.Of(state, inputs, targets, weights, state.StepsTrained, nameof(TrainStep)), optimizer);
        }
    }

    /// <summary>The mean loss of a batch and its gradient, without dropout; changes nothing.</summary>
    /// <inheritdoc cref="ComputeGradients(INetwork, ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float})"/>
    public static float ComputeGradients(INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients) =>
        ComputeGradients(network, inputs, targets, weights: default, gradients);

    /// <summary>The weighted mean loss of a batch and its gradient, without dropout; changes nothing.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">rows × InputSize.</param>
    /// <param name="targets">rows × OutputSize.</param>
    /// <param name="weights">How much each row counts in the mean, finite and at least 0; empty where all count 1.</param>
    /// <param name="gradients">Receives ParameterCount floats in parameter order.</param>
    /// <returns>The weighted mean loss; 0 where no row has a weight.</returns>
    /// <exception cref="ArgumentException">
    /// The spans do not hold the same number of rows, or none, or a weight or a target is out of range, or the gradients do not fit.
    /// </exception>
    /// <exception cref="InvalidOperationException">The statistics of the network are not learned, or it is training; nothing was changed.</exception>
    /// <exception cref="NonFiniteLossException">The loss or an input is not finite.</exception>
    public static float ComputeGradients(
        INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> gradients)
    {
        ArgumentNullException.ThrowIfNull(network);
        NetworkState state = network.State;
        Arguments.CheckParameterCount(gradients.Length, state.Layout, nameof(gradients));
        using (state.Exclusively(nameof(ComputeGradients)))
        {
            StoredGradients stored = state.Training.Gradients;
            float loss = stored.Compute(network, CheckedBatch.Of(state, inputs, targets, weights, step: -1, nameof(ComputeGradients)));
            ParameterOrder.FromStore(state.Layout, stored.Span, gradients);
            return loss;
        }
    }

    /// <summary>One optimizer step with gradients that were computed before, bit for bit what <c>TrainStep</c> does with the same ones.</summary>
    /// <param name="network">The network's state.</param>
    /// <param name="gradients">ParameterCount floats in parameter order.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <exception cref="ArgumentException">The gradients do not fit, or one is not finite; nothing was updated.</exception>
    /// <exception cref="InvalidOperationException">The network is training; nothing was changed.</exception>
    public static void ApplyGradients(NetworkState network, ReadOnlySpan<float> gradients, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        Arguments.CheckParameterCount(gradients.Length, network.Layout, nameof(gradients));
        Arguments.CheckFinite(gradients);
        using (network.Exclusively(nameof(ApplyGradients)))
        {
            StoredGradients stored = network.Training.Gradients;
            stored.Load(gradients);
            UpdateWithPenalties(network, stored, optimizer, optimizer.StateIn(network));
        }
    }

    /// <summary>One optimizer step on a mini-batch that was checked, with the layers' own penalties.</summary>
    internal static float Step(INetwork network, scoped in TrainingBatch batch, Optimizer optimizer)
    {
        NetworkState state = network.State;
        OptimizerState optimizerState = optimizer.StateIn(state);
        float loss;
        if (state.Layout.HasPenalties)
        {
            loss = state.Training.Gradients.Compute(network, batch);
            UpdateWithPenalties(state, state.Training.Gradients, optimizer, optimizerState);
        }
        else
        {
            loss = optimizer.Step(network, batch, optimizerState);
            state.Training.Complete(optimizerState);
        }

        return loss;
    }

    /// <summary>One optimizer step with stored gradients.</summary>
    /// <param name="network">The network's state.</param>
    /// <param name="gradients">The gradients of the loss. The adjustment changes them.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="adjustment">The regularisation of the step, the layers' own penalties included; null for none.</param>
    /// <param name="place">Where in a run the step is.</param>
    /// <exception cref="NonFiniteLossException">The gradients' norm is to be clipped and not finite; nothing was updated.</exception>
    internal static void Update(
        NetworkState network, StoredGradients gradients, Optimizer optimizer, GradientAdjustment? adjustment, TrainingPlace place = default)
    {
        OptimizerState optimizerState = optimizer.StateIn(network);
        adjustment?.BeforeUpdate(network.Store, gradients.Span, place);
        ApplyTo(network, gradients, optimizer, optimizerState);
        adjustment?.AfterUpdate(network.Store);
        network.Training.Complete(optimizerState);
    }

    private static void UpdateWithPenalties(NetworkState network, StoredGradients gradients, Optimizer optimizer, OptimizerState optimizerState)
    {
        Penalties.Add(network, network.Store, gradients.Span);
        ApplyTo(network, gradients, optimizer, optimizerState);
        network.Training.Complete(optimizerState);
    }

    /// <summary>Updates the parameters, layer by layer where these have rates of their own.</summary>
    private static void ApplyTo(NetworkState network, StoredGradients gradients, Optimizer optimizer, OptimizerState optimizerState)
    {
        LearningRates rates = network.LearningRates;
        if (!rates.AreByLayer)
        {
            optimizer.Step(gradients, default, optimizerState);
            return;
        }

        for (int layer = 0; layer < network.Layout.Layers.Length; layer++)
        {
            if (network.Trains(layer))
            {
                gradients.Only = layer;
                optimizerState.RateFactor = rates.Factor * rates.OfLayer(layer);
                optimizer.Step(gradients, default, optimizerState);
            }
        }

        gradients.Only = null;
    }
}
