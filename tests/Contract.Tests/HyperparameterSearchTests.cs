namespace Contract.Tests;

/// <summary>A search compares candidates on the same folds, and outer folds judge what it chooses by rows that it has not seen.</summary>
public class HyperparameterSearchTests
{
    private static readonly TrainingOptions Short = new() { Epochs = 3, BatchSize = 16, Seed = 5 };

    [Fact]
    public void EachCandidate_HasItsCrossValidation_AndTheBestIsFirst()
    {
        Dataset data = CrossValidationTests.Classes(80);
        Folds folds = Folds.K(3, SplitBy.Class, repeats: 2, seed: 4);
        TrainingOptions[] candidates = [.. from rate in new[] { 1e-4f, 1e-2f } from size in new[] { 8, 32 } select Short with { Optimizer = new Adam(rate), BatchSize = size }];
        SearchResult result = HyperparameterSearch.Run<ProbabilityNet>(data, folds, candidates, by: Metric.RocAuc);

        Assert.Equal(4, result.Rows.Count);
        Assert.Same(result.Rows[0].Options, result.Best);
        Assert.Null(result.Outer);
        Assert.Equal(Metric.RocAuc, result.By);
        Assert.Equal(result.Rows.Select(static row => row[Metric.RocAuc].Mean).OrderDescending(), result.Rows.Select(static row => row[Metric.RocAuc].Mean));
        Assert.Equal([0, 1, 2, 3], result.Rows.Select(static row => row.Candidate).Order());
        foreach (SearchRow row in result.Rows)
        {
            Assert.Same(candidates[row.Candidate], row.Options);
            Assert.True(row.IsComplete && row.Failure is null);
            FoldTable alone = CrossValidation.Run<ProbabilityNet>(data, folds, candidates[row.Candidate] with { Metrics = [Metric.RocAuc] });
            Assert.Equal(alone.ToString(), row.Table.ToString());
            Assert.Equal(alone[Metric.Loss], row[Metric.Loss]);
        }
    }

    [Fact]
    public void LowerIsBetter_OfLosses_AndOfEqualsTheFirst()
    {
        TrainingOptions[] candidates = [Short with { Epochs = 1 }, Short with { Epochs = 9 }, Short with { Epochs = 9 }];
        SearchResult result = HyperparameterSearch.Run<PricesNet>(CrossValidationTests.Prices(60), Folds.K(3), candidates, Metric.Loss);

        Assert.Equal([1, 2, 0], result.Rows.Select(static row => row.Candidate));
        Assert.Equal(9, result.Best.Epochs);
    }

    [Fact]
    public void OuterFolds_JudgeWhatASearchOnTheirTrainingRowsChooses()
    {
        Dataset data = CrossValidationTests.Prices(90);
        Folds folds = Folds.K(2, SplitBy.Group, seed: 1), outer = Folds.K(3, SplitBy.Group, seed: 2);
        TrainingOptions[] candidates = [Short, Short with { Epochs = 12 }, Short with { Optimizer = new Sgd(0.1f) }];
        SearchResult result = HyperparameterSearch.Run<PricesNet>(data, folds, candidates, Metric.R2, outer);

        Assert.Equal(HyperparameterSearch.Run<PricesNet>(data, folds, candidates, Metric.R2).ToString(), result.ToString()[..result.ToString().IndexOf("\nouter", StringComparison.Ordinal)]);
        Assert.NotNull(result.Outer);
        Assert.Equal(3, result.Outer.Folds.Count);
        foreach ((int number, (Dataset train, Dataset test)) in data.Folds(outer).Index())
        {
            TrainingOptions best = HyperparameterSearch.Run<PricesNet>(train, folds, candidates, Metric.R2).Best;
            PricesNet net = new(5 + number);
            net.Train(train, best);
            Assert.Same(best, result.Outer.Folds[number].Options);
            Assert.Equal(net.Evaluate(test).Loss, result.Outer.Folds[number].Metrics[Metric.Loss]);
        }
    }

    [Fact]
    public void CandidatesAtOnce_HaveTheBitsOfCandidatesInTurn()
    {
        TrainingOptions[] candidates = [Short, Short with { Epochs = 5 }, Short with { EarlyStopping = new EarlyStopping(1), Epochs = 20 }];
        Assert.Single(new[] { 1, 0, 7 }.Select(threads => HyperparameterSearch.Run<FullNet>(
            Sets.Smooth(90, 6), Folds.K(3), candidates.Select(candidate => candidate with { Threads = threads }), Metric.R2, Folds.K(2)).ToString()).Distinct());
    }

    [Fact]
    public void ACandidateThatOverflows_IsLast_AndTheSearchGoesOn()
    {
        CrossValidationTests.Calls progress = new(static _ => { });
        SearchResult result = HyperparameterSearch.Run<BatchNet>(
            Sets.Smooth(40, 2), Folds.K(2), [Short with { Optimizer = new Sgd(1e30f) }, Short], Metric.R2, outer: Folds.K(2), progress);

        Assert.Equal([1, 0], result.Rows.Select(static row => row.Candidate));
        Assert.StartsWith("Candidate 0, fold 0: ", Assert.IsType<NonFiniteLossException>(result.Rows[1].Failure).Message, StringComparison.Ordinal);
        Assert.False(result.Rows[1].IsComplete);
        Assert.Equal(new Adam().LearningRate, Assert.IsType<Adam>(result.Best.Optimizer).LearningRate);
        Assert.Equal(2, result.Outer?.Folds.Count);
        Assert.Equal((14, 14), (progress.Reports.Count, progress.Reports[^1].Total));
        Assert.Contains("–", result.ToString());
    }

    [Fact]
    public void TheTable_SaysWhatCandidatesDifferBy_BestFirst()
    {
        TrainingOptions[] candidates = [Short with { Epochs = 1 }, Short with { Epochs = 9, BatchSize = 8 }];
        string[] lines = HyperparameterSearch.Run<PricesNet>(CrossValidationTests.Prices(60), Folds.K(3), candidates, Metric.R2).ToString().Split('\n');

        Assert.Equal(["candidate", "folds", "r2", "±", "loss", "±"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("1: BatchSize = 8, Epochs = 9", lines[1]);
        Assert.StartsWith("0: BatchSize = 16, Epochs = 1", lines[2]);
        Assert.Equal(lines[0].Length, lines[1].Length);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public void TheTable_ShowsOfOptimizersAndSchedulesWhatDiffers()
    {
        TrainingOptions[] candidates =
        [
            Short with { Optimizer = new Adam(0.01f) },
            Short with { Optimizer = new Adam(0.02f, weightDecay: 0.1f) },
            Short with { Optimizer = new Sgd(0.1f), Schedule = new StepDecay(Duration.Epochs(1), 0.5) },
        ];
        string[] lines = HyperparameterSearch.Run<PricesNet>(CrossValidationTests.Prices(60), Folds.K(3), candidates, Metric.R2).ToString().Split('\n');

        Assert.Contains(lines, static line => line.StartsWith("0: Optimizer = Adam(learningRate: 0.01, weightDecay: 0), Schedule = none  ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("1: Optimizer = Adam(learningRate: 0.02, weightDecay: 0.1), Schedule = none  ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("2: Optimizer = Sgd, Schedule = StepDecay  ", StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutAnyValue_ThereIsNoBest_AndItsAbsenceIsSaid()
    {
        SearchResult result = HyperparameterSearch.Run<BatchNet>(Sets.Smooth(40, 2), Folds.K(2), [Short with { Optimizer = new Sgd(1e30f) }], Metric.R2);
        Assert.Contains("No candidate has a value of r2", Assert.Throws<InvalidOperationException>(() => result.Best).Message);
    }

    [Fact]
    public void Cancelling_KeepsWhatIsComplete()
    {
        using CancellationTokenSource source = new();
        CrossValidationTests.Calls progress = new(report =>
        {
            if (report.Completed == 5)
            {
                source.Cancel();
            }
        });
        SearchCancelledException error = Assert.Throws<SearchCancelledException>(() => HyperparameterSearch.Run<PricesNet>(
            CrossValidationTests.Prices(60), Folds.K(3), [.. Enumerable.Repeat(Short with { Threads = 1 }, 4)], Metric.R2, null, progress, source.Token));

        Assert.Equal([3, 2, 0, 0], error.Result.Rows.Select(static row => row.Table.Folds.Count));
        Assert.Equal((true, 0), (error.Result.Rows[0].IsComplete, error.Result.Rows[0].Candidate));
        Assert.Contains("1 of 4 candidates", error.Message);
    }

    [Fact]
    public void Candidates_AreReadOnce_AndThereMustBeSome()
    {
        int reads = 0;
        Dataset data = CrossValidationTests.Prices(30);
        HyperparameterSearch.Run<PricesNet>(data, Folds.K(2), Candidates(), Metric.R2, Folds.K(2));
        Assert.Equal(1, reads);

        Assert.Throws<ArgumentException>("candidates", () => HyperparameterSearch.Run<PricesNet>(data, Folds.K(2), [], Metric.R2));
        Assert.Throws<ArgumentNullException>("candidates", () => HyperparameterSearch.Run<PricesNet>(data, Folds.K(2), [null!], Metric.R2));
        Assert.Throws<ArgumentNullException>("candidates", () => HyperparameterSearch.Run<PricesNet>(data, Folds.K(2), null!, Metric.R2));
        Assert.Throws<ArgumentNullException>("by", () => HyperparameterSearch.Run<PricesNet>(data, Folds.K(2), [Short], null!));
        Assert.Throws<ArgumentException>("options", () => HyperparameterSearch.Run<PricesNet>(data, Folds.K(2), [Short], Metric.RocAuc));

        IEnumerable<TrainingOptions> Candidates()
        {
            reads++;
            yield return Short;
        }
    }
}
