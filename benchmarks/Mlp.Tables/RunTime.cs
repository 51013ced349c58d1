namespace Mlp.Tables;

/// <summary>How long a job runs, as hpc.csv says it: very fast, fast, moderate or long.</summary>
internal enum RunTime
{
    VF,
    F,
    M,
    L,
}
