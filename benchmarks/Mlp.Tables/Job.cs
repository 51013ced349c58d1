namespace Mlp.Tables;

/// <summary>A job on a cluster: how long does it run? A row of hpc.csv.</summary>
internal sealed record Job
{
    [Category] public required string Protocol { get; init; }

    [Numeric(Bins = Variant.Bins)] public int Compounds { get; init; }

    [Numeric(Bins = Variant.Bins)] public int InputFields { get; init; }

    [Numeric] public int Iterations { get; init; }

    [Numeric(Bins = Variant.Bins)] public int NumPending { get; init; }

    [Time(Cycles.Hour)] public TimeOnly Hour { get; init; }

    [Category] public Weekday Day { get; init; }

    [Target] public RunTime Class { get; init; }
}
