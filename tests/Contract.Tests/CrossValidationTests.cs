namespace Contract.Tests;

/// <summary>Folds in parallel are networks as one would train them by hand, and nothing of their test rows reaches them.</summary>
public class CrossValidationTests
{
    private static readonly TrainingOptions Short = new() { Epochs = 3, BatchSize = 16, Optimizer = new Adam(0.01f), Seed = 5 };

    [Theory]
    [InlineData(SplitBy.Row)]
    [InlineData(SplitBy.Group)]
    [InlineData(SplitBy.Time)]
    public void EachFold_IsANetworkOfItsOwnSeed_TrainedAndJudgedByItsRows(SplitBy splitBy)
    {
        Dataset data = Prices(90);
        Folds folds = Folds.K(4, splitBy, seed: 3);
        FoldTable table = CrossValidation.Run<PricesNet>(data, folds, Short with { Metrics = [Metric.R2] });

        Assert.Equal(4, table.Folds.Count);
        Assert.Equal([Metric.Loss, Metric.R2], table.Metrics);
        foreach ((int number, (Dataset train, Dataset test)) in data.Folds(folds).Index())
        {
            PricesNet net = new(5 + number);
            TrainingHistory history = net.Train(train, Short);
            FoldResult fold = table.Folds[number];
            Assert.Equal((number, train.Count, test.Count), (fold.Number, fold.TrainRows, fold.TestRows));
            Assert.Equal(net.Evaluate(test).Loss, fold.Metrics[Metric.Loss]);
            Assert.Equal(Losses(history), Losses(fold.History));
        }
    }

    [Fact]
    public void MeanAndDeviation_AreThoseOfTheFolds_OverNMinusOne()
    {
        FoldTable table = CrossValidation.Run<ProbabilityNet>(Classes(60), Folds.K(3, SplitBy.Class, repeats: 2), Short with { Metrics = [Metric.RocAuc] });

        Assert.Equal([Metric.Loss, Metric.Accuracy, Metric.RocAuc], table.Metrics);
        foreach (Metric metric in table.Metrics)
        {
            double[] values = [.. table.Folds.Select(fold => fold.Metrics[metric] ?? double.NaN)];
            double mean = values.Average();
            Assert.Equal(6, values.Length);
            Assert.Equal(mean, table[metric].Mean, 1e-12);
            Assert.Equal(Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / 5), table[metric].Deviation, 1e-12);
        }

        Assert.Contains("f1 was not computed", Assert.Throws<KeyNotFoundException>(() => table[Metric.F1()]).Message);
    }

    [Fact]
    public void FoldsAtOnce_HaveTheBitsOfFoldsInTurn()
    {
        Dataset data = Sets.Smooth(150, 6);
        TrainingOptions options = Short with { EarlyStopping = new EarlyStopping(patience: 2), Epochs = 6 };
        FoldTable serial = CrossValidation.Run<FullNet>(data, Folds.K(4), options with { Threads = 1 });
        Assert.All([0, 2, 5], threads =>
        {
            FoldTable parallel = CrossValidation.Run<FullNet>(data, Folds.K(4), options with { Threads = threads });
            Assert.Equal(serial.Folds.Select(Bits), parallel.Folds.Select(Bits));
            Assert.Equal(serial.ToString(), parallel.ToString());
        });

        static string Bits(FoldResult fold) => $"{fold.Number} {fold.Metrics[Metric.Loss]:R} {string.Join(' ', Losses(fold.History))}";
    }

    [Theory]
    [InlineData(SplitBy.Row)]
    [InlineData(SplitBy.Group)]
    public void EarlyStopping_ValidatesOnAPartOfTheTrainingRows_SplitAsTheFoldsAre(SplitBy splitBy)
    {
        Dataset data = Prices(100);
        Folds folds = Folds.K(3, splitBy, seed: 8);
        TrainingOptions options = Short with { Epochs = 8, EarlyStopping = new EarlyStopping(patience: 2) };
        FoldTable table = CrossValidation.Run<PricesNet>(data, folds, options);
        foreach ((int number, (Dataset rows, Dataset test)) in data.Folds(folds).Index())
        {
            (Dataset train, Dataset validation) = rows.Split(0.85, splitBy, seed: 8);
            PricesNet net = new(5 + number);
            TrainingHistory history = net.Train(train, options with { Validation = validation });
            Assert.Equal(train.Count, table.Folds[number].TrainRows);
            Assert.Equal(Losses(history), Losses(table.Folds[number].History));
            Assert.Equal(net.Evaluate(test).Loss, table.Folds[number].Metrics[Metric.Loss]);
        }
    }

    [Fact]
    public void APlateau_ValidatesLikewise()
    {
        Dataset data = Prices(60);
        TrainingOptions options = Short with { Epochs = 6, Schedule = new ReduceOnPlateau(patience: 0) };
        FoldTable table = CrossValidation.Run<PricesNet>(data, Folds.K(3), options);
        (Dataset rows, _) = data.Folds(Folds.K(3)).First();
        (Dataset train, Dataset validation) = rows.Split(0.85);
        PricesNet net = new(5);
        Assert.Equal(Losses(net.Train(train, options with { Validation = validation })), Losses(table.Folds[0].History));
    }

    [Fact]
    public void NothingOfTheTestRows_ReachesTraining()
    {
        Dataset data = Prices(60);
        Folds folds = Folds.K(3, seed: 1);
        int[] test = [.. Numbered(60).Folds(folds).First().Test.Inputs.ToArray().Select(static id => (int)id)];
        float[] inputs = data.Inputs.ToArray();
        float[] targets = data.Targets.ToArray();
        foreach (int row in test)
        {
            inputs[2 * row] = 1e20f;
            targets[row] = -1e9f;
        }

        TrainingOptions options = Short with { EarlyStopping = new EarlyStopping(patience: 3) };
        FoldTable before = CrossValidation.Run<PricesNet>(data, folds, options);
        FoldTable after = CrossValidation.Run<PricesNet>(Dataset.FromTargets(inputs, targets, 2, 1), folds, options);
        Assert.Equal(Losses(before.Folds[0].History), Losses(after.Folds[0].History));
        Assert.NotEqual(Losses(before.Folds[1].History), Losses(after.Folds[1].History));
    }

    [Theory]
    [InlineData(2, "1 row")]
    [InlineData(4, "3 rows")]
    public void FoldsOfTooFewRowsToValidateBy_AreRefusedWithTheReason(int rows, string trained)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => CrossValidation.Run<PricesNet>(Prices(rows), Folds.K(rows), Short with { EarlyStopping = new EarlyStopping(patience: 1) }));
        Assert.StartsWith($"A fold trains on {trained}, too few to keep 15 % of them for the validation that early stopping", error.Message);
    }

    [Fact]
    public void Cancelling_KeepsTheFoldsThatAreComplete()
    {
        using CancellationTokenSource source = new();
        Calls progress = new(report =>
        {
            if (report.Completed == 2)
            {
                source.Cancel();
            }
        });
        CrossValidationCancelledException error = Assert.Throws<CrossValidationCancelledException>(() => CrossValidation.Run<PricesNet>(
            Prices(60), Folds.K(5), Short with { Threads = 1 }, progress, source.Token));

        Assert.Equal([0, 1], error.Table.Folds.Select(static fold => fold.Number));
        Assert.True(error.Table[Metric.Loss].Mean > 0);
        Assert.Contains("after 2 of 5 folds", error.Message);
        Assert.Equal(source.Token, error.CancellationToken);

        // On several threads those under way are given up.
        Assert.InRange(
            Assert.Throws<CrossValidationCancelledException>(() => CrossValidation.Run<PricesNet>(Prices(60), Folds.K(5), Short, progress, source.Token)).Table.Folds.Count, 0, 4);
    }

    [Fact]
    public void Progress_ComesOncePerFold_OneAtATime()
    {
        int inside = 0;
        Calls progress = new(_ =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            Thread.Sleep(5);
            Interlocked.Decrement(ref inside);
        });
        CrossValidation.Run<PricesNet>(Prices(60), Folds.K(4, repeats: 2), Short with { Threads = 4 }, progress);

        Assert.Equal(Enumerable.Range(1, 8), progress.Reports.Select(static report => report.Completed));
        Assert.All(progress.Reports, static report => Assert.Equal((8, true), (report.Total, report.Elapsed > TimeSpan.Zero)));
        Assert.Equal(Enumerable.Range(0, 8), progress.Reports.Select(static report => report.Result?.Number ?? -1).Order());
        Assert.Equal(TimeSpan.Zero, progress.Reports[^1].Remaining);
    }

    [Fact]
    public void WhatProgressThrows_EndsTheCall()
    {
        Calls progress = new(static _ => throw new InvalidOperationException("enough"));
        Assert.Equal("enough", Assert.Throws<InvalidOperationException>(
            () => CrossValidation.Run<PricesNet>(Prices(60), Folds.K(4), Short with { Threads = 3 }, progress)).Message);
    }

    [Fact]
    public void WhatBelongsToOneRun_IsRefused()
    {
        Refused("Validation", Short with { Validation = Prices(5) });
        Refused("Callbacks", Short with { Callbacks = [new CsvLog(Path.Combine(Path.GetTempPath(), "never-written.csv"))] });
        Refused("Checkpoints", Short with { Checkpoints = new Checkpoints(Path.Combine(Path.GetTempPath(), "never-written")) });
        Refused("metric roc_auc", Short with { Metrics = [Metric.RocAuc] });
        Assert.Throws<ArgumentNullException>("data", () => CrossValidation.Run<PricesNet>(null!, Folds.K(3)));
        Assert.Throws<ArgumentNullException>("folds", () => CrossValidation.Run<PricesNet>(Prices(5), null!));
        Assert.Throws<ArgumentException>("folds", () => CrossValidation.Run<PricesNet>(Prices(5), Folds.K(6)));
        Assert.Throws<ArgumentException>("data", () => CrossValidation.Run<PricesNet>(Sets.Smooth(30, 3), Folds.K(3)));

        static void Refused(string what, TrainingOptions options) => Assert.Contains(
            what, Assert.Throws<ArgumentException>("options", () => CrossValidation.Run<PricesNet>(Prices(30), Folds.K(3), options)).Message);
    }

    [Fact]
    public void AFoldThatOverflows_EndsTheCall_AndIsNamed()
    {
        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(
            static () => CrossValidation.Run<BatchNet>(Sets.Smooth(30, 2), Folds.K(3), Short with { Optimizer = new Sgd(1e30f), Threads = 1 }));
        Assert.StartsWith("Fold 0: ", error.Message, StringComparison.Ordinal);
        NonFiniteLossException own = Assert.IsType<NonFiniteLossException>(error.InnerException);
        Assert.Equal((own.Epoch, own.Step, own.Layer, own.Row), (error.Epoch, error.Step, error.Layer, error.Row));
        Assert.NotNull(error.Step);
    }

    [Fact]
    public void WhatAFoldThrows_KeepsItsType_AndTellsTheFold()
    {
        FormatException error = Assert.Throws<FormatException>(() => CrossValidation.Run<ProbabilityNet>(
            Classes(30), Folds.K(3), Short with { Metrics = [new FailingMetric()], Threads = 1 }));

        Assert.Equal("own", error.Message);
        Assert.StartsWith("Fold ", (string?)error.Data["Fold"], StringComparison.Ordinal);
    }

    [Fact]
    public void TheTable_IsReadable_InAnyCulture()
    {
        FoldTable table = CrossValidation.Run<ProbabilityNet>(Classes(60), Folds.K(3, SplitBy.Class), Short with { Metrics = [Metric.RocAuc] });
        string[] lines = table.ToString().Split('\n');

        Assert.Equal(["fold", "train", "test", "epochs", "loss", "accuracy", "roc_auc"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["0", "40", "20", "3"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..4]);
        Assert.StartsWith("mean", lines[5]);
        Assert.StartsWith("deviation", lines[6]);
        Assert.Equal(8, lines.Length);
        Assert.Single(lines.Where(static line => line.Length > 0).Select(static line => line.Length).Distinct());
        Assert.All(lines, static line => Assert.DoesNotContain(',', line));
    }

    /// <summary>Rows of two inputs, prices and some groups and times.</summary>
    internal static Dataset Prices(int count) => Sets.Smooth(count, 2)
        .WithGroups([.. Enumerable.Range(0, count).Select(static row => row * 5 % 23)])
        .WithTimes([.. Enumerable.Range(0, count).Select(row => (long)(row * 7 % count))]);

    internal static Dataset Classes(int count)
    {
        Dataset data = Sets.Smooth(count, 3);
        return Dataset.FromLabels(data.Inputs.ToArray(), [.. data.Targets.ToArray().Select(static target => target > 0 ? 1 : 0)], 3, 2);
    }

    private static Dataset Numbered(int count) =>
        Dataset.FromTargets([.. Enumerable.Range(0, count).Select(static row => (float)row)], new float[count], 1, 1);

    private static string[] Losses(TrainingHistory history) => [.. history.Epochs.Select(static epoch => $"{epoch.Loss:R} {epoch.ValidationLoss:R}")];

    /// <summary>What progress was told, in order.</summary>
    internal sealed class Calls(Action<FoldProgress> then) : IProgress<FoldProgress>
    {
        public List<FoldProgress> Reports { get; } = [];

        public void Report(FoldProgress value)
        {
            Reports.Add(value);
            then(value);
        }
    }

    private sealed class FailingMetric() : Metric("failing", higherIsBetter: true)
    {
        protected override double? Compute(in Predictions predictions) => throw new FormatException("own");
    }
}
