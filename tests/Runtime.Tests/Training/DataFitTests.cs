namespace Mlp.Runtime.Tests.Training;

public class DataFitTests
{
    [Fact]
    public void RowsWithoutATarget_AreRefused() =>
        AssertRefused(
            new OneLayerNetwork(2, 1, LossFunction.MSE), CsvData.Read(new StringReader("a,b\n1,2\n")), "has 0 target columns");

    [Fact]
    public void EmptyData_IsRefused() =>
        AssertRefused(new OneLayerNetwork(2, 1, LossFunction.MSE), Dataset.FromTargets([], [], 2, 1), "no rows");

    [Fact]
    public void OtherInputSize_IsRefused_WithBothSizes() =>
        AssertRefused(new OneLayerNetwork(3, 1, LossFunction.MSE), TestData.Linear(4), "2 input columns", "3");

    [Fact]
    public void OtherTargetSize_IsRefused_WithBothSizes() =>
        AssertRefused(new OneLayerNetwork(2, 5, LossFunction.MSE), TestData.Linear(4), "1 target columns", "5 outputs");

    [Theory]
    [InlineData(LossFunction.CrossEntropy, 4, 3, "4 outputs")]
    [InlineData(LossFunction.BCE, 1, 3, "tells 2 classes apart")]
    [InlineData(LossFunction.BCE, 2, 2, "2 target columns")]
    [InlineData(LossFunction.Hinge, 1, 3, "one output with Hinge tells 2 classes apart")]
    [InlineData(LossFunction.Hinge, 2, 2, "2 outputs with Hinge are independent answers and need 2 target columns")]
    [InlineData(LossFunction.MSE, 1, 2, "target values")]
    [InlineData(LossFunction.Poisson, 2, 2, "target values")]
    public void LabelsThatDoNotFit_AreRefused(LossFunction loss, int outputs, int classes, string reason) =>
        AssertRefused(new OneLayerNetwork(2, outputs, loss), TestData.Labelled(6, classes), $"labels of {classes} classes", reason);

    [Theory]
    [InlineData(1.5f, "1.5")]
    [InlineData(-0.25f, "-0.25")]
    public void BceTargetsOutsideZeroToOne_AreRefused_WithRowAndColumn(float target, string text) =>
        AssertRefused(
            new OneLayerNetwork(1, 2, LossFunction.BCE),
            Dataset.FromTargets([1, 2], [0, 1, 0, target], 1, 2),
            text,
            "row 1, column 1");

    [Fact]
    public void NegativeCrossEntropyTargets_AreRefused_WithRowAndColumn() =>
        AssertRefused(
            new OneLayerNetwork(1, 2, LossFunction.CrossEntropy),
            Dataset.FromTargets([1, 2], [0, 1, -1, 2], 1, 2),
            "row 1, column 0");

    [Theory]
    [InlineData(LossFunction.Poisson, -0.5f, "the target -0.5 in row 1, column 0", "targets of Poisson are at least 0")]
    [InlineData(LossFunction.Hinge, 0f, "the target 0 in row 1, column 0", "targets of Hinge are -1 or 1")]
    [InlineData(LossFunction.Hinge, 0.5f, "the target 0.5 in row 1, column 0", "targets of Hinge are -1 or 1")]
    public void TargetsOutOfTheLossesRange_AreRefused_WithRowAndColumn(LossFunction loss, float target, params string[] parts) =>
        AssertRefused(new OneLayerNetwork(1, 1, loss), Dataset.FromTargets([1, 2], [1, target], 1, 1), parts);

    [Theory]
    [InlineData(LossFunction.MAE, -3f)]
    [InlineData(LossFunction.Huber, -3f)]
    [InlineData(LossFunction.LogCosh, -3f)]
    [InlineData(LossFunction.Poisson, 0f)]
    [InlineData(LossFunction.Poisson, 2.5f)]
    [InlineData(LossFunction.Hinge, -1f)]
    [InlineData(LossFunction.Hinge, 1f)]
    public void TargetsInTheLossesRange_Fit(LossFunction loss, float target)
    {
        OneLayerNetwork network = new(1, 1, loss);
        Assert.True(double.IsFinite(Trainer.Evaluate(network, Dataset.FromTargets([1], [target], 1, 1)).Loss));
    }

    [Fact]
    public void WeightsThatAreAllZero_AreRefused() => AssertRefused(
        new OneLayerNetwork(2, 1, LossFunction.MSE), TestData.Linear(4).WithWeights(new float[4]), "no row that counts: of all 4");

    [Fact]
    public void ClassesThatAllWeighZero_AreRefused()
    {
        OneLayerNetwork network = new(1, 2, LossFunction.CrossEntropy, classWeights: [0, 2]);
        AssertRefused(network, Dataset.FromLabels([1, 2, 3], [0, 0, 1], 1, 2).WithWeights([1, 1, 0]), "no row that counts: of all 3");
        AssertRefused(network, Dataset.FromTargets([1], [1, 0], 1, 2), "no row that counts: of all 1");
        Assert.True(double.IsFinite(Trainer.Evaluate(network, Dataset.FromTargets([1], [0.9f, 0.1f], 1, 2)).Loss));
    }

    [Fact]
    public void SoftTargets_Fit()
    {
        OneLayerNetwork network = new(1, 2, LossFunction.CrossEntropy);
        Trainer.Train(network, Dataset.FromTargets([1, 2], [0.25f, 0.75f, 0.5f, 0.5f], 1, 2), new TrainingOptions { Epochs = 1 });
    }

    [Fact]
    public void ValidationDataThatDoesNotFit_IsRefusedBeforeTraining()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.BCE);
        float[] before = network.Parameters;

        ArgumentException error = Assert.Throws<ArgumentException>(() => Trainer.Train(
            network, TestData.Labelled(6, 2), new TrainingOptions { Validation = TestData.Labelled(6, 3) }));

        Assert.Contains("The validation data", error.Message);
        Assert.Equal(before, network.Parameters);
    }

    private static void AssertRefused(OneLayerNetwork network, Dataset data, params string[] parts)
    {
        float[] before = network.Parameters;
        ArgumentException training = Assert.Throws<ArgumentException>(() => Trainer.Train(network, data));
        ArgumentException evaluation = Assert.Throws<ArgumentException>(() => Trainer.Evaluate(network, data));

        Assert.Equal(training.Message, evaluation.Message);
        Assert.All(parts, part => Assert.Contains(part, training.Message));
        Assert.Equal("data", training.ParamName);
        Assert.Equal(before, network.Parameters);
    }
}
