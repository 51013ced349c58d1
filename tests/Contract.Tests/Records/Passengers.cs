namespace Contract.Tests.Records;

public enum Sex
{
    Male,
    Female,
}

public sealed record Passenger
{
    [Numeric(Missing = Missing.Median, Indicator = true)] public float? Age { get; init; }

    [Numeric(Scale = Scale.Robust)] public double Fare { get; init; }

    [Category] public Sex Sex { get; init; }

    [Category(Capacity = 4)] public string? Port { get; init; }

    [Time(Cycles.DayOfWeek | Cycles.DayOfYear)] public DateOnly Boarded { get; init; }

    [Group] public int Family { get; init; }

    [Target] public bool Survived { get; init; }
}

[Input<Passenger>]
[Dense(16, Gelu)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class SurvivalNet;

[Input<Passenger>]
[Dense(1)]
[Loss(Hinge)]
public partial class MarginNet;

/// <summary>Takes passengers as numbers.</summary>
[Input(13)]
[Dense(1, Sigmoid)]
[Loss(BCE)]
public partial class EncodedPassengersNet;

internal static class Passengers
{
    /// <summary>Passengers of whom women survive, and men who paid much.</summary>
    public static Passenger[] Draw(int count, int seed = 1)
    {
        Random random = new(seed);
        Passenger[] rows = new Passenger[count];
        for (int i = 0; i < count; i++)
        {
            Sex sex = random.Next(2) == 0 ? Sex.Male : Sex.Female;
            double fare = Math.Round(-20 * Math.Log(1 - random.NextDouble()), 2);
            rows[i] = new Passenger
            {
                Age = random.Next(5) == 0 ? null : random.Next(1, 80),
                Fare = fare,
                Sex = sex,
                Port = random.Next(10) switch { 0 => null, < 6 => "Southampton", < 9 => "Cherbourg", _ => "Queenstown" },
                Boarded = new DateOnly(1912, 4, 1).AddDays(random.Next(30)),
                Family = random.Next(count / 3),
                Survived = sex == Sex.Female || fare > 40,
            };
        }

        return rows;
    }
}
