using System.Text.Json;

namespace Mlp;

/// <summary>The result of one epoch.</summary>
/// <param name="Epoch">The epoch's number from 1.</param>
/// <param name="Loss">
/// Mean over the epoch's rows of the loss before the step on their batch, dropout included; weighted where rows or classes have weights. Of a network
/// that standardises targets, it is the loss of scaled targets, in units of their deviation.
/// </param>
/// <param name="Accuracy">
/// Share of right answers in those same passes, as <see cref="Evaluation.Accuracy"/> counts them; null where there are no classes.
/// </param>
/// <param name="ValidationLoss">
/// Mean loss on the validation data after the epoch, in the same units as <paramref name="Loss"/>; null where there is none.
/// </param>
/// <param name="ValidationAccuracy">Accuracy on the validation data after the epoch; null where there is none, or no classes.</param>
/// <param name="Elapsed">How long the epoch took, validation included.</param>
public sealed record EpochResult(
    int Epoch, double Loss, double? Accuracy, double? ValidationLoss, double? ValidationAccuracy, TimeSpan Elapsed)
{
    /// <summary>
    /// <see cref="TrainingOptions.Metrics"/> of the validation data after the epoch, <c>result.Metrics[Metric.RocAuc]</c>, and behind them the metrics that early
    /// stopping and the schedule monitor. Empty where none are asked for.
    /// </summary>
    public MetricValues Metrics { get; init; } = MetricValues.None;

    /// <summary>A metric of the validation data; null where it is undefined, or there is no validation.</summary>
    /// <param name="metric">One that validation computes.</param>
    internal double? ValidationOf(Metric metric) =>
        metric == Metric.Loss ? ValidationLoss
        : metric == Metric.Accuracy ? ValidationAccuracy
        : Metrics[metric];

    /// <summary>The learning rate of the epoch's last step: the optimizer's own, times the schedule's factor.</summary>
    public double LearningRate { get; init; }

    /// <summary>
    /// The layers as of the epoch's last report, where <see cref="TrainingOptions.Statistics"/> asks for one in this epoch; else empty.
    /// </summary>
    public IReadOnlyList<LayerStatistics> Layers { get; init; } = ValueList<LayerStatistics>.Empty;

    /// <summary>Writes all of it.</summary>
    /// <param name="json">Receives properties.</param>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("epoch", Epoch);
        json.WriteDouble("loss", Loss);
        json.WriteDouble("accuracy", Accuracy);
        json.WriteDouble("validation_loss", ValidationLoss);
        json.WriteDouble("validation_accuracy", ValidationAccuracy);
        json.WriteNumber("elapsed", Elapsed.Ticks);
        json.WriteDouble("learning_rate", LearningRate);
        json.WriteStartObject("metrics");
        foreach ((Metric metric, double? value) in Metrics)
        {
            json.WriteDouble(metric.Name, value);
        }

        json.WriteEndObject();
        json.WriteStartArray("layers");
        foreach (LayerStatistics layer in Layers)
        {
            json.WriteStartObject();
            json.WriteString("layer", layer.Layer);
            json.WriteDouble("weight_norm", layer.WeightNorm);
            json.WriteDouble("gradient_norm", layer.GradientNorm);
            json.WriteDouble("update_ratio", layer.UpdateRatio);
            json.WriteNumber("dead_units", layer.DeadUnits);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="result">The object with its properties.</param>
    /// <param name="metrics">The metrics of validation.</param>
    internal static EpochResult Read(JsonElement result, IReadOnlyList<Metric> metrics) => new(
        result.GetProperty("epoch").GetInt32(),
        result.GetProperty("loss").Double(),
        result.GetProperty("accuracy").NullableDouble(),
        result.GetProperty("validation_loss").NullableDouble(),
        result.GetProperty("validation_accuracy").NullableDouble(),
        new TimeSpan(result.GetProperty("elapsed").GetInt64()))
    {
        LearningRate = result.GetProperty("learning_rate").Double(),
        Layers = new ValueList<LayerStatistics>(
        [
            .. result.GetProperty("layers").EnumerateArray().Select(static layer => new LayerStatistics(
                layer.GetProperty("layer").GetString()!,
                layer.GetProperty("weight_norm").Double(),
                layer.GetProperty("gradient_norm").Double(),
                layer.GetProperty("update_ratio").Double(),
                layer.GetProperty("dead_units").GetInt32())),
        ]),
        Metrics = metrics.Count == 0
            ? MetricValues.None
            : new MetricValues([.. metrics], [.. metrics.Select(metric => result.GetProperty("metrics").GetProperty(metric.Name).NullableDouble())]),
    };
}
