using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Mlp.Hosting;

/// <summary>Logs a training run: its start, each epoch, and its end at level Information.</summary>
/// <param name="logger">Where to log.</param>
/// <remarks>
/// <code>
/// net.Train(data, new TrainingOptions { Callbacks = [new LoggerCallback(logger)] });
/// </code>
/// Values are structured: <c>Network</c>, <c>Epoch</c>, <c>Loss</c>, <c>Accuracy</c>, <c>ValidationLoss</c>, <c>ValidationAccuracy</c>, <c>LearningRate</c>, <c>Elapsed</c>
/// and chosen metrics by their names; those that a run does not have are left out.
/// One object may serve several runs, also at the same time.
/// </remarks>
public sealed class LoggerCallback(ILogger logger) : TrainingCallback
{
    private static readonly EventId StartEvent = new(10, "Training begins");
    private static readonly EventId EpochEvent = new(11, "Epoch done");
    private static readonly EventId EndEvent = new(12, "Training ends");

    private readonly ILogger _logger = logger ?? throw new ArgumentNullException(nameof(logger));

    /// <inheritdoc/>
    public override void OnStart(TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Log(StartEvent, [new("Network", NameOf(context)), new("Epochs", context.History.Epochs.Count)]);
    }

    /// <inheritdoc/>
    public override void OnEpoch(TrainingContext context, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(epoch);
        List<KeyValuePair<string, object?>> values = [new("Network", NameOf(context)), new("Epoch", epoch.Epoch), new("Loss", epoch.Loss)];
        AddWhereKnown(values, "Accuracy", epoch.Accuracy);
        AddWhereKnown(values, "ValidationLoss", epoch.ValidationLoss);
        AddWhereKnown(values, "ValidationAccuracy", epoch.ValidationAccuracy);
        foreach ((Metric metric, double? value) in epoch.Metrics)
        {
            AddWhereKnown(values, metric.Name, value);
        }

        values.Add(new("LearningRate", epoch.LearningRate));
        values.Add(new("Elapsed", epoch.Elapsed));
        Log(EpochEvent, values);
    }

    /// <inheritdoc/>
    public override void OnEnd(TrainingContext context, TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(history);
        List<KeyValuePair<string, object?>> values =
        [
            new("Network", NameOf(context)),
            new("Reason", history.StopReason),
            new("Epochs", history.Epochs.Count),
            new("Steps", history.Steps),
        ];
        AddWhereKnown(values, "BestEpoch", history.BestEpoch);
        AddWhereKnown(values, "Message", history.StopMessage);
        Log(EndEvent, values);
    }

    /// <summary>Adds what a run has: one without classes has no accuracy, and one without validation none of its values.</summary>
    private static void AddWhereKnown(List<KeyValuePair<string, object?>> values, string name, object? value)
    {
        if (value is not null)
        {
            values.Add(new(name, value));
        }
    }

    private void Log(EventId happened, List<KeyValuePair<string, object?>> values)
    {
        _logger.Log(LogLevel.Information, happened, values, exception: null, (values, _) => $"{happened.Name}: {string.Join(", ", values.Select(Text))}");

        static string Text(KeyValuePair<string, object?> value) => string.Create(CultureInfo.InvariantCulture, $"{value.Key} {value.Value}");
    }

    private static string NameOf(TrainingContext context) => context.Network.GetType().Name;
}
