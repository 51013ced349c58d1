using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Mlp.CompilerServices;

/// <summary>
/// The threads that networks work on beside the calling one. They are started when first needed and kept; between two pieces of work they spin
/// for some microseconds and then sleep.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WorkerPool
{
    /// <summary>
    /// Multiply-adds from which on another thread pays off by default: about ten microseconds of work, several times the cost of the hand-over
    /// and of fetching the other thread's results from its cache.
    /// </summary>
    private const long WorthwhileMultiplyAdds = 1 << 20;

    // Short enough to have threads again soon, long enough that failed attempts cost nothing.
    private const int MillisecondsBetweenAttempts = 100;

    private static readonly Signal Completed = new();
    private static readonly List<Worker> Workers = [];
    private static long _nextAttempt;
    private static int _isTaken;
    private static int _completed;
    private static int _remaining;
    private static Exception? _failure;

    /// <summary>Most threads that work at once. Default: the number of processors; tests set more.</summary>
    internal static int Limit { get; set; } = Environment.ProcessorCount;

    /// <summary>How many threads to use.</summary>
    /// <param name="wanted">The user's wish; 0 for as many as pay off.</param>
    /// <param name="multiplyAdds">An estimate of the work.</param>
    /// <returns>At least 1.</returns>
    internal static int Threads(int wanted, long multiplyAdds)
    {
        long threads = wanted > 0 ? wanted : multiplyAdds / WorthwhileMultiplyAdds;
        return (int)Math.Max(1, Math.Min(threads, Limit));
    }

    /// <summary>The rows of a part: whole groups of eight but for the last.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="part">Number of the part, from 0.</param>
    /// <param name="parts">Number of parts.</param>
    /// <returns>The first row of the part, and how many it has; perhaps none.</returns>
    internal static (nuint First, nuint Count) Rows(nuint rows, int part, int parts) => Range(rows, 8, part, parts);

    /// <summary>A part of a range, in whole groups but for the last.</summary>
    /// <param name="length">Length of the range.</param>
    /// <param name="group">Size of a group.</param>
    /// <param name="part">Number of the part, from 0.</param>
    /// <param name="parts">Number of parts.</param>
    /// <returns>Where the part begins, and how long it is; perhaps 0.</returns>
    public static (nuint First, nuint Count) Range(nuint length, nuint group, int part, int parts)
    {
        nuint groups = (length + group - 1) / group;
        nuint first = groups * (nuint)part / (nuint)parts * group;
        nuint end = Math.Min(groups * (nuint)(part + 1) / (nuint)parts * group, length);
        return (first, end - Math.Min(first, end));
    }

    /// <summary>
    /// Does all parts of a work and returns when they are done. The calling thread does the whole work as one part where there is one part, where
    /// other work has the threads, or where no thread can be started. Allocates nothing once the threads are there.
    /// </summary>
    /// <param name="work">The work. The threads share it, wherever it lies.</param>
    /// <param name="parts">Most parts, one a thread; the first is the calling thread's. With fewer threads there are fewer parts.</param>
    /// <remarks>
    /// Where parts throw, one exception is rethrown after all parts have ended: the calling thread's if it threw. If the calling thread is
    /// interrupted, it still waits for the others, and the interruption stays pending.
    /// </remarks>
    internal static void Run<TWork>(ref TWork work, int parts) where TWork : struct, IParallelWork, allows ref struct
    {
        if (parts <= 1 || Interlocked.CompareExchange(ref _isTaken, 1, 0) != 0)
        {
            work.Run(0, 1);
            return;
        }

        Exception? failure;
        try
        {
            failure = RunTogether(ref work, Workers.Count >= parts - 1 ? parts : Start(parts - 1) + 1);
        }
        finally
        {
            Volatile.Write(ref _isTaken, 0);
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <returns>What one of the parts threw, if any did.</returns>
    private static unsafe Exception? RunTogether<TWork>(ref TWork work, int parts) where TWork : struct, IParallelWork, allows ref struct
    {
        // More threads than processors would spin in each other's way.
        bool spins = parts <= Environment.ProcessorCount;
        bool isInterrupted = false;
        Exception? failure = null;
        _remaining = parts - 1;

        // The caller's frame stays until all parts have ended; work that lies on the heap is held in its place.
        fixed (byte* place = &Unsafe.As<TWork, byte>(ref work))
        {
            for (int part = 1; part < parts; part++)
            {
                Workers[part - 1].Begin(&RunPart<TWork>, place, part, parts, spins);
            }

            try
            {
                work.Run(0, parts);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            if (parts > 1)
            {
                _completed = Completed.Await(_completed, spins, ref isInterrupted);
            }
        }

        if (isInterrupted)
        {
            Interruption.Renew();
        }

        failure ??= _failure;
        _failure = null;
        return failure;
    }

    /// <summary>Starts the threads that are missing, as far as the system allows. After a failure it waits a while before it tries again.</summary>
    /// <returns>How many there are.</returns>
    private static int Start(int count)
    {
        if (Environment.TickCount64 >= _nextAttempt)
        {
            try
            {
                Workers.EnsureCapacity(count);
                while (Workers.Count < count)
                {
                    Workers.Add(new Worker());
                }
            }
            catch (Exception)
            {
                // No memory, or no more threads for this user or process: the existing ones do the work.
                _nextAttempt = Environment.TickCount64 + MillisecondsBetweenAttempts;
            }
        }

        return Workers.Count;
    }

    private static unsafe void RunPart<TWork>(void* work, int part, int parts) where TWork : struct, IParallelWork, allows ref struct =>
        Unsafe.AsRef<TWork>(work).Run(part, parts);

    /// <summary>A thread, and the part that it was given last.</summary>
    private sealed unsafe class Worker
    {
        private readonly Signal _begin = new();
        private delegate*<void*, int, int, void> _run;
        private void* _work;
        private int _part;
        private int _parts;
        private bool _spins;

        public Worker() => new Thread(Loop) { IsBackground = true, Name = "MlpGen worker" }.UnsafeStart();

        public void Begin(delegate*<void*, int, int, void> run, void* work, int part, int parts, bool spins)
        {
            _run = run;
            _work = work;
            _part = part;
            _parts = parts;
            _spins = spins;
            _begin.Raise();
        }

        private void Loop()
        {
            int seen = 0;
            bool isInterrupted = false;
            while (true)
            {
                seen = _begin.Await(seen, _spins, ref isInterrupted);
                try
                {
                    _run(_work, _part, _parts);
                }
                catch (Exception exception)
                {
                    _failure = exception;
                }

                if (Interlocked.Decrement(ref _remaining) == 0)
                {
                    Completed.Raise();
                }
            }
        }
    }
}
