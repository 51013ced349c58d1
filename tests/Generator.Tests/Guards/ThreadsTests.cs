using Generator.Tests.Infrastructure;

namespace Generator.Tests.Guards;

/// <summary>What threads do between and after runs; that results do not depend on their number is tested with random networks and with bits.</summary>
public class ThreadsTests
{
    private const string Program = """
        using System;
        using System.Diagnostics;
        using System.Linq;
        using System.Threading;

        WorkerThreads.Limit = 4;
        (Dataset train, _) = SyntheticData.Circles(2000, factor: 0.3, noise: 0.05, seed: 1).Split(0.5, seed: 1);
        Net net = new(seed: 1);
        net.Train(train, new TrainingOptions { Epochs = 3, BatchSize = 250, Threads = 4 });
        Console.WriteLine(net.Threads);

        // Longer than threads spin: from here on, the process should be idle.
        Thread.Sleep(100);
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        Thread.Sleep(1000);
        process.Refresh();
        Console.WriteLine((process.TotalProcessorTime - before).TotalMilliseconds < 500 ? "idle" : "busy");

        [Input(2)] [Dense(64, Tanh)] [Dense(64, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]
        partial class Net;
        """;

    /// <summary>
    /// Limits its own threads to those it has, then lifts the limit. It runs as an ordinary user, as the limit does not hold for root. Prints the number
    /// of worker threads; results must be those of one thread.
    /// </summary>
    private const string LimitedProgram = """
        using System;
        using System.IO;
        using System.Linq;
        using System.Runtime.InteropServices;
        using System.Threading;

        const int NumberOfProcesses = 6;
        const int User = 61_234;

        WorkerThreads.Limit = 4;
        float[] inputs = [.. Enumerable.Range(0, 64 * 32).Select(static i => (float)Math.Sin(i))];
        float[] targets = new float[64];
        Net alone = new(seed: 1) { Threads = 1 };
        Net net = new(seed: 1);
        if (geteuid() == 0 && setresuid(User, User, User) != 0)
            throw new InvalidOperationException("The user cannot be changed.");

        // The console has a thread of its own.
        Console.WriteLine();
        if (getrlimit(NumberOfProcesses, out Limits limits) != 0)
            throw new InvalidOperationException("The limit cannot be read.");

        Work("no thread to be had", threads: 3, limit: 1);
        Work("one to be had", threads: 2, limit: limits.Hard);
        Work("no more to be had", threads: 4, limit: 1);
        Work("all to be had", threads: 4, limit: limits.Hard);

        void Work(string when, int threads, nuint limit)
        {
            if (setrlimit(NumberOfProcesses, new Limits { Soft = limit, Hard = limits.Hard }) != 0)
                throw new InvalidOperationException("The limit cannot be set.");

            // Longer than the pool waits before it tries again.
            Thread.Sleep(500);
            net.Threads = threads;
            bool isRight = true;
            for (int call = 0; call < 3; call++)
            {
                float[] expected = new float[64], actual = new float[64];
                alone.Predict(inputs, expected);
                net.Predict(inputs, actual);
                isRight &= expected.SequenceEqual(actual);
                isRight &= alone.TrainStep(inputs, targets, new Adam()) == net.TrainStep(inputs, targets, new Adam());
            }

            int workers = Directory.GetDirectories("/proc/self/task").Count(static task => File.ReadAllText(Path.Combine(task, "comm")) == "MlpGen worker\n");
            Console.WriteLine($"{when}: {workers}, {(isRight ? "right" : "wrong")}");
        }

        [DllImport("libc")] static extern uint geteuid();
        [DllImport("libc")] static extern int setresuid(uint real, uint effective, uint saved);
        [DllImport("libc")] static extern int getrlimit(int resource, out Limits limits);
        [DllImport("libc")] static extern int setrlimit(int resource, in Limits limits);

        struct Limits { public nuint Soft, Hard; }

        [Input(32)] [Dense(64, Tanh)] [Dense(64, Relu)] [Dense(1)] [Loss(MSE)]
        partial class Net;
        """;

    private const string Network = "[Input(64)] [Dense(128, Relu)] [Dense(128, Relu)] [Dense(1)] [Loss(MSE)] public partial class Net;";
    private const int Rows = 512;
    private const int Interruptions = 40;

    private static readonly Lazy<Type> Net = new(static () => CompiledNetwork.Compile(Network, "Net"));
    private static readonly float[] Inputs = [.. Enumerable.Range(0, Rows * 64).Select(static i => MathF.Sin(i))];
    private static readonly float[] Targets = [.. Enumerable.Range(0, Rows).Select(static i => MathF.Cos(i))];

    public ThreadsTests() => WorkerPool.Limit = Math.Max(WorkerPool.Limit, 2);

    [Fact]
    public void Predict_OfAnInterruptedThread_GivesItsResult_AndSoDoesTheNext()
    {
        CompiledNetwork net = new(Net.Value, seed: 1);
        net.State.Threads = 1;
        float[] expected = new float[Rows];
        net.Predict(Inputs, expected);
        net.State.Threads = 2;
        for (int moment = 0; moment < Interruptions; moment++)
        {
            float[] first = new float[Rows];
            float[] second = new float[Rows];
            Exception? failure = Interrupted(moment, () =>
            {
                net.Predict(Inputs, first);
                net.Predict(Inputs, second);
            });
            Assert.Null(failure);
            Assert.Equal(expected, first);
            Assert.Equal(expected, second);
        }
    }

    [Fact]
    public void Train_OfAnInterruptedThread_EndsAtACompletedStep_AndTheNextPredictionIsRight()
    {
        List<float[]> completed = [];
        CompiledNetwork reference = new(Net.Value, seed: 1);
        completed.Add(reference.Parameters);
        Train(reference, threads: 1, new Steps(() => completed.Add(reference.Parameters)));
        for (int moment = 0; moment < Interruptions; moment++)
        {
            CompiledNetwork net = new(Net.Value, seed: 1);
            float[] actual = new float[Rows];
            Exception? failure = Interrupted(moment, () =>
            {
                try
                {
                    Train(net, threads: 2, progress: null);
                }
                catch (ThreadInterruptedException)
                {
                }

                net.State.Threads = 2;
                net.Predict(Inputs, actual);
            });
            Assert.Null(failure);
            float[] state = net.Parameters;
            Assert.Contains(completed, parameters => parameters.AsSpan().SequenceEqual(state));
            float[] expected = new float[Rows];
            net.State.Threads = 1;
            net.Predict(Inputs, expected);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void TrainStep_OfAnInterruptedThread_IsCompleted_AndLeavesTheInterruptionPending()
    {
        CompiledNetwork net = new(Net.Value, seed: 1);
        CompiledNetwork reference = new(Net.Value, seed: 1);
        net.State.Threads = 2;
        reference.State.Threads = 1;
        bool isPending = false;
        Exception? failure = Interrupted(moment: 0, () =>
        {
            for (int step = 0; step < 20; step++)
            {
                Thread.CurrentThread.Interrupt();
                Assert.Equal(reference.TrainStep(Inputs, Targets, new Adam()), net.TrainStep(Inputs, Targets, new Adam()));
            }

            isPending = Record.Exception(Interruption.ThrowIfPending) is ThreadInterruptedException;
        });
        Assert.Null(failure);
        Assert.True(isPending);
        Assert.Equal(reference.Parameters, net.Parameters);
    }

    [OrdinaryUserFact]
    public void WhereThreadsCannotBeHad_WorkGoesOnWithThoseThereAre_AndLaterTriesAgain()
    {
        using ChildProgram program = new(LimitedProgram);

        Assert.Equal(
            """

            no thread to be had: 0, right
            one to be had: 1, right
            no more to be had: 1, right
            all to be had: 3, right

            """,
            program.Run([new("DOTNET_EnableDiagnostics", "0"), new("DOTNET_TieredCompilation", "0")]));
    }

    [Fact]
    public void NoThread_IsLeftSpinning_AfterARun()
    {
        using ChildProgram program = new(Program);

        Assert.Equal("0\nidle\n", program.Run([]).ReplaceLineEndings("\n"));
    }

    /// <summary>Steps over all rows, so that an epoch is a step.</summary>
    private static void Train(CompiledNetwork net, int threads, IProgress<TrainingProgress>? progress) =>
        net.Bind<Func<Dataset, TrainingOptions?, CancellationToken, TrainingHistory>>("Train")(
            Dataset.FromTargets(Inputs, Targets, inputSize: 64, targetSize: 1),
            new TrainingOptions { Epochs = 10, BatchSize = Rows, Threads = threads, Progress = progress },
            CancellationToken.None);

    /// <summary>Does something on a thread that is interrupted at some moment of it, an ever later one.</summary>
    /// <returns>What it threw.</returns>
    private static Exception? Interrupted(int moment, Action action)
    {
        Exception? failure = null;
        using ManualResetEventSlim begins = new();
        Thread thread = new(() =>
        {
            begins.Set();
            failure = Record.Exception(action);
        });
        thread.Start();
        begins.Wait();
        Thread.SpinWait(1000 * moment);
        thread.Interrupt();
        thread.Join();
        return failure;
    }

    private sealed class Steps(Action completed) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => completed();
    }

    /// <summary>A test that becomes an ordinary user or is one, and is skipped where that cannot be.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class OrdinaryUserFactAttribute : FactAttribute
    {
        private const int SetUserId = 7;

        public OrdinaryUserFactAttribute()
        {
            if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
                Skip = "Needs Linux's limits of a user's threads, in a 64-bit process.";
            else if (Environment.IsPrivilegedProcess && !HasCapability(SetUserId))
                Skip = "Needs to become an ordinary user, for whom alone the number of threads is limited; this process may not.";
        }

        private static bool HasCapability(int number) => File.ReadLines("/proc/self/status")
            .Where(static line => line.StartsWith("CapEff:", StringComparison.Ordinal))
            .Any(line => (Convert.ToUInt64(line["CapEff:".Length..].Trim(), 16) >> number & 1) != 0);
    }
}
