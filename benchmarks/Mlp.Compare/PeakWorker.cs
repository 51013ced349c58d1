using System.Diagnostics;
using System.Runtime.InteropServices;
using Mlp.Benchmarks;
using Mlp.Numerics;

namespace Mlp.Compare;

/// <summary>Measures the FMA peak of as many cores as there are threads, all at the same time.</summary>
internal sealed class PeakWorker : IWorker, IDisposable
{
    /// <summary>Multiply-adds of each chain in one iteration: a few tens of microseconds.</summary>
    private const int Rounds = 10_000;

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
}
