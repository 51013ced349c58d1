namespace Mlp.Testing;

/// <summary>Counts what calls allocate.</summary>
internal static class AllocatedBytes
{
    private const int Rounds = 6;

    /// <summary>The fewest bytes that a call allocated on this thread, of a few rounds behind the first.</summary>
    /// <param name="call">What is called.</param>
    /// <remarks>
    /// The runtime's caches, that of generic virtual calls for example, are shared by the process: they may grow in a call because of tests beside it. What a
    /// call allocates itself, it allocates in every round.
    /// </remarks>
    public static long Least(Action call)
    {
        call();
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
