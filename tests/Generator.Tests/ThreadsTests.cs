using Generator.Tests.Infrastructure;

namespace Generator.Tests;

/// <summary>What threads do between and after runs; that results do not depend on their number is tested with random networks and with bits.</summary>
public class ThreadsTests
{
    private const string Program = """
        using System;
        using System.Diagnostics;
        using System.Linq;
        using System.Threading;

        Mlp.CompilerServices.WorkerPool.Limit = 4;
        (Dataset train, _) = SyntheticData.Circles(2000, factor: 0.3, noise: 0.05, seed: 1).Split(0.5, seed: 1);
        Net net = new(seed: 1);
        net.Train(train, new TrainingOptions { Epochs = 3, BatchSize = 250, Threads = 4 });
        Console.WriteLine(net.Threads);

        // Longer than threads spin; what the process uses then is what it uses when nothing happens.
        Thread.Sleep(100);
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        Thread.Sleep(1000);
        process.Refresh();
        Console.WriteLine((process.TotalProcessorTime - before).TotalMilliseconds < 500 ? "idle" : "busy");

        [Input(2)] [Dense(64, Tanh)] [Dense(64, Relu)] [Dense(1, Sigmoid)] [Loss(BCE)]
        partial class Net;
        """;

    [Fact]
    public void NoThread_IsLeftSpinning_AfterARun()
    {
        using ChildProgram program = new(Program);

        Assert.Equal("0\nidle\n", program.Run([]).ReplaceLineEndings("\n"));
    }
}
