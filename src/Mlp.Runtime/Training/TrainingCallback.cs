namespace Mlp;

/// <summary>
/// What is told of a training run as it goes: derive from it, override what is needed, and put an object into <see cref="TrainingOptions.Callbacks"/>.
/// </summary>
/// <remarks>
/// <code>
/// sealed class StopWhenGood : TrainingCallback
/// {
///     public override void OnEpoch(TrainingContext context, EpochResult epoch)
///     {
///         if (epoch.ValidationAccuracy > 0.99)
///         {
///             context.Stop("good enough");
///         }
///     }
/// }
/// </code>
/// All calls come on the training thread, callbacks in the order of the options. What one throws ends the run; the network is as of its last completed
/// step. Unlike other options, a callback that keeps something can serve one run at a time.
/// </remarks>
public abstract class TrainingCallback
{
    /// <summary>Before the first step; of a run that resumes, after <see cref="LoadState"/>.</summary>
    /// <param name="context">The run.</param>
    public virtual void OnStart(TrainingContext context)
    {
    }

    /// <summary>After every step of the optimizer.</summary>
    /// <param name="context">The run.</param>
    /// <param name="step">What the step came to.</param>
    public virtual void OnStep(TrainingContext context, in StepResult step)
    {
    }

    /// <summary>After every epoch and its validation, before a checkpoint is written.</summary>
    /// <param name="context">The run.</param>
    /// <param name="epoch">What the epoch came to.</param>
    public virtual void OnEpoch(TrainingContext context, EpochResult epoch)
    {
    }

    /// <summary>When the run returns or is cancelled; not when it fails.</summary>
    /// <param name="context">The run. The network has the weights that it keeps.</param>
    /// <param name="history">All that the run did.</param>
    public virtual void OnEnd(TrainingContext context, TrainingHistory history)
    {
    }

    /// <summary>
    /// What a checkpoint should keep of this callback; null, as by default, for nothing. Called after <see cref="OnStart"/>, between two steps, and before
    /// a run resumes.
    /// </summary>
    /// <returns>Any text.</returns>
    public virtual string? SaveState() => null;

    /// <summary>Takes back what <see cref="SaveState"/> returned, before <see cref="OnStart"/> of a run that resumes.</summary>
    /// <param name="state">The text of the checkpoint.</param>
    public virtual void LoadState(string state)
    {
    }
}
