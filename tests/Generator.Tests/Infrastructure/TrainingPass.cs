namespace Generator.Tests.Infrastructure;

/// <summary>A training step that also hands out what the network answered in it, noise included.</summary>
internal static class TrainingPass
{
    public static float Run(INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer, Span<float> outputs) =>
        Run(network, inputs, targets, weights: [], optimizer, outputs);

    public static float Run(
        INetwork network,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<float> targets,
        ReadOnlySpan<float> weights,
        Optimizer optimizer,
        Span<float> outputs)
    {
        NetworkState state = network.State;
        TrainingBatch batch = new(inputs, targets, weights, inputs.Length / state.Layout.InputSize)
        {
            Step = state.StepsTrained,
            NoiseSeed = state.Seed,
            Outputs = outputs,
        };
        return TrainingSteps.Step(network, batch, optimizer);
    }
}
