namespace Contract.Tests.Records;

public enum Kind : sbyte
{
    Small = 3,
    Large = -1,
    Huge = 9,
}

/// <summary>A column of each sort, and all that a row can say beside its inputs.</summary>
public sealed class Everything
{
    [Numeric(Indicator = true)] public float? Filled { get; set; }

    [Numeric(Scale = Scale.None)] public double Raw { get; set; }

    [Numeric(Clip = 1.5, Log = true)] public decimal Clipped { get; set; }

    [Numeric(Bins = 3, Missing = Missing.Median, Indicator = true)] public int? Binned { get; set; }

    [Numeric(Missing = Missing.Zero)] public bool? Flag { get; set; }

    [Category] public Kind? Kind { get; set; }

    [Category(Capacity = 5, MinimumCount = 2)] public string? Town { get; set; }

    [Category(Capacity = 3)] public ulong? Code { get; set; }

    [Category(Capacity = 3)] public bool? Sure { get; set; }

    [Time(Cycles.Hour | Cycles.DayOfWeek)] public DateTime? At { get; set; }

    [Weight] public double Weight { get; set; } = 1;

    [Group] public string Owner { get; set; } = "nobody";

    [EventTime] public DateTimeOffset Time { get; set; }

    [Target] public double First { get; set; }

    [Target] public Half Second { get; set; }
}

[Input<Everything>]
[Dense(4, Tanh)]
[Dense(2)]
[Loss(MSE)]
public partial class EverythingNet
{
    public static Everything[] Rows(int count, int seed = 1)
    {
        Random random = new(seed);
        Everything[] rows = new Everything[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = new Everything
            {
                Filled = random.Next(4) == 0 ? null : random.NextSingle(),
                Raw = random.NextDouble(),
                Clipped = (decimal)(random.NextDouble() * 1000),
                Binned = random.Next(4) == 0 ? null : random.Next(-9, 9),
                Flag = random.Next(3) switch { 0 => null, 1 => true, _ => false },
                Kind = random.Next(4) switch { 0 => null, 1 => Records.Kind.Small, 2 => Records.Kind.Large, _ => Records.Kind.Huge },
                Town = random.Next(5) switch { 0 => null, 1 => "Bern", 2 => "Basel", 3 => "Chur", _ => "Genf" },
                Code = random.Next(4) switch { 0 => null, 1 => ulong.MaxValue, 2 => 5, _ => 7 },
                Sure = random.Next(3) switch { 0 => null, 1 => true, _ => false },
                At = random.Next(4) == 0 ? null : new DateTime(2024, 2, 29).AddMinutes(random.Next(100_000)),
                Weight = random.NextDouble(),
                Owner = $"owner {random.Next(9)}",
                Time = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)).AddDays(i),
                First = random.NextDouble(),
                Second = (Half)random.NextDouble(),
            };
        }

        return rows;
    }
}
