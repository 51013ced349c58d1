using System.Diagnostics;

namespace Contract.Tests;

/// <summary>Training as a stream of epochs: on a thread of its own, to the bits of <c>Train</c>, and over when its loop is.</summary>
public class TrainAsyncTests
{
    private static readonly Dataset Data = Sets.Smooth(120, 6);
    private static readonly TrainingOptions Options = new() { Epochs = 5, BatchSize = 20, Validation = Sets.Smooth(30, 6, seed: 2) };

    [Fact]
    public async Task TheLoop_HasTheEpochsAndBitsOfTrain()
    {
        FullNet streamed = new(1);
        FullNet trained = new(1);
        List<EpochResult> epochs = [];
        await foreach (EpochResult epoch in streamed.TrainAsync(Data, Options))
        {
            epochs.Add(epoch with { Elapsed = default });
        }

        // The network is free as soon as the loop has ended.
        streamed.Train(Data, Options);
        TrainingHistory history = trained.Train(Data, Options);
        trained.Train(Data, Options);
        Assert.Equal(history.Epochs.Select(static epoch => epoch with { Elapsed = default }), epochs);
        Assert.Equal(Sets.Parameters(trained), Sets.Parameters(streamed));
    }

    [Fact]
    public async Task TrainingRunsOnAThreadOfItsOwn_FromTheFirstResultOn()
    {
        int? thread = null;
        FullNet net = new(1);
        IAsyncEnumerable<EpochResult> epochs = net.TrainAsync(Data, Options with { Callbacks = [new Hook(_ => thread = Environment.CurrentManagedThreadId)] });
        Assert.Equal(0, net.StepsTrained);
        int here = Environment.CurrentManagedThreadId;
        await foreach (EpochResult epoch in epochs)
        {
            Assert.NotEqual(here, thread);
        }

        Assert.Equal(30, net.StepsTrained);
    }

    [Fact]
    public async Task LeavingTheLoop_EndsTheRunAtAStep()
    {
        FullNet net = new(1);
        await foreach (EpochResult epoch in net.TrainAsync(Data, Options with { Epochs = int.MaxValue }))
        {
            if (epoch.Epoch == 3)
            {
                break;
            }
        }

        long steps = net.StepsTrained;
        Assert.True(steps >= 18);
        Thread.Sleep(50);
        Assert.Equal(steps, net.StepsTrained);

        FullNet same = new(1);
        same.Train(Data, Options with { Steps = (int)steps });
        Assert.Equal(Sets.Parameters(same), Sets.Parameters(net));
        net.Train(Data, Options);
    }

    [Fact]
    public async Task ASlowReader_DoesNotHoldTrainingBack()
    {
        using ManualResetEventSlim ended = new();
        FullNet net = new(1);
        int read = 0;
        await foreach (EpochResult epoch in net.TrainAsync(Data, Options with { Callbacks = [new Hook(step => { }, ended.Set)] }))
        {
            Assert.True(ended.Wait(TimeSpan.FromMinutes(1)));
            Assert.Equal(++read, epoch.Epoch);
        }

        Assert.Equal(5, read);
    }

    [Fact]
    public async Task Cancelling_ThrowsWithTheHistory_AndTheCallersToken()
    {
        foreach (bool byWith in (bool[])[false, true])
        {
            using CancellationTokenSource source = new();
            FullNet net = new(1);
            IAsyncEnumerable<EpochResult> epochs = byWith
                ? net.TrainAsync(Data, Options with { Epochs = int.MaxValue })
                : net.TrainAsync(Data, Options with { Epochs = int.MaxValue }, source.Token);
            TrainingCancelledException error = await Assert.ThrowsAsync<TrainingCancelledException>(async () =>
            {
                await foreach (EpochResult epoch in epochs.WithCancellation(byWith ? source.Token : default))
                {
                    if (epoch.Epoch == 2)
                    {
                        source.Cancel();
                    }
                }
            });
            Assert.True(error.History.Epochs.Count >= 2);
            Assert.Equal(StopReason.Cancelled, error.History.StopReason);
            Assert.True(error.CancellationToken.IsCancellationRequested);
        }
    }

    [Fact]
    public async Task WhatTrainThrows_TheLoopThrows()
    {
        BatchNet net = new(1);
        Assert.Throws<ArgumentNullException>("data", () => { _ = net.TrainAsync(null!); });
        await Assert.ThrowsAsync<ArgumentException>(async () => await Read(net.TrainAsync(Sets.Smooth(5, 3))));
        await Assert.ThrowsAsync<NonFiniteLossException>(async () => await Read(net.TrainAsync(Sets.Smooth(30, 2), new TrainingOptions { Optimizer = new Sgd(1e30f) })));

        // A network that trains already refuses.
        BatchNet busy = new(1);
        busy.Train(Sets.Smooth(30, 2), new TrainingOptions
        {
            Callbacks = [new Hook(_ => Assert.ThrowsAsync<InvalidOperationException>(async () => await Read(busy.TrainAsync(Sets.Smooth(5, 2)))).Wait())],
        });

        static async Task Read(IAsyncEnumerable<EpochResult> epochs)
        {
            await foreach (EpochResult epoch in epochs)
            {
            }
        }
    }

    [Fact]
    public void ATimeLimit_EndsTheRunAtAStep_AndReportsTheEpochSoFar()
    {
        FullNet net = new(1);
        TrainingHistory history = net.Train(Data, Options with { Epochs = int.MaxValue, TimeLimit = TimeSpan.FromTicks(1) });
        Assert.Equal((StopReason.TimeLimit, 1L, 1), (history.StopReason, history.Steps, history.Epochs.Count));
        Assert.NotNull(history.Epochs[0].ValidationLoss);
        Assert.Equal(StopReason.Completed, net.Train(Data, Options with { TimeLimit = TimeSpan.FromDays(1) }).StopReason);

        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(StopReason.TimeLimit, net.Train(Data, Options with { Epochs = int.MaxValue, TimeLimit = TimeSpan.FromSeconds(0.05) }).StopReason);
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.05));
    }

    [Fact]
    public void ATimeLimitOfNothing_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("TimeLimit", static () => new TrainingOptions { TimeLimit = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>("TimeLimit", static () => new TrainingOptions { TimeLimit = -TimeSpan.FromSeconds(1) });
        Assert.Null(new TrainingOptions { TimeLimit = null }.TimeLimit);
    }

    private sealed class Hook(Action<StepResult> step, Action? end = null) : TrainingCallback
    {
        public override void OnStep(TrainingContext context, in StepResult result) => step(result);

        public override void OnEnd(TrainingContext context, TrainingHistory history) => end?.Invoke();
    }
}
