namespace Mlp.Runtime.Tests.Training;

public class EvaluationTests
{
    [Fact]
    public void CrossEntropy_CountsRowsWhoseLargestOutputIsTheTargets()
    {
        // The outputs order like the inputs: the identity and no biases.
        OneLayerNetwork network = new(2, 2, LossFunction.CrossEntropy);
        network.State.LoadParameters([1, 0, 0, 1, 0, 0]);

        Evaluation evaluation = Evaluation.Of(network, Dataset.FromLabels([2, 1, 1, 2, 3, 0, 0, 0], [0, 1, 1, 0], 2, 2));

        Assert.Equal(0.75, evaluation.Accuracy);
        double[] margins = [1, 1, -3, 0];
        Assert.Equal(margins.Average(margin => Math.Log(1 + Math.Exp(-margin))), evaluation.Loss, 6);
    }

    [Fact]
    public void CrossEntropy_TakesTheFirstOfEquals()
    {
        OneLayerNetwork network = new(1, 2, LossFunction.CrossEntropy);
        network.State.LoadParameters([0, 0, 0, 0]);

        Assert.Equal(1, Evaluation.Of(network, Dataset.FromTargets([1], [0.5f, 0.5f], 1, 2)).Accuracy);
        Assert.Equal(0, Evaluation.Of(network, Dataset.FromLabels([1], [1], 1, 2)).Accuracy);
    }

    [Fact]
    public void Bce_CountsEveryOutput_AndOneHalfAsYes()
    {
        OneLayerNetwork network = new(1, 2, LossFunction.BCE);
        network.State.LoadParameters([1, 0, 0, 0]);

        Evaluation evaluation = Evaluation.Of(network, Dataset.FromTargets([3, -3], [1, 1, 1, 0.4f], 1, 2));

        Assert.Equal(0.5, evaluation.Accuracy);
    }

    [Fact]
    public void Mse_HasNoAccuracy()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);
        network.State.LoadParameters([2, 1]);

        Evaluation evaluation = Evaluation.Of(network, Dataset.FromTargets([1, 2], [3, 7], 1, 1));

        Assert.Equal(2, evaluation.Loss);
        Assert.Null(evaluation.Accuracy);
    }

    [Fact]
    public void LargeData_IsEvaluatedRowByRow_WhateverTheBatches()
    {
        Dataset data = TestData.Labelled(1300, 2);
        OneLayerNetwork network = new(2, 1, LossFunction.BCE);
        float[] outputs = new float[1300];
        float[] losses = new float[1300];
        float[] targets = [.. data.Labels.ToArray().Select(label => (float)label)];
        network.ComputeLosses(data.Inputs, targets, outputs, losses);

        Evaluation evaluation = Evaluation.Of(network, data);

        Assert.Equal(losses.Aggregate(0.0, (sum, loss) => sum + loss) / 1300, evaluation.Loss);
        Assert.Equal(outputs.Zip(targets).Count(pair => (pair.First >= 0.5f) == (pair.Second == 1)) / 1300.0, evaluation.Accuracy);
    }

    [Fact]
    public void NaN_IsNeitherSwallowedNorRight()
    {
        OneLayerNetwork bce = new(1, 1, LossFunction.BCE);
        OneLayerNetwork crossEntropy = new(1, 2, LossFunction.CrossEntropy);

        Evaluation binary = Evaluation.Of(bce, Dataset.FromLabels([float.NaN], [0], 1, 2));
        Evaluation classes = Evaluation.Of(crossEntropy, Dataset.FromLabels([float.NaN], [0], 1, 2));

        Assert.True(double.IsNaN(binary.Loss) && double.IsNaN(classes.Loss));
        Assert.Equal(0, binary.Accuracy);
        Assert.Equal(0, classes.Accuracy);
    }
}
