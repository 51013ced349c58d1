using System.Diagnostics;

namespace Mlp.CompilerServices;

/// <summary>A counter that one thread waits for and others raise. Waiting spins briefly, as most waits are short, and then parks the thread.</summary>
internal sealed class Signal
{
    private static readonly long SpinTicks = Stopwatch.Frequency / 10_000; // 100 µs: longer than what lies between two steps of a run.

    private readonly AutoResetEvent _wakeUp = new(false);
    private int _count;
    private int _isParked;

    /// <summary>Raises the counter, and wakes the thread that waits for it if it is parked.</summary>
    public void Raise()
    {
        Interlocked.Increment(ref _count);
        if (Volatile.Read(ref _isParked) != 0 && Interlocked.Exchange(ref _isParked, 0) != 0)
        {
            _wakeUp.Set();
        }
    }

    /// <summary>Returns the counter once it is no longer <paramref name="seen"/>.</summary>
    /// <param name="seen">The counter that the caller knows.</param>
    /// <param name="spins">Whether to spin first.</param>
    /// <param name="isInterrupted">Becomes true where the thread is interrupted; it waits on, as others use what is its own.</param>
    public int Await(int seen, bool spins, ref bool isInterrupted)
    {
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; spins; round++)
        {
            if (Volatile.Read(ref _count) != seen)
            {
                return Volatile.Read(ref _count);
            }

            Thread.SpinWait(1);
            spins = round % 64 != 0 || Stopwatch.GetTimestamp() - start < SpinTicks;
        }

        while (Volatile.Read(ref _count) == seen)
        {
            // Whoever raises the counter after the exchange sees the flag; whoever did before it is seen here.
            Interlocked.Exchange(ref _isParked, 1);
            if (Volatile.Read(ref _count) == seen || Interlocked.Exchange(ref _isParked, 0) == 0)
            {
                Park(ref isInterrupted);
            }
        }

        return Volatile.Read(ref _count);
    }

    /// <summary>Waits for the event, or shorter: whoever calls looks at the counter and comes again.</summary>
    private void Park(ref bool isInterrupted)
    {
        try
        {
            _wakeUp.WaitOne();
        }
        catch (Exception exception)
        {
            // A synchronization context waits in its own way, and throws what it likes; nothing that it throws ends the work of others.
            isInterrupted |= exception is ThreadInterruptedException;
        }
    }
}
