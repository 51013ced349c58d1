namespace Contract.Tests;

/// <summary>A run with checkpoints goes on, from whatever ended it, to the bits of never having stopped.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly Dataset Data = Sets.Smooth(100, 6);
    private static readonly Dataset Held = Sets.Smooth(40, 6, seed: 2);

    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cancelled")]
    [InlineData("failed")]
    [InlineData("failed in the epoch")]
    [InlineData("cancelled, averaged")]
    [InlineData("failed, averaged")]
    public void WhereverARunEnds_ItGoesOnToTheBit(string how)
    {
        string log = Path.Combine(_folder, "whole.csv");
        FullNet whole = new(1);
        bool isAveraged = how.Contains("averaged", StringComparison.Ordinal);
        TrainingOptions Options(string? folder, string log, Interrupter? interrupter = null) =>
            CheckpointTests.Options(folder, log, interrupter) with { Averaging = isAveraged ? new WeightAverage(0.9) : null };
        TrainingHistory expected = whole.Train(Data, Options(null, log));
        string[] expectedLog = WithoutSeconds(log);
        Assert.Equal((StopReason.EarlyStopping, true, true), (expected.StopReason, expected.BestEpoch < expected.Epochs.Count, expected.Epochs.Count is >= 4 and < 30));
        for (int stop = 1; stop < expected.Steps; stop++)
        {
            string folder = Path.Combine(_folder, $"{how} {stop}");
            log = Path.Combine(_folder, "run.csv");
            FullNet net = new(1);
            using CancellationTokenSource source = new();
            Interrupter interrupter = new() { Step = how == "failed in the epoch" ? 0 : stop, Epoch = how == "failed in the epoch" ? 1 + (stop % expected.Epochs.Count) : 0 };
            if (how.StartsWith("cancelled", StringComparison.Ordinal))
            {
                interrupter.Source = source;
            }

            Assert.NotNull(Record.Exception(() => net.Train(Data, Options(folder, log, interrupter), source.Token)));

            // Another process would begin with a new network.
            FullNet resumed = new(1);
            TrainingHistory history = resumed.Train(Data, Options(folder, log));
            AssertSame(whole, expected, resumed, history);
            Assert.Equal(expectedLog, WithoutSeconds(log));
            Assert.Equal(Sets.Parameters(whole), Sets.Parameters(FullNet.Load(Path.Combine(folder, "best.safetensors"))));
        }
    }

    [Fact]
    public void ACallbackWithAState_MayNotCome()
    {
        TrainingOptions options = new() { Epochs = 2, Checkpoints = new Checkpoints(_folder) };
        new FullNet(1).Train(Data, options);
        string log = Path.Combine(_folder, "late.csv");

        Assert.Contains("had no callback Mlp.CsvLog with a state", Refusal(Data, options with { Callbacks = [new CsvLog(log)] }));
        Assert.False(File.Exists(log));
    }

    [Fact]
    public void ACancelledRunWhoseLastCheckpointFails_HasTheMeanOfItsLastStep()
    {
        TrainingOptions options = new() { Epochs = 3, BatchSize = 30, Averaging = new WeightAverage(0.9) };
        FullNet expected = new(1), net = new(1);
        using CancellationTokenSource one = new(), other = new();
        Assert.Throws<TrainingCancelledException>(
            () => expected.Train(Data, options with { Callbacks = [new Contract.Tests.Watcher { Step = (_, step) => CancelAt(step, one) }] }, one.Token));

        Assert.ThrowsAny<IOException>(() => net.Train(
            Data,
            options with
            {
                Checkpoints = new Checkpoints(_folder) { Every = Duration.Epochs(9) },
                Callbacks = [new Contract.Tests.Watcher { Step = (_, step) => CancelAt(step, other, () => ReplaceByFile(_folder)) }],
            },
            other.Token));

        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(net));
        net.TrainStep(new float[6], new float[1], new Sgd(0.1f));
        expected.TrainStep(new float[6], new float[1], new Sgd(0.1f));
        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(net));
        File.Delete(_folder);
        Directory.CreateDirectory(_folder);

        static void CancelAt(StepResult step, CancellationTokenSource source, Action? before = null)
        {
            if (step.Step == 5)
            {
                before?.Invoke();
                source.Cancel();
            }
        }

        static void ReplaceByFile(string folder)
        {
            Directory.Delete(folder, recursive: true);
            File.WriteAllText(folder, "");
        }
    }

    [Fact]
    public void ARunThatFailsAgainAndAgain_GetsThereToo_WithAnyOptimizer()
    {
        Optimizer[] optimizers = [new Sgd(0.01f), new Adam(amsGrad: true), new AdamW(), new NAdam(), new RAdam(), new RmsProp(momentum: 0.5f, centered: true), new Adagrad(), new Adadelta(), new Lion()];
        foreach (Optimizer optimizer in optimizers)
        {
            string folder = Path.Combine(_folder, optimizer.GetType().Name);
            TrainingOptions options = new() { Epochs = 4, BatchSize = 30, Optimizer = optimizer, Callbacks = [] };
            FullNet whole = new(1);
            TrainingHistory expected = whole.Train(Data, options);

            options = options with { Checkpoints = new Checkpoints(folder) { Every = Duration.Steps(1) } };
            for (int step = 3; step < expected.Steps; step += 3)
            {
                FullNet failing = new(1);
                Assert.Throws<NotSupportedException>(() => failing.Train(Data, options with { Callbacks = [new Interrupter { Step = step }] }));
            }

            FullNet net = new(1);
            AssertSame(whole, expected, net, net.Train(Data, options));

            // Its state goes on too.
            net.Train(Data, options with { Checkpoints = null });
            whole.Train(Data, options with { Checkpoints = null });
            Assert.Equal(Sets.Parameters(whole), Sets.Parameters(net));
        }
    }

    [Fact]
    public void AFinishedRun_ReturnsItsHistory_AndNotAStepIsMade()
    {
        TrainingOptions options = Options(_folder, null);
        FullNet net = new(1);
        TrainingHistory expected = net.Train(Data, options);

        Interrupter recorder = new();
        FullNet again = new(1);
        TrainingHistory history = again.Train(Data, options with { Callbacks = [recorder] });

        AssertSame(net, expected, again, history);
        Assert.Equal(expected.Epochs, history.Epochs);
        Assert.Equal(0, recorder.Steps);
        Assert.True(recorder.HasEnded);
    }

    /// <summary>Moments of a layer that the run froze are none for a step that trains it.</summary>
    [Fact]
    public void AFinishedRunWithAFrozenLayer_KnowsWhichLayersItsMomentsAreOf()
    {
        TrainingOptions options = new() { Epochs = 1, BatchSize = 20, LayerRates = [new("Layer1", 0)], Checkpoints = new Checkpoints(_folder) };
        FullNet net = new(1), again = new(1);
        net.Train(Data, options);
        again.Train(Data, options);

        net.TrainStep(Data.Inputs, Data.Targets, options.Optimizer);
        again.TrainStep(Data.Inputs, Data.Targets, options.Optimizer);
        Assert.Equal(Sets.Parameters(net), Sets.Parameters(again));
    }

    [Fact]
    public void ARunStoppedByACallback_HasEnded()
    {
        TrainingOptions options = new() { Epochs = 9, BatchSize = 30, Validation = Held, Checkpoints = new Checkpoints(_folder) };
        FullNet net = new(1);
        TrainingHistory expected = net.Train(Data, options with { Callbacks = [new StopAt(6)] });
        FullNet again = new(1);

        AssertSame(net, expected, again, again.Train(Data, options));
        Assert.Equal((6L, StopReason.Callback, "enough"), (expected.Steps, expected.StopReason, expected.StopMessage));
    }

    [Fact]
    public void ARunAtItsTimeLimit_GoesOn()
    {
        TrainingOptions options = new() { Epochs = 3, BatchSize = 30, Validation = Held, EarlyStopping = new EarlyStopping(patience: 9) };
        FullNet whole = new(1);
        TrainingHistory expected = whole.Train(Data, options);
        options = options with { TimeLimit = TimeSpan.FromTicks(1), Checkpoints = new Checkpoints(_folder) };
        for (int steps = 1; steps <= 12; steps++)
        {
            TrainingHistory part = new FullNet(1).Train(Data, options);
            Assert.Equal((steps, steps < 12 ? StopReason.TimeLimit : StopReason.Completed), (part.Steps, part.StopReason));
        }

        FullNet net = new(1);
        AssertSame(whole, expected, net, net.Train(Data, options));
        Assert.Equal(Sets.Parameters(whole), Sets.Parameters(FullNet.Load(Path.Combine(_folder, "best.safetensors"))));
    }

    [Fact]
    public void NoFlippedBit_OfACheckpoint_LoadsAsAModel()
    {
        new FullNet(1).Train(Data, new TrainingOptions { Epochs = 2, Validation = Held, EarlyStopping = new EarlyStopping(5), Checkpoints = new Checkpoints(_folder) });
        byte[] bytes = File.ReadAllBytes(Path.Combine(_folder, "step-000000004.safetensors"));
        Random random = new(1);
        for (int flip = 0; flip < 500; flip++)
        {
            // Half of them in the header.
            int at = random.Next(flip % 2 == 0 ? 4000 : bytes.Length);
            byte bit = (byte)(1 << random.Next(8));
            bytes[at] ^= bit;
            Assert.Throws<InvalidDataException>(() => FullNet.Load(new MemoryStream(bytes)));
            bytes[at] ^= bit;
        }

        FullNet.Load(new MemoryStream(bytes));
    }

    [Fact]
    public void EpochsMayRise_AndGiveWhatALongerRunGives()
    {
        TrainingOptions options = new() { Epochs = 2, BatchSize = 30, Validation = Held };
        FullNet whole = new(1);
        TrainingHistory expected = whole.Train(Data, options with { Epochs = 5 });

        new FullNet(1).Train(Data, options with { Checkpoints = new Checkpoints(_folder) });
        FullNet net = new(1);
        TrainingHistory history = net.Train(Data, options with { Epochs = 5, Checkpoints = new Checkpoints(_folder) });

        AssertSame(whole, expected, net, history);
        Assert.Contains("Epochs: 5 there, 4 here", Refusal(Data, options with { Epochs = 4, Checkpoints = new Checkpoints(_folder) }));
    }

    [Fact]
    public void WhereAScheduleDependsOnTheLength_EpochsMayNotRise()
    {
        TrainingOptions options = new() { Epochs = 2, Checkpoints = new Checkpoints(_folder) };
        new FullNet(1).Train(Data, options with { Schedule = new CosineDecay() });

        Assert.Contains("Epochs: 2 there, 3 here; the schedule depends", Refusal(Data, options with { Epochs = 3, Schedule = new CosineDecay() }));
    }

    [Fact]
    public void WhatDiffers_IsRefusedByName_AndNothingIsChanged()
    {
        TrainingOptions options = new() { Epochs = 2, BatchSize = 30, Validation = Held, Checkpoints = new Checkpoints(_folder), Schedule = Schedule.From(static point => 1 / (1.0 + point.Step)) };
        new FullNet(1).Train(Data, options);
        Dictionary<string, string> files = Files(_folder);
        float[] inputs = Data.Inputs.ToArray();
        inputs[17] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(inputs[17]) ^ 1);

        Assert.Contains("training data: 100 rows", Refusal(Dataset.FromTargets(inputs, Data.Targets.ToArray(), 6, 1), options));
        Assert.Contains("training data: 100 rows", Refusal(Data.WithNames(["a", "b", "c", "d", "e", "f"], null), options));
        Assert.Contains("training data: 100 rows", Refusal(Data.WithWeights([.. Enumerable.Repeat(2f, 100)]), options));
        Assert.Contains("Validation: 40 rows", Refusal(Data, options with { Validation = Data }));
        Assert.Contains("BatchSize: 30 there, 31 here", Refusal(Data, options with { BatchSize = 31 }));
        Assert.Contains("Optimizer: Adam(learningRate: 0.001, ", Refusal(Data, options with { Optimizer = new Adam(2e-3f) }));
        Assert.Contains("Optimizer: Adam(learningRate: 0.001, ", Refusal(Data, options with { Optimizer = new Sgd(1e-3f) }));
        Assert.Contains("Schedule has other factors", Refusal(Data, options with { Schedule = Schedule.From(static point => 1 / (1.0 + (2 * point.Step))) }).Replace("Schedule: Schedule.From", "Schedule", StringComparison.Ordinal));
        Assert.Contains("Schedule: Schedule.From there, none here", Refusal(Data, options with { Schedule = null }));
        Assert.Contains("LayerRates: [] there, [Layer1: 0.5] here", Refusal(Data, options with { LayerRates = [new("Layer1", 0.5)] }));
        Assert.Contains("Averaging: none there, WeightAverage(0.99) here", Refusal(Data, options with { Averaging = new WeightAverage(0.99) }));
        Assert.Contains("AccumulationSteps: 1 there, 2 here", Refusal(Data, options with { AccumulationSteps = 2 }));
        Assert.Contains("L1: 0 there, 0.1 here. L2: 0 there, 0.2 here", Refusal(Data, options with { L1 = 0.1f, L2 = 0.2f }));
        Assert.Contains("ClipValue", Refusal(Data, options with { ClipValue = 1 }));
        Assert.Contains("ClipNorm", Refusal(Data, options with { ClipNorm = 1 }));
        Assert.Contains("MaxNorm", Refusal(Data, options with { MaxNorm = 1 }));
        Assert.Contains("InputStatistics: LearnOnce there, Relearn here", Refusal(Data, options with { InputStatistics = InputStatistics.Relearn }).Replace("Keep", "LearnOnce", StringComparison.Ordinal));
        Assert.Contains("EarlyStopping: none there, EarlyStopping(3)", Refusal(Data, options with { EarlyStopping = new EarlyStopping(3) }));
        Assert.Contains("Metrics: [] there, [mae] here", Refusal(Data, options with { Metrics = [Metric.Mae] }));
        Assert.Contains("Seed: 0 there, 1 here", Refusal(Data, options with { Seed = 1 }));
        Assert.Contains("Sampling: Shuffle there, InOrder here", Refusal(Data, options with { Sampling = Sampling.InOrder }));
        Assert.Contains("Steps: none there, 9 here", Refusal(Data, options with { Steps = 9 }));
        Assert.Contains("seed of the network: 1 there, 2 here", Assert.Throws<ArgumentException>(() => new FullNet(2).Train(Data, options)).Message);
        Assert.Contains("architecture: Input(6, Standardize)", Assert.Throws<ArgumentException>(() => new NarrowNet(1).Train(Data, options)).Message);
        Assert.Contains("loss: MSE, ", Assert.Throws<ArgumentException>(() => new OtherLossNet(1).Train(Data, options)).Message);
        Assert.Contains(
            "noise: inputs: GaussianNoise(0.1); Layer1: Dropout(0.3) there, inputs: GaussianNoise(0.1); Layer1: Dropout(0.25) here",
            Assert.Throws<ArgumentException>(() => new OtherNoiseNet(1).Train(Data, options)).Message);
        Assert.Equal(files, Files(_folder));

        // And what may differ may.
        FullNet net = new(1);
        net.Train(Data, options with { Threads = 1, Progress = new ConsoleProgress(TextWriter.Null), Callbacks = [new Interrupter()], Checkpoints = new Checkpoints(_folder) { Keep = 5, Best = false, Every = Duration.Share(0.1) } });
        Assert.Equal(2, net.EpochsTrained);
    }

    [Fact]
    public void CallbacksWithAState_AreNeeded()
    {
        TrainingOptions options = new() { Epochs = 2, Checkpoints = new Checkpoints(_folder) };
        string log = Path.Combine(_folder, "log.csv");
        new FullNet(1).Train(Data, options with { Callbacks = [new CsvLog(log)] });

        Assert.Contains("Mlp.CsvLog", Refusal(Data, options));
        File.WriteAllText(log, "epoch");
        Assert.Contains("has 5 bytes, and had", Assert.Throws<IOException>(() => new FullNet(1).Train(Data, options with { Callbacks = [new CsvLog(log)] })).Message);
        File.Delete(log);
        Assert.Contains("has 0 bytes, and had", Assert.Throws<IOException>(() => new FullNet(1).Train(Data, options with { Callbacks = [new CsvLog(log)] })).Message);
        Assert.False(File.Exists(log));
    }

    [Fact]
    public void EachCallback_GetsItsOwnState_BeforeOnStart()
    {
        TrainingOptions options = new() { Epochs = 4, Checkpoints = new Checkpoints(_folder) };
        Assert.Throws<NotSupportedException>(() => new FullNet(1).Train(Data, options with { Callbacks = [new Stateful("a"), new Interrupter { Epoch = 3 }, new Stateful("b")] }));

        Stateful first = new("a");
        Stateful second = new("b");
        new FullNet(1).Train(Data, options with { Callbacks = [first, second] });

        Assert.Equal(["load a 2", "start", "epoch 3", "epoch 4"], first.Events);
        Assert.Equal(["load b 2", "start", "epoch 3", "epoch 4"], second.Events);
    }

    [Fact]
    public void TheFolderHolds_TheNewestAndTheBest_AndALoadedOneIsTheModel()
    {
        TrainingOptions options = new() { Epochs = 5, BatchSize = 30, Validation = Held, Checkpoints = new Checkpoints(_folder) { Keep = 3 } };
        FullNet net = new(1);
        TrainingHistory history = net.Train(Data, options);

        Assert.Equal(["best.safetensors", "step-000000012.safetensors", "step-000000016.safetensors", "step-000000020.safetensors"], Files(_folder).Keys.Order());
        FullNet loaded = FullNet.Load(Path.Combine(_folder, "step-000000020.safetensors"));
        Assert.Equal(Sets.Parameters(net), Sets.Parameters(loaded));
        Assert.Equal(Sets.Predictions(net, Held), Sets.Predictions(loaded, Held));
        Assert.Equal(0, loaded.StepsTrained);
        Assert.Equal(history.Epochs[history.BestEpoch!.Value - 1].ValidationLoss, ScaledLoss(FullNet.Load(Path.Combine(_folder, "best.safetensors")), Held));

        // With options, the state of training is no part of what a model could take.
        using FileStream stream = File.OpenRead(Path.Combine(_folder, "step-000000020.safetensors"));
        FullNet.Load(Path.Combine(_folder, "step-000000020.safetensors"), new LoadOptions { Rename = static name => name }, out LoadReport report);
        Assert.Empty(report.Unused);
    }

    [Fact]
    public void Every_IsHonoured()
    {
        List<string> written = [];
        Watcher watcher = new(_folder, written);
        new FullNet(1).Train(Data, new TrainingOptions { Epochs = 3, BatchSize = 20, Callbacks = [watcher], Checkpoints = new Checkpoints(_folder) { Every = Duration.Steps(4), Keep = 100 } });

        // At step 5 and 10 an epoch ends, at 15 the run.
        Assert.Equal([0, 4, 8, 12, 15], Directory.GetFiles(_folder).Select(static path => int.Parse(Path.GetFileNameWithoutExtension(path)[5..], System.Globalization.CultureInfo.InvariantCulture)).Order());
        Directory.Delete(_folder, recursive: true);
        new FullNet(1).Train(Data, new TrainingOptions { Epochs = 4, BatchSize = 20, Checkpoints = new Checkpoints(_folder) { Every = Duration.Epochs(1.5), Keep = 100 } });
        Assert.Equal([0, 8, 15, 20], Directory.GetFiles(_folder).Select(static path => int.Parse(Path.GetFileNameWithoutExtension(path)[5..], System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public void AResumedRun_WritesWhereTheWholeRunWould_AndItsEpochHasTakenAllTheTime()
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(500);
        TrainingOptions options = new() { Epochs = 4, BatchSize = 20, Checkpoints = new Checkpoints(_folder) { Every = Duration.Steps(10), Keep = 100 } };
        using CancellationTokenSource source = new();
        Contract.Tests.Watcher watcher = new()
        {
            Step = (_, step) =>
            {
                if (step.Step == 12)
                {
                    Thread.Sleep(pause);
                    source.Cancel();
                }
            },
        };

        Assert.Throws<TrainingCancelledException>(() => new FullNet(1).Train(Data, options with { Callbacks = [watcher] }, source.Token));
        TrainingHistory history = new FullNet(1).Train(Data, options);

        Assert.Equal(["step-000000000.safetensors", "step-000000010.safetensors", "step-000000012.safetensors", "step-000000020.safetensors"], Files(_folder).Keys.Order());
        Assert.True(history.Epochs[2].Elapsed >= pause);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("another file")]
    public void ADamagedCheckpoint_IsPassedOver_AndIfAllAre_TrainThrows(string damage)
    {
        TrainingOptions options = new() { Epochs = 4, BatchSize = 30, Validation = Held };
        FullNet whole = new(1);
        TrainingHistory expected = whole.Train(Data, options);
        options = options with { Checkpoints = new Checkpoints(_folder) { Keep = 2 } };
        Assert.Throws<NotSupportedException>(() => new FullNet(1).Train(Data, options with { Callbacks = [new Interrupter { Epoch = 4 }] }));
        string[] files = [.. Directory.GetFiles(_folder, "step-*").Order()];
        Assert.Equal(2, files.Length);

        Damage(files[1], damage);
        FullNet net = new(1);
        AssertSame(whole, expected, net, net.Train(Data, options));
        Assert.Equal(2, Directory.GetFiles(_folder, "step-*").Length);

        foreach (string file in Directory.GetFiles(_folder, "step-*"))
        {
            Damage(file, damage);
        }

        Dictionary<string, string> damaged = Files(_folder);
        FullNet untouched = new(1);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => untouched.Train(Data, options));
        Assert.Contains("does not begin anew by itself", error.Message);
        Assert.Contains("step-000000016.safetensors", error.Message);
        Assert.Equal(damaged, Files(_folder));
        Assert.Equal(0, untouched.StepsTrained);
        Assert.Equal(Sets.Parameters(new FullNet(1)), Sets.Parameters(untouched));
    }

    [Fact]
    public void WithoutResume_ARunBeginsAnew_AndOldFilesGo()
    {
        TrainingOptions options = new() { Epochs = 4, BatchSize = 30, Validation = Held, Checkpoints = new Checkpoints(_folder) { Resume = false } };
        new FullNet(1).Train(Data, options);
        FullNet net = new(2);
        Watcher watcher = new(_folder, []);
        net.Train(Data, options with { Epochs = 2, Callbacks = [watcher] });

        Assert.Equal(["step-000000000.safetensors"], watcher.FilesAtFirstStep!);
        Assert.Equal(["best.safetensors", "step-000000004.safetensors", "step-000000008.safetensors"], Files(_folder).Keys.Order());
        FullNet same = new(2);
        same.Train(Data, options with { Epochs = 2, Checkpoints = null });
        Assert.Equal(Sets.Parameters(same), Sets.Parameters(net));
    }

    [Fact]
    public void ABestOfAnotherRun_IsNotReplaced()
    {
        File.WriteAllText(Path.Combine(_folder, "best.safetensors"), "precious");
        Assert.Contains("best.safetensors", Assert.Throws<IOException>(() => new FullNet(1).Train(Data, new TrainingOptions { Checkpoints = new Checkpoints(_folder) })).Message);
        Assert.Equal("precious", File.ReadAllText(Path.Combine(_folder, "best.safetensors")));
    }

    [Fact]
    public void AFolderThatVanishes_EndsTheRun_AndTrainingIsIntact()
    {
        TrainingOptions options = new() { Epochs = 4, BatchSize = 30 };
        FullNet net = new(1);
        Assert.Throws<DirectoryNotFoundException>(() => net.Train(
            Data, options with { Checkpoints = new Checkpoints(_folder), Callbacks = [new Interrupter { Epoch = 2, Action = () => Directory.Delete(_folder, recursive: true) }] }));

        FullNet expected = new(1);
        expected.Train(Data, options);
        net.Train(Data, options with { Epochs = 2 });
        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(net));
        Directory.CreateDirectory(_folder);
    }

    [Fact]
    public void AFileInPlaceOfTheFolder_IsRefusedBeforeTheFirstStep()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "text");
        FullNet net = new(1);
        Assert.ThrowsAny<IOException>(() => net.Train(Data, new TrainingOptions { Checkpoints = new Checkpoints(file) }));
        Assert.Equal(("text", 0L), (File.ReadAllText(file), net.StepsTrained));
    }

    [Fact]
    public void OneDescription_ServesRunsOneAfterTheOther_OnlyInTheSameRun()
    {
        Checkpoints checkpoints = new(_folder);
        Assert.Equal((_folder, Duration.Epochs(1), 2, true, true), (checkpoints.Folder, checkpoints.Every, checkpoints.Keep, checkpoints.Best, checkpoints.Resume));
        Assert.Throws<ArgumentException>(static () => new Checkpoints(""));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Checkpoints("x") { Keep = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Checkpoints("x") { Every = Duration.Steps(0) });
    }

    private static TrainingOptions Options(string? folder, string? log, Interrupter? interrupter = null) => new()
    {
        Epochs = 30,
        BatchSize = 18,
        AccumulationSteps = 2,
        Optimizer = new Adam(0.01f),
        Schedule = new CosineDecay(minimum: 0.1),
        Validation = Held,
        EarlyStopping = new EarlyStopping(patience: 3),
        Callbacks = [.. log is null ? [] : new TrainingCallback[] { new CsvLog(log) }, .. interrupter is null ? [] : new TrainingCallback[] { interrupter }],
        Checkpoints = folder is null ? null : new Checkpoints(folder) { Every = Duration.Steps(2) },
    };

    private static void AssertSame(FullNet expected, TrainingHistory expectedHistory, FullNet net, TrainingHistory history)
    {
        Assert.Equal(Sets.Parameters(expected), Sets.Parameters(net));
        Assert.Equal(expectedHistory.Epochs.Select(static epoch => epoch with { Elapsed = default }), history.Epochs.Select(static epoch => epoch with { Elapsed = default }));
        Assert.Equal(
            (expectedHistory.Steps, expectedHistory.StopReason, expectedHistory.StopMessage, expectedHistory.BestEpoch, expected.EpochsTrained, expected.StepsTrained),
            (history.Steps, history.StopReason, history.StopMessage, history.BestEpoch, net.EpochsTrained, net.StepsTrained));
    }

    private static string Refusal(Dataset data, TrainingOptions options)
    {
        FullNet net = new(1);
        string message = Assert.Throws<ArgumentException>(() => net.Train(data, options)).Message;
        Assert.Equal(Sets.Parameters(new FullNet(1)), Sets.Parameters(net));
        Assert.Equal((0, 0L), (net.EpochsTrained, net.StepsTrained));
        return message;
    }

    private static Dictionary<string, string> Files(string folder) =>
        Directory.GetFiles(folder).ToDictionary(static path => Path.GetFileName(path), static path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));

    private static string[] WithoutSeconds(string log) => [.. File.ReadAllLines(log).Select(static line =>
    {
        List<string> values = [.. line.Split(',')];
        values.RemoveAt(Array.IndexOf(["epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds"], "seconds"));
        return string.Join(',', values);
    })];

    private static double ScaledLoss(FullNet net, Dataset data)
    {
        // A run at rate 0 reports validation in units of training.
        return net.Train(Data, new TrainingOptions { Steps = 1, BatchSize = 1, Optimizer = new Sgd(0), Validation = data }).Epochs[0].ValidationLoss!.Value;
    }

    private static void Damage(string path, string damage)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "flipped":
                bytes[bytes.Length / 2] ^= 4;
                File.WriteAllBytes(path, bytes);
                break;
            case "truncated":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 3)]);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            default:
                new FullNet(1).Save(path);
                break;
        }
    }

    private sealed class Interrupter : TrainingCallback
    {
        public int Step { get; init; }

        public int Epoch { get; init; }

        public Action? Action { get; init; }

        public CancellationTokenSource? Source { get; set; }

        public int Steps { get; private set; }

        public bool HasEnded { get; private set; }

        public override void OnStep(TrainingContext context, in StepResult step)
        {
            Steps++;
            Do(step.Step == Step);
        }

        public override void OnEpoch(TrainingContext context, EpochResult epoch) => Do(epoch.Epoch == Epoch);

        public override void OnEnd(TrainingContext context, TrainingHistory history) => HasEnded = true;

        private void Do(bool isTime)
        {
            if (!isTime)
            {
                return;
            }

            if (Action is not null)
            {
                Action();
            }
            else if (Source is not null)
            {
                Source.Cancel();
            }
            else
            {
                throw new NotSupportedException();
            }
        }
    }

    private sealed class Stateful(string name) : TrainingCallback
    {
        private int _epochs;

        public List<string> Events { get; } = [];

        public override void OnStart(TrainingContext context) => Events.Add("start");

        public override void OnEpoch(TrainingContext context, EpochResult epoch) => Events.Add($"epoch {++_epochs}");

        public override string SaveState() => $"{name} {_epochs}";

        public override void LoadState(string state)
        {
            Events.Add($"load {state}");
            _epochs = int.Parse(state.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private sealed class StopAt(long last) : TrainingCallback
    {
        public override void OnStep(TrainingContext context, in StepResult step)
        {
            if (step.Step == last)
            {
                context.Stop("enough");
            }
        }
    }

    private sealed class Watcher(string folder, List<string> written) : TrainingCallback
    {
        public string[]? FilesAtFirstStep { get; private set; }

        public override void OnStep(TrainingContext context, in StepResult step)
        {
            FilesAtFirstStep ??= [.. Directory.GetFiles(folder).Select(static path => Path.GetFileName(path))];
            written.Add(step.Step.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
