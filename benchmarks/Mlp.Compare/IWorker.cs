using System.Globalization;

namespace Mlp.Compare;

/// <summary>What a worker measured in one turn.</summary>
/// <param name="Seconds">Wall clock.</param>
/// <param name="AllocatedBytes">Managed memory that the turn allocated on all threads; 0 for workers that do not know.</param>
internal readonly record struct Turn(double Seconds, long AllocatedBytes);

/// <summary>A library that does work on request, in a process of its own.</summary>
internal interface IWorker
{
    string Version { get; }

    /// <summary>Makes everything that the work needs.</summary>
    /// <returns>Null, or why this worker cannot do it.</returns>
    string? Prepare(Work work);

    Turn Run(long iterations);
}

/// <summary>
/// The conversation between the comparison and a worker, a line each way. The worker begins with <c>hello VERSION</c>. It answers <c>prepare WORK</c>
/// with <c>ready</c> or <c>unsupported REASON</c>, and <c>run WARM-UP ITERATIONS</c> with <c>seconds SECONDS BYTES</c>; the end of its input ends it.
/// </summary>
internal static class WorkerLoop
{
    public static void Serve(IWorker worker)
    {
        Console.WriteLine($"hello {worker.Version}");
        while (Console.ReadLine() is string line)
        {
            string[] words = line.Split(' ', 2);
            Console.WriteLine(words[0] == "prepare" ? Prepare(worker, words[1]) : Run(worker, words[1]));
        }
    }

    private static string Prepare(IWorker worker, string work) => worker.Prepare(Work.Parse(work)) is string reason ? $"unsupported {reason}" : "ready";

    private static string Run(IWorker worker, string counts)
    {
        long[] parsed = [.. counts.Split(' ').Select(count => long.Parse(count, CultureInfo.InvariantCulture))];
        if (parsed[0] > 0)
            worker.Run(parsed[0]);
        Turn turn = worker.Run(parsed[1]);
        return string.Create(CultureInfo.InvariantCulture, $"seconds {turn.Seconds:R} {turn.AllocatedBytes}");
    }
}
