using System.Runtime.ExceptionServices;

namespace Mlp;

/// <summary>Independent pieces of work, each on one thread, several at once. Results do not depend on how many.</summary>
/// <param name="workers">Most pieces at once, at least 1; the calling thread does some of them.</param>
/// <param name="cancellationToken">Ends all of them.</param>
internal sealed class ParallelJobs(int workers, CancellationToken cancellationToken)
{
    /// <summary>Threads of a network that is one of these pieces.</summary>
    /// <param name="options">How it is trained; what they say counts where there is one piece at a time.</param>
    public int ThreadsOfEach(TrainingOptions options) => workers > 1 ? 1 : options.Threads;

    /// <summary>Does the work and returns when all of it has ended.</summary>
    /// <param name="count">Number of pieces.</param>
    /// <param name="job">Does a piece, given its number and what ends it.</param>
    /// <returns>The result of each piece; null for those that cancellation left undone.</returns>
    /// <remarks>Where one throws, the others are ended, and its exception is rethrown: that of the first piece of those that threw.</remarks>
    /// <exception cref="ThreadInterruptedException">The calling thread was interrupted.</exception>
    public T?[] Run<T>(int count, Func<int, CancellationToken, T> job) where T : class
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        T?[] results = new T?[count];
        Exception?[] failures = new Exception?[count];
        int next = -1;
        List<Thread> threads = Started(Math.Min(workers, count) - 1, Work);
        Work();
        bool isInterrupted = false;
        foreach (Thread thread in threads)
        {
            isInterrupted |= WaitFor(thread, stop);
        }

        if (Array.Find(failures, static failure => failure is not null) is Exception first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return isInterrupted ? throw new ThreadInterruptedException() : results;

        void Work()
        {
            for (int number = Interlocked.Increment(ref next); number < count && !stop.IsCancellationRequested; number = Interlocked.Increment(ref next))
            {
                try
                {
                    results[number] = job(number, stop.Token);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception failure)
                {
                    failures[number] = failure;
                    stop.Cancel();
                    return;
                }
            }
        }
    }

    /// <summary>Starts threads, as many as the system allows.</summary>
    private static List<Thread> Started(int count, ThreadStart work)
    {
        List<Thread> threads = [];
        try
        {
            while (threads.Count < count)
            {
                Thread thread = new(work) { IsBackground = true, Name = "MlpGen fold" };
                thread.Start();
                threads.Add(thread);
            }
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // No memory, or no more threads for this user or process: the existing ones do the work.
        }

        return threads;
    }

    /// <returns>Whether the waiting thread was interrupted, which ends the work.</returns>
    private static bool WaitFor(Thread thread, CancellationTokenSource stop)
    {
        bool isInterrupted = false;
        while (true)
        {
            try
            {
                thread.Join();
                return isInterrupted;
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
                stop.Cancel();
            }
        }
    }
}
