using System.Diagnostics;
using System.Globalization;

namespace MlpSoak;

/// <summary>What the process holds at a moment.</summary>
/// <param name="Heap">Bytes that a full collection leaves.</param>
/// <param name="WorkingSet">Bytes of memory in use.</param>
/// <param name="Handles">Open files and the like.</param>
/// <param name="Threads">Threads.</param>
internal readonly record struct Usage(long Heap, long WorkingSet, int Handles, int Threads)
{
    /// <summary>How it is now.</summary>
    public static Usage Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        int handles = OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : process.HandleCount;
        return new Usage(GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64, handles, process.Threads.Count);
    }

    /// <summary>The most of each of two.</summary>
    public Usage Most(Usage other) => new(
        Math.Max(Heap, other.Heap), Math.Max(WorkingSet, other.WorkingSet), Math.Max(Handles, other.Handles), Math.Max(Threads, other.Threads));

    /// <summary>Whether it is no more than an earlier one, but for what collections and the thread pool do at will.</summary>
    public bool IsFlatAfter(Usage earlier)
    {
        const long Slack = 16 << 20;
        return Heap <= earlier.Heap + (earlier.Heap / 20) + (1 << 20) && WorkingSet <= earlier.WorkingSet + Slack
            && Handles <= earlier.Handles + 4 && Threads <= earlier.Threads + 4;
    }

    /// <summary>The figures in a line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"heap {Heap / 1048576.0:F2} MB, working set {WorkingSet / 1048576.0:F1} MB, {Handles} handles, {Threads} threads");
}
