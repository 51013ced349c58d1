using Mlp;

namespace Server;

/// <summary>Makes up readings: the same from the same seed everywhere.</summary>
internal static class Past
{
    private static readonly string[] Sites = ["Aachen", "Bergen", "Cork", "Delft"];

    /// <summary>A network that has learned from readings of the past: the first time, when nothing was saved yet.</summary>
    public static FailureNet Network()
    {
        FailureNet network = new(seed: 1);
        network.Train(Readings(2_000, seed: 1), new TrainingOptions { Epochs = 20, Seed = 1 });
        return network;
    }

    /// <summary>Readings with outcomes. Hot machines that shake fail, at night more often.</summary>
    public static IEnumerable<Reading> Readings(int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            float temperature = 40 + (50 * random.NextSingle());
            float vibration = 5 * random.NextSingle();
            int hour = random.Next(24);
            double reasons = ((temperature - 70) / 6) + vibration - 2 + (hour < 6 ? 1.5 : 0);
            yield return new Reading
            {
                Temperature = temperature,
                Vibration = random.Next(10) == 0 ? null : vibration,
                Duty = (Duty)random.Next(3),
                Site = Sites[random.Next(Sites.Length)],
                At = new DateTime(2026, 1, 1, hour, random.Next(60), 0, DateTimeKind.Utc).AddDays(random.Next(300)),
                Failed = random.NextDouble() < 1 / (1 + Math.Exp(-reasons)),
            };
        }
    }
}
