// Trains on a mapped file and on the same rows in memory, epochs in turn, and says what memory each holds:
// dotnet run -c Release -- [gigabytes] [rounds]
using System.Diagnostics;
using System.Globalization;
using Mlp;
using MlpMapped;

double gigabytes = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 3;
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
string path = args.Length > 2 ? args[2] : Path.Combine(Path.GetTempPath(), $"mapped-{Environment.ProcessId}.rows");
if (args.Length > 2)
{
    return Measure();
}

try
{
    Write();

    // In a process of its own, which has never held the rows.
    ProcessStartInfo child = new(Environment.ProcessPath!) { ArgumentList = { $"{gigabytes}", $"{rounds}", path } };
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
    Epoch(mapped);
    Console.WriteLine($"first epoch, mapped: at most {peak.Megabytes:F0} MB of memory beyond the page cache");

    Dataset memory = Dataset.FromTargets(mapped.Inputs.ToArray(), mapped.Targets.ToArray(), TabularNet.InputSize, 1);
    Epoch(memory);
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++)
    {
        bool isMappedFirst = round % 2 == 0;
        double first = Epoch(isMappedFirst ? mapped : memory);
        double second = Epoch(isMappedFirst ? memory : mapped);
        (double ofMapped, double ofMemory) = isMappedFirst ? (first, second) : (second, first);
        ratios[round] = ofMapped / ofMemory;
        Console.WriteLine($"epoch: mapped {ofMapped:F2} s, in memory {ofMemory:F2} s, ratio {ratios[round]:F3}");
    }

    Array.Sort(ratios);
    Console.WriteLine($"median ratio {ratios[rounds / 2]:F3}; at most {peak.Megabytes:F0} MB beyond the page cache with the rows in memory too");
    return 0;
}

static double Epoch(Dataset data)
{
    TabularNet net = new(seed: 1);
    long start = Stopwatch.GetTimestamp();
    net.Train(data, new TrainingOptions { Epochs = 1, BatchSize = 128, Threads = 1 });
    return Stopwatch.GetElapsedTime(start).TotalSeconds;
}
