namespace Mlp.Numerics;

/// <summary>Notices <see cref="Thread.Interrupt"/> between two pieces of work: the framework hands an interruption to a call that blocks, and kernels never do.</summary>
internal static class Interruption
{
    /// <summary>Returns at once, in about half a microsecond, unless the calling thread has been interrupted.</summary>
    /// <exception cref="ThreadInterruptedException">It has been; with this, the interruption is no longer pending.</exception>
    // Of what may block, this alone neither blocks, nor waits for something, nor dispatches messages or asks a synchronization context first.
    public static void ThrowIfPending() => Thread.Sleep(0);

    /// <summary>Keeps an interruption that was caught pending: the thread's next call that blocks throws it.</summary>
    public static void Renew() => Thread.CurrentThread.Interrupt();
}

/// <summary>The same for what comes by the million: asks once in each tick of the clock, every some milliseconds. A run of steps holds one, and copies none.</summary>
internal struct InterruptionCheck
{
    private long _tick;

    /// <summary>Returns at once, in about 10 ns, unless the calling thread was interrupted; the first call always asks.</summary>
    /// <inheritdoc cref="Interruption.ThrowIfPending"/>
    public void ThrowIfPending()
    {
        long tick = Environment.TickCount64;
        if (tick != _tick)
        {
            _tick = tick;
            Interruption.ThrowIfPending();
        }
    }
}
