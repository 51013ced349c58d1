namespace Contract.Tests.Records;

public enum Season
{
    Winter,
    Spring,
    Summer,
}

/// <summary>A learned category and an enum that are embedded, with a number between them.</summary>
public sealed class Trip
{
    [Category(Capacity = 6, Embedding = 3)] public string? Port { get; init; }

    [Numeric] public double Distance { get; init; }

    [Category(Embedding = 2)] public Season? Season { get; init; }

    [Target] public float Price { get; init; }
}

[Input<Trip>(Gradients = true)]
[Dense(300, Tanh)]
[Dense(1)]
[Loss(MSE)]
public partial class TripNet;

/// <summary>The same without the gradients of inputs.</summary>
[Input<Trip>]
[Dense(300, Tanh)]
[Dense(1)]
[Loss(MSE)]
public partial class PlainTripNet;

/// <summary>The network behind the tables.</summary>
[Input(6, Gradients = true)]
[Dense(300, Tanh)]
[Dense(1)]
[Loss(MSE)]
public partial class ExpandedTripNet;

/// <summary>All that acts between the tables and the first layer, and what joins the rows.</summary>
[Input<Trip>(Gradients = true)]
[Ensemble(3)]
[Dropout(0.1)]
[Dense(24, Gelu, Normalization = Normalization.Batch)]
[GaussianNoise(0.1)]
[Dense(16, Silu)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
public partial class TripEnsemble;

/// <summary>The same without the gradients of inputs.</summary>
[Input<Trip>]
[Ensemble(3)]
[Dropout(0.1)]
[Dense(24, Gelu, Normalization = Normalization.Batch)]
[GaussianNoise(0.1)]
[Dense(16, Silu)]
[Dense(1)]
[Loss(MSE, StandardizeTargets = true)]
public partial class PlainTripEnsemble;

[Input<Trip>]
[Dense(8, Tanh, Frozen = true)]
[Dense(1)]
[Loss(MSE)]
public partial class FrozenTripNet;

/// <summary>Declared for predictions alone.</summary>
[Input<Trip>]
[Dense(300, Tanh)]
[Dense(1)]
public partial class PredictingTripNet;

public sealed class OtherTrip
{
    [Category(Capacity = 7, Embedding = 3)] public string? Port { get; init; }

    [Numeric] public double Distance { get; init; }

    [Category(Embedding = 2)] public Season? Season { get; init; }

    [Target] public float Price { get; init; }
}

[Input<OtherTrip>]
[Dense(300, Tanh)]
[Dense(1)]
[Loss(MSE)]
public partial class OtherTripNet;

/// <summary>Properties whose names are those of other members of a network.</summary>
public sealed class TakenNames
{
    [Category(Embedding = 2, Capacity = 3)] public int Seed { get; init; }

    [Category(Embedding = 2, Capacity = 3)] public int Layer1 { get; init; }

    [Category(Embedding = 2, Capacity = 3)] public int Layer1Table { get; init; }

    [Category(Embedding = 2, Capacity = 3)] public int @event { get; init; }

    [Target] public float Y { get; init; }
}

[Input<TakenNames>]
[Dense(1)]
[Loss(MSE)]
public partial class TakenNamesNet;

public sealed class LongRow
{
    [Category(Capacity = 10_000, Embedding = 16)] public long Product { get; init; }

    [Target] public float Y { get; init; }
}

[Input<LongRow>]
[Dense(64, Relu)]
[Dense(1)]
[Loss(MSE)]
public partial class LongTableNet;

internal static class Trips
{
    /// <summary>Trips whose price depends on the port and the season as much as on the distance.</summary>
    public static Trip[] Draw(int count, int seed = 1)
    {
        Random random = new(seed);
        string?[] ports = ["Oslo", "Oslo", "Oslo", "Turku", "Turku", "Gdynia", null];
        Trip[] rows = new Trip[count];
        for (int i = 0; i < count; i++)
        {
            string? port = ports[random.Next(ports.Length)];
            Season? season = random.Next(4) switch { 0 => null, int number => (Season)(number - 1) };
            double distance = random.NextDouble();
            rows[i] = new Trip
            {
                Port = port,
                Season = season,
                Distance = distance,
                Price = (float)(distance + (port switch { "Oslo" => 2, "Turku" => -1, "Gdynia" => 1, _ => 0 }) + (season == Records.Season.Summer ? 1.5 : 0)),
            };
        }

        return rows;
    }
}
