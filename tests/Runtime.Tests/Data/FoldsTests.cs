namespace Mlp.Runtime.Tests.Data;

public class FoldsTests
{
    [Fact]
    public void K_HasDefaults_AndIsAValue()
    {
        Assert.Equal(Folds.K(5, SplitBy.Row, repeats: 1, seed: 0), Folds.K(5));
        Folds folds = Folds.K(5, SplitBy.Class, repeats: 3, seed: 1);
        Assert.Equal((5, SplitBy.Class, 3, 1), (folds.Count, folds.SplitBy, folds.Repeats, folds.Seed));
    }

    [Fact]
    public void NumbersThatMakeNoSense_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>("k", () => Folds.K(1));
        Assert.Throws<ArgumentOutOfRangeException>("repeats", () => Folds.K(5, repeats: 0));
        Assert.Throws<ArgumentOutOfRangeException>("repeats", () => Folds.K(1 << 20, repeats: 1 << 12));
        Assert.Throws<ArgumentOutOfRangeException>("repeats", () => Folds.K(2, repeats: 1 << 28));
        Assert.Throws<ArgumentOutOfRangeException>("splitBy", () => Folds.K(5, (SplitBy)4));
        Assert.Contains("by time", Assert.Throws<ArgumentOutOfRangeException>("repeats", () => Folds.K(5, SplitBy.Time, repeats: 2)).Message);
    }

    [Theory]
    [InlineData(SplitBy.Row)]
    [InlineData(SplitBy.Class)]
    [InlineData(SplitBy.Group)]
    public void EachRepeat_JudgesByEveryRowOnce_AndTrainsOnTheOthers(SplitBy splitBy)
    {
        Dataset data = Data(103);
        (Dataset Train, Dataset Test)[] folds = [.. data.Folds(Folds.K(4, splitBy, repeats: 3, seed: 7))];

        Assert.Equal(12, folds.Length);
        foreach ((Dataset Train, Dataset Test)[] repeat in folds.Chunk(4))
        {
            Assert.Equal(Enumerable.Range(0, 103), repeat.SelectMany(static fold => Ids(fold.Test)).Order());
            Assert.All(repeat, static fold => Assert.Equal(Enumerable.Range(0, 103), Ids(fold.Train).Concat(Ids(fold.Test)).Order()));
        }

        Assert.Equal(3, folds.Chunk(4).Select(static repeat => string.Join(' ', Ids(repeat[0].Test).Order())).Distinct().Count());
        Assert.NotEqual(Ids(folds[0].Test), Ids(data.Folds(Folds.K(4, splitBy, seed: 8)).First().Test));
        Assert.Equal(Ids(folds[0].Test), Ids(data.Folds(Folds.K(4, splitBy, seed: 7)).First().Test));
    }

    [Fact]
    public void SizesDifferByOneAtMost_ByClassAlsoOfEachClass()
    {
        int[] byRow = [.. Data(103).Folds(Folds.K(10)).Select(static fold => fold.Test.Count)];
        Assert.Equal((10, 11), (byRow.Min(), byRow.Max()));

        int[][] byClass = [.. Data(103).Folds(Folds.K(7, SplitBy.Class, seed: 3)).Select(static fold => CountsOf(fold.Test))];
        for (int label = 0; label < 3; label++)
        {
            Assert.InRange(byClass.Max(counts => counts[label]) - byClass.Min(counts => counts[label]), 0, 1);
        }

        Assert.InRange(byClass.Max(static counts => counts.Sum()) - byClass.Min(static counts => counts.Sum()), 0, 1);
    }

    [Fact]
    public void NoGroup_LiesOnBothSides_AndFoldsAreBalanced()
    {
        Random random = new(3);
        int[] groups = [.. Enumerable.Range(0, 600).Select(_ => random.Next(90))];
        int largest = groups.CountBy(static group => group).Max(static group => group.Value);
        int[] sizes = [.. Rows.Numbered(600).WithGroups(groups).Folds(Folds.K(5, SplitBy.Group, repeats: 2)).Select(static fold =>
        {
            Assert.Empty(fold.Train.Groups.ToArray().Intersect(fold.Test.Groups.ToArray()));
            return fold.Test.Count;
        })];
        Assert.All(sizes, size => Assert.InRange(size, 120 - largest, 120 + largest));
    }

    [Fact]
    public void ByTime_EachFoldTrainsOnThePastAlone()
    {
        Random random = new(4);
        long[] times = [.. Enumerable.Range(0, 130).Select(_ => random.NextInt64(1, 60))];
        (Dataset Train, Dataset Test)[] folds = [.. Rows.Numbered(130).WithTimes(times).Folds(Folds.K(4, SplitBy.Time))];

        Assert.Equal(4, folds.Length);
        int trained = 0;
        foreach ((Dataset train, Dataset test) in folds)
        {
            Assert.True(train.Times[^1] < test.Times[0]);
            Assert.InRange(test.Count, 20, 32);
            Assert.True(train.Count > trained);
            trained = train.Count;
        }

        Assert.Equal(130, folds[^1].Train.Count + folds[^1].Test.Count);
        Assert.Equal(times.Max(), folds[^1].Test.Times[^1]);
    }

    [Fact]
    public void ByTime_OfDifferentTimes_AllPartsAreOfOneSize() => Assert.Equal(
        [(20, 20), (40, 20), (60, 20), (80, 20)],
        Rows.Numbered(100).WithTimes([.. Enumerable.Range(0, 100).Select(static row => (long)row)]).Folds(Folds.K(4, SplitBy.Time))
            .Select(static fold => (fold.Train.Count, fold.Test.Count)));

    [Fact]
    public void LeaveOneOut_IsPossible()
    {
        (Dataset Train, Dataset Test)[] folds = [.. Rows.Numbered(9).Folds(Folds.K(9))];
        Assert.All(folds, static fold => Assert.Equal((8, 1), (fold.Train.Count, fold.Test.Count)));
    }

    [Fact]
    public void FoldsThatAreImpossible_AreRefusedAtOnce_WithTheNumbers()
    {
        Dataset data = Rows.Numbered(6);
        Refused("The data set has 6 rows; at least 7 are needed for 7 folds by row", data, Folds.K(7));
        Refused("The data set has 0 rows; at least 2 are needed for 2 folds by class", Dataset.FromLabels([], [], 1, 2), Folds.K(2, SplitBy.Class));
        Refused("has 2 groups; at least 3 are needed for 3 folds by group", data.WithGroups([1, 1, 1, 2, 2, 2]), Folds.K(3, SplitBy.Group));
        Refused("has 3 different times; at least 4 are needed for 3 folds by time", data.WithTimes([1, 1, 2, 2, 3, 3]), Folds.K(3, SplitBy.Time));
        Refused("SplitBy.Group needs groups", data, Folds.K(3, SplitBy.Group));
        Refused("SplitBy.Time needs times", data, Folds.K(3, SplitBy.Time));
        Refused("SplitBy.Class needs labels", data, Folds.K(3, SplitBy.Class));
        Refused(
            "Class 1 has 2 rows; at least 3 of each class are needed for 3 folds by class. Take fewer parts",
            Dataset.FromLabels(new float[6], [0, 1, 0, 1, 0, 0], 1, 2),
            Folds.K(3, SplitBy.Class));
        Assert.Throws<ArgumentNullException>("folds", () => data.Folds(null!));

        static void Refused(string message, Dataset data, Folds folds) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>("folds", () => { _ = data.Folds(folds); }).Message);
    }

    private static Dataset Data(int count) => Dataset.FromLabels(
            [.. Enumerable.Range(0, count).Select(static row => (float)row)], [.. Enumerable.Range(0, count).Select(static row => row % 10 % 3)], 1, 3)
        .WithGroups([.. Enumerable.Range(0, count).Select(static row => row * 7 % 31)]);

    private static int[] Ids(Dataset part) => [.. part.Inputs.ToArray().Select(static id => (int)id)];

    private static int[] CountsOf(Dataset data)
    {
        int[] counts = new int[data.ClassCount];
        foreach (int label in data.Labels)
        {
            counts[label]++;
        }

        return counts;
    }
}
