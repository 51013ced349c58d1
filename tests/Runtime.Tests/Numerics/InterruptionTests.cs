namespace Mlp.Runtime.Tests.Numerics;

public class InterruptionTests
{
    [Fact]
    public void ThrowIfPending_ThrowsOnce_AfterAnInterruption() => OnAThreadOfItsOwn(() =>
    {
        Interruption.ThrowIfPending();
        Thread.CurrentThread.Interrupt();

        Assert.Throws<ThreadInterruptedException>(Interruption.ThrowIfPending);
        Interruption.ThrowIfPending();
    });

    [Fact]
    public void Renew_MakesTheNextBlockingCallThrow() => OnAThreadOfItsOwn(() =>
    {
        Interruption.Renew();

        Assert.Throws<ThreadInterruptedException>(() => Thread.Sleep(1));
    });

    [Fact]
    public void Check_AsksAtItsFirstCall_AndAgainInEveryTick() => OnAThreadOfItsOwn(() =>
    {
        InterruptionCheck check = default;
        check.ThrowIfPending();
        Thread.CurrentThread.Interrupt();
        Assert.Throws<ThreadInterruptedException>(() => CallUntilTheClockHasTicked(ref check));

        Thread.CurrentThread.Interrupt();
        InterruptionCheck another = default;
        Assert.Throws<ThreadInterruptedException>(another.ThrowIfPending);
    });

    [Fact]
    public void Check_AllocatesNothing() => OnAThreadOfItsOwn(() =>
    {
        InterruptionCheck check = default;
        check.ThrowIfPending();

        long before = GC.GetAllocatedBytesForCurrentThread();
        CallUntilTheClockHasTicked(ref check);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    });

    private static void CallUntilTheClockHasTicked(ref InterruptionCheck check)
    {
        for (long start = Environment.TickCount64; Environment.TickCount64 - start < 2;)
        {
            check.ThrowIfPending();
        }

        check.ThrowIfPending();
    }

    /// <summary>An interruption that a fault leaves pending must not hit another test.</summary>
    private static void OnAThreadOfItsOwn(Action test)
    {
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(test));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
