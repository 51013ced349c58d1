using System.Diagnostics;

namespace Mlp;

/// <summary>Tells how far a cross-validation or a search is, one report at a time.</summary>
/// <param name="progress">Who is told; null for nobody.</param>
/// <param name="total">Networks that there will be.</param>
internal sealed class FoldReports(IProgress<FoldProgress>? progress, int total)
{
    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _completed;

    /// <summary>Tells of a network that was trained and judged, or whose training overflowed.</summary>
    public void Add(FoldResult? result)
    {
        lock (_lock)
        {
            _completed++;
            progress?.Report(new FoldProgress { Completed = _completed, Total = total, Elapsed = Stopwatch.GetElapsedTime(_start), Result = result });
        }
    }
}
