using System.Diagnostics;
using Generator.Tests.Infrastructure;

namespace Generator.Tests.Guards;

/// <summary>Processes that are killed while they train, and go on from checkpoints: the end is that of a run that was never stopped.</summary>
public class KilledTrainingTests
{
    private const int Kills = 50;
    private const int MostKills = 10 * Kills;

    private const string Source = """
        string folder = args[0];
        TrainingOptions options = new()
        {
            Epochs = 14,
            BatchSize = 24,
            AccumulationSteps = 2,
            Threads = int.Parse(args[1]),
            Optimizer = new Sgd(0.05f, momentum: 0.9f),
            Schedule = new CosineDecay(minimum: 0.1) { WarmUp = Duration.Epochs(1) },
            Averaging = new WeightAverage(0.9),
            Validation = SyntheticData.Circles(100, factor: 0.5, noise: 0.1, seed: 2),
            EarlyStopping = new EarlyStopping(patience: 3) { Monitor = Metric.Accuracy },
            Callbacks = [new CsvLog(System.IO.Path.Combine(folder, "log.csv")), new JsonLinesLog(System.IO.Path.Combine(folder, "log.jsonl"))],
            Checkpoints = new Checkpoints(System.IO.Path.Combine(folder, "run")) { Every = Duration.Steps(2) },
        };
        Net net = new(seed: 3);
        Dataset data = SyntheticData.Circles(300, factor: 0.5, noise: 0.1, seed: 1);
        System.Console.WriteLine("training");
        TrainingHistory history = net.Train(data, options);
        net.Save(System.IO.Path.Combine(folder, "net.safetensors"));
        System.IO.File.WriteAllLines(
            System.IO.Path.Combine(folder, "history.txt"),
            System.Linq.Enumerable.Select(history.Epochs, static epoch => (epoch with { Elapsed = default }).ToString()));
        System.IO.File.AppendAllText(
            System.IO.Path.Combine(folder, "history.txt"),
            $"{history.StopReason} {history.BestEpoch} {history.Steps} {net.EpochsTrained} {net.StepsTrained}");
        System.Console.WriteLine("done");

        [Input(2, Standardize = true)]
        [GaussianNoise(0.05)]
        [Dense(64, Relu, Normalization = Normalization.Batch)]
        [Dropout(0.2)]
        [Dense(32, Tanh)]
        [Dense(1, Sigmoid)]
        [Loss(BCE)]
        public partial class Net;
        """;

    [Fact]
    public void AfterFiftyKills_TheRunEndsAsIfNeverStopped()
    {
        using ChildProgram program = new(Source);
        string expected = program.PathOf("expected");
        Assert.False(IsKilled(program, expected, threads: 1, delay: null));
        string again = program.PathOf("again");
        long start = Stopwatch.GetTimestamp();
        Assert.False(IsKilled(program, again, threads: 2, delay: null));
        int longest = (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        AssertSame(expected, again);

        Random random = new(4);
        int kills = 0;
        int torn = 0;
        for (int run = 0; kills < Kills; run++)
        {
            string folder = program.PathOf($"run{run}");
            while (IsKilled(program, folder, threads: 1 + (kills % 2), random.Next(longest)))
            {
                Assert.True(++kills < MostKills, "The run does not get on.");
                torn += Directory.GetFiles(folder, ".mlpgen-*", SearchOption.AllDirectories).Length;
            }

            AssertSame(expected, folder);
            Assert.Empty(Directory.GetFiles(folder, ".mlpgen-*", SearchOption.AllDirectories));
        }

        Assert.True(torn > 0, "No process was killed while it wrote.");
    }

    /// <summary>Runs the program until it is done, or killed a while after it begins to train.</summary>
    private static bool IsKilled(ChildProgram program, string folder, int threads, int? delay)
    {
        Directory.CreateDirectory(folder);
        using Process process = program.Start(folder, threads.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("training", process.StandardOutput.ReadLine());
        if (delay is int milliseconds && !process.WaitForExit(milliseconds))
        {
            process.Kill();
        }

        bool isDone = process.StandardOutput.ReadLine() == "done";
        process.WaitForExit();
        Assert.True(isDone || process.ExitCode == 128 + 9, process.StandardError.ReadToEnd());
        return !isDone;
    }

    private static void AssertSame(string expected, string folder)
    {
        foreach (string file in new[] { "net.safetensors", "history.txt", Path.Combine("run", "best.safetensors") })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(expected, file)), File.ReadAllBytes(Path.Combine(folder, file)));
        }

        Assert.Equal(Log(expected, "log.csv", @"^((?:[^,]*,){6})[^,]*"), Log(folder, "log.csv", @"^((?:[^,]*,){6})[^,]*"));
        Assert.Equal(Log(expected, "log.jsonl", """^(.*"seconds":)[^,}]*"""), Log(folder, "log.jsonl", """^(.*"seconds":)[^,}]*"""));
    }

    /// <summary>A log without the seconds of its epochs.</summary>
    private static string[] Log(string folder, string file, string beforeAndSeconds) =>
        [.. File.ReadAllLines(Path.Combine(folder, file)).Select(line => System.Text.RegularExpressions.Regex.Replace(line, beforeAndSeconds, "$1"))];
}
