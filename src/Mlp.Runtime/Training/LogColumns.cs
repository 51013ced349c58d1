using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mlp;

/// <summary>An epoch's result as logs write it, by column.</summary>
internal static class LogColumns
{
    /// <summary>The first line of comma-separated values.</summary>
    /// <param name="epochs">The epochs, of which the first tells the metrics.</param>
    public static string CsvHeader(IReadOnlyList<EpochResult> epochs)
    {
        EpochResult example = epochs.Count > 0 ? epochs[0] : new EpochResult(0, 0, null, null, null, default);
        return string.Join(',', Of(example).Select(static column => CsvCell(column.Name))) + "\n";
    }

    /// <summary>An epoch's line of comma-separated values.</summary>
    public static string CsvLine(EpochResult epoch) =>
        string.Join(',', Of(epoch).Select(static column => column.Value?.ToString(CultureInfo.InvariantCulture) ?? "")) + "\n";

    /// <summary>An epoch's line of JSON. What is no number, in JSON's sense, is null.</summary>
    public static string JsonLine(EpochResult epoch)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            foreach ((string name, double? value) in Of(epoch))
            {
                if (value is double number && double.IsFinite(number))
                {
                    json.WriteNumber(name, number);
                }
                else
                {
                    json.WriteNull(name);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length) + "\n";
    }

    /// <summary>A text as a cell: in quotes where it has a separator or quotes itself (RFC 4180).</summary>
    private static string CsvCell(string text) => text.AsSpan().ContainsAny(',', '"') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static IEnumerable<(string Name, double? Value)> Of(EpochResult epoch)
    {
        yield return ("epoch", epoch.Epoch);
        yield return ("loss", epoch.Loss);
        yield return ("accuracy", epoch.Accuracy);
        yield return ("validation_loss", epoch.ValidationLoss);
        yield return ("validation_accuracy", epoch.ValidationAccuracy);
        yield return ("learning_rate", epoch.LearningRate);
        yield return ("seconds", Math.Round(epoch.Elapsed.TotalSeconds, 3));
        foreach ((Metric metric, double? value) in epoch.Metrics)
        {
            if (metric != Metric.Loss && metric != Metric.Accuracy)
            {
                yield return (metric.Name, value);
            }
        }
    }
}
