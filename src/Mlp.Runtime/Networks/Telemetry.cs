using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Mlp.CompilerServices;

/// <summary>What networks tell tools that observe a process: an activity source and a meter, both named <c>Mlp</c>. Free while nobody listens.</summary>
internal static class Telemetry
{
    private const string Name = "Mlp";
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> PredictedRows = Meter.CreateCounter<long>("mlp.predict.rows", "{row}", "Rows that networks predicted.");
    private static readonly Counter<long> TrainedRows = Meter.CreateCounter<long>("mlp.train.rows", "{row}", "Rows that training went through.");
    private static readonly Gauge<double> Loss = Meter.CreateGauge<double>("mlp.train.loss", null, "Mean loss of the last epoch over its training rows.");
    private static readonly Histogram<double> EpochDuration = Meter.CreateHistogram<double>("mlp.epoch.duration", "s", "Time of an epoch, validation included.");

    /// <summary>Activities: <c>mlp.train</c> of a run, and in it an <c>mlp.epoch</c> each.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Counts rows that were predicted. Costs a nanosecond where nobody listens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CountPredicted(nuint rows)
    {
        if (PredictedRows.Enabled)
        {
            Count(PredictedRows, rows);
        }
    }

    /// <summary>Counts the rows of a step.</summary>
    public static void CountTrained(int rows)
    {
        if (TrainedRows.Enabled)
        {
            Count(TrainedRows, (nuint)rows);
        }
    }

    /// <summary>Records what an epoch came to.</summary>
    public static void Record(double loss, TimeSpan elapsed)
    {
        Loss.Record(loss);
        EpochDuration.Record(elapsed.TotalSeconds);
    }

    // Apart from its callers, which are inlined into generated code.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Count(Counter<long> counter, nuint rows) => counter.Add((long)rows);
}
