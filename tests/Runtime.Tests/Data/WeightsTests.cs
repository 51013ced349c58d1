namespace Mlp.Runtime.Tests.Data;

public class WeightsTests
{
    [Fact]
    public void WithWeights_SharesAllArrays_AndLeavesTheDatasetAsItWas()
    {
        float[] weights = [0, 0.5f, 2];
        Dataset plain = Dataset.FromLabels([1, 2, 3], [0, 1, 0], 1, 2).WithNames(["x"], ["no", "yes"]);

        Dataset weighted = plain.WithWeights(weights);

        Assert.True(weighted.Weights == weights);
        Assert.True(weighted.Inputs == plain.Inputs);
        Assert.True(weighted.Labels == plain.Labels);
        Assert.Equal((3, 1, 2, 2), (weighted.Count, weighted.InputSize, weighted.TargetSize, weighted.ClassCount));
        Assert.Equal(["x"], weighted.InputNames);
        Assert.Equal(["no", "yes"], weighted.ClassNames);
        Assert.True(plain.Weights.IsEmpty);
        Assert.True(Rows.Numbered(3).WithWeights(weights).Targets.SequenceEqual([0, 1, 2]));
    }

    [Fact]
    public void WithWeights_ReplacesEarlierWeights_AndNamesKeepThem()
    {
        Dataset data = Rows.Numbered(2).WithWeights([1, 2]).WithWeights([3, 4]).WithNames(["a", "b"], null);
        Assert.Equal([3, 4], data.Weights);
    }

    [Fact]
    public void WeightsOfAnotherNumber_Throw_WithBothNumbers()
    {
        Assert.Throws<ArgumentNullException>("weights", () => Rows.Numbered(3).WithWeights(null!));
        var error = Assert.Throws<ArgumentException>("weights", () => Rows.Numbered(3).WithWeights([1, 2]));
        Assert.Contains("3 rows need 3 weights, not 2", error.Message);
    }

    [Theory]
    [InlineData(-0.5f, "-0.5")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void AWeightThatIsNegativeOrNotFinite_Throws_WithRowAndValue(float weight, string text)
    {
        var error = Assert.Throws<ArgumentException>("weights", () => Rows.Numbered(3).WithWeights([1, 1, weight]));
        Assert.Contains($"Row 2 has the weight {text};", error.Message);
    }

    [Fact]
    public void Splits_KeepWeightsWithTheirRows()
    {
        float[] weights = [.. Enumerable.Range(0, 40).Select(row => row / 4f)];
        Dataset labelled = Dataset.FromLabels([.. Enumerable.Range(0, 40).Select(row => (float)row)], new int[40], 1, 2).WithWeights(weights);
        Dataset numbered = Rows.Numbered(40).WithWeights(weights);

        (Dataset, Dataset)[] splits = [labelled.Split(0.3), labelled.Split(0.3, SplitBy.Class), numbered.Split(0.3)];
        foreach ((Dataset first, Dataset second) in splits)
        {
            Assert.Equal((12, 28), (first.Weights.Length, second.Weights.Length));
            foreach (Dataset part in (Dataset[])[first, second])
            {
                for (int row = 0; row < part.Count; row++)
                    Assert.Equal(part.Inputs[row * part.InputSize] / part.InputSize / 4, part.Weights[row]);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batches_HoldTheWeightsOfTheirRows(bool shuffle)
    {
        float[] weights = [.. Enumerable.Range(0, 11).Select(row => row / 4f)];
        DataLoader loader = new(Rows.Numbered(11).WithWeights(weights), 4, shuffle: shuffle);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            foreach (Batch batch in loader.Epoch(epoch))
            {
                Assert.Equal(batch.Count, batch.Weights.Length);
                for (int i = 0; i < batch.Count; i++)
                    Assert.Equal(weights[batch.RowIndices[i]], batch.Weights[i]);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batches_OfDataWithoutWeights_HaveNone(bool shuffle)
    {
        foreach (Batch batch in new DataLoader(Rows.Numbered(5), 2, shuffle: shuffle).Epoch(0))
            Assert.True(batch.Weights.IsEmpty);
    }

    [Fact]
    public void Csv_ReadsWeightsFromTheirColumn()
    {
        const string Text = "a,w,y\n1,0.5,7\n2,0,8\n";
        Dataset targets = CsvData.ReadTargets(new StringReader(Text), "y", weights: "w");
        Dataset labels = CsvData.ReadLabels(new StringReader(Text), "y", features: ["a"], weights: "w");

        Assert.Equal([0.5f, 0], targets.Weights);
        Assert.Equal([1, 2], targets.Inputs);
        Assert.Equal(["a"], targets.InputNames);
        Assert.Equal([0.5f, 0], labels.Weights);
        Assert.Equal(["7", "8"], labels.ClassNames);
        Assert.True(CsvData.ReadTargets(new StringReader(Text), "y").Weights.IsEmpty);
    }

    [Theory]
    [InlineData("a,w,y\n1,-0.5,7\n", "line 2, column 2 ('w'): the weight '-0.5' is negative")]
    [InlineData("a,w,y\n1,much,7\n", "line 2, column 2 ('w'): 'much' is not a number")]
    [InlineData("a,w,y\n1,,7\n", "line 2, column 2 ('w'): the cell is empty")]
    [InlineData("a,y\n1,7\n", "there is no column 'w'")]
    [InlineData("w,y\n1,7\n", "there is no column besides the target 'y' and the weights 'w'")]
    public void Csv_WeightsThatAreWrong_Throw_WithTheirPlace(string text, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => CsvData.ReadTargets(new StringReader(text), "y", weights: "w"));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Csv_WeightsThatAreTargetOrFeature_Throw()
    {
        const string Text = "a,w,y\n1,1,7\n";
        Assert.Throws<ArgumentException>("weights", () => CsvData.ReadTargets(new StringReader(Text), "y", weights: "y"));
        Assert.Throws<ArgumentException>("features", () => CsvData.ReadTargets(new StringReader(Text), "y", ["a", "w"], weights: "w"));
    }
}
