namespace Contract.Tests.Records;

/// <summary>Cross-validation and search fit every network to its fold's training rows alone.</summary>
public class RecordFoldTests
{
    private static readonly Passenger[] Rows = Passengers.Draw(150);
    private static readonly TrainingOptions Short = new() { Epochs = 3, BatchSize = 16, Optimizer = new Adam(0.01f), Seed = 5 };

    [Theory]
    [InlineData(SplitBy.Row)]
    [InlineData(SplitBy.Class)]
    [InlineData(SplitBy.Group)]
    public void EachFold_IsANetworkFittedToItsTrainingRows(SplitBy splitBy)
    {
        Folds folds = Folds.K(4, splitBy, seed: 3);
        FoldTable table = CrossValidation.Run<SurvivalNet, Passenger>(Rows, folds, Short with { Metrics = [Metric.RocAuc] });

        foreach ((int number, (Passenger[] train, Passenger[] test)) in Cut(folds).Index())
        {
            SurvivalNet net = new(seed: 5 + number);
            TrainingHistory history = net.Train(train, Short);
            FoldResult fold = table.Folds[number];
            Assert.Equal((train.Length, test.Length), (fold.TrainRows, fold.TestRows));
            Assert.Equal(net.Evaluate(test).Loss, fold.Metrics[Metric.Loss]);
            Assert.Equal(history.Epochs.Select(epoch => epoch.Loss), fold.History.Epochs.Select(epoch => epoch.Loss));
        }
    }

    [Fact]
    public void RowsThatValidate_AreFittedToAsLittle()
    {
        Folds folds = Folds.K(3, SplitBy.Class, seed: 8);
        TrainingOptions options = Short with { Epochs = 8, EarlyStopping = new EarlyStopping(patience: 2) };
        FoldTable table = CrossValidation.Run<SurvivalNet, Passenger>(Rows, folds, options);
        foreach ((int number, (Passenger[] rows, Passenger[] test)) in Cut(folds).Index())
        {
            (Passenger[] train, Passenger[] validation) = Split(rows, 0.85, SplitBy.Class, seed: 8);
            SurvivalNet net = new(seed: 5 + number);
            net.Fit(train);
            net.Train(train, options with { Validation = net.Encode(validation) });
            Assert.Equal(train.Length, table.Folds[number].TrainRows);
            Assert.Equal(net.Evaluate(test).Loss, table.Folds[number].Metrics[Metric.Loss]);
        }
    }

    [Fact]
    public void TestRows_ReachNothingThatIsFitted()
    {
        Folds folds = Folds.K(3, seed: 2);
        FoldTable before = CrossValidation.Run<SurvivalNet, Passenger>(Rows, folds, Short);
        int[] test = [.. Cut(folds)[0].Test.Select(row => Array.FindIndex(Rows, other => ReferenceEquals(other, row)))];
        Passenger[] changed = [.. Rows];
        foreach (int row in test)
        {
            changed[row] = Rows[row] with { Age = 1e6f, Fare = -1e9, Port = $"harbour {row}", Boarded = DateOnly.MinValue };
        }

        FoldTable after = CrossValidation.Run<SurvivalNet, Passenger>(changed, folds, Short);
        Assert.Equal(Losses(before.Folds[0]), Losses(after.Folds[0]));
        Assert.NotEqual(before.Folds[0].Metrics[Metric.Loss], after.Folds[0].Metrics[Metric.Loss]);
        Assert.NotEqual(Losses(before.Folds[1]), Losses(after.Folds[1]));

        static IEnumerable<double> Losses(FoldResult fold) => fold.History.Epochs.Select(epoch => epoch.Loss);
    }

    [Fact]
    public void ASearch_ComparesCandidatesByCrossValidation_NestedToo()
    {
        Folds folds = Folds.K(3, SplitBy.Class, seed: 1);
        TrainingOptions[] candidates = [Short, Short with { Optimizer = new Adam(1e-5f) }];
        SearchResult result = HyperparameterSearch.Run<SurvivalNet, Passenger>(Rows, folds, candidates, by: Metric.Loss, outer: Folds.K(2, SplitBy.Class, seed: 4));

        Assert.Equal([0, 1], result.Rows.Select(row => row.Candidate));
        Assert.Equal(CrossValidation.Run<SurvivalNet, Passenger>(Rows, folds, candidates[1])[Metric.Loss].Mean, result.Rows[1][Metric.Loss].Mean);
        (Passenger[] train, Passenger[] test) = Cut(Folds.K(2, SplitBy.Class, seed: 4))[0];
        SurvivalNet net = new(seed: 5);
        net.Train(train, Short);
        Assert.Equal(net.Evaluate(test).Loss, result.Outer!.Folds[0].Metrics[Metric.Loss]);
    }

    [Fact]
    public void RowsThatCannotBeRead_AreRefused()
    {
        Passenger[] rows = [.. Rows];
        rows[7] = rows[7] with { Fare = double.NaN };
        Assert.Contains("Row 7: Fare is missing", Assert.Throws<ArgumentException>(() => CrossValidation.Run<SurvivalNet, Passenger>(rows, Folds.K(2), Short)).Message);
        Assert.Contains("times", Assert.Throws<ArgumentException>(() => CrossValidation.Run<SurvivalNet, Passenger>(Rows, Folds.K(2, SplitBy.Time), Short)).Message);
    }

    private static (Passenger[] Train, Passenger[] Test)[] Cut(Folds folds) =>
        [.. Numbered(Rows).Folds(folds).Select(fold => (Chosen(Rows, fold.Train), Chosen(Rows, fold.Test)))];

    private static (Passenger[] First, Passenger[] Second) Split(Passenger[] rows, double share, SplitBy splitBy, int seed)
    {
        (Dataset first, Dataset second) = Numbered(rows).Split(share, splitBy, seed);
        return (Chosen(rows, first), Chosen(rows, second));
    }

    /// <summary>A data set whose one input is the row's number.</summary>
    private static Dataset Numbered(Passenger[] rows) => Dataset.FromLabels(
        [.. Enumerable.Range(0, rows.Length).Select(row => (float)row)], [.. rows.Select(row => row.Survived ? 1 : 0)], inputSize: 1, classCount: 2)
        .WithGroups([.. rows.Select(row => row.Family)]);

    private static Passenger[] Chosen(Passenger[] rows, Dataset numbers) => [.. numbers.Inputs.ToArray().Select(row => rows[(int)row])];
}
