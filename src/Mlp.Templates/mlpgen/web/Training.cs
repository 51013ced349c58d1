using Mlp;

namespace MlpGenApp;

/// <summary>Trains the network on readings of the past.</summary>
internal static class Training
{
    /// <summary>Trains, judges by readings that were not trained on, and saves.</summary>
    /// <param name="path">The network's file.</param>
    public static void Run(string path)
    {
        // Rows of your own: FailureNet.ReadRows("readings.csv"), or any IEnumerable<Reading>.
        FailureNet net = new(seed: 1);
        net.Train(Readings(4_000, seed: 1), new TrainingOptions { Epochs = 20, Progress = new ConsoleProgress() });
        Console.WriteLine(net.Report(Readings(1_000, seed: 2)));
        net.Save(path);
        Console.WriteLine($"The network is in {path}.");
    }

    /// <summary>Makes up readings: hot machines that shake fail.</summary>
    private static IEnumerable<Reading> Readings(int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            float temperature = 40 + (50 * random.NextSingle());
            float vibration = 5 * random.NextSingle();
            double reasons = ((temperature - 70) / 6) + vibration - 2;
            yield return new Reading
            {
                Temperature = temperature,
                Vibration = random.Next(10) == 0 ? null : vibration,
                Duty = (Duty)random.Next(3),
                Failed = random.NextDouble() < 1 / (1 + Math.Exp(-reasons)),
            };
        }
    }
}
