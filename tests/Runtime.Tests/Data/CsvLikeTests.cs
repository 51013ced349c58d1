namespace Mlp.Runtime.Tests.Data;

/// <summary>Columns and classes in an order that is given.</summary>
public class CsvLikeTests
{
    private const string Train = "a,b,y\n1,2,cat\n3,4,dog\n5,6,owl\n";
    private const string Test = "id,y,b,a\n9,owl,20,10\n8,cat,40,30\n";

    [Fact]
    public void Like_TakesColumnsAndClassesAsTheOtherDataHasThem()
    {
        Dataset train = CsvData.ReadLabels(new StringReader(Train), "y");
        Dataset test = CsvData.ReadLabels(new StringReader(Test), "y", like: train);
        Assert.Equal([10, 20, 30, 40], test.Inputs);
        Assert.Equal([2, 0], test.Labels);
        Assert.Equal(3, test.ClassCount);
        Assert.Equal(train.ClassNames, test.ClassNames);
        Assert.Equal(train.InputNames, test.InputNames);

        using TemporaryFile file = new(System.Text.Encoding.UTF8.GetBytes(Test));
        Assert.Equal(test.Labels, CsvData.LoadLabels(file.Path, "y", like: train).Labels);
        Assert.Equal(test.Inputs, CsvData.Load(file.Path, like: train).Inputs);
        Assert.Equal([9f, 8], CsvData.LoadTargets(file.Path, "id", like: train).Targets);
        Assert.Equal(test.Inputs, CsvData.LoadTargets(file.Path, "id", like: train).Inputs);
    }

    [Fact]
    public void FeaturesAndClasses_AreTakenInTheOrderGiven()
    {
        Dataset data = CsvData.ReadLabels(new StringReader(Train), "y", features: ["b", "a"], classes: ["owl", "ant", "dog", "cat"]);
        Assert.Equal([2, 1, 4, 3, 6, 5], data.Inputs);
        Assert.Equal([3, 2, 0], data.Labels);
        Assert.Equal(["owl", "ant", "dog", "cat"], data.ClassNames);
    }

    [Fact]
    public void Like_KeepsWeights()
    {
        Dataset train = CsvData.ReadLabels(new StringReader("a,w,y\n1,2,p\n2,1,q\n"), "y", weights: "w");
        Dataset test = CsvData.ReadLabels(new StringReader("y,w,a\nq,5,1\n"), "y", weights: "w", like: train);
        Assert.Equal([5f], test.Weights);
        Assert.Equal([1], test.Labels);
    }

    [Fact]
    public void AClassThatIsNotAskedFor_IsRefusedWithItsLineAndTheClasses()
    {
        var error = Assert.Throws<InvalidDataException>(() => CsvData.ReadLabels(new StringReader(Train), "y", classes: ["cat", "owl"]));
        Assert.Contains("line 3, column 3 ('y'): the class 'dog' is none of the 2 classes asked for, 'cat', 'owl'", error.Message);
    }

    [Fact]
    public void AMissingColumn_IsRefusedWithTheColumnsThatThereAre()
    {
        Dataset train = CsvData.ReadLabels(new StringReader(Train), "y");
        var error = Assert.Throws<InvalidDataException>(() => CsvData.Read(new StringReader("x,b\n1,2\n"), like: train));
        Assert.Contains("there is no column 'a'. There are 'x', 'b'", error.Message);
    }

    [Fact]
    public void Contradictions_Throw()
    {
        Dataset named = CsvData.ReadLabels(new StringReader(Train), "y");
        Dataset nameless = Dataset.FromLabels([1, 2], [0], 2, 3);
        Dataset inputsOnly = nameless.WithNames(["a", "b"], null);

        Assert.Throws<ArgumentException>("like", () => Labels(features: ["a"], like: named));
        Assert.Throws<ArgumentException>("like", () => Labels(classes: ["cat"], like: named));
        Assert.Throws<ArgumentException>("like", () => CsvData.Read(new StringReader(Train), ["a"], like: named));
        Assert.Contains("WithNames", Assert.Throws<ArgumentException>("like", () => Labels(like: nameless)).Message);
        Assert.Contains("WithNames", Assert.Throws<ArgumentException>("like", () => Labels(like: inputsOnly)).Message);
        Assert.Throws<ArgumentException>("like", () => CsvData.ReadTargets(new StringReader(Train), "a", like: named));
        Assert.Throws<ArgumentException>("classes", () => Labels(classes: []));
        Assert.Throws<ArgumentException>("classes", () => Labels(classes: ["cat", null!]));
        Assert.Throws<ArgumentException>("features", () => Labels(features: ["a", null!]));
        Assert.Contains("'cat' appears twice", Assert.Throws<ArgumentException>("classes", () => Labels(classes: ["cat", "cat"])).Message);
        Assert.Contains("'1', '1.0' are one class", Assert.Throws<ArgumentException>("classes", () => Labels(classes: ["1", "1.0"])).Message);

        static Dataset Labels(string[]? features = null, string[]? classes = null, Dataset? like = null) =>
            CsvData.ReadLabels(new StringReader(Train), "y", features, classes: classes, like: like);
    }

    [Fact]
    public void WithoutATarget_RowsHaveInputsAlone()
    {
        Dataset data = CsvData.Read(new StringReader("a,b\n1,2\n3,4\n5,6\n"));
        Assert.Equal((3, 2, 0, 0), (data.Count, data.InputSize, data.TargetSize, data.ClassCount));
        Assert.Equal([1, 2, 3, 4, 5, 6], data.Inputs);
        Assert.True(data.Targets.IsEmpty && data.Labels.IsEmpty && data.Weights.IsEmpty);
        Assert.Equal(["a", "b"], data.InputNames);
        Assert.Equal([4f, 3], CsvData.Read(new StringReader("4;3\n"), ["1", "2"], hasHeader: false, delimiter: ';').Inputs);
    }

    [Fact]
    public void RowsWithoutATarget_AreSplitWeightedAndLoaded_ButNotStratified()
    {
        Dataset data = CsvData.Read(new StringReader("a\n1\n2\n3\n4\n")).WithWeights([1, 2, 3, 4]).WithNames(["b"]);
        (Dataset first, Dataset second) = data.Split(0.5);
        Assert.Equal((2, 2, 0, 0), (first.Count, second.Count, first.TargetSize, second.Targets.Length));
        Assert.Equal(["b"], second.InputNames);
        foreach (bool shuffle in (bool[])[true, false])
        {
            foreach (Batch batch in new DataLoader(data, 3, shuffle: shuffle).Epoch(0))
            {
                Assert.True(batch.Targets.IsEmpty);
                Assert.Equal(batch.Weights, batch.Inputs);
            }
        }

        Assert.Throws<ArgumentException>("targetSize", () => new DataLoader(data, 3, targetSize: 1));
        Assert.Throws<ArgumentException>("splitBy", () => data.Split(0.5, SplitBy.Class));
        Assert.Throws<ArgumentException>("classNames", () => data.WithNames(null, ["x"]));
    }
}
