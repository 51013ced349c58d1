using System.Text.Json;

namespace Mlp.Runtime.Tests.Data;

public class SplitTests
{
    [Theory]
    [InlineData(0.8, 100, 80)]
    [InlineData(0.29, 100, 29)]
    [InlineData(0.25, 10, 3)]
    [InlineData(0.5, 5, 3)]
    [InlineData(0.24, 10, 2)]
    [InlineData(0, 10, 0)]
    [InlineData(1, 10, 10)]
    [InlineData(0.5, 0, 0)]
    public void Split_FirstPartHasTheRoundedShare(double fraction, int count, int expected)
    {
        (Dataset first, Dataset second) = Rows.Numbered(count).Split(fraction);
        Assert.Equal(expected, first.Count);
        Assert.Equal(count - expected, second.Count);
    }

    [Fact]
    public void Split_KeepsEveryRowOnceAndWhole()
    {
        (Dataset first, Dataset second) = Rows.Numbered(101).Split(0.3, seed: 4);

        float[] ids = [.. first.Targets, .. second.Targets];
        Assert.Equal(Enumerable.Range(0, 101).Select(id => (float)id), ids.Order());
        Assert.NotEqual(ids.Order(), ids);
        foreach (Dataset part in (Dataset[])[first, second])
        {
            for (int row = 0; row < part.Count; row++)
                Assert.Equal([part.Targets[row] * 2, part.Targets[row] * 2 + 1], part.Inputs.Slice(row * 2, 2));
        }
    }

    [Fact]
    public void Split_DependsOnTheSeedAlone()
    {
        Dataset data = Rows.Numbered(50);
        Assert.Equal(data.Split(0.5, 7).First.Targets, data.Split(0.5, 7).First.Targets);
        Assert.NotEqual(data.Split(0.5, 7).First.Targets.ToArray(), data.Split(0.5, 8).First.Targets.ToArray());
    }

    [Fact]
    public void Split_LeavesTheDatasetAsItWas()
    {
        Dataset data = Rows.Numbered(20);
        data.Split(0.5);
        Assert.Equal(Rows.Numbered(20).Inputs, data.Inputs);
        Assert.Equal(Rows.Numbered(20).Targets, data.Targets);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Split_OfNoFraction_Throws(double fraction)
    {
        Assert.Throws<ArgumentOutOfRangeException>("fraction", () => Rows.Numbered(4).Split(fraction));
        Assert.Throws<ArgumentOutOfRangeException>("fraction", () => Labelled([2, 2]).Split(fraction, SplitBy.Class));
    }

    [Fact]
    public void Splits_KeepLabelsWithTheirRowsAndNames()
    {
        Dataset data = Labelled([30, 20, 7]).WithNames(["id"], ["a", "b", "c"]);
        (Dataset, Dataset)[] splits = [data.Split(0.6, 1), data.Split(0.6, SplitBy.Class, 1)];
        foreach ((Dataset first, Dataset second) in splits)
        {
            Assert.Equal(57, ((float[])[.. first.Inputs, .. second.Inputs]).Distinct().Count());
            foreach (Dataset part in (Dataset[])[first, second])
            {
                Assert.Equal(3, part.ClassCount);
                Assert.Equal(["id"], part.InputNames);
                Assert.Equal(["a", "b", "c"], part.ClassNames);
                for (int row = 0; row < part.Count; row++)
                    Assert.Equal(data.Labels[(int)part.Inputs[row]], part.Labels[row]);
            }
        }
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.37)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(1)]
    public void SplitByClass_GivesEveryClassItsShare(double fraction)
    {
        int[] counts = [17, 2, 40, 0, 9, 3];
        (Dataset first, _) = Labelled(counts).Split(fraction, SplitBy.Class, seed: 3);

        Assert.Equal((int)Math.Round(fraction * counts.Sum(), MidpointRounding.AwayFromZero), first.Count);
        int[] shares = CountsOf(first);
        for (int label = 0; label < counts.Length; label++)
            Assert.InRange(shares[label], Math.Floor(fraction * counts[label]), Math.Ceiling(fraction * counts[label]));
    }

    [Fact]
    public void SplitByClass_ShufflesTheRowsOfBothParts()
    {
        (Dataset first, Dataset second) = Labelled([50, 50]).Split(0.5, SplitBy.Class);
        Assert.NotEqual(first.Labels.ToArray().Order(), first.Labels.ToArray());
        Assert.NotEqual(second.Labels.ToArray().Order(), second.Labels.ToArray());
    }

    [Fact]
    public void SplitByClass_TakesNoMemoryForClassesThatDoNotOccur()
    {
        (Dataset first, Dataset second) = Dataset.FromLabels([1, 2, 3, 4], [0, 1, 1, 0], 1, int.MaxValue).Split(0.5, SplitBy.Class);
        Assert.Equal([0, 1], first.Labels.ToArray().Order());
        Assert.Equal([0, 1], second.Labels.ToArray().Order());
        Assert.Equal(int.MaxValue, first.ClassCount);
    }

    [Fact]
    public void SplitByClass_OfTargets_Throws() => Assert.Contains(
        "SplitBy.Class needs labels", Assert.Throws<ArgumentException>("splitBy", () => Rows.Numbered(4).Split(0.5, SplitBy.Class)).Message);

    [Fact]
    public void SplitByClass_TakesTargetsOf0And1AsTwoClasses()
    {
        Random random = new(1);
        int[] labels = [.. Enumerable.Range(0, 200).Select(_ => random.NextSingle() < 0.1f ? 1 : 0)];
        float[] inputs = [.. Enumerable.Range(0, 200).Select(static row => (float)row)];
        Dataset ofLabels = Dataset.FromLabels(inputs, labels, 1, 2);
        Dataset ofTargets = Dataset.FromTargets(inputs, [.. labels.Select(static label => (float)label)], 1, 1);

        Assert.True(ofLabels.Split(0.7, SplitBy.Class, seed: 3).First.Inputs.SequenceEqual(ofTargets.Split(0.7, SplitBy.Class, seed: 3).First.Inputs));
        Assert.Equal(
            ofLabels.Folds(Folds.K(3, SplitBy.Class)).Select(static fold => fold.Test.Inputs.ToArray()),
            ofTargets.Folds(Folds.K(3, SplitBy.Class)).Select(static fold => fold.Test.Inputs.ToArray()));
        Assert.Contains("Class 1 has 1 row;", Assert.Throws<ArgumentException>(
            "splitBy", static () => Dataset.FromTargets(new float[3], [0, 1, 0], 1, 1).Split(0.5, SplitBy.Class)).Message);
    }

    [Theory]
    [InlineData(1, 0.5f)]
    [InlineData(1, float.NaN)]
    [InlineData(1, -1)]
    [InlineData(2, 1)]
    public void SplitByClass_OfOtherTargets_IsRefused(int targetSize, float target)
    {
        Dataset data = Dataset.FromTargets(new float[4], [.. Enumerable.Repeat(0f, (4 * targetSize) - 1), target], 1, targetSize);
        Assert.Contains(
            "labels or one target column of 0 and 1", Assert.Throws<ArgumentException>("splitBy", () => data.Split(0.5, SplitBy.Class)).Message);
    }

    [SharedFact]
    public void SplitByClass_AgreesWithTheGoldenCases()
    {
        int cases = 0;
        foreach (JsonElement item in SharedFiles.GoldenCases("data.json"))
        {
            if (!item.GetProperty("kind").ValueEquals("stratified_split"))
                continue;

            cases++;
            int[] counts = Integers(item.GetProperty("classCounts"));
            (Dataset test, _) = Labelled(counts).Split(item.GetProperty("testFraction").GetDouble(), SplitBy.Class);

            Assert.Equal(item.GetProperty("testSize").GetInt32(), test.Count);
            Assert.Contains(CountsOf(test), item.GetProperty("acceptedTestCounts").EnumerateArray().Select(Integers));
        }

        Assert.True(cases > 0);

        static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];
    }

    [Theory]
    [InlineData(1000, 700, 150, 150)]
    [InlineData(10, 7, 2, 1)]
    [InlineData(150, 105, 23, 22)]
    [InlineData(0, 0, 0, 0)]
    public void SplitInThree_EndsPartsAtTheRoundedShares(int count, int train, int validation, int test)
    {
        foreach (SplitBy splitBy in (SplitBy[])[SplitBy.Row, SplitBy.Class])
        {
            (Dataset Train, Dataset Validation, Dataset Test) parts = Labelled([count / 2, count - (count / 2)]).Split(0.7, 0.15, splitBy, seed: 3);
            Assert.Equal((train, validation, test), (parts.Train.Count, parts.Validation.Count, parts.Test.Count));
        }
    }

    [Theory]
    [InlineData(SplitBy.Row)]
    [InlineData(SplitBy.Class)]
    [InlineData(SplitBy.Group)]
    [InlineData(SplitBy.Time)]
    public void EveryRow_IsInOnePart_WithAllThatBelongsToIt(SplitBy splitBy)
    {
        Dataset data = Whole(120);
        (Dataset train, Dataset validation, Dataset test) = data.Split(0.6, 0.2, splitBy, seed: 5);
        (Dataset first, Dataset second) = data.Split(0.6, splitBy, seed: 5);

        AssertPartition(data, train, validation, test);
        AssertPartition(data, first, second);
        AssertPartition(data, first, data.Select([.. second.Inputs.ToArray().Select(static id => (int)id)]));
    }

    [Fact]
    public void SplitInThree_ByClass_GivesEveryClassItsShareOfEveryPart()
    {
        int[] counts = [100, 40, 20];
        (Dataset train, Dataset validation, Dataset test) = Labelled(counts).Split(0.7, 0.15, SplitBy.Class, seed: 2);

        Assert.Equal([70, 28, 14], CountsOf(train));
        Assert.Equal([15, 6, 3], CountsOf(validation));
        Assert.Equal([15, 6, 3], CountsOf(test));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SplitByGroup_KeepsGroupsWhole_AndComesNearTheShares(int seed)
    {
        Random random = new(seed);
        int[] groups = [.. Enumerable.Range(0, 500).Select(_ => random.Next(60) - 30)];
        (Dataset train, Dataset validation, Dataset test) = Rows.Numbered(500).WithGroups(groups).Split(0.7, 0.15, SplitBy.Group, seed);
        int largest = groups.CountBy(static group => group).Max(static group => group.Value);

        AssertDisjoint(train.Groups, validation.Groups, test.Groups);
        Assert.InRange(train.Count, 350 - largest, 350 + largest);
        Assert.InRange(train.Count + validation.Count, 425 - largest, 425 + largest);
        Assert.NotEqual(train.Targets.ToArray(), Rows.Numbered(500).WithGroups(groups).Split(0.7, 0.15, SplitBy.Group, seed + 10).Train.Targets.ToArray());
    }

    [Fact]
    public void SplitByGroup_GivesEveryPartAGroup_HoweverLargeOneIs()
    {
        int[] groups = [.. Enumerable.Repeat(7, 97), 1, 2, 2];
        for (int seed = 0; seed < 6; seed++)
        {
            (Dataset train, Dataset validation, Dataset test) = Rows.Numbered(100).WithGroups(groups).Split(0.7, 0.15, SplitBy.Group, seed);
            Assert.Equal([1, 2, 97], ((int[])[train.Count, validation.Count, test.Count]).Order());
        }
    }

    [Fact]
    public void SplitByTime_KeepsThePastForTraining_AndRowsOfATimeTogether()
    {
        Random random = new(1);
        long[] times = [.. Enumerable.Range(0, 200).Select(_ => (long)random.Next(-40, 40) * int.MaxValue)];
        (Dataset train, Dataset validation, Dataset test) = Rows.Numbered(200).WithTimes(times).Split(0.7, 0.15, SplitBy.Time, seed: 9);

        Assert.True(train.Times[^1] < validation.Times[0] && validation.Times[^1] < test.Times[0]);
        foreach (Dataset part in (Dataset[])[train, validation, test])
        {
            Assert.Equal(part.Times.ToArray().Order(), part.Times.ToArray());
        }

        Assert.InRange(train.Count, 135, 145);
        Assert.Equal(train.Targets, Rows.Numbered(200).WithTimes(times).Split(0.7, 0.15, SplitBy.Time, seed: 10).Train.Targets);
    }

    [Fact]
    public void SplitByTime_OfDifferentTimes_HasTheRoundedShares_AndKeepsTheOrderOfEqualOnes()
    {
        long[] times = [.. Enumerable.Range(0, 100).Select(static row => (long)(99 - row))];
        (Dataset train, Dataset validation, Dataset test) = Rows.Numbered(100).WithTimes(times).Split(0.7, 0.15, SplitBy.Time);
        Assert.Equal((70, 15, 15), (train.Count, validation.Count, test.Count));
        Assert.Equal(99, train.Targets[0]);

        Dataset few = Rows.Numbered(4).WithTimes([5, 1, 5, 5]).Split(0.25, SplitBy.Time).Second;
        Assert.Equal([0f, 2, 3], few.Targets);
    }

    [Fact]
    public void ASplit_ThatIsImpossible_IsRefused_WithTheNumbers()
    {
        Dataset data = Whole(20).WithNames(null, ["no", "yes"]);
        Refused("SplitBy.Group needs groups", () => Rows.Numbered(9).Split(0.5, SplitBy.Group));
        Refused("Give them by Dataset.WithTimes", () => Rows.Numbered(9).Split(0.5, SplitBy.Time));
        Refused("has 2 groups; at least 3 are needed for a split in 3 parts by group", () => data.WithGroups(Enumerable.Range(0, 20).Select(static row => row % 2).ToArray())
            .Split(0.7, 0.15, SplitBy.Group));
        Refused("has 1 different time; at least 2 are needed for a split in 2 parts by time", () => data.WithTimes(new long[20]).Split(0.7, SplitBy.Time));
        Refused(
            "Class 'yes' has 2 rows; at least 3 of each class are needed for a split in 3 parts by class",
            () => Dataset.FromLabels(new float[20], [1, 1, .. new int[18]], 1, 2).WithNames(null, ["no", "yes"]).Split(0.7, 0.15, SplitBy.Class));
        Refused("Class 4 has 1 row", () => Dataset.FromLabels(new float[3], [0, 0, 4], 1, 9).Split(0.5, SplitBy.Class));

        // A part of no share needs nothing.
        Assert.Equal(18, data.WithGroups([1, 1, .. new int[18]]).Split(0.9, 0.1, SplitBy.Group, seed: 1).Train.Count);

        static void Refused(string message, Func<object?> split) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>("splitBy", () => { split(); }).Message);
    }

    [Fact]
    public void SharesAndKindsThatMakeNoSense_Throw()
    {
        Dataset data = Rows.Numbered(10);
        Assert.Throws<ArgumentOutOfRangeException>("train", () => data.Split(-0.1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>("train", () => data.Split(double.NaN, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>("validation", () => data.Split(0.5, 1.1));
        Assert.Contains("0.7 and 0.4", Assert.Throws<ArgumentOutOfRangeException>("validation", () => data.Split(0.7, 0.4)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("splitBy", () => data.Split(0.7, (SplitBy)4));
        Assert.Throws<ArgumentOutOfRangeException>("splitBy", () => data.Split(0.7, 0.1, (SplitBy)(-1)));
        Assert.Equal(0, data.Split(0.7, 0.3).Test.Count);
        Assert.Equal(10, data.Split(0.0, 0.0).Test.Count);
    }

    [Theory]
    [InlineData(SplitBy.Row, "7 10 1 13, 15 23 5 16 20 8")]
    [InlineData(SplitBy.Class, "23 10 1 13, 15 14 0 13 10 8")]
    [InlineData(SplitBy.Group, "14 5 22 6 23, 4 21 11 9 18 1")]
    public void SplitsAndFolds_AreTheSameOnEveryMachine(SplitBy splitBy, string expected)
    {
        Dataset data = Whole(24);
        Assert.Equal(expected, $"{Ids(data.Split(0.7, 0.15, splitBy, seed: 1).Test)}, {Ids(data.Folds(Folds.K(4, splitBy, repeats: 2, seed: 1)).Last().Test)}");

        static string Ids(Dataset part) => string.Join(' ', part.Inputs.ToArray());
    }

    /// <summary>Rows in the order of their labels; row i has the input i.</summary>
    private static Dataset Labelled(int[] counts)
    {
        int[] labels = [.. counts.SelectMany((count, label) => Enumerable.Repeat(label, count))];
        return Dataset.FromLabels([.. labels.Select((_, row) => (float)row)], labels, inputSize: 1, counts.Length);
    }

    private static int[] CountsOf(Dataset data)
    {
        int[] counts = new int[data.ClassCount];
        foreach (int label in data.Labels)
            counts[label]++;
        return counts;
    }

    /// <summary>Row i has the input i, and a label, a weight, a group and a time that follow from it.</summary>
    private static Dataset Whole(int count) => Dataset.FromLabels(
            [.. Enumerable.Range(0, count).Select(static row => (float)row)], [.. Enumerable.Range(0, count).Select(static row => row % 3 / 2)], 1, 2)
        .WithWeights([.. Enumerable.Range(0, count).Select(static row => row / 4f)])
        .WithGroups([.. Enumerable.Range(0, count).Select(static row => row % 17)])
        .WithTimes([.. Enumerable.Range(0, count).Select(static row => (long)row * row % 101)])
        .WithNames(["id"], ["a", "b"]);

    private static void AssertPartition(Dataset whole, params Dataset[] parts)
    {
        int[] ids = [.. parts.SelectMany(static part => part.Inputs.ToArray()).Select(static id => (int)id)];
        Assert.Equal(Enumerable.Range(0, whole.Count), ids.Order());
        Assert.Equal(whole.Labels.ToArray().Index().ToDictionary(), parts.SelectMany(static part => part.Labels.ToArray()).Zip(ids, static (label, id) => (id, label)).ToDictionary());
        foreach (Dataset part in parts)
        {
            Assert.Equal((whole.InputNames, whole.ClassNames), (part.InputNames, part.ClassNames));
            for (int row = 0; row < part.Count; row++)
            {
                int id = (int)part.Inputs[row];
                Assert.Equal((whole.Weights[id], whole.Groups[id], whole.Times[id]), (part.Weights[row], part.Groups[row], part.Times[row]));
            }
        }
    }

    private static void AssertDisjoint(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<int> third)
    {
        int[][] sets = [[.. first.ToArray().Distinct()], [.. second.ToArray().Distinct()], [.. third.ToArray().Distinct()]];
        Assert.All(sets, static set => Assert.NotEmpty(set));
        Assert.Equal(sets.Sum(static set => set.Length), sets.SelectMany(static set => set).Distinct().Count());
    }
}
