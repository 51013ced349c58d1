using Mlp.Runtime.Tests.Serialization;
using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Networks;

public class DenseLayerTests
{
    private static readonly NetworkLayout Layout = Layouts.Of(
        2, LossFunction.MSE, [("Layer1", 3, Activation.PRelu), ("Layer2", 1, Activation.Linear)],
        declare: layer => layer.HasSlope ? layer with { Alpha = 0.25f, Normalization = Normalization.Layer, NormalizationEpsilon = 1e-5f } : layer);

    [Fact]
    public void Views_WriteThrough_InParameterOrder()
    {
        NetworkState network = new(Layout, seed: 1);
        DenseLayer layer = network.View(0);
        for (int o = 0; o < 3; o++)
        {
            Assert.Equal((0, 1, 0), (layer.Biases[o], layer.Gains[o], layer.Shifts[o]));
            layer.Biases[o] = 10 + o;
            layer.Gains[o] = 20 + o;
            layer.Shifts[o] = 30 + o;
        }

        Assert.Equal(0.25f, layer.Slope);
        layer.Slope = 40;

        Assert.Equal([10, 11, 12, 20, 21, 22, 30, 31, 32, 40], FileBytes.ParametersOf(network)[6..16]);
        Assert.Equal((3, 3, 3), (layer.Biases.Length, layer.Gains.Length, layer.Shifts.Length));
    }

    [Fact]
    public void WithoutNormalizationOrPRelu_ThereAreNoGainsShiftsAndSlope()
    {
        DenseLayer layer = new NetworkState(Layout, seed: 1).View(1);

        Assert.Equal((0, 0), (layer.Gains.Length, layer.Shifts.Length));
        Assert.Contains("The layer has no gains.", Assert.Throws<ArgumentOutOfRangeException>("output", () => layer.Gains[0]).Message);
        Assert.Contains("The layer has no shifts.", Assert.Throws<ArgumentOutOfRangeException>("output", () => layer.Shifts[0]).Message);
        Assert.Equal(
            "Layer2 has no learned slope: its activation is Linear, and only PRelu has one.",
            Assert.Throws<InvalidOperationException>(() => layer.Slope).Message);
    }

    [Fact]
    public void IndicesOutOfRange_AreRefused()
    {
        DenseLayer layer = new NetworkState(Layout, seed: 1).View(0);

        Assert.Contains("output must be at least 0 and less than 3.", Assert.Throws<ArgumentOutOfRangeException>("output", () => layer.Gains[3]).Message);
        Assert.Contains("output must be at least 0 and less than 3.", Assert.Throws<ArgumentOutOfRangeException>("output", () => layer.Shifts[-1]).Message);
    }
}
