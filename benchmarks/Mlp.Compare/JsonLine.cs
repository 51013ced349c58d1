using System.Text.Json.Nodes;

namespace Mlp.Compare;

/// <summary>A measurement as one line of JSON.</summary>
internal static class JsonLine
{
    public static string Write(Measurement measurement)
    {
        Work work = measurement.Work;
        return new JsonObject
        {
            ["work"] = work.Name,
            ["section"] = work.Section,
            ["sizes"] = new JsonArray([.. work.Sizes.Select(size => JsonValue.Create(size))]),
            ["batch"] = work.Batch,
            ["peer"] = measurement.Worker,
            ["version"] = measurement.Version,
            ["threads"] = measurement.Threads,
            ["unit"] = work.Unit,
            ["units"] = work.UnitsPerIteration,
            ["seconds"] = measurement.MedianSeconds,
            ["quartiles"] = new JsonArray(Statistics.Quantile(measurement.Seconds, 0.25), Statistics.Quantile(measurement.Seconds, 0.75)),
            ["rate"] = measurement.Rate,
            ["flops"] = work.FlopsPerIteration,
            ["peak"] = Statistics.Median(measurement.Peaks),
            ["fraction"] = measurement.Fraction,
            ["repetitions"] = measurement.Seconds.Length,
            ["iterations"] = measurement.Iterations,
            ["allocatedBytes"] = measurement.Worker == Options.MlpGen ? measurement.AllocatedBytes : null,
        }.ToJsonString();
    }
}
