namespace Mlp;

/// <summary>
/// An immutable description of how gradients change parameters. Its state (moments, number of steps) lives in the network, so that
/// one description serves many networks.
/// </summary>
/// <remarks>The set of optimizers is closed, because update rules write to a network's memory.</remarks>
public abstract class Optimizer
{
    private protected Optimizer(float learningRate, float weightDecay)
    {
        LearningRate = Rates.NotNegative(learningRate);
        WeightDecay = Rates.NotNegative(weightDecay);
    }

    /// <summary>The size of a step, η: what schedules, layer rates and <c>LearningRateFactor</c> are factors of.</summary>
    public float LearningRate { get; }

    /// <summary>
    /// Share of each weight that is added to its gradient, λ. With decoupled decay, that of <see cref="AdamW"/> and <see cref="Lion"/>, the share, times η,
    /// that a step takes off it. Biases have none.
    /// </summary>
    public float WeightDecay { get; }

    /// <summary>Floats of state that the update rule keeps for each parameter: 0 for plain SGD, 2 for Adam.</summary>
    internal abstract int StatePerParameter { get; }

    /// <summary>The learning rate of the step that comes next.</summary>
    /// <param name="state">This optimizer's state in the network.</param>
    internal double RateIn(OptimizerState state) => LearningRate * state.RateFactor;

    /// <summary>This optimizer's state in a network, or a new one, which becomes the network's with its first completed step: ready for a step at the present rate.</summary>
    internal OptimizerState StateIn(NetworkState network)
    {
        OptimizerState? state = network.Training.OptimizerState;
        if (state?.Fits(GetType(), StatePerParameter, network.LearningRates.AreTrained) != true)
        {
            state = NewState(network);
        }

        state.RateFactor = network.LearningRates.Factor;
        state.Mean = network.Training.Mean;
        return state;
    }

    /// <summary>Whether a state is one of this optimizer.</summary>
    internal bool Owns(OptimizerState state) => state.IsOf(GetType(), StatePerParameter);

    /// <summary>A state of this optimizer before its first step in a network.</summary>
    internal OptimizerState NewState(NetworkState network) => new(GetType(), network.Layout.StoreSize, StatePerParameter);

    /// <summary>Makes one step: has the source compute its gradients with this optimizer's update rule as their sink.</summary>
    /// <param name="source">The network, or stored gradients.</param>
    /// <param name="batch">The mini-batch.</param>
    /// <param name="state">This optimizer's state in the network. Its step count is advanced by the caller.</param>
    /// <returns>The mean loss of the batch before the update.</returns>
    internal abstract float Step(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state);

    /// <summary>Has the source give its gradients to a rule, and the parameters behind it to the mean that the step keeps, if it does.</summary>
    /// <returns>The mean loss of the batch before the update.</returns>
    internal static float Give<TRule>(IGradientSource source, scoped in TrainingBatch batch, OptimizerState state, scoped TRule rule)
        where TRule : struct, IGradientSink, allows ref struct =>
        state.Mean is { } mean ? source.Backpropagate(batch, new AveragingRule<TRule>(rule, mean)) : source.Backpropagate(batch, rule);
}
