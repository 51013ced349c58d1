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
    /// Multiply-adds from which on another thread pays off by default: about ten microseconds of work, several times what it costs to hand over
    /// and to fetch the other thread's results from its cache.
    /// </summary>
    private const long WorthwhileMultiplyAdds = 1 << 20;

    private static readonly Signal Completed = new();
    private static Worker[] _workers = [];
    private static int _isTaken;
    private static int _completed;
    private static int _remaining;
    private static ExceptionDispatchInfo? _failure;

    /// <summary>Most threads that work at once: the processors, unless a test wants more.</summary>
    public static int Limit { get; set; } = Environment.ProcessorCount;

    /// <summary>How many threads to use.</summary>
    /// <param name="wanted">The user's wish; 0 for as many as pay off.</param>
    /// <param name="multiplyAdds">An estimate of the work.</param>
    /// <returns>At least 1.</returns>
    public static int Threads(int wanted, long multiplyAdds)
    {
        long threads = wanted > 0 ? wanted : multiplyAdds / WorthwhileMultiplyAdds;
        return (int)Math.Max(1, Math.Min(threads, Limit));
    }

    /// <summary>The rows of a part: whole groups of eight but for the last.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="part">Number of the part, from 0.</param>
    /// <param name="parts">Number of parts.</param>
    /// <returns>The first row of the part, and how many it has; perhaps none.</returns>
    public static (nuint First, nuint Count) Rows(nuint rows, int part, int parts) => Range(rows, 8, part, parts);

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
    /// Does all parts of a work and returns when they are done. Where other work has the threads, or there is one part, the calling thread does
    /// it all as one. Allocates nothing once the threads are there.
    /// </summary>
    /// <param name="work">The work. The threads share it, wherever it lies.</param>
    /// <param name="parts">Number of parts, each for a thread; the first for the calling one.</param>
    /// <remarks>Of exceptions, one is thrown on, after all parts have ended.</remarks>
    public static void Run<TWork>(ref TWork work, int parts) where TWork : struct, IParallelWork, allows ref struct
    {
        if (parts <= 1 || Interlocked.CompareExchange(ref _isTaken, 1, 0) != 0)
        {
            work.Run(0, 1);
            return;
        }

        try
        {
            RunTogether(ref work, parts);
        }
        finally
        {
            Volatile.Write(ref _isTaken, 0);
        }
    }

    private static unsafe void RunTogether<TWork>(ref TWork work, int parts) where TWork : struct, IParallelWork, allows ref struct
    {
        if (_workers.Length < parts - 1)
        {
            Start(parts - 1);
        }

        // More threads than processors would spin in each other's way.
        bool spins = parts <= Environment.ProcessorCount;
        _remaining = parts - 1;
        for (int part = 1; part < parts; part++)
        {
            // The caller's frame, and with it the work, stays until all parts have ended.
            _workers[part - 1].Begin(&RunPart<TWork>, Unsafe.AsPointer(ref work), part, parts, spins);
        }

        try
        {
            work.Run(0, parts);
        }
        finally
        {
            _completed = Completed.Await(_completed, spins);
        }

        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    private static void Start(int count)
    {
        int started = _workers.Length;
        Array.Resize(ref _workers, count);
        for (int i = started; i < count; i++)
        {
            _workers[i] = new Worker();
        }
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
            while (true)
            {
                seen = _begin.Await(seen, _spins);
                try
                {
                    _run(_work, _part, _parts);
                }
                catch (Exception exception)
                {
                    _failure = ExceptionDispatchInfo.Capture(exception);
                }

                if (Interlocked.Decrement(ref _remaining) == 0)
                {
                    Completed.Raise();
                }
            }
        }
    }
}
