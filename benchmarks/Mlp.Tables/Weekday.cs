namespace Mlp.Tables;

/// <summary>Days as hpc.csv names them.</summary>
internal enum Weekday
{
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}
