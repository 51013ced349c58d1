namespace Mlp.Runtime.Tests.Training;

/// <summary>Keeps what it is told of, and does something with it.</summary>
internal sealed class RecordedProgress(Action<TrainingProgress>? action = null) : IProgress<TrainingProgress>
{
    public List<TrainingProgress> Values { get; } = [];

    public void Report(TrainingProgress value)
    {
        Values.Add(value);
        action?.Invoke(value);
    }
}
