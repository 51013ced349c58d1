using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Mlp.CompilerServices;

namespace Mlp.Benchmarks;

/// <summary>
/// Compares training steps of 784-300-100-10 (Adam, batch 64, one thread) with the processor's peak. Both are measured in turns, about a
/// millisecond each, so that a clock that changes or a neighbour on the machine spoils neither more than the other.
/// </summary>
internal static class PeakComparison
{
    private const int Repetitions = 401;
    private const int BatchSize = 64;
    private const int Batches = 32;
    private const int WarmUpSteps = 400;
    private const int PeakRounds = 250_000;

    public static void Run()
    {
        ImageNet net = new(seed: 1) { Threads = 1 };
        Rows rows = new(Batches * BatchSize, ImageNet.InputSize, ImageNet.OutputSize);
        Adam optimizer = new(1e-4f);
        double[] peaks = new double[Repetitions];
        double[] steps = new double[Repetitions];
        double[] fractions = new double[Repetitions];

        FmaPeak.Run(PeakRounds, out _);
        for (int step = 0; step < WarmUpSteps; step++)
            Step(step);
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            long start = Stopwatch.GetTimestamp();
            double flops = FmaPeak.Run(PeakRounds, out float result);
            peaks[repetition] = flops / Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (result != 12)
                throw new InvalidOperationException($"The chains should all have ended at 1, but their sum is {result}.");

            start = Stopwatch.GetTimestamp();
            Step(repetition);
            steps[repetition] = BatchSize / Stopwatch.GetElapsedTime(start).TotalSeconds;
            fractions[repetition] = steps[repetition] * ImageNet.FlopsPerRow / peaks[repetition];
        }

        double rate = Median(steps);
        Print($"{RuntimeInformation.ProcessArchitecture}, {VectorWidth.Bits}-bit vectors, {RuntimeInformation.FrameworkDescription}; medians of {Repetitions} repetitions in turns");
        Print($"FMA peak of one core     {Median(peaks) / 1e9,10:F1} GFLOP/s");
        Print($"784-300-100-10 training  {rate * ImageNet.FlopsPerRow / 1e9,10:F1} GFLOP/s");
        Print($"                         {rate,10:F0} samples/s");
        Print($"fraction of peak         {Median(fractions),10:P1}");

        void Step(int step)
        {
            int first = step % Batches * BatchSize;
            net.TrainStep(rows.Inputs(first, BatchSize), rows.Targets(first, BatchSize), optimizer);
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
