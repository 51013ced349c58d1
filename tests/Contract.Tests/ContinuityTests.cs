namespace Contract.Tests;

/// <summary>Training is continuous: everything that it depends on belongs to the network and goes on from call to call.</summary>
public class ContinuityTests
{
    private static readonly Dataset Data = Sets.Smooth(150, 6);

    public static TheoryData<string> Optimizers => [.. Known.Keys];

    private static Dictionary<string, Optimizer> Known { get; } = new()
    {
        ["Sgd"] = new Sgd(0.01f),
        ["Momentum"] = new Sgd(0.01f, momentum: 0.9f, nesterov: true),
        ["Adam"] = new Adam(amsGrad: true),
        ["AdamW"] = new AdamW(),
        ["NAdam"] = new NAdam(),
        ["RAdam"] = new RAdam(),
        ["RmsProp"] = new RmsProp(centered: true),
        ["Adagrad"] = new Adagrad(),
        ["Adadelta"] = new Adadelta(),
        ["Lion"] = new Lion(),
    };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void ThreeEpochsTwice_AreSixOnce(string optimizer)
    {
        TrainingOptions Options(int epochs) => new() { Epochs = epochs, BatchSize = 32, Seed = 3, AccumulationSteps = 2, Optimizer = Known[optimizer] };
        FullNet twice = new(7);
        FullNet once = new(7);

        TrainingHistory first = twice.Train(Data, Options(3));
        TrainingHistory second = twice.Train(Data, Options(3));
        TrainingHistory whole = once.Train(Data, Options(6));

        Assert.Equal(Sets.Parameters(once), Sets.Parameters(twice));
        Assert.Equal(whole.Epochs.Select(static epoch => epoch.Loss), first.Epochs.Concat(second.Epochs).Select(static epoch => epoch.Loss));
        Assert.Equal((6, 18L), (twice.EpochsTrained, twice.StepsTrained));
    }

    [Fact]
    public void MasksNeverRepeat_BetweenCalls_AndFollowBothSeeds()
    {
        Dataset data = Sets.Smooth(64, 1);
        HashSet<double> losses = [];
        foreach ((int networkSeed, int seed) in new[] { (1, 0), (1, 1), (2, 0) })
        {
            DropoutNet net = new(networkSeed);
            net.LoadParameters(Enumerable.Range(0, DropoutNet.ParameterCount).Select(static i => 0.01f * i).ToArray());
            for (int call = 0; call < 4; call++)
            {
                // At rate 0 only the masks differ.
                losses.Add(net.Train(data, new TrainingOptions { Epochs = 1, BatchSize = 64, Shuffle = false, Seed = seed, Optimizer = new Sgd(0) }).Epochs[0].Loss);
            }
        }

        Assert.Equal(12, losses.Count);
    }

    [Fact]
    public void TheOrderOfRowsNeverRepeats_AndFollowsBothSeeds()
    {
        // At rate 0 and one step of one row, the loss tells which row came first.
        Dataset data = Sets.Smooth(1000, 1);
        HashSet<double> first = [];
        foreach ((int networkSeed, int seed) in new[] { (1, 0), (1, 1), (2, 0) })
        {
            DropoutNet net = new(networkSeed);
            net.LoadParameters(new float[DropoutNet.ParameterCount]);
            for (int call = 0; call < 3; call++)
            {
                first.Add(net.Train(data, new TrainingOptions { Steps = 1, BatchSize = 1, Seed = seed, Optimizer = new Sgd(0) }).Epochs[0].Loss);
            }

            // A run that ends inside an epoch completes none, and the next begins an order of its own.
            Assert.Equal((0, 3L), (net.EpochsTrained, net.StepsTrained));
        }

        Assert.Equal(9, first.Count);
    }

    [Fact]
    public void StepsInOrder_AreThoseOfTrainWithoutShuffling()
    {
        WideNet trained = new(1);
        WideNet stepped = new(1);
        Dataset data = Sets.Smooth(100, 23, 3);
        Adam adam = new(1e-2f);

        trained.Train(data, new TrainingOptions { Epochs = 2, BatchSize = 32, Shuffle = false, Optimizer = adam });
        DataLoader loader = new(data, 32, shuffle: false);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            foreach (Batch batch in loader.Epoch(epoch))
            {
                stepped.TrainStep(batch.Inputs, batch.Targets, adam);
            }
        }

        Assert.Equal(Sets.Parameters(trained), Sets.Parameters(stepped));
        Assert.Equal((2, 0, 8L, 8L), (trained.EpochsTrained, stepped.EpochsTrained, trained.StepsTrained, stepped.StepsTrained));
    }

    [Fact]
    public void AnotherKindOfOptimizer_StartsAnew_AndLoadParametersDropsTheState()
    {
        float[] inputs = [0.5f], targets = [1f];
        DropoutNet net = new(1);
        float[] start = new float[DropoutNet.ParameterCount];
        net.CopyParametersTo(start);
        float[] zeros = new float[start.Length];
        float[] ones = [.. Enumerable.Repeat(1f, start.Length)];

        // A kept momentum of ones would move parameters at the next step, whatever that step's gradient is.
        net.ApplyGradients(ones, new Sgd(0.1f, momentum: 0.9f));
        net.LoadParameters(start);
        net.ApplyGradients(zeros, new Sgd(0.1f, momentum: 0.9f));
        Assert.Equal(start, After(net));

        net.ApplyGradients(ones, new Sgd(0.1f, momentum: 0.9f));
        float[] moved = After(net);
        net.ApplyGradients(zeros, new Adam());
        Assert.Equal(moved, After(net));

        net.ApplyGradients(ones, new Adam());
        net.ResetTraining();
        moved = After(net);
        net.ApplyGradients(zeros, new Adam());
        Assert.Equal(moved, After(net));
        Assert.Equal((0, 1L), (net.EpochsTrained, net.StepsTrained));
        Assert.True(float.IsFinite(net.TrainStep(inputs, targets, new Adam())));
    }

    [Fact]
    public void CopyFrom_BringsBackAnEarlierState_Whole()
    {
        Dataset named = Sets.Smooth(150, 6).WithNames(["a", "b", "c", "d", "e", "f"], null);
        FullNet net = new(1);
        net.Train(named, new TrainingOptions { Epochs = 3 });
        FullNet best = net.Clone();
        double loss = net.Evaluate(named).Loss;
        (int epochs, long steps) = (net.EpochsTrained, net.StepsTrained);

        net.Train(named, new TrainingOptions { Epochs = 3, InputStatistics = InputStatistics.Relearn, Optimizer = new Adam(0.1f) });
        Assert.NotEqual(loss, net.Evaluate(named).Loss);
        net.CopyFrom(best);

        Assert.Equal(loss, net.Evaluate(named).Loss);
        Assert.Equal(Sets.Predictions(best, named), Sets.Predictions(net, named));
        Assert.Equal(best.InputNames, net.InputNames);
        Assert.Equal((2 * epochs, 2 * steps), (net.EpochsTrained, net.StepsTrained));
        Assert.Equal((0, 0L), (best.EpochsTrained, best.StepsTrained));
        net.CopyFrom(net);
        Assert.Equal(loss, net.Evaluate(named).Loss);
    }

    [Fact]
    public void CopyFromAndReleasedBuffers_DropTheOptimizersState_AndSeedAndCountersStay()
    {
        TrainingOptions options = new() { Epochs = 2 };
        FullNet source = new(1);
        source.Train(Data, options);
        FullNet released = new(1);
        released.Train(Data, options);
        FullNet copied = new(1);
        copied.Train(Sets.Smooth(150, 6, seed: 9), options);
        FullNet otherSeed = new(2);
        otherSeed.Train(Sets.Smooth(150, 6, seed: 9), options);

        // A run that kept moments of its own would differ from both.
        released.ReleaseTrainingBuffers();
        copied.CopyFrom(source);
        otherSeed.CopyFrom(source);
        Assert.Equal((2, source.StepsTrained), (copied.EpochsTrained, copied.StepsTrained));
        foreach (FullNet net in new[] { source, released, copied, otherSeed })
        {
            net.Train(Data, options);
        }

        Assert.Equal(Sets.Predictions(released, Data), Sets.Predictions(copied, Data));
        Assert.NotEqual(Sets.Predictions(source, Data), Sets.Predictions(copied, Data));
        Assert.NotEqual(Sets.Predictions(otherSeed, Data), Sets.Predictions(copied, Data));
    }

    [Fact]
    public void LoadParameters_ReplacesTrainedParametersAlone()
    {
        FullNet net = new(1);
        net.Train(Data, new TrainingOptions { Epochs = 2 });
        FullNet statistics = net.Clone();
        float[] fresh = new float[FullNet.ParameterCount];
        new FullNet(5).CopyParametersTo(fresh);

        net.LoadParameters(fresh);
        Assert.Equal(2, net.EpochsTrained);
        Assert.NotEqual(Sets.Predictions(new FullNet(5), Data), Sets.Predictions(net, Data));
        statistics.LoadParameters(fresh);
        Assert.Equal(Sets.Predictions(statistics, Data), Sets.Predictions(net, Data));
    }

    [Fact]
    public void ARunThatFailsBeforeItsFirstStep_ChangesNothing()
    {
        FullNet net = new(1);
        Dataset data = Sets.Smooth(40, 6).WithNames(["a", "b", "c", "d", "e", "f"], null);

        Assert.ThrowsAny<OperationCanceledException>(() => net.Train(data, cancellationToken: new CancellationToken(true)));

        Assert.Null(net.InputNames);
        Assert.Equal((0, 0L), (net.EpochsTrained, net.StepsTrained));
        Assert.Throws<InvalidOperationException>(() => net.TrainStep(data.Inputs, data.Targets, new Adam()));
        Assert.Equal(Sets.Parameters(new FullNet(1)), Sets.Parameters(net));
    }

    private static float[] After(DropoutNet net)
    {
        float[] parameters = new float[DropoutNet.ParameterCount];
        net.CopyParametersTo(parameters);
        return parameters;
    }
}
