using System.Text.Json;

namespace Mlp.Runtime.Tests.Data;

public class DatasetTests
{
    [Fact]
    public void FromTargets_WrapsTheArrays()
    {
        float[] inputs = [1, 2, 3, 4, 5, 6];
        float[] targets = [7, 8];
        Dataset data = Dataset.FromTargets(inputs, targets, inputSize: 3, targetSize: 1);

        Assert.Equal(2, data.Count);
        Assert.Equal(3, data.InputSize);
        Assert.Equal(1, data.TargetSize);
        Assert.Equal(0, data.ClassCount);
        Assert.True(data.Inputs == inputs);
        Assert.True(data.Targets == targets);
        Assert.True(data.Labels.IsEmpty);
        Assert.Null(data.ClassNames);
        Assert.Null(data.InputNames);
    }

    [Fact]
    public void FromLabels_WrapsTheArrays()
    {
        float[] inputs = [1, 2, 3, 4];
        int[] labels = [2, 0];
        Dataset data = Dataset.FromLabels(inputs, labels, inputSize: 2, classCount: 3);

        Assert.Equal(2, data.Count);
        Assert.Equal(3, data.ClassCount);
        Assert.Equal(3, data.TargetSize);
        Assert.True(data.Inputs == inputs);
        Assert.True(data.Labels == labels);
        Assert.True(data.Targets.IsEmpty);
    }

    [Fact]
    public void NoRows_AreADataset()
    {
        Assert.Equal(0, Dataset.FromTargets([], [], 3, 1).Count);
        Assert.Equal(0, Dataset.FromLabels([], [], 3, 2).Count);
    }

    [Fact]
    public void ValuesThatAreNotFinite_AreAccepted() =>
        Assert.Equal(1, Dataset.FromTargets([float.NaN], [float.PositiveInfinity], 1, 1).Count);

    [Fact]
    public void MissingArrays_Throw()
    {
        Assert.Throws<ArgumentNullException>("inputs", () => Dataset.FromTargets(null!, [], 1, 1));
        Assert.Throws<ArgumentNullException>("targets", () => Dataset.FromTargets([], null!, 1, 1));
        Assert.Throws<ArgumentNullException>("inputs", () => Dataset.FromLabels(null!, [], 1, 1));
        Assert.Throws<ArgumentNullException>("labels", () => Dataset.FromLabels([], null!, 1, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void SizesBelowOne_Throw(int size)
    {
        Assert.Throws<ArgumentOutOfRangeException>("inputSize", () => Dataset.FromTargets([1], [1], size, 1));
        Assert.Throws<ArgumentOutOfRangeException>("targetSize", () => Dataset.FromTargets([1], [1], 1, size));
        Assert.Throws<ArgumentOutOfRangeException>("inputSize", () => Dataset.FromLabels([1], [0], size, 1));
        Assert.Throws<ArgumentOutOfRangeException>("classCount", () => Dataset.FromLabels([1], [0], 1, size));
    }

    [Fact]
    public void ArraysThatDoNotFit_ThrowWithBothSizes()
    {
        var error = Assert.Throws<ArgumentException>("inputs", () => Dataset.FromTargets(new float[7], new float[2], 3, 1));
        Assert.Contains("7 values are not a whole number of rows of 3 inputs", error.Message);

        error = Assert.Throws<ArgumentException>("targets", () => Dataset.FromTargets(new float[6], new float[3], 3, 2));
        Assert.Contains("2 rows of 2 targets are 4 values, not 3", error.Message);

        error = Assert.Throws<ArgumentException>("labels", () => Dataset.FromLabels(new float[6], new int[3], 3, 2));
        Assert.Contains("2 rows need 2 labels, not 3", error.Message);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void LabelOutOfRange_SaysRowLabelAndClasses(int label)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("labels", () => Dataset.FromLabels([1, 2], [0, label], 1, 3));
        Assert.Contains($"Row 1 has label {label}; labels of 3 classes are 0…2", error.Message);
    }

    [Fact]
    public void WithNames_CopiesNames_AndSharesTheRows()
    {
        string[] inputNames = ["a", "b"], classNames = ["no", "yes"];
        Dataset plain = Dataset.FromLabels([1, 2, 3, 4], [1, 0], 2, 2).WithWeights([1, 2]);
        Dataset named = plain.WithNames(inputNames, classNames);
        inputNames[0] = "changed";

        Assert.Equal(["a", "b"], named.InputNames);
        Assert.Equal(classNames, named.ClassNames);
        Assert.True(named.Inputs == plain.Inputs && named.Labels == plain.Labels && named.Weights == plain.Weights);
        Assert.Null(plain.InputNames);
        Assert.Null(named.WithNames(null, classNames).InputNames);
        Assert.Null(named.WithNames(inputNames, null).ClassNames);
    }

    [Fact]
    public void WithNames_OfWrongNumberOrRepeated_Throws()
    {
        Dataset labelled = Dataset.FromLabels([1, 2], [0], 2, 2), numbered = Rows.Numbered(2);
        Assert.Contains("2 input columns need 2 names, not 1", Assert.Throws<ArgumentException>("inputNames", () => labelled.WithNames(["a"])).Message);
        Assert.Contains("2 classes need 2 names, not 3", Assert.Throws<ArgumentException>("classNames", () => labelled.WithNames(null, ["a", "b", "c"])).Message);
        Assert.Contains("'a' appears twice", Assert.Throws<ArgumentException>("inputNames", () => labelled.WithNames(["a", "a"])).Message);
        Assert.Throws<ArgumentException>("classNames", () => labelled.WithNames(null, ["a", "a"]));
        Assert.Throws<ArgumentException>("inputNames", () => labelled.WithNames(["a", null!]));
        Assert.Contains("'x\\uD83D', with half a surrogate pair", Assert.Throws<ArgumentException>("classNames", () => labelled.WithNames(null, ["x\ud83d", "y"])).Message);
        Assert.Throws<ArgumentException>("inputNames", () => labelled.WithNames(["a", "\ude00\ud83d"]));
        Assert.Equal(["😀", "a"], labelled.WithNames(["😀", "a"]).InputNames);
        Assert.Contains("no labels", Assert.Throws<ArgumentException>("classNames", () => numbered.WithNames(null, ["a"])).Message);
    }

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
        Assert.Throws<ArgumentOutOfRangeException>("fraction", () => Labelled([2, 2]).SplitStratified(fraction));
    }

    [Fact]
    public void Splits_KeepLabelsWithTheirRowsAndNames()
    {
        Dataset data = Labelled([30, 20, 7]).WithNames(["id"], ["a", "b", "c"]);
        (Dataset, Dataset)[] splits = [data.Split(0.6, 1), data.SplitStratified(0.6, 1)];
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
    public void SplitStratified_GivesEveryClassItsShare(double fraction)
    {
        int[] counts = [17, 1, 40, 0, 9, 3];
        (Dataset first, _) = Labelled(counts).SplitStratified(fraction, seed: 3);

        Assert.Equal((int)Math.Round(fraction * counts.Sum(), MidpointRounding.AwayFromZero), first.Count);
        int[] shares = CountsOf(first);
        for (int label = 0; label < counts.Length; label++)
            Assert.InRange(shares[label], Math.Floor(fraction * counts[label]), Math.Ceiling(fraction * counts[label]));
    }

    [Fact]
    public void SplitStratified_ShufflesTheRowsOfBothParts()
    {
        (Dataset first, Dataset second) = Labelled([50, 50]).SplitStratified(0.5);
        Assert.NotEqual(first.Labels.ToArray().Order(), first.Labels.ToArray());
        Assert.NotEqual(second.Labels.ToArray().Order(), second.Labels.ToArray());
    }

    [Fact]
    public void SplitStratified_TakesNoMemoryForClassesThatDoNotOccur()
    {
        (Dataset first, Dataset second) = Dataset.FromLabels([1, 2, 3, 4], [0, 1, 1, 0], 1, int.MaxValue).SplitStratified(0.5);
        Assert.Equal([0, 1], first.Labels.ToArray().Order());
        Assert.Equal([0, 1], second.Labels.ToArray().Order());
        Assert.Equal(int.MaxValue, first.ClassCount);
    }

    [Fact]
    public void SplitStratified_OfTargets_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Rows.Numbered(4).SplitStratified(0.5));

    [SharedFact]
    public void SplitStratified_AgreesWithTheGoldenCases()
    {
        int cases = 0;
        foreach (JsonElement item in SharedFiles.GoldenCases("data.json"))
        {
            if (!item.GetProperty("kind").ValueEquals("stratified_split"))
                continue;

            cases++;
            int[] counts = Integers(item.GetProperty("classCounts"));
            (Dataset test, _) = Labelled(counts).SplitStratified(item.GetProperty("testFraction").GetDouble());

            Assert.Equal(item.GetProperty("testSize").GetInt32(), test.Count);
            Assert.Contains(CountsOf(test), item.GetProperty("acceptedTestCounts").EnumerateArray().Select(Integers));
        }

        Assert.True(cases > 0);

        static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];
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
}
