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

    [Fact]
    public void GroupsAndTimes_AreWrapped_AndReplaceEarlierOnes()
    {
        int[] groups = [3, -1];
        long[] times = [long.MaxValue, long.MinValue];
        Dataset plain = Dataset.FromLabels([1, 2, 3, 4], [1, 0], 2, 2).WithWeights([1, 2]).WithNames(["a", "b"]);
        Dataset data = plain.WithGroups([0, 0]).WithTimes(times).WithGroups(groups);

        Assert.True(data.Groups == groups && data.Times == times);
        Assert.True(data.Inputs == plain.Inputs && data.Labels == plain.Labels && data.Weights == plain.Weights);
        Assert.Equal(["a", "b"], data.InputNames);
        Assert.True(plain.Groups.IsEmpty && plain.Times.IsEmpty);
        Assert.True(data.WithWeights([3, 4]).WithNames(null).Groups == groups);
    }

    [Fact]
    public void GroupsAndTimesOfAnotherNumber_Throw_WithBothNumbers()
    {
        Assert.Throws<ArgumentNullException>("groups", () => Rows.Numbered(3).WithGroups(null!));
        Assert.Throws<ArgumentNullException>("times", () => Rows.Numbered(3).WithTimes(null!));
        Assert.Contains("3 rows need 3 groups, not 2", Assert.Throws<ArgumentException>("groups", () => Rows.Numbered(3).WithGroups([1, 2])).Message);
        Assert.Contains("3 rows need 3 times, not 4", Assert.Throws<ArgumentException>("times", () => Rows.Numbered(3).WithTimes([1, 2, 3, 4])).Message);
    }

    [Fact]
    public void Select_CopiesRowsInAnyOrder_AsOftenAsWanted()
    {
        Dataset data = Rows.Numbered(4).WithWeights([0, 1, 2, 3]).WithGroups([4, 5, 6, 7]).WithTimes([8, 9, 10, 11]).WithNames(["a", "b"]);
        Dataset chosen = data.Select([3, 0, 3]);

        Assert.Equal([3f, 0, 3], chosen.Targets);
        Assert.Equal([6f, 7, 0, 1, 6, 7], chosen.Inputs);
        Assert.Equal([3f, 0, 3], chosen.Weights);
        Assert.Equal([7, 4, 7], chosen.Groups);
        Assert.Equal([11L, 8, 11], chosen.Times);
        Assert.Equal(["a", "b"], chosen.InputNames);
        Assert.Equal(0, data.Select([]).Count);
        Assert.Equal([1, 0], Dataset.FromLabels([5, 6, 7], [0, 1, 2], 1, 3).Select([1, 0]).Labels);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public void Select_OfARowThatIsNotThere_Throws(int row) => Assert.Contains(
        $"has 4 rows, counted from 0; {row} is not", Assert.Throws<ArgumentOutOfRangeException>("rows", () => Rows.Numbered(4).Select([0, row])).Message);
}
