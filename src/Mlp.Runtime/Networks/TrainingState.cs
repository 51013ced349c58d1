namespace Mlp.CompilerServices;

/// <summary>What training keeps of a network from step to step, beside the parameters: counters, the optimizer's state, and buffers.</summary>
/// <param name="network">The network. Whoever trains it runs alone (<see cref="NetworkState.Exclusively"/>).</param>
internal sealed class TrainingState(NetworkState network)
{
    // One array holds it, with room for its alignment.
    private const int LargestWorkspace = 0x7FFFFF00;

    private AlignedBuffer _workspace = new(0);
    private StoredGradients? _gradients;
    private float[] _scaledTargets = [];

    /// <summary>Epochs that <c>Train</c> has completed since the network was made, loaded or reset.</summary>
    public int EpochsTrained { get; set; }

    /// <summary>Steps of optimizers since the network was made, loaded or reset.</summary>
    public long StepsTrained { get; private set; }

    /// <summary>What the optimizer of the last completed step remembers; null before the first.</summary>
    public OptimizerState? OptimizerState { get; set; }

    /// <summary>The mean of the parameters that optimizers keep in a run; null for none.</summary>
    public RunningMean? Mean { get; set; }

    /// <summary>Gradients laid out like the store, for steps that adjust them before the update.</summary>
    public StoredGradients Gradients => _gradients ??= new StoredGradients(network);

    /// <summary>A buffer of at least this many floats with arbitrary contents, kept from step to step.</summary>
    /// <inheritdoc cref="NetworkState.Workspace"/>
    public ref float Workspace(long floats)
    {
        AlignedBuffer workspace = _workspace;
        if (workspace.Length < floats)
        {
            if (floats > LargestWorkspace)
            {
                throw new ArgumentException($"A batch of this size needs {floats} floats of working memory; {LargestWorkspace} are the most. Use smaller batches.", "inputs");
            }

            _workspace = workspace = new AlignedBuffer((int)floats);
        }

        return ref workspace.Origin;
    }

    /// <summary>Targets as the loss takes them: themselves, or where the network standardises them, scaled ones in a buffer that the next call reuses.</summary>
    /// <param name="targets">rows × OutputSize, in the data's units.</param>
    public ReadOnlySpan<float> ScaledTargets(ReadOnlySpan<float> targets)
    {
        if (!network.Layout.StandardizeTargets)
        {
            return targets;
        }

        if (_scaledTargets.Length < targets.Length)
        {
            _scaledTargets = new float[targets.Length];
        }

        Span<float> scaled = _scaledTargets.AsSpan(0, targets.Length);
        network.Standardization.ScaleTargets(targets, scaled);
        return scaled;
    }

    /// <summary>Counts a step that an optimizer has made, and keeps its state.</summary>
    public void Complete(OptimizerState state)
    {
        state.CountStep(network);
        OptimizerState = state;
        StepsTrained++;
    }

    /// <summary>Goes back to where training was once.</summary>
    public void Restore(int epochsTrained, long stepsTrained, OptimizerState? optimizerState)
    {
        EpochsTrained = epochsTrained;
        StepsTrained = stepsTrained;
        OptimizerState = optimizerState;
    }

    /// <summary>Drops the optimizer's state, and counts epochs and steps from 0 again.</summary>
    public void Reset()
    {
        OptimizerState = null;
        EpochsTrained = 0;
        StepsTrained = 0;
    }

    /// <summary>Gives back the buffers and the optimizer's state. Counters stay.</summary>
    public void ReleaseBuffers()
    {
        OptimizerState = null;
        _gradients = null;
        _scaledTargets = [];
        _workspace = new AlignedBuffer(0);
    }
}
