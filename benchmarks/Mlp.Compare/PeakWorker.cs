using System.Diagnostics;
using System.Runtime.InteropServices;
using Mlp.Benchmarks;
using Mlp.CompilerServices;

namespace Mlp.Compare;

/// <summary>Measures the FMA peak of as many cores as there are threads, all at the same time.</summary>
internal sealed partial class PeakWorker : IWorker, IDisposable
{
    /// <summary>Multiply-adds of each chain in one iteration: a few tens of microseconds.</summary>
    private const int Rounds = 10_000;

    /// <summary>The processors that the process may use, a bit each, before any thread was pinned; none where nothing is to be pinned.</summary>
    private static readonly ulong Allowed = OperatingSystem.IsLinux() && sched_getaffinity(0, sizeof(ulong), out ulong allowed) == 0 ? allowed : 0;

    private Barrier? _barrier;
    private double[] _rates = [];
    private long _iterations;

    public string Version { get; } = $"{VectorWidth.Bits}-bit vectors, {RuntimeInformation.FrameworkDescription}";

    /// <summary>Floating-point operations of one iteration on one thread.</summary>
    public static double FlopsPerIteration { get; } = FmaPeak.Run(Rounds, out _);

    public string? Prepare(Work work)
    {
        int threads = work.Threads[0];
        _rates = new double[threads];
        _barrier = new Barrier(threads);
        if (threads > 1)
            Pin(0);
        for (int i = 1; i < threads; i++)
        {
            int thread = i;
            new Thread(() => Follow(thread)) { IsBackground = true }.Start();
        }

        return null;
    }

    /// <summary>The time that one core as fast as all together would take for the iterations.</summary>
    public Turn Run(long iterations)
    {
        _iterations = iterations;
        _barrier!.SignalAndWait();
        Measure(0);
        _barrier.SignalAndWait();
        return new Turn(iterations * FlopsPerIteration / _rates.Sum(), 0);
    }

    public void Dispose() => _barrier?.Dispose();

    private void Follow(int thread)
    {
        Pin(thread);
        while (true)
        {
            _barrier!.SignalAndWait();
            Measure(thread);
            _barrier.SignalAndWait();
        }
    }

    private void Measure(int thread)
    {
        double flops = 0;
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < _iterations; i++)
        {
            flops += FmaPeak.Run(Rounds, out float result);
            if (result != 12)
                throw new InvalidOperationException($"The chains should all have ended at 1, but their sum is {result}.");
        }

        _rates[thread] = flops / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Pins the calling thread to a processor of its own. The measurement is too short for the system to part two threads that woke up on one processor.
    /// On systems other than Linux, and above 64 processors, the system places the threads.
    /// </summary>
    private static void Pin(int thread)
    {
        ulong processors = Allowed;
        for (int skipped = 0; skipped < thread; skipped++)
            processors &= processors - 1;
        ulong lowest = processors & (~processors + 1);
        if (lowest != 0)
            _ = sched_setaffinity(0, sizeof(ulong), in lowest);
    }

    [LibraryImport("libc")]
    private static partial int sched_getaffinity(int thread, nint bytes, out ulong processors);

    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nint bytes, in ulong processors);
}
