namespace Contract.Tests;

/// <summary>Callbacks are told of a run as it goes, and may end it; logs have a line an epoch; histories say why a run ended.</summary>
public class CallbackTests
{
    private static readonly Dataset Data = Sets.Smooth(100, 6);

    [Fact]
    public void StopInOnEnd_IsTooLate()
    {
        TrainingHistory history = new FullNet(1).Train(Data, new TrainingOptions { Epochs = 1, Callbacks = [new LateStop()] });

        Assert.Equal((StopReason.Completed, null), (history.StopReason, history.StopMessage));
    }

    [Fact]
    public void ATimeLimitThatEndsWithTheRun_EndsNothing()
    {
        TrainingHistory history = new FullNet(1).Train(Data, new TrainingOptions { Steps = 1, TimeLimit = TimeSpan.FromTicks(1) });

        Assert.Equal((StopReason.Completed, 1L), (history.StopReason, history.Steps));
    }

    [Fact]
    public void EachMoment_IsToldInOrder_WithWhatItCameTo()
    {
        Recorder first = new();
        Recorder second = new();
        FullNet net = new(1);

        TrainingHistory history = net.Train(Data, new TrainingOptions { Epochs = 2, BatchSize = 30, AccumulationSteps = 2, Validation = Sets.Smooth(20, 6, seed: 3), Callbacks = [first, second] });

        Assert.Equal(["start", "step 1 1 60", "step 1 2 40", "epoch 1", "step 2 3 60", "step 2 4 40", "epoch 2", "end"], first.Events);
        Assert.Equal(first.Events, second.Events);
        Assert.Equal(history.Epochs, first.Epochs);
        Assert.Same(history, first.History);
        Assert.Same(net, first.Network);
        Assert.Equal((StopReason.Completed, null, 4L), (history.StopReason, history.StopMessage, history.Steps));

        // An epoch's loss is the mean of its steps', by rows.
        Assert.Equal(history.Epochs[0].Loss, ((first.Losses[0] * 60) + (first.Losses[1] * 40)) / 100, 1e-12);
    }

    [Fact]
    public void EachStep_SaysItsRate()
    {
        List<double> rates = [];

        new FullNet(1).Train(Data, new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 25,
            Schedule = Schedule.From(static point => 1 / (1.0 + point.Step)),
            Callbacks = [new RateRecorder(rates)],
        });

        Assert.Equal([1e-3, 1e-3 / 2, 1e-3 * (1 / 3.0), 1e-3 / 4], rates);
    }

    [Fact]
    public void StopInOnStart_MakesNoStep_AndChangesNothing()
    {
        FullNet net = new(1);
        Recorder recorder = new() { StopAt = "start" };

        TrainingHistory history = net.Train(Data, new TrainingOptions { Callbacks = [recorder] });

        Assert.Equal(["start", "end"], recorder.Events);
        Assert.Empty(history.Epochs);
        Assert.Equal((StopReason.Callback, "at start", 0L), (history.StopReason, history.StopMessage, history.Steps));
        Assert.Equal(Sets.Parameters(new FullNet(1)), Sets.Parameters(net));
        Assert.Equal((0, 0L), (net.EpochsTrained, net.StepsTrained));
    }

    [Fact]
    public void StopInOnStep_EndsAtTheStep_AndReportsTheEpochSoFar()
    {
        FullNet net = new(1);
        Recorder recorder = new() { StopAt = "step 2 5" };

        TrainingHistory history = net.Train(Data, new TrainingOptions { Epochs = 9, BatchSize = 30, Validation = Data, Callbacks = [recorder] });

        Assert.Equal((2, 5L, StopReason.Callback, "at step 2 5 30"), (history.Epochs.Count, history.Steps, history.StopReason, history.StopMessage));
        Assert.NotNull(history.Epochs[1].ValidationLoss);
        Assert.Equal((1, 5L), (net.EpochsTrained, net.StepsTrained));
        FullNet same = new(1);
        TrainingHistory steps = same.Train(Data, new TrainingOptions { Steps = 5, BatchSize = 30, Validation = Data });
        Assert.Equal(Sets.Parameters(same), Sets.Parameters(net));
        Assert.Equal(steps.Epochs.Select(static epoch => epoch with { Elapsed = default }), history.Epochs.Select(static epoch => epoch with { Elapsed = default }));
    }

    [Theory]
    [InlineData("epoch 2", 2)]
    [InlineData("epoch 3", 3)]
    public void StopInOnEpoch_EndsThere_InTheLastEpochToo(string moment, int epochs)
    {
        TrainingHistory history = new FullNet(1).Train(Data, new TrainingOptions { Epochs = 3, Callbacks = [new Recorder { StopAt = moment }] });

        Assert.Equal((epochs, StopReason.Callback), (history.Epochs.Count, history.StopReason));
    }

    [Fact]
    public void AfterTheFirstStop_OthersDoNotCount()
    {
        TrainingHistory history = new FullNet(1).Train(
            Data, new TrainingOptions { Callbacks = [new Recorder { StopAt = "step 1 1" }, new Recorder { StopAt = "epoch 1" }, new Recorder { StopAt = "end" }] });

        Assert.Equal("at step 1 1 64", history.StopMessage);
    }

    [Theory]
    [InlineData("start", 0)]
    [InlineData("step 2 5", 5)]
    [InlineData("epoch 2", 8)]
    [InlineData("end", 12)]
    public void WhatACallbackThrows_EndsTheRun_AfterItsLastStep(string moment, int steps)
    {
        FullNet net = new(1);
        TrainingOptions options = new() { Epochs = 3, BatchSize = 30 };

        Assert.Equal(moment, Assert.Throws<NotSupportedException>(() => net.Train(Data, options with { Callbacks = [new Recorder { ThrowAt = moment }] })).Message);

        FullNet expected = new(1);
        if (steps > 0)
        {
            expected.Train(Data, options with { Steps = steps });
        }

        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(net));
        net.Train(Data, options);
    }

    [Fact]
    public void CallsThatWouldChangeTheNetwork_AreRefusedInCallbacks_AndPredictionsAreNot()
    {
        FullNet net = new(1);
        Recorder recorder = new()
        {
            Action = () =>
            {
                Assert.Throws<InvalidOperationException>(() => net.Train(Data));
                Assert.Throws<InvalidOperationException>(() => net.ResetTraining());
                Assert.True(net.Evaluate(Data).Loss > 0);
                net.Save(new MemoryStream());
            },
        };

        net.Train(Data, new TrainingOptions { Epochs = 2, Callbacks = [recorder] });

        Assert.Equal(2, recorder.Events.Count(static text => text.StartsWith("epoch", StringComparison.Ordinal)));
    }

    [Fact]
    public void ACancelledRun_ThrowsWithItsEpochs_AndTellsTheEnd()
    {
        FullNet net = new(1);
        using CancellationTokenSource source = new();
        Recorder recorder = new() { CancelAt = "step 3 9", Source = source };

        TrainingCancelledException error = Assert.Throws<TrainingCancelledException>(
            () => net.Train(Data, new TrainingOptions { BatchSize = 30, Callbacks = [recorder] }, source.Token));

        Assert.Equal((2, 9L, StopReason.Cancelled), (error.History.Epochs.Count, error.History.Steps, error.History.StopReason));
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Contains("after 9 steps, in epoch 3", error.Message);
        Assert.Equal("end", recorder.Events[^1]);
        FullNet expected = new(1);
        expected.Train(Data, new TrainingOptions { Steps = 9, BatchSize = 30 });
        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(net));
    }

    [Fact]
    public void CancelledInValidation_TheEpochIsTrainedAndNotReported()
    {
        FullNet net = new(1);
        using CancellationTokenSource source = new();
        Recorder recorder = new() { CancelAt = "step 1 4", Source = source };

        TrainingCancelledException error = Assert.Throws<TrainingCancelledException>(
            () => net.Train(Data, new TrainingOptions { BatchSize = 30, Validation = Data, Callbacks = [recorder] }, source.Token));

        Assert.Equal((0, 4L, 1), (error.History.Epochs.Count, error.History.Steps, net.EpochsTrained));
    }

    [Fact]
    public void WhatIsNull_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(static () => new TrainingOptions { Callbacks = null! });
        Assert.Throws<ArgumentNullException>(static () => new TrainingOptions { Callbacks = [null!] });
        Assert.Throws<ArgumentException>(static () => new CsvLog(""));
        Assert.Throws<ArgumentException>(static () => new JsonLinesLog(null!));
    }

    private sealed class RateRecorder(List<double> rates) : TrainingCallback
    {
        public override void OnStep(TrainingContext context, in StepResult step) => rates.Add(step.LearningRate);
    }

    private sealed class Recorder : TrainingCallback
    {
        public List<string> Events { get; } = [];

        public List<EpochResult> Epochs { get; } = [];

        public List<double> Losses { get; } = [];

        public TrainingHistory? History { get; private set; }

        public object? Network { get; private set; }

        public string? StopAt { get; init; }

        public string? ThrowAt { get; init; }

        public string? CancelAt { get; init; }

        public CancellationTokenSource? Source { get; init; }

        public Action? Action { get; init; }

        public override void OnStart(TrainingContext context) => Add(context, "start");

        public override void OnStep(TrainingContext context, in StepResult step)
        {
            Losses.Add(step.Loss);
            Add(context, $"step {step.Epoch} {step.Step} {step.Rows}");
        }

        public override void OnEpoch(TrainingContext context, EpochResult epoch)
        {
            Assert.Same(epoch, context.History.Epochs[^1]);
            Epochs.Add(epoch);
            Action?.Invoke();
            Add(context, $"epoch {epoch.Epoch}");
        }

        public override void OnEnd(TrainingContext context, TrainingHistory history)
        {
            History = history;
            Network = context.Network;
            Add(context, "end");
        }

        private void Add(TrainingContext context, string moment)
        {
            Events.Add(moment);
            if (Is(ThrowAt))
            {
                throw new NotSupportedException(ThrowAt);
            }

            if (Is(StopAt))
            {
                context.Stop($"at {moment}");
            }

            if (Is(CancelAt))
            {
                Source!.Cancel();
            }

            bool Is(string? when) => when is not null && (moment == when || moment.StartsWith(when + " ", StringComparison.Ordinal));
        }
    }

    private sealed class LateStop : TrainingCallback
    {
        public override void OnEnd(TrainingContext context, TrainingHistory history) => context.Stop("too late");
    }
}
