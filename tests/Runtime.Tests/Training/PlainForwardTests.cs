using Mlp.Runtime.Tests.Numerics;

namespace Mlp.Runtime.Tests.Training;

public class PlainForwardTests
{
    [Fact]
    public void AResidualLayer_AddsItsInputs()
    {
        NetworkState network = Of(Activation.Linear, layer => layer with { IsResidual = true });
        network.LoadParameters([2, 0, 0, 3, 10, 20]);

        Assert.Equal([1 + 2 + 10, 1 + 3 + 20, 5 + 10 + 10, 6 + 18 + 20], Outputs(network, [1, 1, 5, 6]));
    }

    [Fact]
    public void LearnedSlopesAndFixedOnes_AreUsed()
    {
        NetworkState prelu = Of(Activation.PRelu, layer => layer with { Alpha = 0.25f });
        prelu.LoadParameters([1, 0, 0, 1, 0, 0, 0.5f]);
        NetworkState leaky = Of(Activation.LeakyRelu, layer => layer with { Alpha = 0.125f });
        leaky.LoadParameters([1, 0, 0, 1, 0, 0]);

        Assert.Equal([-4, 8], Outputs(prelu, [-8, 8]));
        Assert.Equal([-1, 8], Outputs(leaky, [-8, 8]));
    }

    [Theory]
    [InlineData(Normalization.Layer)]
    [InlineData(Normalization.Batch)]
    public void SumsAreNormalized_ThenScaledAndShifted(Normalization normalization)
    {
        NetworkState network = Of(Activation.Linear, layer => layer with { Normalization = normalization, NormalizationEpsilon = 0.5f });
        network.LoadParameters([1, 0, 0, 1, 0, 0, 3, 4, 5, 6]);
        double[][] sums = [[1, 4], [2, 8], [-3, 1]];
        double[][] expected = normalization == Normalization.Layer
            ? [.. sums.Select(row => NormalizationReference.Forward(row, 0.5))]
            : Transposed([.. Transposed(sums).Select(unit => NormalizationReference.Forward(unit, 0.5))]);

        float[] outputs = Outputs(network, [.. sums.SelectMany(row => row.Select(value => (float)value))]);

        for (int i = 0; i < outputs.Length; i++)
        {
            Assert.Equal((expected[i / 2][i % 2] * (3 + (i % 2))) + 5 + (i % 2), outputs[i], 1e-5);
        }
    }

    [Fact]
    public void AFrozenLayer_IsNormalizedByRunningStatistics()
    {
        NetworkState network = Of(Activation.Linear, layer => layer with { Normalization = Normalization.Batch, IsFrozen = true, NormalizationEpsilon = 0.25f });
        network.LoadParameters([1, 0, 0, 1, 0, 0, 3, 4, 5, 6]);
        ((float[])[1, 2]).CopyTo(network.RunningMeans(0));
        ((float[])[0.75f, 3.75f]).CopyTo(network.RunningVariances(0));

        Assert.Equal([5, 6, 5 + 3, 6 + 2, 5 - 6, 6 + 4], Outputs(network, [1, 2, 2, 3, -1, 4]));
    }

    [Fact]
    public void Softmax_IsTakenOverEachRow()
    {
        NetworkState network = Of(Activation.Softmax);
        network.LoadParameters([1, 0, 0, 1, 0, 0]);

        float[] outputs = Outputs(network, [0, 0, 500, 500 + MathF.Log(3)]);

        Assert.All(outputs.Zip([0.5f, 0.5f, 0.25f, 0.75f]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public void StandardisedInputs_AreCentredAndScaled()
    {
        NetworkState network = new(Layouts.Of(2, LossFunction.MSE, [("Layer1", 1, Activation.Linear)], standardize: true), seed: 1);
        network.InputMeans[1] = 3;
        network.InputScales[0] = 2;

        Assert.Equal([2, -1, 8, 1], PlainForward.Inputs(network, [1, 2, 4, 4]));
    }

    private static double[][] Transposed(double[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(o => rows.Select(row => row[o]).ToArray())];

    /// <summary>One layer of two inputs and two units.</summary>
    private static NetworkState Of(Activation activation, Func<DenseLayout, DenseLayout>? declare = null) =>
        new(Layouts.Of(2, LossFunction.MSE, [("Layer1", 2, activation)], declare: declare), seed: 1);

    private static float[] Outputs(NetworkState network, float[] inputs)
    {
        DenseLayout layer = network.Layout.Layers[0];
        return PlainForward.Outputs(network, layer, PlainForward.PreActivations(network, layer, inputs), inputs);
    }
}
