using Mlp.CompilerServices;

namespace Contract.Tests;

/// <summary>Means of weights.</summary>
public class AveragingTests
{
    private static readonly Dataset Data = Sets.Smooth(100, 6);
    private static readonly Dataset Held = Sets.Smooth(40, 6, seed: 2);

    public static TheoryData<string> Optimizers => OptimizersAtRates.Names;

    /// <summary>Small networks and wide ones, fused into the step or behind it.</summary>
    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(1, 1e30f, false)]
    [InlineData(2, 0, false)]
    [InlineData(2, 0, true)]
    public void TheNetwork_EndsWithTheMean(int accumulation, float maxNorm, bool isByLayer)
    {
        TrainingOptions options = new()
        {
            Epochs = 7,
            BatchSize = 10,
            AccumulationSteps = accumulation,
            MaxNorm = maxNorm,
            Optimizer = new Adam(0.01f),
            LayerRates = isByLayer ? [new("Layer1", 0.5)] : [],
        };
        AssertMean(new PlainNet(1), new PlainNet(1), Sets.Smooth(100, 23, 3), options);
        AssertMean(new TargetsNet(1), new TargetsNet(1), Sets.Smooth(100, 2, 2), options);
        AssertMean(new ClassesNet(1), new ClassesNet(1), Dataset.FromLabels(Sets.Smooth(100, 3).Inputs.ToArray(), [.. Enumerable.Range(0, 100).Select(static i => i % 3)], 3, 3), options);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void WithoutDecay_TheMeanIsTheWeights(string optimizer)
    {
        TrainingOptions options = new() { Epochs = 3, BatchSize = 30, Validation = Held, Optimizer = OptimizersAtRates.ByName[optimizer](0.01f) };
        FullNet plain = new(1), averaged = new(1);

        TrainingHistory expected = plain.Train(Data, options);
        TrainingHistory history = averaged.Train(Data, options with { Averaging = new WeightAverage(0) });

        // Rounding apart.
        Assert.All(Sets.Predictions(plain, Held).Zip(Sets.Predictions(averaged, Held)), static pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.All(expected.Epochs.Zip(history.Epochs), static pair => Assert.Equal(pair.First.ValidationLoss!.Value, pair.Second.ValidationLoss!.Value, 1e-4));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_AreThoseWithoutAMean_AndOneKeptInTheStepIsOneTakenBehindIt(string optimizer)
    {
        TrainingOptions options = new() { Epochs = 3, BatchSize = 30, Optimizer = OptimizersAtRates.ByName[optimizer](0.01f) };
        List<float[]> plain = Steps(options).Weights;
        (List<float[]> weights, float[] mean) = Steps(options with { Averaging = new WeightAverage(0.9) });
        (_, float[] behind) = Steps(options with { Averaging = new WeightAverage(0.9), MaxNorm = 1e30f });

        Assert.Equal(plain, weights);
        Assert.Equal(mean, behind);
        Assert.NotEqual(plain[^1], mean);

        static (List<float[]> Weights, float[] Mean) Steps(TrainingOptions options)
        {
            FullNet net = new(1);
            List<float[]> weights = [];
            net.Train(Data, options with { Callbacks = [new Watcher { Step = (_, _) => weights.Add(Parameters(net)) }] });
            return (weights, Parameters(net));
        }
    }

    [Fact]
    public void ValidationAndCallbacks_SeeTheMean_AndTheBestIsOne()
    {
        Dataset data = Sets.Smooth(60, 23, 3), held = Sets.Smooth(40, 23, 3, seed: 2);
        WideNet net = new(1);
        List<double?> losses = [];
        TrainingHistory history = net.Train(data, new TrainingOptions
        {
            Epochs = 30,
            BatchSize = 10,
            Optimizer = new Adam(0.03f),
            Averaging = new WeightAverage(0.9),
            Validation = held,
            EarlyStopping = new EarlyStopping(patience: 30),
            Callbacks = [new Watcher { Epoch = (context, _) => losses.Add(((WideNet)context.Network).Evaluate(held).Loss) }],
        });

        Assert.Equal(history.Epochs.Select(static epoch => epoch.ValidationLoss), losses);
        Assert.InRange(history.BestEpoch!.Value, 2, 29);
        Assert.Equal(losses[history.BestEpoch!.Value - 1], net.Evaluate(held).Loss);
    }

    [Fact]
    public void RunningStatistics_AreAveragedToo()
    {
        BatchNet plain = new(1), averaged = new(1);
        Dataset data = Sets.Smooth(100, 2);

        // Weights that stay leave the statistics alone to move.
        TrainingOptions options = new() { Epochs = 1, BatchSize = 20, Optimizer = new Sgd(0) };
        plain.Train(data, options);
        averaged.Train(data, options with { Averaging = new WeightAverage() });

        Assert.Equal(Parameters(plain), Parameters(averaged));
        Assert.NotEqual(Sets.Predictions(plain, data), Sets.Predictions(averaged, data));
        Assert.NotEqual(Sets.Predictions(new BatchNet(1), data), Sets.Predictions(averaged, data));
    }

    [Fact]
    public void ARunThatIsCancelledOrFails_LeavesTheMeanOfItsLastStep()
    {
        TrainingOptions options = new() { Epochs = 4, BatchSize = 20, Averaging = new WeightAverage(0.9), Validation = Held };
        for (int steps = 1; steps < 12; steps++)
        {
            FullNet expected = new(1), failed = new(1), cancelled = new(1);
            using CancellationTokenSource source = new();
            expected.Train(Data, options with { Steps = steps });
            Assert.Throws<NotSupportedException>(() => failed.Train(Data, options with
            {
                Callbacks = [new Watcher { Step = (_, step) => FailAt(steps, step) }],
            }));
            Assert.Throws<TrainingCancelledException>(() => cancelled.Train(
                Data, options with { Callbacks = [new Watcher { Step = (_, step) => CancelAt(steps, step, source) }] }, source.Token));

            Assert.Equal(Sets.Parameters(expected), Sets.Parameters(failed));
            Assert.Equal(Sets.Parameters(expected), Sets.Parameters(cancelled));
        }
    }

    [Fact]
    public void TheMeanReplacesTheWeights_SoTheOptimizersStateIsDropped()
    {
        FullNet net = new(1), dropped = new(1);
        foreach (FullNet each in new[] { net, dropped })
        {
            each.Train(Data, new TrainingOptions { Epochs = 1, Averaging = new WeightAverage() });
        }

        dropped.CopyFrom(dropped.Clone());
        net.Train(Data, new TrainingOptions { Epochs = 1 });
        dropped.Train(Data, new TrainingOptions { Epochs = 1 });
        Assert.Equal(Sets.Parameters(dropped), Sets.Parameters(net));
    }

    [Fact]
    public void ARunWithoutASteps_ChangesNothing()
    {
        FullNet net = new(1);
        Assert.ThrowsAny<OperationCanceledException>(() => net.Train(Data, new TrainingOptions { Averaging = new WeightAverage() }, new CancellationToken(true)));
        Assert.Equal(Sets.Parameters(new FullNet(1)), Sets.Parameters(net));
    }

    /// <summary>With all that has a state, from wherever the run ended.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1e30f)]
    public void Checkpoints_KeepMeanScheduleAndFrozenLayers_AndAreTheMeanAsModels(float maxNorm)
    {
        string folder = Directory.CreateTempSubdirectory("averaging-").FullName;
        try
        {
            TrainingOptions options = new()
            {
                Epochs = 5,
                BatchSize = 20,
                MaxNorm = maxNorm,
                Averaging = new WeightAverage(0.95),
                Schedule = new ReduceOnPlateau(factor: 0.5, patience: 0, threshold: 0.1, cooldown: 1) { WarmUp = Duration.Steps(3) },
                LayerRates = [new(nameof(FullNet.Layer2), 0)],
                Validation = Held,
                EarlyStopping = new EarlyStopping(patience: 5),
            };
            FullNet whole = new(1);
            TrainingHistory expected = whole.Train(Data, options);
            Assert.True(expected.Epochs[^1].LearningRate < expected.Epochs[1].LearningRate);
            for (int stop = 1; stop < expected.Steps; stop += 2)
            {
                string own = Path.Combine(folder, $"{stop}");
                TrainingOptions kept = options with { Checkpoints = new Checkpoints(own) { Every = Duration.Steps(1), Keep = 1, Best = false } };
                FullNet net = new(1);
                Assert.Throws<NotSupportedException>(() => net.Train(Data, kept with
                {
                    Callbacks = [new Watcher { Step = (_, step) => FailAt(stop + 1, step) }],
                }));
                FullNet model = FullNet.Load(Assert.Single(Directory.GetFiles(own, "step-*.safetensors")));
                FullNet resumed = new(1);
                TrainingHistory history = resumed.Train(Data, kept);
                Assert.Equal(Sets.Parameters(whole), Sets.Parameters(resumed));
                Assert.Equal(
                    expected.Epochs.Select(static epoch => (epoch.Loss, epoch.ValidationLoss, epoch.LearningRate)),
                    history.Epochs.Select(static epoch => (epoch.Loss, epoch.ValidationLoss, epoch.LearningRate)));

                FullNet mean = new(1);
                using CancellationTokenSource source = new();
                Assert.Throws<TrainingCancelledException>(
                    () => mean.Train(Data, options with { Callbacks = [new Watcher { Step = (_, step) => CancelAt(stop, step, source) }] }, source.Token));
                Assert.Equal(Sets.Predictions(mean, Held), Sets.Predictions(model, Held));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void FailAt(long last, StepResult step)
    {
        if (step.Step == last)
        {
            throw new NotSupportedException();
        }
    }

    private static void CancelAt(long last, StepResult step, CancellationTokenSource source)
    {
        if (step.Step == last)
        {
            source.Cancel();
        }
    }

    private static void AssertMean<TNet>(TNet net, TNet start, Dataset data, TrainingOptions options) where TNet : class, INetwork<TNet>
    {
        const double Decay = 0.8;
        double[] mean = [.. Parameters(start)];
        long updates = 0;
        net.Train(data, options with
        {
            Averaging = new WeightAverage(Decay),
            Callbacks =
            [
                new Watcher
                {
                    Step = (_, _) =>
                    {
                        double decay = Math.Min(Decay, (1.0 + updates) / (10.0 + updates));
                        float[] weights = Parameters(net);
                        updates++;
                        for (int i = 0; i < mean.Length; i++)
                        {
                            mean[i] = (decay * mean[i]) + ((1 - decay) * weights[i]);
                        }
                    },
                },
            ],
        });

        Assert.True(updates > 30);
        float[] actual = Parameters(net);
        for (int i = 0; i < mean.Length; i++)
        {
            Assert.Equal(mean[i], actual[i], 2e-7 * Math.Max(1, Math.Abs(mean[i])));
        }
    }

    private static float[] Parameters(object network)
    {
        NetworkState state = ((INetwork)network).State;
        float[] parameters = new float[state.Layout.ParameterCount];
        state.CopyParametersTo(parameters);
        return parameters;
    }
}
