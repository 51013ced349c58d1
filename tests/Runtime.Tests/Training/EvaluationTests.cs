namespace Mlp.Runtime.Tests.Training;

public class EvaluationTests
{
    [Fact]
    public void CrossEntropy_CountsRowsWhoseLargestOutputIsTheTargets()
    {
        // The outputs order like the inputs: the identity and no biases.
        OneLayerNetwork network = new(2, 2, LossFunction.CrossEntropy);
        network.State.LoadParameters([1, 0, 0, 1, 0, 0]);

        Evaluation evaluation = Trainer.Evaluate(network, Dataset.FromLabels([2, 1, 1, 2, 3, 0, 0, 0], [0, 1, 1, 0], 2, 2));

        Assert.Equal(0.75, evaluation.Accuracy);
        double[] margins = [1, 1, -3, 0];
        Assert.Equal(margins.Average(margin => Math.Log(1 + Math.Exp(-margin))), evaluation.Loss, 6);
    }

    [Fact]
    public void CrossEntropy_TakesTheFirstOfEquals()
    {
        OneLayerNetwork network = new(1, 2, LossFunction.CrossEntropy);
        network.State.LoadParameters([0, 0, 0, 0]);

        Assert.Equal(1, Trainer.Evaluate(network, Dataset.FromTargets([1], [0.5f, 0.5f], 1, 2)).Accuracy);
        Assert.Equal(0, Trainer.Evaluate(network, Dataset.FromLabels([1], [1], 1, 2)).Accuracy);
    }

    [Fact]
    public void Bce_CountsEveryOutput_AndOneHalfAsYes()
    {
        OneLayerNetwork network = new(1, 2, LossFunction.BCE);
        network.State.LoadParameters([1, 0, 0, 0]);

        Evaluation evaluation = Trainer.Evaluate(network, Dataset.FromTargets([3, -3], [1, 1, 1, 0.4f], 1, 2));

        Assert.Equal(0.5, evaluation.Accuracy);
    }

    [Fact]
    public void Mse_HasNoAccuracy()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.MSE);
        network.State.LoadParameters([2, 1]);

        Evaluation evaluation = Trainer.Evaluate(network, Dataset.FromTargets([1, 2], [3, 7], 1, 1));

        Assert.Equal(2, evaluation.Loss);
        Assert.Null(evaluation.Accuracy);
    }

    [Fact]
    public void Hinge_CountsOutputsOfTheTargetsSign_AndZeroAsPositive()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.Hinge);
        network.State.LoadParameters([1, 0]);
        float[] inputs = [0.1f, -0.1f, 0, -0f, 5, -5];

        Assert.Equal(4 / 6.0, Trainer.Evaluate(network, Dataset.FromLabels(inputs, [1, 0, 1, 0, 0, 0], 1, 2)).Accuracy);
        Assert.Equal(4 / 6.0, Trainer.Evaluate(network, Dataset.FromTargets(inputs, [1, -1, 1, -1, -1, -1], 1, 1)).Accuracy);
    }

    [Theory]
    [InlineData(LossFunction.BCE, 1)]
    [InlineData(LossFunction.CrossEntropy, 2)]
    [InlineData(LossFunction.MSE, 1)]
    public void Weights_MakeWeightedMeans_SummedInRowOrder(LossFunction loss, int outputSize)
    {
        const int Count = 1300;
        OneLayerNetwork network = new(2, outputSize, loss);
        Dataset data = loss == LossFunction.MSE ? TestData.Linear(Count) : TestData.Labelled(Count, 2);
        float[] weights = [.. Enumerable.Range(0, Count).Select(row => row % 5 / 3f)];
        double lossSum = 0, hits = 0, weightSum = 0;
        for (int row = 0; row < Count; row++)
        {
            Evaluation single = Trainer.Evaluate(network, Row(data, row));
            lossSum += weights[row] * single.Loss;
            hits += weights[row] * single.Accuracy ?? 0;
            weightSum += weights[row];
        }

        Evaluation evaluation = Trainer.Evaluate(network, data.WithWeights(weights));

        Assert.Equal(lossSum / weightSum, evaluation.Loss);
        Assert.Equal(loss == LossFunction.MSE ? null : hits / weightSum, evaluation.Accuracy);
    }

    [Fact]
    public void ClassWeights_DivideByTheSumOfTheRowsWeights_NotByTheirNumber()
    {
        OneLayerNetwork network = new(1, 2, LossFunction.CrossEntropy, classWeights: [3, 0.5f]);
        network.State.LoadParameters([1, 0, 0, 0]);
        double[] losses = [.. ((double[])[1, -2, 0.5]).Select(z => Math.Log(1 + Math.Exp(-z)))];
        losses[2] += 0.5;
        Dataset labels = Dataset.FromLabels([1, -2, 0.5f], [0, 0, 1], 1, 2);
        Dataset soft = Dataset.FromTargets([1, -2], [0.5f, 0.5f, 1, 0], 1, 2);

        Assert.Equal(((3 * losses[0]) + (3 * losses[1]) + (0.5 * losses[2])) / 6.5, Trainer.Evaluate(network, labels).Loss, 6);
        Assert.Equal(
            ((6 * losses[0]) + (3 * losses[1]) + (2 * losses[2])) / 11,
            Trainer.Evaluate(network, labels.WithWeights([2, 1, 4])).Loss,
            6);
        Assert.Equal(((1.5 * losses[0]) + (0.25 * (losses[0] + 1)) + (3 * losses[1])) / 4.75, Trainer.Evaluate(network, soft).Loss, 6);
        Assert.Equal(5 / 7.0, 1 - Trainer.Evaluate(network, labels.WithWeights([2, 1, 4])).Accuracy!.Value, 12);
    }

    [Fact]
    public void EqualWeights_ChangeNothing()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.BCE);
        Dataset data = TestData.Labelled(600, 2);
        float[] ones = new float[600];
        Array.Fill(ones, 1);
        Assert.Equal(Trainer.Evaluate(network, data), Trainer.Evaluate(network, data.WithWeights(ones)));
    }

    [Fact]
    public void ARowOfWeightZero_CountsForNothing_EvenIfItIsNotFinite()
    {
        OneLayerNetwork network = new(1, 1, LossFunction.BCE);
        Dataset data = Dataset.FromLabels([1, float.NaN, 3], [0, 1, 0], 1, 2).WithWeights([2, 0, 1]);
        Dataset without = Dataset.FromLabels([1, 3], [0, 0], 1, 2).WithWeights([2, 1]);

        Assert.Equal(Trainer.Evaluate(network, without), Trainer.Evaluate(network, data));
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

        Evaluation evaluation = Trainer.Evaluate(network, data);

        Assert.Equal(losses.Aggregate(0.0, (sum, loss) => sum + loss) / 1300, evaluation.Loss);
        Assert.Equal(outputs.Zip(targets).Count(pair => (pair.First >= 0.5f) == (pair.Second == 1)) / 1300.0, evaluation.Accuracy);
    }

    [Fact]
    public void NaN_IsNeitherSwallowedNorRight()
    {
        OneLayerNetwork bce = new(1, 1, LossFunction.BCE);
        OneLayerNetwork crossEntropy = new(1, 2, LossFunction.CrossEntropy);

        Evaluation binary = Trainer.Evaluate(bce, Dataset.FromLabels([float.NaN], [0], 1, 2));
        Evaluation classes = Trainer.Evaluate(crossEntropy, Dataset.FromLabels([float.NaN], [0], 1, 2));

        Assert.True(double.IsNaN(binary.Loss) && double.IsNaN(classes.Loss));
        Assert.Equal(0, binary.Accuracy);
        Assert.Equal(0, classes.Accuracy);
    }

    private static Dataset Row(Dataset data, int row) => data.ClassCount > 0
        ? Dataset.FromLabels([.. data.Inputs.Slice(2 * row, 2)], [data.Labels[row]], 2, data.ClassCount)
        : Dataset.FromTargets([.. data.Inputs.Slice(2 * row, 2)], [data.Targets[row]], 2, 1);
}
