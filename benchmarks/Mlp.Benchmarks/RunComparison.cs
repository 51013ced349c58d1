using System.Diagnostics;
using System.Globalization;

namespace Mlp.Benchmarks;

/// <summary>
/// Compares runs of <c>Train</c> on one thread that use nothing with runs that use a schedule, early stopping and averaging, together and one by one.
/// All take the same steps and evaluate the same rows after each epoch. They run in turns, so that a neighbour on the machine spoils none more than
/// the others.
/// </summary>
internal static class RunComparison
{
    private const int Repetitions = 21;
    private const int BatchSize = 64;

    private static readonly (string Name, Func<TrainingOptions, TrainingOptions> Use)[] Variants =
    [
        ("nothing", static options => options),
        ("schedule", static options => options with { Schedule = new CosineDecay() }),
        ("early stopping", static options => options with { EarlyStopping = new EarlyStopping(patience: 1_000) }),
        ("averaging", static options => options with { Averaging = new WeightAverage() }),
        ("all three", static options => options with
        {
            Schedule = new CosineDecay(), EarlyStopping = new EarlyStopping(patience: 1_000), Averaging = new WeightAverage(),
        }),
    ];

    public static void Run()
    {
        Compare<ImageNet>("784-300-100-10", rows: 6_400, epochs: 8);
        Compare<SensorNet>("30-64-32-1", rows: 32_000, epochs: 10);
        Compare<TinyNet>("2-20-1", rows: 64_000, epochs: 10);
    }

    private static void Compare<TNet>(string name, int rows, int epochs) where TNet : class, INetwork<TNet>
    {
        Dataset data = new Rows(rows, TNet.InputSize, TNet.OutputSize).ToDataset();
        Dataset validation = new Rows(rows / 8, TNet.InputSize, TNet.OutputSize).ToDataset();
        TrainingOptions options = new() { Optimizer = new Adam(1e-4f), Epochs = epochs, BatchSize = BatchSize, Validation = validation };
        double[][] seconds = [.. Variants.Select(static _ => new double[Repetitions])];
        for (int repetition = -3; repetition < Repetitions; repetition++)
        {
            for (int v = 0; v < Variants.Length; v++)
            {
                TNet net = TNet.Create(seed: 1);
                net.State.Threads = 1;
                long start = Stopwatch.GetTimestamp();
                net.Train(data, Variants[v].Use(options));
                if (repetition >= 0)
                {
                    seconds[v][repetition] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
            }
        }

        for (int v = 0; v < Variants.Length; v++)
        {
            double[] ratios = [.. seconds[v].Zip(seconds[0], static (used, nothing) => used / nothing)];
            double step = Median(seconds[v]) / (epochs * (double)rows / BatchSize);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16}{Variants[v].Name,-16}{step * 1e6,10:F2} us a step{Median(ratios),10:F3}"));
        }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
