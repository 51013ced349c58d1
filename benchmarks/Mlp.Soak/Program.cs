// Trains, cancels, resumes, predicts, saves, loads and clones for some minutes, and sees that memory, handles and threads stay where they are:
// dotnet run -c Release -- [seconds]
using System.Diagnostics;
using System.Globalization;
using Mlp;
using MlpSoak;

TimeSpan length = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 120);
string folder = Directory.CreateTempSubdirectory("soak-").FullName;
Dataset data = SyntheticData.Circles(2000, factor: 0.5, noise: 0.1, seed: 1);
Dataset held = SyntheticData.Circles(500, factor: 0.5, noise: 0.1, seed: 2);
float[] outputs = new float[data.Count];
SoakNet served = new(seed: 1);
served.LearnInputStatistics(data);
long start = Stopwatch.GetTimestamp();
TimeSpan nextLook = length / 20;
Usage early = default;
Usage late = default;
int rounds = 0;
bool isWarm = false;

// Others are served meanwhile.
using CancellationTokenSource end = new();
Thread server = new(() =>
{
    float[] answers = new float[held.Count];
    while (!end.IsCancellationRequested)
    {
        Volatile.Read(ref served).Predict(held.Inputs, answers);
        Thread.Sleep(1);
    }
});
server.Start();
try
{
    while (Stopwatch.GetElapsedTime(start) is TimeSpan elapsed && elapsed < length)
    {
        Round(rounds++);
        if (elapsed < nextLook)
        {
            continue;
        }

        nextLook = elapsed + (length / 20);
        Usage now = Usage.Now();
        Console.WriteLine($"{elapsed.TotalSeconds,5:F0} s, {rounds} rounds: {now}");
        if (elapsed < length / 2)
        {
            // The first fifth warms up: the JIT, the thread pool, buffers.
            early = elapsed < length / 5 ? now : isWarm ? early.Most(now) : now;
            isWarm = elapsed >= length / 5;
        }
        else
        {
            late = late.Most(now);
        }
    }
}
finally
{
    end.Cancel();
    server.Join();
    Directory.Delete(folder, recursive: true);
}

bool isFlat = late.IsFlatAfter(early);
Console.WriteLine($"first half {early}");
Console.WriteLine($"second half {late}");
Console.WriteLine(isFlat ? "memory, handles and threads are flat" : "SOMETHING GROWS");
return isFlat ? 0 : 1;

void Round(int number)
{
    string run = Path.Combine(folder, "run");
    TrainingOptions options = new()
    {
        Epochs = 3,
        Seed = number,
        Threads = 1 + (number % 2),
        Validation = held,
        EarlyStopping = new EarlyStopping(patience: 2),
        Checkpoints = new Checkpoints(run) { Every = Duration.Steps(40) },
        Callbacks = [new CsvLog(Path.Combine(folder, "log.csv"))],
    };
    using CancellationTokenSource source = new();
    try
    {
        new SoakNet(number).Train(data, options with { Callbacks = [.. options.Callbacks, new CancelAt(1 + (number % 60), source)] }, source.Token);
    }
    catch (TrainingCancelledException)
    {
        // The next run goes on from there.
    }

    SoakNet net = new(number);
    net.Train(data, options);
    string file = Path.Combine(folder, "net.safetensors");
    net.Save(file);
    SoakNet copy = SoakNet.Load(file).Clone();
    copy.Predict(data.Inputs, outputs);
    if (copy.Evaluate(held) != net.Evaluate(held))
    {
        throw new InvalidOperationException($"Round {number}: what was loaded differs from what was saved.");
    }

    Volatile.Write(ref served, copy);
    Directory.Delete(run, recursive: true);
}
