using Mlp.Testing;

namespace Mlp.Runtime.Tests.Numerics;

/// <summary>Runs alone: other tests may have the pool's threads.</summary>
[CollectionDefinition(nameof(WorkerPoolTests), DisableParallelization = true)]
[Collection(nameof(WorkerPoolTests))]
public sealed class WorkerPoolTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly int _limit = WorkerPool.Limit;

    public WorkerPoolTests() => WorkerPool.Limit = 64;

    public void Dispose() => WorkerPool.Limit = _limit;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    public void Run_DoesEveryPartOnce(int parts)
    {
        int[] runs = new int[parts];
        for (int round = 0; round < 200; round++)
        {
            Counting work = new(runs);
            WorkerPool.Run(ref work, parts);
            Assert.True(runs.All(count => count == round + 1), string.Join(" ", runs));
        }
    }

    [Fact]
    public void Run_SharesTheWorkWithItsThreads()
    {
        Span<int> results = stackalloc int[4];
        Writing work = new() { Results = results };

        WorkerPool.Run(ref work, 4);

        Assert.Equal([1, 2, 3, 4], results.ToArray());
    }

    [Fact]
    public void Run_InsideAnother_IsDoneByItsOwnThreadAsOnePart()
    {
        Nested work = new() { Inner = new int[3] };

        WorkerPool.Run(ref work, 3);

        Assert.Equal([1, 1, 1], work.Inner);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Run_ThrowsWhatAPartThrew_AfterAllHaveEnded(int thrower)
    {
        int[] runs = new int[3];
        Failing work = new(runs, thrower);
        try
        {
            WorkerPool.Run(ref work, 3);
            Assert.Fail("The exception was lost.");
        }
        catch (InvalidOperationException exception)
        {
            Assert.Equal($"part {thrower}", exception.Message);
        }

        Assert.Equal([1, 1, 1], runs);
        Counting next = new(runs);
        WorkerPool.Run(ref next, 3);
        Assert.Equal([2, 2, 2], runs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_ThrowsOnce_WhereSeveralPartsThrow(bool callersToo)
    {
        for (int round = 0; round < 20; round++)
        {
            AllFailing bad = new(callersToo);
            InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => WorkerPool.Run(ref bad, 4));
            if (callersToo)
            {
                Assert.Equal("part 0", exception.Message);
            }

            int[] runs = new int[4];
            Counting good = new(runs);
            WorkerPool.Run(ref good, 4);
            Assert.Equal([1, 1, 1, 1], runs);
        }
    }

    [Fact]
    public void Run_InsideWorkThatThrows_AndAfterIt_DoesItsWork()
    {
        int[] inner = new int[3];
        NestedFailing work = new(inner);

        Assert.Throws<InvalidOperationException>(() => WorkerPool.Run(ref work, 3));

        Assert.Equal([1, 1, 1], inner);
        Run_DoesEveryPartOnce(3);
    }

    [Fact]
    public void Run_WaitsForAllParts_HoweverOftenItsThreadIsInterrupted_AndKeepsTheInterruption()
    {
        Ending ending = new();
        bool hadEnded = false, isPending = false;
        Exception? failure = null;
        Thread caller = new(() =>
        {
            Blocking work = new(ending);
            failure = Record.Exception(() => WorkerPool.Run(ref work, 2));
            hadEnded = ending.HasEnded;
            isPending = Record.Exception(Interruption.ThrowIfPending) is ThreadInterruptedException;
        });
        caller.Start();
        for (int interruption = 0; interruption < 20; interruption++)
        {
            Assert.True(SpinWait.SpinUntil(() => !caller.IsAlive || caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Patience));
            caller.Interrupt();
        }

        ending.Gate.Set();
        Assert.True(caller.Join(Patience));
        Assert.Null(failure);
        Assert.True(hadEnded);
        Assert.True(isPending);
        Run_DoesEveryPartOnce(2);
    }

    [Fact]
    public void Run_OfInterruptedThreads_GivesEachItsResult()
    {
        Exception? failure = null;
        Thread caller = new(() => failure = Record.Exception(() =>
        {
            for (int round = 0; round < 200; round++)
            {
                Thread.CurrentThread.Interrupt();
                Run_SharesTheWorkWithItsThreads();
            }

            Assert.Throws<ThreadInterruptedException>(Interruption.ThrowIfPending);
        }));
        caller.Start();
        Assert.True(caller.Join(Patience));
        Assert.Null(failure);
    }

    [Fact]
    public void Run_FromManyThreadsAtOnce_DoesAllWork()
    {
        int[] runs = new int[4];
        Parallel.For(0, 400, _ =>
        {
            Totalling work = new(runs);
            WorkerPool.Run(ref work, 4);
        });

        // Each run counts as much in one part as in four.
        Assert.Equal(4 * 400, runs.Sum());
    }

    [Fact]
    public void Run_OnceWarm_AllocatesNothing()
    {
        int[] runs = new int[4];
        Counting work = new(runs);
        WorkerPool.Run(ref work, 4);
        Thread.Sleep(20); // Until the threads are parked, so that the next run wakes them.
        WorkerPool.Run(ref work, 4);

        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int round = 0; round < 100; round++)
            {
                WorkerPool.Run(ref work, 4);
            }
        }));
    }

    [Theory]
    [InlineData(0, 100, 1)]
    [InlineData(0, 3L << 20, 3)]
    [InlineData(0, long.MaxValue, 64)]
    [InlineData(5, 1, 5)]
    [InlineData(1, long.MaxValue, 1)]
    [InlineData(1000, 1, 64)]
    public void Threads_AreWhatPaysOff_OrWhatIsWanted_ButNoMoreThanTheLimit(int wanted, long multiplyAdds, int expected) =>
        Assert.Equal(expected, WorkerPool.Threads(wanted, multiplyAdds));

    [Theory]
    [InlineData(64, 2)]
    [InlineData(65, 2)]
    [InlineData(7, 3)]
    [InlineData(1000, 7)]
    [InlineData(0, 2)]
    public void Rows_AreEachInOnePart_InOrder_FromMultiplesOfEight(int rows, int parts)
    {
        int next = 0;
        for (int part = 0; part < parts; part++)
        {
            (nuint first, nuint count) = WorkerPool.Rows((nuint)rows, part, parts);
            if (count > 0)
            {
                Assert.Equal(next, (int)first);
                Assert.Equal(0, next % 8);
                next += (int)count;
            }
        }

        Assert.Equal(rows, next);
    }

    private readonly struct Counting(int[] runs) : IParallelWork
    {
        public void Run(int part, int parts) => runs[part]++;
    }

    private readonly struct Totalling(int[] runs) : IParallelWork
    {
        public void Run(int part, int parts) => Interlocked.Add(ref runs[part], 4 / parts);
    }

    private ref struct Writing : IParallelWork
    {
        public Span<int> Results;

        public void Run(int part, int parts) => Results[part] = part + 1;
    }

    private struct Nested : IParallelWork
    {
        public int[] Inner;

        public readonly void Run(int part, int parts)
        {
            int[] own = new int[1];
            Counting inner = new(own);
            WorkerPool.Run(ref inner, 2);
            Inner[part] = own[0];
        }
    }

    private readonly struct Failing(int[] runs, int thrower) : IParallelWork
    {
        public void Run(int part, int parts)
        {
            runs[part]++;
            if (part == thrower)
            {
                throw new InvalidOperationException($"part {part}");
            }
        }
    }

    private readonly struct AllFailing(bool callersToo) : IParallelWork
    {
        public void Run(int part, int parts)
        {
            if (part > 0 || callersToo)
            {
                throw new InvalidOperationException($"part {part}");
            }
        }
    }

    private readonly struct NestedFailing(int[] inner) : IParallelWork
    {
        public void Run(int part, int parts)
        {
            int[] own = new int[1];
            Counting work = new(own);
            WorkerPool.Run(ref work, 2);
            inner[part] = own[0];
            AllFailing failing = new(callersToo: true);
            WorkerPool.Run(ref failing, 2);
        }
    }

    /// <summary>The second part ends once it may.</summary>
    private sealed class Ending
    {
        public readonly ManualResetEventSlim Gate = new();
        public volatile bool HasEnded;
    }

    private readonly struct Blocking(Ending ending) : IParallelWork
    {
        public void Run(int part, int parts)
        {
            if (part == 1)
            {
                ending.Gate.Wait();
                ending.HasEnded = true;
            }
        }
    }
}
