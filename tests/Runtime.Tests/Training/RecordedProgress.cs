namespace Mlp.Runtime.Tests.Training;

/// <summary>Records all reports, and calls an action with each.</summary>
internal sealed class RecordedProgress(Action<TrainingProgress>? action = null) : IProgress<TrainingProgress>
{
    public List<TrainingProgress> Values { get; } = [];

    public void Report(TrainingProgress value)
    {
        Values.Add(value);
        action?.Invoke(value);
    }
}
