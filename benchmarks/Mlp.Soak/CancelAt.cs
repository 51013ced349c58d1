using Mlp;

namespace MlpSoak;

/// <summary>Cancels a run at a step.</summary>
/// <param name="last">The step.</param>
/// <param name="source">What cancels it.</param>
internal sealed class CancelAt(long last, CancellationTokenSource source) : TrainingCallback
{
    /// <inheritdoc/>
    public override void OnStep(TrainingContext context, in StepResult step)
    {
        if (step.Step == last)
        {
            source.Cancel();
        }
    }
}
