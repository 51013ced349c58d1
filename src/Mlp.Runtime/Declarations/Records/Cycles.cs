namespace Mlp;

/// <summary>What in a date or time repeats itself. Each cycle becomes the sine and the cosine of its phase, so that its end lies beside its beginning.</summary>
[Flags]
public enum Cycles
{
    /// <summary>No cycle; a column needs at least one.</summary>
    None = 0,

    /// <summary>The time of the day, with minutes and seconds, of 24 hours.</summary>
    Hour = 1,

    /// <summary>The day of the week, of 7; Monday is 0.</summary>
    DayOfWeek = 2,

    /// <summary>The day of the year, of 365.25; 1 January is 0.</summary>
    DayOfYear = 4,
}
