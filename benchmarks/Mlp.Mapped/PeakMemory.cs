using System.Globalization;

namespace MlpMapped;

/// <summary>Looks again and again how much memory the process holds that is no part of a file; on Linux, elsewhere 0.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly Timer _timer;
    private long _kilobytes;

    /// <summary>Begins to look.</summary>
    public PeakMemory() => _timer = new Timer(_ => Look(), state: null, dueTime: 0, period: 50);

    /// <summary>The most so far, in units of 10⁶ bytes.</summary>
    public double Megabytes
    {
        get
        {
            Look();
            return Interlocked.Read(ref _kilobytes) * 1.024e-3;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        long now = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        for (long most = Interlocked.Read(ref _kilobytes); now > most; most = Interlocked.Read(ref _kilobytes))
        {
            Interlocked.CompareExchange(ref _kilobytes, now, most);
        }
    }
}
