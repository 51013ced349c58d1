using System.Text.Json;

namespace Mlp.Runtime.Tests.Training;

public class StandardizationTests
{
    [SharedFact]
    public void Statistics_AgreeWithTheReference()
    {
        JsonElement golden = SharedFiles.GoldenCases("data.json").Single(item => item.GetProperty("kind").GetString() == "standardize");
        float[][] table = Rows(golden, "table");
        int columns = table[0].Length;
        OneLayerNetwork network = new(columns, 1, LossFunction.MSE, standardize: true);

        Dataset data = Dataset.FromTargets([.. table.SelectMany(row => row)], new float[table.Length], columns, 1);

        Trainer.Train(network, data, new TrainingOptions { Epochs = 1 });

        AssertScaled(network.State, table, Rows(golden, "scaled"));
        AssertScaled(network.State, Rows(golden, "unseen"), Rows(golden, "scaledUnseen"));
    }

    [Fact]
    public void AConstantColumn_IsCentredAndNotScaled_WhateverItsValue()
    {
        // A tenth is no float, and the mean of 1,000 of them, summed up from 0, would not be it either.
        OneLayerNetwork network = new(1, 1, LossFunction.MSE, standardize: true);
        float[] inputs = [.. Enumerable.Repeat(0.1f, 1000)];

        Trainer.Train(network, Dataset.FromTargets(inputs, new float[1000], 1, 1), new TrainingOptions { Epochs = 1 });

        Assert.Equal(0.1f, network.State.InputMeans[0]);
        Assert.Equal(1, network.State.InputScales[0]);
    }

    [Fact]
    public void ExtremeColumns_HaveFiniteStatistics()
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE, standardize: true);
        Dataset data = Dataset.FromTargets([float.MaxValue, float.Epsilon, -float.MaxValue, 0], [1, 2], 2, 1);

        Trainer.Train(network, data, new TrainingOptions { Epochs = 1 });

        Assert.Equal(0, network.State.InputMeans[0]);
        Assert.True(network.State.InputScales[0] > 0);
        Assert.Equal(1, network.State.InputScales[1]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void AnInputThatIsNotFinite_IsReportedBeforeTheFirstStep(float value)
    {
        OneLayerNetwork network = new(2, 1, LossFunction.MSE, standardize: true);
        float[] inputs = [1, 2, 3, 4, 5, value, value, 8];

        NonFiniteLossException error = Assert.Throws<NonFiniteLossException>(
            () => Trainer.Train(network, Dataset.FromTargets(inputs, new float[4], 2, 1)));

        Assert.Equal((2, 1, 1, 1L), (error.Row, error.Column, error.Epoch, error.Step));
        Assert.Contains("row 2, column 1 of the data set", error.Message);
        Assert.Equal([0, 0], network.State.InputMeans.ToArray());
        Assert.Equal([1, 1], network.State.InputScales.ToArray());
    }

    private static float[][] Rows(JsonElement golden, string name) =>
        [.. golden.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetSingle()).ToArray())];

    private static void AssertScaled(NetworkState network, float[][] table, float[][] expected)
    {
        float tolerance = 2e-5f * expected.SelectMany(row => row).Max(Math.Abs);
        for (int row = 0; row < table.Length; row++)
        {
            for (int column = 0; column < table[row].Length; column++)
            {
                float scaled = (table[row][column] - network.InputMeans[column]) * network.InputScales[column];
                Assert.Equal(expected[row][column], scaled, tolerance);
            }
        }
    }
}
