namespace Contract.Tests;

/// <summary>Early stopping ends a run after its patience, and the best weights come back to the bit, however the run returns.</summary>
public class EarlyStoppingTests
{
    private const int Epochs = 40;

    private static readonly Dataset Data = Sets.Smooth(120, 6);
    private static readonly Dataset Held = Sets.Smooth(40, 6, seed: 2);

    // Large rates, so that validation goes up and down.
    private static readonly TrainingOptions Options = new() { Epochs = Epochs, BatchSize = 30, Validation = Held, Optimizer = new Sgd(0.05f, momentum: 0.9f) };

    [Fact]
    public void ARun_EndsAfterItsPatience_WithItsBestWeights()
    {
        (double[] losses, float[][] weights) = Undisturbed(Options);
        HashSet<StopReason> reasons = [];
        HashSet<int> bestEpochs = [];
        foreach (int patience in new[] { 1, 2, 3, 5, 8, 100 })
        {
            foreach (double delta in new[] { 0, 0.01, 0.1 })
            {
                (int best, int end, StopReason reason) = Expected(losses, patience, delta);
                FullNet net = new(1);
                TrainingHistory history = net.Train(Data, Options with { EarlyStopping = new EarlyStopping(patience) { MinimumDelta = delta } });

                Assert.Equal((best, end, reason), (history.BestEpoch, history.Epochs.Count, history.StopReason));
                Assert.Equal(weights[best - 1], Sets.Parameters(net));
                Assert.Equal(end, net.EpochsTrained);
                reasons.Add(reason);
                bestEpochs.Add(best);
            }
        }

        Assert.Equal(2, reasons.Count);
        Assert.True(bestEpochs.Count > 3, string.Join(' ', bestEpochs));
    }

    [Fact]
    public void WithoutRestoreBest_TheLastWeightsStay_AndTraining_GoesOnToTheBit()
    {
        (double[] losses, float[][] weights) = Undisturbed(Options);
        (int best, int end, _) = Expected(losses, 2, 0);
        FullNet net = new(1);

        TrainingHistory history = net.Train(Data, Options with { EarlyStopping = new EarlyStopping(patience: 2) { RestoreBest = false } });

        Assert.Equal((best, end), (history.BestEpoch, history.Epochs.Count));
        Assert.Equal(weights[end - 1], Sets.Parameters(net));
        net.Train(Data, Options with { Epochs = Epochs - end });
        Assert.Equal(weights[^1], Sets.Parameters(net));
    }

    [Fact]
    public void RestoredWeights_DropTheOptimizersState()
    {
        FullNet restored = new(1);
        restored.Train(Data, Options with { EarlyStopping = new EarlyStopping(patience: 2) });
        FullNet released = new(1);
        released.Train(Data, Options with { EarlyStopping = new EarlyStopping(patience: 2) });
        released.ReleaseTrainingBuffers();

        restored.Train(Data, Options with { Epochs = 1 });
        released.Train(Data, Options with { Epochs = 1 });

        Assert.Equal(Sets.Parameters(released), Sets.Parameters(restored));
    }

    [Theory]
    [InlineData("epochs")]
    [InlineData("steps")]
    [InlineData("callback")]
    public void HoweverTheRunReturns_TheBestWeightsComeBack(string end)
    {
        (double[] losses, float[][] weights) = Undisturbed(Options);
        int worse = Enumerable.Range(1, losses.Length - 1).First(i => losses[i] > losses[..i].Min());
        int best = Array.IndexOf(losses, losses[..worse].Min());
        TrainingOptions options = Options with { EarlyStopping = new EarlyStopping(patience: 100) };
        FullNet net = new(1);

        TrainingHistory history = net.Train(Data, end switch
        {
            "epochs" => options with { Epochs = worse + 1 },
            "steps" => options with { Steps = 4 * (worse + 1) },
            _ => options with { Callbacks = [new StopAfter(worse + 1)] },
        });

        Assert.Equal((best + 1, worse + 1), (history.BestEpoch, history.Epochs.Count));
        Assert.Equal(weights[best], Sets.Parameters(net));
    }

    [Fact]
    public void ACancelledOrFailedRun_KeepsItsLastWeights()
    {
        (double[] losses, float[][] weights) = Undisturbed(Options);
        int worse = Enumerable.Range(1, losses.Length - 1).First(i => losses[i] > losses[..i].Min());
        using CancellationTokenSource source = new();
        TrainingOptions options = Options with { EarlyStopping = new EarlyStopping(patience: 100) };
        FullNet cancelled = new(1);
        FullNet failed = new(1);

        Assert.Throws<TrainingCancelledException>(() => cancelled.Train(Data, options with { Callbacks = [new StopAfter(worse + 1) { Action = source.Cancel }] }, source.Token));
        Assert.Throws<NotSupportedException>(() => failed.Train(Data, options with { Callbacks = [new StopAfter(worse + 1) { Action = static () => throw new NotSupportedException() }] }));

        Assert.Equal(weights[worse], Sets.Parameters(cancelled));
        Assert.Equal(weights[worse], Sets.Parameters(failed));
        cancelled.Train(Data, Options with { Epochs = Epochs - worse - 1 });
        Assert.Equal(weights[^1], Sets.Parameters(cancelled));
    }

    [Fact]
    public void EqualIsNotBetter_AndOneDescriptionServesManyRuns()
    {
        EarlyStopping stopping = new(patience: 3);

        // At rate 0 every epoch is the first one again, but for running statistics, which have no part in this network.
        TrainingOptions options = new() { Epochs = 9, Optimizer = new Sgd(0), Validation = Sets.Smooth(10, 23, 3), EarlyStopping = stopping };
        for (int run = 0; run < 2; run++)
        {
            TrainingHistory history = new WideNet(1).Train(Sets.Smooth(20, 23, 3), options);
            Assert.Equal((1, 4, StopReason.EarlyStopping), (history.BestEpoch, history.Epochs.Count, history.StopReason));
        }
    }

    [Fact]
    public void BestEpoch_IsThatOfTheLossWithoutEarlyStopping_AndNullWithoutValidation()
    {
        (double[] losses, _) = Undisturbed(Options);
        Assert.Equal(Array.IndexOf(losses, losses.Min()) + 1, new FullNet(1).Train(Data, Options).BestEpoch);
        Assert.Null(new FullNet(1).Train(Data, Options with { Validation = null, Epochs = 2 }).BestEpoch);
    }

    /// <summary>No epoch would ever be better, and the run would end as if it had learned nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsUndefinedOnTheValidationData_EndsTheRun(bool stops)
    {
        TrainingOptions options = Options with { Validation = Held.Select([0]) };
        FullNet once = new(1);
        once.Train(Data, options with { Epochs = 1 });
        FullNet net = new(1);

        string message = Assert.Throws<InvalidOperationException>(() => net.Train(Data, stops
            ? options with { EarlyStopping = new EarlyStopping(patience: 3) { Monitor = Metric.R2 } }
            : options with { Schedule = new ReduceOnPlateau { Monitor = Metric.R2 } })).Message;

        Assert.Contains("r2 is undefined on the validation data", message, StringComparison.Ordinal);
        Assert.Equal(Sets.Parameters(once), Sets.Parameters(net));
    }

    [Fact]
    public void AccuracyMayBeMonitored_AndMoreIsBetterThen()
    {
        Dataset data = SyntheticData.Circles(200, factor: 0.5, noise: 0.2, seed: 1);
        Dataset held = SyntheticData.Circles(60, factor: 0.5, noise: 0.2, seed: 2);
        TrainingOptions options = new() { Epochs = 30, Validation = held, Optimizer = new Adam(0.03f) };
        double?[] accuracies = [.. new CirclesNet(1).Train(data, options).Epochs.Select(static epoch => epoch.ValidationAccuracy)];

        CirclesNet net = new(1);
        TrainingHistory history = net.Train(data, options with { EarlyStopping = new EarlyStopping(patience: 4) { Monitor = Metric.Accuracy } });

        int best = Array.IndexOf(accuracies, accuracies.Take(history.Epochs.Count).Max());
        Assert.Equal(best + 1, history.BestEpoch);
        Assert.Equal(best + 5, history.Epochs.Count);
        Assert.Equal(accuracies[best], net.Evaluate(held).Accuracy);
        Assert.True(best > 0 && accuracies.Distinct().Count() > 3);
    }

    [Fact]
    public void Mistakes_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new EarlyStopping(patience: 0));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new EarlyStopping(1) { MinimumDelta = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new EarlyStopping(1) { MinimumDelta = double.NaN });
        Assert.Throws<ArgumentNullException>(static () => new EarlyStopping(1) { Monitor = null! });
        FullNet net = new(1);
        Assert.Contains("Validation", Assert.Throws<ArgumentException>(() => net.Train(Data, new TrainingOptions { EarlyStopping = new EarlyStopping(1) })).Message);
        Assert.Equal(0, net.StepsTrained);
    }

    /// <summary>Validation losses and files of a run that nothing ends, epoch by epoch.</summary>
    private static (double[] Losses, float[][] Weights) Undisturbed(TrainingOptions options)
    {
        Recorder recorder = new();
        TrainingHistory history = new FullNet(1).Train(Data, options with { Callbacks = [recorder] });
        return ([.. history.Epochs.Select(static epoch => epoch.ValidationLoss!.Value)], [.. recorder.Weights]);
    }

    private static (int Best, int End, StopReason Reason) Expected(double[] losses, int patience, double delta)
    {
        int best = 0;
        for (int epoch = 1; epoch < losses.Length; epoch++)
        {
            if (losses[best] - losses[epoch] > delta)
            {
                best = epoch;
            }
            else if (epoch - best == patience)
            {
                return (best + 1, epoch + 1, StopReason.EarlyStopping);
            }
        }

        return (best + 1, losses.Length, StopReason.Completed);
    }

    private sealed class Recorder : TrainingCallback
    {
        public List<float[]> Weights { get; } = [];

        public override void OnEpoch(TrainingContext context, EpochResult epoch) => Weights.Add(Sets.Parameters((FullNet)context.Network));
    }

    private sealed class StopAfter(int epochs) : TrainingCallback
    {
        public Action? Action { get; init; }

        public override void OnEpoch(TrainingContext context, EpochResult epoch)
        {
            if (epoch.Epoch == epochs)
            {
                if (Action is null)
                {
                    context.Stop("enough");
                }

                Action?.Invoke();
            }
        }
    }
}
