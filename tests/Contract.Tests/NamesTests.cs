namespace Contract.Tests;

/// <summary>Names of columns and classes travel with the network, and data with others are refused.</summary>
public class NamesTests
{
    private static readonly string[] Columns = ["x1", "x2", "x3"];
    private static readonly string[] Animals = ["bird", "cat", "dog"];

    private static Dataset Plain => Dataset.FromLabels([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 1, 2], 3, 3);

    private static Dataset Named => Plain.WithNames(Columns, Animals);

    [Fact]
    public void TheFirstData_NameTheNetwork_AndFilesAndCopiesKeepIt()
    {
        ClassesNet net = new(1);
        Assert.Null(net.InputNames);
        Assert.Null(net.ClassNames);
        Assert.Equal("0 1 2".Split(' ')[net.PredictClass([1, 0, 0])], net.PredictLabel([1, 0, 0]));

        net.Train(Named, new TrainingOptions { Epochs = 200, Optimizer = new Adam(0.05f) });
        using MemoryStream file = new();
        net.Save(file);
        file.Position = 0;
        ClassesNet copy = new(9);
        copy.CopyFrom(net);
        foreach (ClassesNet known in new[] { net, ClassesNet.Load(file), net.Clone(), copy })
        {
            Assert.Equal(Columns, known.InputNames);
            Assert.Equal(Animals, known.ClassNames);
            Assert.Equal("cat", known.PredictLabel([0, 1, 0]));
        }
    }

    [Fact]
    public void TwoClasses_HaveNamesToo()
    {
        Dataset two = Dataset.FromLabels([1, 0, 0, 0, 1, 0], [0, 1], 3, 2).WithNames(null, ["no", "yes"]);
        ProbabilityNet probability = new(1);
        MarginNet margin = new(1);
        TrainingOptions options = new() { Epochs = 200, Optimizer = new Adam(0.05f) };
        probability.Train(two, options);
        margin.Train(two, options);
        Assert.Equal(("no", "yes"), (probability.PredictLabel([1, 0, 0]), probability.PredictLabel([0, 1, 0])));
        Assert.Equal(("no", "yes"), (margin.PredictLabel([1, 0, 0]), margin.PredictLabel([0, 1, 0])));
        Assert.Null(probability.InputNames);
    }

    /// <summary>A test file in which a class or a column is missing: the message names them.</summary>
    [Fact]
    public void DataWithFewerNames_IsRefused_WithBothListsAndTheWayOn()
    {
        ClassesNet net = new(1);
        net.Train(Named, new TrainingOptions { Epochs = 1 });
        Dataset fewerClasses = Dataset.FromLabels([1, 0, 0, 0, 1, 0], [0, 1], 3, 2).WithNames(Columns, ["bird", "dog"]);
        Dataset fewerColumns = Dataset.FromLabels([1, 0, 0, 1], [0, 2], 2, 3).WithNames(["x1", "x3"], Animals);
        foreach ((Dataset data, string lists) in new[] { (fewerClasses, "'bird', 'dog' there, and 'bird', 'cat', 'dog'"), (fewerColumns, "'x1', 'x3' there, and 'x1', 'x2', 'x3'") })
        {
            Assert.All(
                (Action[])[() => net.Evaluate(data), () => net.Train(data), () => new ClassesNet(1).Train(Named, new TrainingOptions { Validation = data })],
                use =>
                {
                    string message = Assert.Throws<ArgumentException>(use).Message;
                    Assert.Contains(lists, message);
                    Assert.Contains("Load the file with like:", message);
                });
        }
    }

    [Fact]
    public void DataWithOtherNames_IsRefused_WithBothListsAndTheWayOn()
    {
        ClassesNet net = new(1);
        ScaledClassesNet scaled = new(1);
        net.Train(Named, new TrainingOptions { Epochs = 1 });
        scaled.LearnInputStatistics(Named);
        Dataset classes = Plain.WithNames(Columns, ["cat", "dog", "emu"]);
        Dataset order = Plain.WithNames(["x2", "x1", "x3"], Animals);
        foreach (Dataset other in new[] { classes, order })
        {
            Action[] uses =
            [
                () => net.Train(other),
                () => net.Evaluate(other),
                () => scaled.LearnInputStatistics(other),
                () => net.Train(Named, new TrainingOptions { Validation = other }),
                () => new ClassesNet(1).Train(Named, new TrainingOptions { Validation = other }),
            ];
            foreach (Action use in uses)
            {
                string message = Assert.Throws<ArgumentException>(use).Message;
                Assert.Contains(List(other == classes ? Animals : Columns), message);
                Assert.Contains(List(other == classes ? other.ClassNames! : other.InputNames!), message);
                Assert.Contains("like", message);
            }
        }
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(static name => $"'{name}'"));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void ClassesThatDoNotFit_NameNoNetworkThatLearnsStatistics(int classes)
    {
        Dataset other = Dataset.FromLabels([1, 2, 3, 4, 5, 6], [0, 1], 3, classes).WithNames(Columns, "abcd".Select(char.ToString).Take(classes).ToArray());
        ScaledClassesNet net = new(1);
        AnswersNet answers = new(1);

        Assert.Contains($"{classes} classes", Assert.Throws<ArgumentException>(() => net.LearnInputStatistics(other)).Message);
        Assert.Null(net.ClassNames);
        net.LearnInputStatistics(Named);
        Assert.Equal(Animals, net.ClassNames);

        // A network without a loss has outputs, not classes: it learns the names of columns only.
        answers.LearnInputStatistics(other);
        Assert.Equal(Columns, answers.InputNames);
    }

    [Fact]
    public void WhereOneSideHasNoNames_NothingIsCompared()
    {
        ClassesNet net = new(1);
        net.Train(Plain, new TrainingOptions { Epochs = 1 });
        net.Train(Named, new TrainingOptions { Epochs = 1 });
        Assert.Null(net.ClassNames);
        net.Evaluate(Plain.WithNames(null, ["a", "b", "c"]));

        ClassesNet named = new(1);
        named.Train(Named, new TrainingOptions { Epochs = 1, Validation = Plain });
        named.Evaluate(Plain);
    }
}
