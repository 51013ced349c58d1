// Trains on a mapped file and on the same rows in memory, some batches in turn, and says what time and memory each takes:
// dotnet run -c Release -- [gigabytes]
using System.Diagnostics;
using System.Globalization;
using Mlp;
using MlpMapped;

const int BatchSize = 128;

double gigabytes = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 3;
string path = args.Length > 1 ? args[1] : Path.Combine(Path.GetTempPath(), $"mapped-{Environment.ProcessId}.rows");
if (args.Length > 1)
{
    return Measure();
}

try
{
    Write();

    // In a process of its own, which has never held the rows.
    ProcessStartInfo child = new(Environment.ProcessPath!) { ArgumentList = { "0", path } };
    if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
    {
        child.ArgumentList.Insert(0, typeof(TabularNet).Assembly.Location);
    }

    using Process measurement = Process.Start(child)!;
    measurement.WaitForExit();
    return measurement.ExitCode;
}
finally
{
    File.Delete(path);
}

void Write()
{
    int rows = (int)(gigabytes * 1e9 / (sizeof(float) * (TabularNet.InputSize + 1)));
    float[] inputs = new float[rows * TabularNet.InputSize];
    float[] targets = new float[rows];
    Random random = new(1);
    for (int row = 0; row < rows; row++)
    {
        Span<float> values = inputs.AsSpan(row * TabularNet.InputSize, TabularNet.InputSize);
        foreach (ref float value in values)
        {
            value = random.NextSingle() - 0.5f;
        }

        targets[row] = values[0] + values[1] > 0 ? 1 : 0;
    }

    long start = Stopwatch.GetTimestamp();
    Dataset.FromTargets(inputs, targets, TabularNet.InputSize, 1).Save(path);
    Console.WriteLine($"{rows} rows of {TabularNet.InputSize} inputs, {new FileInfo(path).Length / 1e9:F2} GB, saved in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
}

int Measure()
{
    long start = Stopwatch.GetTimestamp();
    Dataset mapped = Dataset.Open(path);
    Console.WriteLine($"opened in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F1} ms");

    using PeakMemory peak = new();
    start = Stopwatch.GetTimestamp();
    new TabularNet(seed: 1).Train(mapped, new TrainingOptions { Epochs = 1, BatchSize = BatchSize, Threads = 1 });
    Console.WriteLine(
        $"an epoch, mapped, in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s: at most {peak.Megabytes:F0} MB of memory beyond the page cache");

    // Turns of some tenths of a second: what else the machine does meets both alike.
    Dataset memory = Dataset.FromTargets(mapped.Inputs.ToArray(), mapped.Targets.ToArray(), TabularNet.InputSize, 1);
    Turns ofMapped = new(mapped, BatchSize), ofMemory = new(memory, BatchSize);
    List<(double Clock, double Processor)> ratios = [];
    while (true)
    {
        bool isMappedFirst = ratios.Count % 2 == 0;
        if ((isMappedFirst ? ofMapped : ofMemory).Take(1000) is not { } first || (isMappedFirst ? ofMemory : ofMapped).Take(1000) is not { } second)
        {
            break;
        }

        ((double Clock, double Processor) mappedTurn, (double Clock, double Processor) memoryTurn) = isMappedFirst ? (first, second) : (second, first);
        ratios.Add((mappedTurn.Clock / memoryTurn.Clock, mappedTurn.Processor / memoryTurn.Processor));
    }

    Console.WriteLine(
        $"{ratios.Count} turns: mapped {ofMapped.Seconds:F2} s, in memory {ofMemory.Seconds:F2} s; ratio by the clock {Quartiles(ratios.Select(static ratio => ratio.Clock))}, "
        + $"of the processor's time {Quartiles(ratios.Select(static ratio => ratio.Processor))}");
    return 0;
}

static string Quartiles(IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    return $"{sorted[sorted.Length / 2]:F3} ({sorted[sorted.Length / 4]:F3} to {sorted[sorted.Length * 3 / 4]:F3})";
}
